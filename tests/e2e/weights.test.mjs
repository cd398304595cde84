// Weights and biases set by hand: in the list of a unit, and by pressing a line or an output of the drawing. What the engine
// makes of it, and how it is undone among other edits, is tested natively.

import { expect, test } from "../support/fixture.mjs";
import { button, rest, step, story, unit } from "../support/scope.mjs";

const field = (page, name) => page.getByRole("textbox", { name, exact: true });
const card = (page) => page.getByRole("group", { name: "Weight", exact: true });

/** Types a number, and says that it is done. */
async function type(page, hand, into, text) {
  await hand.write(into, text);
  await into.press("Enter");
  await rest(page);
}

for (const [input, tag] of [
  ["mouse", "@desk"],
  ["touch", "@phone"],
  ["keys", "@desk"],
]) {
  test.describe(`by ${input}`, () => {
    test.use({ input });

    test("a bias is typed, the unit dies of it, and is alive again when that is undone", { tag }, async ({ page, open, hand }) => {
      await open("#v=1&lr=0.1&at=20");
      const tile = unit(page, 1, 3);
      await hand.press(tile);
      await rest(page);
      const bias = field(page, "bias of layer 1 unit 3");
      const before = await bias.inputValue();
      await expect(tile).not.toHaveAttribute("aria-label", /dead/);
      await type(page, hand, bias, "-30");
      await expect(bias).toHaveValue("−30");
      await expect(tile).toHaveAttribute("aria-label", /dead/);
      expect(await step(page)).toBe(20);
      await hand.press(button(page, "Undo"));
      await rest(page);
      await expect(bias).toHaveValue(before);
      await expect(tile).not.toHaveAttribute("aria-label", /dead/);
      await hand.press(button(page, "Redo"));
      await rest(page);
      await expect(bias).toHaveValue("−30");
      // The page goes on from there.
      await hand.press(button(page, "Step"));
      await rest(page);
      expect(await step(page)).toBe(21);
    });
  });
}

test("a line of the drawing is pressed, and its weight set", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open("#v=1&lr=0.1&at=20");
  const tile = unit(page, 2, 4);
  await tile.scrollIntoViewIfNeeded();
  const box = await tile.boundingBox();
  const press = (x, y) => page.mouse.click(x, y);
  // Where lines arrive.
  await press(box.x - 8, box.y + box.height / 2);
  await expect(card(page)).toContainText(/unit \d → layer 2 unit 4/);
  const weight = card(page).getByRole("textbox");
  await expect(weight).toBeFocused();
  const before = await weight.inputValue();
  await type(page, hand, weight, "2.5");
  await expect(weight).toHaveValue("2.5");
  await weight.press("ArrowDown");
  await rest(page);
  await expect(weight).toHaveValue("2.4");
  // Two in quick succession to the same weight.
  await button(page, "Undo").click();
  await rest(page);
  await expect(weight).toHaveValue(before);
  await weight.press("Escape");
  await expect(card(page)).toHaveCount(0);
  // What is no number is put back.
  await tile.click();
  const bias = field(page, "bias of layer 2 unit 4");
  const was = await bias.inputValue();
  await type(page, hand, bias, "much");
  await expect(bias).toHaveValue(was);
});

test.describe("with a clipboard", () => {
  test.use({ permissions: ["clipboard-read", "clipboard-write"] });

  test("a unit's weights are copied as numbers", async ({ page, open }) => {
    await open("#v=1&lr=0.1&at=20&vl=2&vu=1");
    await page.getByRole("tab", { name: "Unit" }).click();
    await rest(page);
    const weights = story(page).getByRole("textbox");
    await expect(weights).toHaveCount(9);
    await page.getByRole("button", { name: "Copy weights" }).click();
    await story(page).getByText("weights copied").waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toMatch(/^# layer 2 unit 1, step 20, of unit 1, .*, unit 8\nweights = \[.*\]\nbias = -?[\d.e-]+\n$/);
    const copied = JSON.parse(/weights = (.*)/.exec(text)[1]);
    const shown = await field(page, "Weight of unit 1").inputValue();
    expect(copied).toHaveLength(8);
    expect(Number(shown.replace("−", "-"))).toBeCloseTo(copied[0], 2);
  });
});
