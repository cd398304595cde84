// Full screen, large enough for a room.

import { expect, test } from "../support/fixture.mjs";
import { button, expectNoOverflow, overflow, rest } from "../support/scope.mjs";

const fullScreen = (page) => button(page, "Full screen");
const presenting = (page) => page.locator("html.presenting");

test.describe("to a room", () => {
  test.use({ viewport: { width: 1920, height: 1080 } });

  test("type is readable from the back of it", async ({ page, open }) => {
    await open("#v=1&at=60");
    await fullScreen(page).click();
    await presenting(page).waitFor();
    await rest(page);
    await expect(fullScreen(page)).toHaveAttribute("aria-pressed", "true");
    const sizes = await page.evaluate(() => {
      const zoom = Number(getComputedStyle(document.documentElement).getPropertyValue("--zoom")) || 1;
      const seen = (selector) => zoom * parseFloat(getComputedStyle(document.querySelector(selector)).fontSize);
      return { texts: [".controls label", ".panel h2", ".health"].map(seen), caption: seen(".caption p") };
    });
    expect(Math.min(...sizes.texts)).toBeGreaterThanOrEqual(20);
    expect(sizes.caption).toBeGreaterThanOrEqual(40);
    const { x, y } = await overflow(page);
    expect(Math.max(x, y)).toBeLessThanOrEqual(0);
    for (const panel of await page.locator(".panel").all()) {
      await expect(panel, "every panel is in view, whole").toBeInViewport({ ratio: 0.99 });
    }
    // A picture has as many pixels as it is shown with.
    const blur = await page.locator(".panel.curve canvas").evaluate((e) => e.getBoundingClientRect().width / e.width);
    expect(Math.abs(blur - 1)).toBeLessThan(0.02);
  });
});

test("F goes in and out, and the browser's own way out is followed", async ({ page, open }) => {
  await open("#v=1&at=5");
  await page.keyboard.press("f");
  await presenting(page).waitFor();
  await page.keyboard.press("f");
  await presenting(page).waitFor({ state: "detached" });
  await page.keyboard.press("f");
  await presenting(page).waitFor();
  await page.evaluate(() => document.exitFullscreen());
  await presenting(page).waitFor({ state: "detached" });
});

test("where there is no full screen the page is enlarged all the same", async ({ page, open }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Document.prototype, "fullscreenEnabled", { get: () => false });
  });
  await open("#v=1&at=5");
  await page.keyboard.press("F");
  await presenting(page).waitFor();
  await page.keyboard.press("Escape");
  await presenting(page).waitFor({ state: "detached" });
});

test("a tablet is enlarged by its button", { tag: "@tablet" }, async ({ page, open, hand }) => {
  await open("#v=1&at=5");
  await hand.press(fullScreen(page));
  await presenting(page).waitFor();
  await expectNoOverflow(page);
});

test("a phone's page is the screen already", { tag: "@phone" }, async ({ page, open }) => {
  await open("#v=1&at=5");
  await expect(fullScreen(page)).toBeHidden();
});
