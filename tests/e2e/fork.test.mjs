// Standing at an earlier step, one goes on from there with something else.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { atRest, button, choice, counts, seek, settled, slider, stat, step, until } from "../support/scope.mjs";
import { flow } from "../support/ways.mjs";

const fork = (page) => choice(page, "From here with");

flow("scrubbed back, a run is forked there and what was before is kept", 2, { fewer: true }, async ({ page, open, hand }) => {
  await open("#v=1&sp=150");
  await until(() => step(page), (at) => at > 60, "it trains", 30_000);
  await hand.press(button(page, "Pause"));
  await atRest(page);
  assert.equal(await page.locator(".fork select:enabled").count(), 0, "nothing to fork at the end");
  await hand.set(slider(page, "Timeline"), 0.3);
  const at = await atRest(page);
  assert.ok(at > 5, `scrubbed to step ${at}`);
  const told = async () => [await stat(page, "loss"), await stat(page, "accuracy"), await counts(page)];
  const before = await settled(told);
  await hand.choose(fork(page), "Leaky ReLU");
  await until(() => choice(page, "Activation").inputValue(), (id) => id === "leaky_relu", "the edit is made");
  const events = page.locator(".panel.events");
  await until(() => events.innerText(), (text) => /activation Leaky ReLU/.test(text), "the log says so");
  await until(() => step(page), (now) => now > at + 5, "and it trains from there", 30_000);
  await hand.press(button(page, "Pause"));
  await atRest(page);
  assert.match(await page.getByRole("list", { name: "Runs in this chart" }).innerText(), /Leaky ReLU[^]*\nReLU/);
  // Before the fork nothing is another.
  await seek(page, at - 1);
  await until(() => choice(page, "Activation").inputValue(), (id) => id === "relu", "as it was");
  await hand.press(button(page, "Step"));
  await until(() => step(page), (now) => now === at, "the step again");
  assert.deepEqual(await settled(told), before);
});

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
