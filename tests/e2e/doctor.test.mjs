// The Doctor: what is wrong, by which numbers, and one click that mends it.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { atRest, button, counts, doctor, line, settled, slider, step, story, tab, until } from "../support/scope.mjs";
import { flow } from "../support/ways.mjs";

const caption = (page) => line(page.getByRole("region", { name: "What is going on" }).locator("p"));

pageTest("when all is well it says what was checked", async ({ page, open }) => {
  await open("#v=1&lr=0.05&a=leaky_relu&sp=200");
  await until(() => step(page), (at) => at > 150, "it trains");
  await button(page, "Pause").click();
  await atRest(page);
  await tab(page, "Doctor").click();
  const checks = doctor(page).getByRole("listitem");
  await checks.first().waitFor();
  const texts = await checks.allInnerTexts();
  const names = texts.map((text) => text.trim().split(/\n/)[0]);
  assert.deepEqual(names, ["Diverged", "Born dead", "Dead", "Saturated", "Vanishing", "Exploding", "Not learning"]);
  for (const text of texts) {
    assert.match(text, /passed:\s/, text);
    assert.match(text, /\d/, `a number in ${text}`);
  }
  assert.ok((await line(doctor(page))).startsWith(await caption(page)), "the caption is its first finding");
});

pageTest("a diverged run says where, and offers the step before", async ({ page, open }) => {
  await open("#v=1&lr=10&o=momentum&l=mse&sp=200");
  await until(() => caption(page), (text) => /diverged at step/.test(text), "it diverges");
  const at = Number(/diverged at step ([\d,]+)/.exec(await caption(page))[1].replaceAll(",", ""));
  assert.equal(await step(page), at);
  await tab(page, "Doctor").click();
  const text = await line(doctor(page));
  assert.ok(text.startsWith(await caption(page)), text);
  assert.match(text, /loss (before )?step [\d,]+ [\d.e]+/);
  await doctor(page).getByRole("button", { name: `Go to the step before (${at - 1})` }).click();
  await until(() => step(page), (now) => now === at - 1, "exactly the step before");
  // From the timeline's end the run can be taken back to where it was calm.
  await slider(page, "Timeline").press("End");
  await until(() => step(page), (now) => now === at, "the end again");
  await doctor(page).getByRole("button", { name: /^Go back to step [\d,]+ with learning rate 1$/ }).click();
  await until(() => step(page), (now) => now > at + 50, "it trains on past where it diverged");
});

flow("a diverged run has its story: which layer, by which update, and the ways back", 2, { fewer: true }, async ({ page, open, hand }) => {
  // Slow enough for the steps before it to be shown.
  await open("#v=1&lr=10&o=momentum&l=mse&sp=10");
  await until(() => caption(page), (text) => /diverged at step/.test(text), "it diverges", 60_000);
  const at = Number(/diverged at step ([\d,]+)/.exec(await caption(page))[1].replaceAll(",", ""));
  await until(() => step(page), (now) => now === at, "it stands there");
  await hand.press(page.getByRole("list", { name: "What happened" }).getByRole("button", { name: /Training diverged\./ }));
  const text = await until(() => line(story(page)), (text) => text.startsWith("Training diverged"), "its story");
  assert.match(text, new RegExp(`^Training diverged at step ${at}: at learning rate 10 one update followed a gradient of norm [\\d.e]+\\.`));
  assert.match(text, /not finite is in (layer \d|the output layer)\.|a million times its first value\./);
  assert.match(text, /gradient norm [\d.e]+ learning rate 10 \|Δ biases\| [\d.e]+ \|Δ weights\| [\d.e]+/);
  assert.match(text, /RMS of ∂L\/∂z at step \d+, the largest first: (layer \d|output) [\d.e]+/);
  await hand.press(story(page).getByRole("button", { name: `Go to the step before (${at - 1})` }));
  await until(() => step(page), (now) => now === at - 1, "exactly the step before");
  assert.match(await line(story(page)), /^Training diverged/, "the story stays open");
  await hand.press(story(page).getByRole("button", { name: /^Go back to step [\d,]+ with learning rate 1$/ }));
  await until(() => step(page), (now) => now > at + 20, "it trains on past where it diverged", 30_000);
});

flow("saturated units are found by layer and mended by a click", 0, async ({ page, open, hand }) => {
  await open("#v=1&a=tanh&g=10&lr=3&sp=200");
  const before = await until(() => counts(page), ({ saturated }) => saturated >= 8, "units are saturated", 60_000);
  await hand.press(button(page, "Pause"));
  await atRest(page);
  await hand.press(tab(page, "Doctor"));
  const text = await line(doctor(page));
  assert.match(text, /\d+ of 24 units are saturated/);
  assert.match(text, /saturated layer \d \d of 8 units/);
  assert.match(text, /gain 10/);
  await hand.press(doctor(page).getByRole("button", { name: "Initialize with Glorot normal" }));
  await until(() => counts(page), ({ saturated }) => saturated < before.saturated / 2, "fewer are", 30_000);
});

flow("a layer that dies is told with its evidence, and its dead units alone are set anew", 1, { fewer: true }, async ({ page, open, hand }) => {
  await open("#v=1&lr=3&sp=200");
  await until(() => caption(page), (text) => /^All of layer \d is dead since step/.test(text), "a layer dies", 60_000);
  await hand.press(button(page, "Pause"));
  await atRest(page);
  await hand.press(tab(page, "Doctor"));
  assert.match(await line(doctor(page)), /dead layer \d 8 of 8 units/);
  const before = await settled(() => counts(page));
  await hand.press(doctor(page).getByRole("button", { name: /dead units/i }).first());
  await until(() => counts(page), ({ dead }) => dead < before.dead, "units are back", 30_000);
});
