// Full screen, large enough for a room; keys with their sheet; and the speed from 1 step a second to all.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { atRest, button, settled, slider, step, until } from "../support/scope.mjs";
import { flow } from "../support/ways.mjs";

const fullScreen = (page) => button(page, "Full screen");

/** Sizes as they are seen, zoom included. */
const sizes = (page) =>
  page.evaluate(() => {
    const seen = (selector) => {
      const element = document.querySelector(selector);
      const zoom = Number(getComputedStyle(document.documentElement).getPropertyValue("--zoom")) || 1;
      return zoom * parseFloat(getComputedStyle(element).fontSize);
    };
    const root = document.documentElement;
    return {
      label: seen(".controls label"),
      title: seen(".panel h2"),
      health: seen(".health"),
      caption: seen(".caption p"),
      x: root.scrollWidth - innerWidth,
      y: root.scrollHeight - innerHeight,
    };
  });

for (const colorScheme of ["light", "dark"]) {
  const context = { viewport: { width: 1920, height: 1080 }, colorScheme };
  pageTest(`type is readable from the back of a room, ${colorScheme}`, { context }, async ({ page, open }) => {
    await open();
    await until(() => step(page), (at) => at > 5, "it trains");
    await fullScreen(page).click();
    await page.locator("html.presenting").waitFor();
    await page.waitForTimeout(300);
    assert.equal(await fullScreen(page).getAttribute("aria-pressed"), "true");
    const { label, title, health, caption, x, y } = await sizes(page);
    assert.ok(Math.min(label, title, health) >= 20, `text is ${label}, ${title}, ${health} px`);
    assert.ok(caption >= 40, `the sentence is ${caption} px`);
    assert.ok(x <= 0 && y <= 0, `the page is ${x} px too wide and ${y} px too high`);
    // Every panel is in view, whole.
    for (const panel of await page.locator(".panel").all()) {
      const box = await panel.boundingBox();
      assert.ok(box.height > 100 && box.y + box.height <= 1081 && box.x + box.width <= 1921, JSON.stringify(box));
    }
    // A picture has as many pixels as it is shown with.
    const blur = await page.evaluate(() => {
      const canvas = document.querySelector(".panel.curve canvas");
      return canvas.getBoundingClientRect().width / canvas.width;
    });
    assert.ok(Math.abs(blur - 1) < 0.02, `${blur} screen pixels a pixel`);
  });
}

pageTest("F goes in and out, and Escape leaves", async ({ page, open }) => {
  await open();
  await until(() => step(page), (at) => at > 5, "it trains");
  await page.keyboard.press("f");
  await page.locator("html.presenting").waitFor();
  await page.keyboard.press("f");
  await page.locator("html:not(.presenting)").waitFor();
  await page.keyboard.press("f");
  await page.locator("html.presenting").waitFor();
  await page.evaluate(() => document.exitFullscreen?.());
  await page.locator("html:not(.presenting)").waitFor();
});

pageTest("where there is no full screen the page is enlarged all the same", async ({ page, open }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Document.prototype, "fullscreenEnabled", { get: () => false });
  });
  await open();
  await until(() => step(page), (at) => at > 5, "it trains");
  await page.keyboard.press("F");
  await page.locator("html.presenting").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("html:not(.presenting)").waitFor();
});

pageTest("the sheet lists every key", async ({ page, open }) => {
  await open();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keys and words" });
  // The sheet's own part of the program is loaded first.
  await sheet.locator("kbd").first().waitFor();
  const keys = await sheet.locator("kbd").allTextContents();
  assert.deepEqual(keys, ["Space", "→", "R", "L", "D", "Ctrl Z", "Ctrl Y", "F", "T", "?"]);
});

pageTest("the speed goes from a step a second to as fast as it goes, by keys", async ({ page, open }) => {
  await open();
  await until(() => step(page), (at) => at > 5, "it trains");
  const speed = slider(page, "Speed");
  await speed.focus();
  await page.keyboard.press("Home");
  assert.equal(await speed.getAttribute("aria-valuetext"), "1 step/s");
  // What was on its way at the former speed is shown first.
  const at = await settled(() => step(page));
  await page.waitForTimeout(2500);
  const slow = (await step(page)) - at;
  assert.ok(slow >= 1 && slow <= 5, `${slow} steps in 2.5 s`);
  await page.keyboard.press("ArrowRight");
  assert.equal(await speed.getAttribute("aria-valuetext"), "2 steps/s");
  await page.keyboard.press("End");
  assert.equal(await speed.getAttribute("aria-valuetext"), "full");
  await until(() => step(page), (now) => now > 2_000, "full speed is thousands of steps");
});

flow("shown to a room: enlarged, slowed down, stepped, and the sheet of keys", 1, async ({ page, open, hand, way }) => {
  await open("#v=1");
  await until(() => step(page), (at) => at > 5, "it trains", 30_000);
  const isPhone = way.viewport.width < 720;
  assert.equal(await fullScreen(page).isVisible(), !isPhone, "a phone's page is the screen already");
  const before = await sizes(page);
  if (!isPhone) {
    await hand.press(fullScreen(page));
    await page.locator("html.presenting").waitFor();
  }
  await hand.set(slider(page, "Speed"), 0);
  await until(() => slider(page, "Speed").getAttribute("aria-valuetext"), (text) => text === "1 step/s", "slow motion");
  const { caption, x } = await sizes(page);
  assert.ok(isPhone || caption > before.caption, `the sentence grew from ${before.caption} to ${caption} px`);
  assert.ok(x <= 0, `the page is ${x} px too wide`);
  await hand.press(button(page, "Pause"));
  const at = await atRest(page);
  await hand.press(button(page, "Step"));
  await until(() => step(page), (now) => now === at + 1, "one step");
  await hand.press(button(page, "Reset"));
  await until(() => step(page), (now) => now === 0, "back at the start");
  await hand.press(button(page, "Help"));
  const sheet = page.getByRole("dialog", { name: "Keys and words" });
  await sheet.waitFor();
  await hand.press(sheet.getByRole("button", { name: "Close" }));
  await sheet.waitFor({ state: "hidden" });
  if (!isPhone) {
    await hand.press(fullScreen(page));
    await page.locator("html:not(.presenting)").waitFor();
  }
});
