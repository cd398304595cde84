// What the page does on keys and on the timeline.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import {
  atRest, button, choice, counts, remedy, seek, settled, stat, step, until,
} from "../support/scope.mjs";

pageTest("a reloaded link gives the same run", async ({ page, open }) => {
  await open("#v=1&lr=0.3&h=6-6&s=7&sp=500");
  await until(() => step(page), (at) => at >= 120, "it trains");
  await button(page, "Pause").click();
  const told = async () => [await stat(page, "loss"), await stat(page, "accuracy"), await counts(page)];
  await seek(page, 120);
  const before = await settled(told);
  const url = page.url();
  await page.reload();
  assert.equal(page.url(), url);
  await until(() => step(page), (at) => at >= 120, "it trains again");
  await button(page, "Pause").click();
  await seek(page, 120);
  assert.deepEqual(await settled(told), before);
});

pageTest("Train, Step, Reset and the timeline do what they say", async ({ page, open }) => {
  await open();
  await until(() => step(page), (at) => at > 5, "it trains by itself");
  await button(page, "Pause").click();
  await button(page, "Train").waitFor();
  const at = await atRest(page);
  await button(page, "Step").click();
  await until(() => step(page), (now) => now === at + 1, "one step");
  await seek(page, 3);
  await button(page, "Reset").click();
  await until(() => step(page), (now) => now === 0, "back to step 0");
});

pageTest("the keyboard alone runs the page", async ({ page, open }) => {
  await open();
  await until(() => counts(page), ({ dead }) => dead >= 4, "several units die");
  await page.keyboard.press("Space");
  await button(page, "Train").waitFor();
  const at = await atRest(page);
  await page.keyboard.press("ArrowRight");
  await until(() => step(page), (now) => now === at + 1, "the right arrow takes a step");
  await remedy(page).filter({ hasText: "Leaky ReLU" }).waitFor();
  await page.keyboard.press("l");
  await until(() => choice(page, "Activation").inputValue(), (id) => id === "leaky_relu", "L rescues");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys and words" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keys and words" }).waitFor({ state: "hidden" });
});

pageTest("units can be walked by keys, and one is looked at", async ({ page, open }) => {
  await open();
  await page.getByRole("button", { name: /^Layer 1 unit 1\b/ }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "z of layer 2 unit 2" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: /z of layer 2 f\(z\)/ }).waitFor();
});
