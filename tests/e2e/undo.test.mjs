// Every edit can be undone and done again, by mouse, by touch and by keys.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { atRest, button, choice, counts, remedy, settled, slider, stat, step, until } from "../support/scope.mjs";
import { flow } from "../support/ways.mjs";

const undo = (page) => button(page, "Undo");
const redo = (page) => button(page, "Redo");
const rate = (page) => slider(page, "Learning rate").getAttribute("aria-valuetext");

flow("edits are undone and done again", 0, { trains: false }, async ({ page, open, hand }) => {
  const norm = page.getByRole("switch", { name: "Batch normalization" });
  await open("#v=1&sp=20");
  await until(() => step(page), (at) => at > 3, "it trains");
  assert.ok(await undo(page).isDisabled(), "nothing to undo at first");
  await hand.choose(choice(page, "Activation"), "Tanh");
  await page.waitForTimeout(700);
  await hand.press(norm);
  assert.equal(await undo(page).getAttribute("title"), "Undo: BatchNorm on");
  await hand.press(undo(page));
  assert.ok(!(await norm.isChecked()));
  assert.equal(await undo(page).getAttribute("title"), "Undo: activation Tanh");
  await hand.press(undo(page));
  assert.equal(await choice(page, "Activation").inputValue(), "relu");
  assert.ok(await undo(page).isDisabled());
  await hand.press(redo(page));
  await hand.press(redo(page));
  assert.ok(await redo(page).isDisabled());
  assert.ok(await norm.isChecked());
  assert.equal(await choice(page, "Activation").inputValue(), "tanh");
});

pageTest("a drag of a slider is one edit, and undoing it keeps the weights", async ({ page, open }) => {
  await open("#v=1&lr=0.1&sp=50");
  await until(() => step(page), (at) => at > 20, "it trains");
  const box = await slider(page, "Learning rate").boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 0.5 * box.width, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.7 * box.width, y);
  await page.waitForTimeout(800);
  await page.mouse.move(box.x + 0.9 * box.width, y, { steps: 5 });
  await page.mouse.up();
  assert.notEqual(await rate(page), "0.100");
  assert.match(await undo(page).getAttribute("title"), /^Undo: learning rate/);
  const at = await step(page);
  await undo(page).click();
  assert.equal(await rate(page), "0.100");
  assert.ok(await undo(page).isDisabled(), "the drag was one edit");
  await until(() => step(page), (now) => now > at, "the run goes on where it was");
});

pageTest("keys undo and redo, but a text field keeps its own", async ({ page, open }) => {
  await open("#v=1&lr=0.1&sp=50");
  await slider(page, "Learning rate").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const after = await rate(page);
  assert.notEqual(after, "0.100");
  await page.keyboard.press("Control+z");
  await until(() => rate(page), (text) => text === "0.100", "Ctrl Z undoes");
  await page.keyboard.press("Control+Shift+Z");
  await until(() => rate(page), (text) => text === after, "Ctrl Shift Z does it again");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+y");
  await until(() => rate(page), (text) => text === after, "Ctrl Y does it again");
  await page.getByRole("spinbutton", { name: "Seed" }).focus();
  await page.keyboard.press("Control+z");
  await page.waitForTimeout(200);
  assert.equal(await rate(page), after);
});

flow("dead units that were revived are dead again, exactly", 1, { fewer: true }, async ({ page, open, hand }) => {
  await open("#v=1&sp=100");
  await until(() => counts(page), ({ dead }) => dead >= 3, "units die", 60_000);
  await hand.press(button(page, "Pause"));
  const at = await atRest(page);
  const told = async () => [await step(page), await stat(page, "loss"), await counts(page)];
  const before = await settled(told);
  await hand.press(button(page, "Revive dead units"));
  await until(() => counts(page), ({ dead }) => dead === 0, "they are back");
  assert.equal(await undo(page).getAttribute("title"), "Undo: dead units revived");
  await hand.press(button(page, "Step"));
  await until(() => step(page), (now) => now > at, "it goes on with them");
  await hand.press(undo(page));
  await until(() => step(page), (now) => now === at, "the step of before");
  assert.deepEqual(await settled(told), before);
  assert.doesNotMatch(await page.getByRole("list", { name: "What happened" }).innerText(), /dead units revived/);
  await hand.press(redo(page));
  await until(() => counts(page), ({ dead }) => dead === 0, "and back once more");
});

pageTest("a remedy is undone as one", async ({ page, open }) => {
  await open();
  await remedy(page).filter({ hasText: "Leaky ReLU" }).waitFor();
  await remedy(page).click();
  await until(() => choice(page, "Activation").inputValue(), (id) => id === "leaky_relu", "rescued");
  await undo(page).click();
  assert.equal(await choice(page, "Activation").inputValue(), "relu");
  assert.ok(await undo(page).isDisabled());
});

const TOUCH = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
pageTest("fingers find undo", { context: TOUCH }, async ({ page, open }) => {
  await open("#v=1&sp=20");
  const box = await undo(page).boundingBox();
  assert.ok(box.width >= 40 && box.height >= 40, "a finger finds it");
});
