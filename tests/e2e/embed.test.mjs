// The page within another one.

import { course } from "../support/course.mjs";
import { expect, test } from "../support/fixture.mjs";
import { button, caption, expectNoOverflow, rest, step, unit } from "../support/scope.mjs";

const panels = (frame) => frame.locator(".panel");

for (const [way, link, widths] of [
  ["by link", "?throttle=off#v=1&lr=0.3&at=20&embed=1&panels=curve,loss", [320, 640, 960]],
  ["asked by query", "?throttle=off&embed=1&panels=curve,loss#v=1&lr=0.3&at=20", [960, 640, 320]],
]) {
  test(`chosen panels in a frame, ${way}`, async ({ page, server }) => {
    const frame = await course(page, server.url, link, widths[0]);
    await expect(panels(frame)).toHaveCount(2);
    await expect(frame.locator(".panel.curve")).toHaveCount(1);
    await expect(frame.locator(".top, .controls")).toHaveCount(0);
    await expect(frame.getByRole("link", { name: "Open in Actiscope" })).toHaveAttribute("href", /\/#v=1&lr=0\.3$/);
    await expect(page.locator("#answer"), "the focus stays where it was").toBeFocused();
    for (const width of widths) {
      await test.step(`${width} pixels wide`, async () => {
        await page.locator("#frame").evaluate((frame, width) => (frame.width = width), width);
        await expect.poll(() => frame.locator("html").evaluate(() => innerWidth)).toBe(width);
        await rest(frame);
        await expect(caption(frame)).toBeVisible();
        await expectNoOverflow(frame);
        for (const part of [".panel.curve", ".run", ".health", ".timeline"]) {
          const box = await frame.locator(part).evaluate((e) => {
            const { left, right, bottom, width } = e.getBoundingClientRect();
            return { left, width, beyond: right - innerWidth, below: bottom - innerHeight };
          });
          const fits = box.left >= 0 && box.beyond <= 1 && box.width > 40 && (part === ".panel.curve" || box.below <= 1);
          expect(fits, `${part}: ${JSON.stringify(box)}`).toBe(true);
        }
      });
    }
  });
}

test("a course's page runs what it embeds", { tag: ["@desk", "@phone"] }, async ({ page, server, hand }) => {
  const width = 0.9 * page.viewportSize().width;
  const frame = await course(page, server.url, "?throttle=off#v=1&at=10&embed=1&panels=curve,network", width);
  await hand.press(button(frame, "Step"));
  await rest(frame);
  expect(await step(frame)).toBe(11);
  await hand.press(unit(frame, 1, 1));
  await expect(unit(frame, 1, 1)).toHaveAttribute("aria-pressed", "true");
  await frame.getByRole("heading", { name: "z of layer 1 unit 1" }).waitFor();
});

test("an embedded page keeps and reads nothing", async ({ page, server }) => {
  await page.addInitScript(() => localStorage.setItem("actiscope.last-visit", "#v=1&a=elu"));
  const frame = await course(page, server.url, "?throttle=off#v=1&at=10&embed=1&panels=boundary", 480);
  await button(frame, "Step").click();
  await rest(frame);
  expect(await step(frame)).toBe(11);
  await expect(frame.getByText("Restored")).toHaveCount(0);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(["actiscope.last-visit"]);
});

test("a panel that there is none is told", async ({ page, server }) => {
  const frame = await course(page, server.url, "?throttle=off#v=1&at=5&embed=1&panels=curve,sofa", 640);
  await expect(frame.getByText("there is no panel sofa")).toBeVisible();
  await expect(panels(frame)).toHaveCount(1);
});

test.describe("with a clipboard", () => {
  test.use({ permissions: ["clipboard-read", "clipboard-write"] });

  const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

  test("the link is copied and is the address, and the code to embed works", async ({ page, open, server }) => {
    await open("#v=1&lr=0.3&a=elu&at=5");
    await button(page, "Share").click();
    await page.getByText("Link copied").waitFor();
    expect(await copied(page)).toMatch(/#v=1&a=elu&lr=0\.3/);

    await button(page, "Copy embed code").click();
    await page.getByText("Embed code copied").waitFor();
    const code = await copied(page);
    expect(code).toMatch(/^<iframe src="[^"]+#v=1&amp;a=elu&amp;lr=0\.3&amp;embed=1&amp;panels=[^"]+"[^>]*><\/iframe>$/);
    await rest(page);
    await page.route("**/course.html", (route) =>
      route.fulfill({ contentType: "text/html", body: `<!doctype html><title>Course</title>${code}` }),
    );
    await page.goto(`${server.url}course.html`);
    await expect(panels(page.frameLocator("iframe"))).toHaveCount(4);
  });
});
