// What depth does to signal and gradient is seen by two clicks, and followed over steps.

import { look, save, table, words } from "../support/charts.mjs";
import { expect, test } from "../support/fixture.mjs";
import { button, choice, rest, seek } from "../support/scope.mjs";

const TEN_SIGMOID = "#v=1&a=sigmoid&h=8-8-8-8-8-8-8-8-8-8&lr=0.3&at=10";

/** Asserts what the chart of the layers says, once the page rests. */
async function expectSaid(page, pattern) {
  await rest(page);
  expect(await words(page, "gradient")).toMatch(pattern);
}

test("ten sigmoid layers vanish, and BatchNorm mends it", async ({ page, open }) => {
  await open(TEN_SIGMOID);
  await expectSaid(page, /Through the hidden layers it vanishes: layer 1 gets \S+e−\d+ of what layer 10 gets/);
  await look(page, "Signal");
  await expectSaid(page, /In theory the gradient vanishes[^]*Measured it vanishes/);
  await page.getByRole("switch", { name: "Batch normalization" }).click();
  await expectSaid(page, /In theory the gradient keeps its size/);
  await button(page, "Undo").click();
  await expectSaid(page, /In theory the gradient vanishes[^]*Measured it vanishes/);
  await choice(page, "Activation").selectOption({ label: "ReLU" });
  await choice(page, "Initializer").selectOption({ label: "He normal" });
  await expectSaid(page, /In theory the gradient keeps its size/);
});

test("gain makes ReLU layers explode, in theory and in fact", async ({ page, open }) => {
  await open("#v=1&h=16-16-16-16-16-16-16-16&g=2.5&lr=0.0001&at=1");
  await look(page, "Signal");
  await expectSaid(page, /In theory the gradient explodes[^]*Measured it explodes/);
});

test("updates are shown against the guide of a thousandth", async ({ page, open }) => {
  await open("#v=1&at=100");
  await look(page, "Update ratio");
  await expectSaid(page, /RMS of the last update over RMS of the weights[^]*guide is 1e−3: \d of 4 layers/);
  expect((await save(page, "gradient", "SVG")).text).toMatch(/>1e−3 guide</);
});

test("strips over time follow a seek and a fork", async ({ page, open }) => {
  await open("#v=1&at=100");
  await look(page, "z over time");
  await expectSaid(page, /over the steps 0 to 100\b/);
  await seek(page, 40);
  await expectSaid(page, /over the steps 0 to 100\b/);
  await choice(page, "Activation").selectOption({ label: "Leaky ReLU" });
  await button(page, "Step").click();
  await expectSaid(page, /over the steps 0 to 41\b/);
  const rows = table((await save(page, "gradient", "CSV")).text);
  const steps = [...new Set(rows.map((row) => Number(row.step)))];
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps.at(-1)).toBe(41);
});
