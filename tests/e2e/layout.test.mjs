// The page fits: nothing scrolls on a desk, nothing is cut or hidden on a phone, nothing covers what one needs, and
// nothing moves while the page starts.

import { atFullRate, expect, started, test } from "../support/fixture.mjs";
import { button, health, line, lines, log, overflow, remedy, rest, slider, story, tab } from "../support/scope.mjs";
import { viewTab } from "../support/views.mjs";

test("nothing is scrolled on a desk, and all of a story is in view", async ({ page, open }) => {
  await open("#v=1&at=120");
  for (const name of ["Unit", "Doctor", "Events"]) {
    await tab(page, name).click();
    await rest(page);
    const { x, y } = await overflow(page);
    expect(Math.max(x, y), `pixels that the page is too large with ${name}`).toBeLessThanOrEqual(0);
  }
  const controls = await page.locator(".controls").evaluate((e) => e.scrollHeight - e.clientHeight);
  expect(controls, "pixels that the controls are too high").toBeLessThanOrEqual(0);

  const deaths = lines(page, / died\./);
  const n_deaths = await deaths.count();
  expect(n_deaths).toBeGreaterThan(2);
  for (let i = 0; i < Math.min(n_deaths, 6); i++) {
    await deaths.nth(i).click();
    await story(page).getByText("gradient norm").waitFor();
    await rest(page);
    const hidden = await story(page).evaluate((e) => e.scrollHeight - e.clientHeight);
    expect(hidden, `pixels scrolled away of ${await line(story(page))}`).toBeLessThanOrEqual(0);
    await tab(page, "Events").click();
  }
});

test("curve and health stay in view on a phone", { tag: "@phone" }, async ({ page, open }) => {
  await open("#v=1&at=20");
  for (const width of [390, 360]) {
    await test.step(`${width} pixels wide`, async () => {
      await page.setViewportSize({ width, height: 844 });
      await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
      await rest(page);
      expect((await overflow(page)).x).toBeLessThanOrEqual(0);
      for (const name of ["Learning rate", "Noise"]) {
        await slider(page, name).scrollIntoViewIfNeeded();
        await expect(page.locator(".panel.curve")).toBeInViewport({ ratio: 0.99 });
        await expect(health(page)).toBeInViewport({ ratio: 0.99 });
      }
      // The last thing on the page can be brought above the bar at the bottom.
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      const last = await page.locator(".panel.events").boundingBox();
      const bar = await page.locator(".run").boundingBox();
      expect(last.y + last.height, "the bar hides the end of the page").toBeLessThanOrEqual(bar.y + 1);
    });
  }
});

/** What of an element is not under something else, at its middle and near its corners. */
const covered = (element) =>
  element.evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const places = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
    return places.flatMap(([x, y]) => {
      const found = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
      return found === element || element.contains(found) ? [] : [found?.outerHTML.slice(0, 80) ?? "outside the window"];
    });
  });

test("notices cover neither the caption's button nor the transport", { tag: ["@desk", "@tablet", "@phone"] }, async ({ page, open }) => {
  // A link with faults in it is told about at length.
  await open("#v=1&lr=1.6&zz=3&yy=4&nz=banana&at=120");
  await expect(page.getByRole("alert").filter({ hasText: "zz" }).first()).toBeVisible();
  await rest(page);
  for (const element of [remedy(page).first(), button(page, "Train"), button(page, "Step"), button(page, "Reset"), slider(page, "Timeline")]) {
    await element.scrollIntoViewIfNeeded();
    expect(await covered(element), `what covers ${element}`).toEqual([]);
  }
});

for (const [pace, link] of [
  ["their pace", "#v=1&at=60"],
  ["full rate", atFullRate("#v=1&at=60")],
]) {
  test(`nothing moves while the page starts, words at ${pace}`, { tag: ["@desk", "@phone"] }, async ({ page, server }) => {
    // From before the page begins; what is seen and not yet told is taken at the end.
    await page.addInitScript(() => {
      const shifts = [];
      const keep = (entries) => {
        for (const { value, sources } of entries) {
          shifts.push({ value, nodes: sources.map(({ node }) => node?.className ?? node?.nodeName ?? "gone") });
        }
      };
      const observer = new PerformanceObserver((list) => keep(list.getEntries()));
      observer.observe({ type: "layout-shift", buffered: true });
      window.layoutShifts = { shifts, observer, keep };
    });
    await page.goto(server.url + link);
    await started(page);
    await rest(page);
    const shifts = await page.evaluate(() => {
      const { shifts, observer, keep } = window.layoutShifts;
      keep(observer.takeRecords());
      return shifts;
    });
    const sum = shifts.reduce((sum, { value }) => sum + value, 0);
    expect(sum, JSON.stringify(shifts)).toBeLessThan(0.02);
  });
}

test("news of the log leave in its place what is read further down", async ({ page, open }) => {
  // With almost each step something happens to a unit.
  await open("#v=1&at=12");
  const top = () => log(page).evaluate((list) => list.scrollTop);
  const oneMore = async () => {
    const count = () => log(page).getByRole("listitem").count();
    const before = await count();
    for (let n = 0; n < 20 && (await count()) === before; n++) {
      await button(page, "Step").click();
      await rest(page);
    }
    expect(await count()).toBeGreaterThan(before);
  };
  await oneMore();
  expect(await top(), "the newest is in view").toBe(0);
  const read = await log(page).getByRole("listitem").nth(2).elementHandle();
  await read.evaluate((line) => (line.parentElement.scrollTop = line.offsetTop));
  await rest(page);
  const at = (await read.boundingBox()).y;
  await oneMore();
  expect((await read.boundingBox()).y).toBeCloseTo(at, 0);
  await log(page).evaluate((list) => (list.scrollTop = 0));
  await oneMore();
  expect(await top()).toBe(0);
});

/** Fields that show less than what is in them, and buttons beyond the box that would hold them. */
const cutOff = (page) =>
  page.locator(".view:not([hidden])").evaluate((view) => {
    const isCut = (e) => {
      const box = e.closest(".seg")?.getBoundingClientRect();
      return e.scrollWidth > e.clientWidth + 1 || (box && e.getBoundingClientRect().right > box.right + 1);
    };
    const controls = [...view.querySelectorAll("button, select, input:not([type=range], [type=file])")];
    return controls.filter((e) => e.checkVisibility() && isCut(e)).map((e) => e.value || e.textContent);
  });

test("no number and no choice of a control is cut off beside the views of a touch screen", { tag: "@tablet" }, async ({ page, open, hand }) => {
  await open("#v=1&h=128-128-128&at=0");
  const widths = await page.locator(".layers .units input").evaluateAll((fields) => fields.map((field) => field.clientWidth));
  expect(Math.min(...widths), "three digits have room").toBeGreaterThan(20);
  expect(await cutOff(page)).toEqual([]);
  await open("#v=1&at=0");
  for (const name of ["Compare", "Map", "Atlas", "Classify"]) {
    await hand.press(viewTab(page, name));
    await rest(page);
    expect(await cutOff(page), name).toEqual([]);
  }
});
