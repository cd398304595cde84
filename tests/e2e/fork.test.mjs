// Standing at an earlier step, one goes on from there with something else.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { atRest, button, choice, counts, seek, settled, slider, stat, step, until } from "../support/scope.mjs";

const fork = (page) => choice(page, "From here with");
const SIZES = [
  { viewport: { width: 1440, height: 900 } },
  { viewport: { width: 1024, height: 768 } },
  { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
];

for (const context of SIZES) {
  const { width, height } = context.viewport;
  pageTest(`a run is forked at an earlier step, ${width}x${height}`, { context }, async ({ page, open }) => {
    await open("#v=1&sp=50");
    await until(() => step(page), (at) => at > 80, "it trains");
    await button(page, "Pause").click();
    await atRest(page);
    const usable = await page.locator(".fork select:enabled").count();
    assert.equal(usable, 0, "nothing to fork at the end");
    await seek(page, 20);
    const told = async () => [await stat(page, "loss"), await counts(page)];
    const before = await settled(told);
    await fork(page).selectOption({ label: "Leaky ReLU" });
    await until(() => choice(page, "Activation").inputValue(), (id) => id === "leaky_relu", "the edit is made");
    const events = page.locator(".panel.events");
    await until(() => events.innerText(), (text) => /activation Leaky ReLU/.test(text), "the log says so");
    await until(() => step(page), (at) => at > 25, "and it trains from there");
    await page.getByRole("button", { name: "Pause" }).click();
    await atRest(page);
    // What was at the fork is still there, exactly.
    await seek(page, 19);
    await seek(page, 20);
    assert.deepEqual((await settled(told))[1].units, before[1].units);
  });
}

pageTest("what would change nothing is not offered", async ({ page, open }) => {
  await open("#v=1&a=elu&sp=200");
  await until(() => step(page), (at) => at > 60, "it trains");
  await button(page, "Pause").click();
  await atRest(page);
  await seek(page, 10);
  const labels = await fork(page).locator("option:not([disabled])").allTextContents();
  assert.ok(labels.includes("half the learning rate") && !labels.includes("ELU"), labels.join());
  await slider(page, "Timeline").focus();
  await page.keyboard.press("Tab");
  assert.equal(await fork(page).evaluate((menu) => menu === document.activeElement), true, "Tab goes on to it");
});

pageTest("rewinding restores exactly", async ({ page, open }) => {
  await open("#v=1&sp=200");
  await until(() => step(page), (at) => at > 150, "it trains");
  await button(page, "Pause").click();
  await atRest(page);
  const told = async () => [await stat(page, "loss"), await stat(page, "accuracy"), await counts(page)];
  await seek(page, 40);
  const first = await settled(told);
  await seek(page, 130);
  await seek(page, 40);
  assert.deepEqual(await settled(told), first);
});
