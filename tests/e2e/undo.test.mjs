// Every edit can be undone and done again, by mouse, by touch and by keys.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { atRest, button, choice, remedy, slider, step, until } from "../support/scope.mjs";

const undo = (page) => button(page, "Undo");
const redo = (page) => button(page, "Redo");
const rate = (page) => slider(page, "Learning rate").getAttribute("aria-valuetext");
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];

for (const viewport of SIZES) {
  const name = `edits are undone and done again, ${viewport.width}x${viewport.height}`;
  pageTest(name, { context: { viewport } }, async ({ page, open }) => {
    await open("#v=1&sp=20");
    await until(() => step(page), (at) => at > 3, "it trains");
    assert.ok(await undo(page).isDisabled(), "nothing to undo at first");
    await choice(page, "Activation").selectOption("tanh");
    await page.waitForTimeout(700);
    await page.getByRole("switch", { name: "Batch normalization" }).click();
    assert.equal(await undo(page).getAttribute("title"), "Undo: BatchNorm on");
    await undo(page).click();
    assert.ok(!(await page.getByRole("switch", { name: "Batch normalization" }).isChecked()));
    assert.equal(await undo(page).getAttribute("title"), "Undo: activation Tanh");
    await undo(page).click();
    assert.equal(await choice(page, "Activation").inputValue(), "relu");
    assert.ok(await undo(page).isDisabled());
    await redo(page).click();
    await redo(page).click();
    assert.ok(await redo(page).isDisabled());
    assert.ok(await page.getByRole("switch", { name: "Batch normalization" }).isChecked());
    assert.equal(await choice(page, "Activation").inputValue(), "tanh");
  });
}

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
pageTest("fingers undo too", { context: TOUCH }, async ({ page, open }) => {
  await open("#v=1&sp=20");
  await until(() => step(page), (at) => at > 3, "it trains");
  await button(page, "Pause").tap();
  await atRest(page);
  await page.getByRole("switch", { name: "Batch normalization" }).tap();
  await undo(page).tap();
  assert.ok(!(await page.getByRole("switch", { name: "Batch normalization" }).isChecked()));
  const box = await undo(page).boundingBox();
  assert.ok(box.width >= 40 && box.height >= 40, "a finger finds it");
});
