// How the page looks, at a step of a run that is the same everywhere: the CPU engine's, bit by bit.

import { look } from "../support/charts.mjs";
import { course } from "../support/course.mjs";
import { pageTest } from "../support/harness.mjs";
import { atRest, button, step, story, tab, until } from "../support/scope.mjs";
import { looksAsBefore } from "../support/pictures.mjs";

const DESK = { viewport: { width: 1440, height: 900 } };
const TABLET = { viewport: { width: 1024, height: 768 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** Several units have died by then. */
const N_STEPS = 60;

/** The run after so many steps and no more: what it had beyond them would be on show too. */
async function rest(page) {
  await button(page, "Pause").click();
  await atRest(page);
  await button(page, "Reset").click();
  await until(() => step(page), (at) => at === 0, "the run is back at its start");
  const timeline = page.getByRole("slider", { name: "Timeline" });
  for (let at = 1; at <= N_STEPS; at++) {
    await button(page, "Step").evaluate((step) => step.click());
    // Each step is shown, for what is drawn of the steps that were.
    const isShown = async (input, at) => {
      for (let n = 0; Number(input.value) !== at && n < 1_000; n++) {
        await new Promise(requestAnimationFrame);
      }
    };
    await timeline.evaluate(isShown, at);
  }
  await until(() => step(page), (at) => at === N_STEPS, "the run is where it is to be");
  await calm(page);
}

/** Sentences stand for a while before the next takes their place, and flashes fade. */
const calm = (page) => page.locator("body").evaluate(() => new Promise((done) => setTimeout(done, 1_500)));

/** The engine's name and rate differ from one machine to the next. */
const mask = (page) => [page.getByRole("group", { name: "Engine" })];

/** What a panel takes up of the window; on a phone all that is seen with it, the panel's head first. */
async function seen(page, panel) {
  await page.locator(panel).evaluate((e) => e.scrollIntoView({ block: "start" }));
  await page.mouse.move(1, 1);
  await calm(page);
  return page.viewportSize().width < 720 ? {} : { clip: await page.locator(panel).boundingBox() };
}

/** How to come to a view, and what of the window it is. */
const VIEWS = {
  scope: async (page) => {
    await page.mouse.move(1, 1);
    return { mask: mask(page) };
  },
  unit: async (page) => {
    await tab(page, "Events").click();
    const log = page.getByRole("list", { name: "What happened" });
    await log.getByRole("button").filter({ hasText: / died\. One update/ }).first().click();
    await story(page).getByText("gradient norm").waitFor();
    return seen(page, ".panel.events");
  },
  doctor: async (page) => {
    await tab(page, "Doctor").click();
    return seen(page, ".panel.events");
  },
  "z-over-time": async (page) => {
    await look(page, "z over time");
    return seen(page, ".panel.gradient");
  },
  signal: async (page) => {
    await look(page, "Signal");
    return seen(page, ".panel.gradient");
  },
  points: async (page) => {
    await button(page, "Edit points").click();
    return seen(page, ".panel.boundary");
  },
  "full-screen": async (page) => {
    await button(page, "Full screen").click();
    await page.locator("html.presenting").waitFor();
    await page.mouse.move(1, 1);
    await calm(page);
    // What was in view before is kept in view by the browser, to some pixels or others.
    await page.getByRole("main").evaluate((main) => main.scrollTo(0, 0));
    await calm(page);
    return { mask: mask(page) };
  },
};

for (const [size, context, colorScheme, views] of [
  ["desk", DESK, "light", ["scope", "unit", "z-over-time", "points"]],
  ["desk", DESK, "dark", ["scope", "doctor", "full-screen"]],
  ["tablet", TABLET, "light", ["scope", "doctor", "full-screen"]],
  ["tablet", TABLET, "dark", ["unit", "signal", "points"]],
  ["phone", PHONE, "light", ["scope", "unit", "signal", "points"]],
  ["phone", PHONE, "dark", ["scope", "doctor", "z-over-time"]],
]) {
  const name = `the page looks as before, ${size}, ${colorScheme}: ${views.join(", ")}`;
  pageTest(name, { context: { ...context, colorScheme } }, async ({ page, open }) => {
    await open("?engine=cpu#v=1");
    await rest(page);
    for (const view of views) {
      const part = await VIEWS[view](page);
      await looksAsBefore(page, `${view}-${size}-${colorScheme}`, part);
    }
  });
}

pageTest("the end of a run looks as before", { context: { ...DESK, colorScheme: "light" } }, async ({ page, open }) => {
  await open("?engine=cpu#v=1&lr=10&o=momentum&l=mse&sp=200");
  const log = page.getByRole("list", { name: "What happened" });
  await log.getByRole("button", { name: /Training diverged\./ }).click();
  await story(page).getByText("gradient norm").waitFor();
  await looksAsBefore(page, "diverged-desk-light", await seen(page, ".panel.events"));
});

for (const [size, context, width, colorScheme] of [
  ["desk", DESK, 640, "light"],
  ["phone", PHONE, 350, "dark"],
]) {
  const name = `the page within another looks as before, ${size}, ${colorScheme}`;
  pageTest(name, { context: { ...context, colorScheme } }, async ({ page, url }) => {
    const frame = await course(page, url, "?engine=cpu#v=1&embed=1&panels=curve,loss", width);
    await rest(frame);
    await page.mouse.move(1, 1);
    await looksAsBefore(page, `embed-${size}-${colorScheme}`, { clip: await page.locator("#frame").boundingBox() });
  });
}
