// Classify: the run seen from its outputs. What is read is what a screen reader is told, and the address.

import { kept } from "../support/atlas.mjs";
import { expect, test } from "../support/fixture.mjs";
import { reach } from "../support/hands.mjs";
import { button, caption, choice, expectNoOverflow, number, pause, remedy, rest, slider, step } from "../support/scope.mjs";
import { classify, compare, scope, viewTab } from "../support/views.mjs";

// One in ten is rare; a fifth is held out to fit a temperature, a third judges.
const RARE = "#v=1&w=classify&d=moons&nz=0.3&n=400&im=9&t=0.3&vs=0.2&h=8&a=tanh&i=glorot_normal&o=adam&lr=0.01&at=200";

// Three classes on a line.
const KINDS = ["red", "green", "blue"];
const TABLE = Array.from({ length: 90 }, (_, i) => `${(i % 3) - 1 + ((i * 37) % 23) / 40},${((i * 17) % 29) / 29},${KINDS[i % 3]}`);
const THREE = `#v=1&w=classify&d=csv&csv=${encodeURIComponent(["x,y,kind", ...TABLE].join("\n"))}&t=0.3&h=6&a=tanh&lr=0.3&at=150`;

const threshold = (page) => slider(page, "Threshold");
const cell = (page, truth, said) => page.getByRole("button", { name: new RegExp(`^${truth} said to be ${said}: `) });
const count = async (cell) => {
  const label = await cell.getAttribute("aria-label");
  return number(label === null ? await cell.locator("b").innerText() : /: ([\d,]+)$/.exec(label)[1]);
};

/** Hits, misses, false alarms and rejections, as the matrix has them. */
async function matrix(page) {
  const counts = {};
  for (const [name, truth, said] of [["hits", "rare", "rare"], ["misses", "rare", "common"], ["alarms", "common", "rare"], ["right", "common", "common"]]) {
    counts[name] = await count(cell(page, truth, said));
  }
  return counts;
}

test("the threshold goes through all panels at once, and is kept", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(RARE.replace("&w=classify", ""));
  await hand.press(viewTab(page, "Classify"));
  await classify(page).waitFor();
  await rest(page);
  await expectNoOverflow(page);
  const before = await matrix(page);
  expect(before.hits + before.misses + before.alarms + before.right).toBe(120);
  await reach(page, threshold(page));
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  await rest(page);
  const lower = await matrix(page);
  expect(lower.misses).toBeLessThanOrEqual(before.misses);
  expect(lower.alarms).toBeGreaterThanOrEqual(before.alarms);
  expect(Number(kept(page, "th"))).toBeCloseTo(1 / (1 + Math.exp(2)), 3);
  await expect(threshold(page)).toHaveAttribute("aria-valuetext", new RegExp(`${lower.misses} misses, ${lower.alarms} false alarms`));
  expect(await step(page), "nothing is trained anew").toBe(200);

  // 0.5 is one key away.
  await page.keyboard.press("Home");
  await rest(page);
  expect(await matrix(page)).toEqual(before);
  expect(kept(page, "th")).toBe(null);
  await page.keyboard.press("PageUp");
  await rest(page);
  const higher = kept(page, "th");

  // A reload begins the run anew, at the same threshold.
  await page.reload();
  await classify(page).waitFor();
  await pause(page);
  expect(kept(page, "th")).toBe(higher);
  await expect(threshold(page)).toHaveAttribute("aria-valuetext", /^0\.731: /);
});

test("it is dragged, by mouse and finger", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(RARE);
  await rest(page);
  await hand.set(threshold(page), 0.2);
  await rest(page);
  const low = Number(kept(page, "th"));
  expect(low).toBeLessThan(0.2);
  await hand.set(threshold(page), 0.7);
  await rest(page);
  expect(Number(kept(page, "th"))).toBeGreaterThan(low);
});

test("what a miss costs finds another threshold, and the caption moves it there", async ({ page, open, hand }) => {
  await open(RARE);
  await slider(page, "A miss costs").fill("12");
  await rest(page);
  expect(kept(page, "km")).toBe("100");
  await expect(caption(page)).toHaveText(/ missed at .* Threshold .* misses /);
  await expect(remedy(page)).toHaveText(/^Move the threshold to /);
  await hand.press(remedy(page));
  await rest(page);
  const cheap = await matrix(page);
  await reach(page, threshold(page));
  await page.keyboard.press("Home");
  await page.keyboard.press("m");
  await rest(page);
  expect(await matrix(page), "the same by its key").toEqual(cheap);
  await expect(remedy(page).filter({ hasText: "Move the threshold" })).toHaveCount(0);

  // The run goes on, and comes back to its step.
  await hand.press(button(page, "Step"));
  await rest(page);
  expect(await step(page)).toBe(201);
  await hand.press(button(page, "Reset"));
  await rest(page);
  await expect(caption(page)).toHaveText(/^Not trained yet/);
  await hand.press(viewTab(page, "Scope"));
  await scope(page).waitFor();
  expect(await step(page)).toBe(0);
});

test("a temperature is fitted on the validation split, and changes no answer", async ({ page, open, hand }) => {
  await open(RARE.replace("&vs=0.2", ""));
  await hand.press(button(page, "Hold out 20 % to fit it"));
  await rest(page);
  expect(kept(page, "vs")).toBe("0.2");
  await slider(page, "Temperature").fill("50");
  await rest(page);
  const soft = kept(page, "kt");
  expect(Number(soft)).toBeGreaterThan(2);
  await open(RARE);
  const before = await matrix(page);
  await hand.press(button(page, "Fit on validation"));
  await rest(page);
  await expect(page.locator(".reliability [role=status]")).toHaveText(/(\d+ validation samples: log loss|ask for)/);
  expect(await matrix(page)).toEqual(before);
});

test("weights, output layer and resampling are edits of the run", async ({ page, open, hand }) => {
  await open(RARE);
  await hand.press(button(page, "Balanced"));
  await rest(page);
  const [common, rare] = kept(page, "cw").split(",").map(Number);
  // As in the training set, whose share of the rare class is that of all but for the draw.
  expect(rare / common).toBeGreaterThan(5);
  await expect(page.locator(".reliability .aside")).toHaveText(/^weighted: shifted by [12]\.\d+ logits$/);
  await hand.press(button(page, "By hand"));
  await page.getByLabel("Weight of rare", { exact: true }).fill("3");
  await page.keyboard.press("Enter");
  await rest(page);
  expect(kept(page, "cw")).toMatch(/,3$/);

  // A squared error takes no weights: they go, and come back with undo.
  await hand.press(page.getByRole("radio", { name: /^Sigmoid \+ squared error/ }));
  await rest(page);
  expect(kept(page, "l")).toBe("sigmoid_mse");
  expect(kept(page, "cw")).toBe(null);
  await hand.press(button(page, "Undo"));
  await rest(page);
  expect(kept(page, "l")).toBe(null);
  expect(kept(page, "cw")).toMatch(/,3$/);

  await choice(page, "Resampling").selectOption("under");
  await rest(page);
  expect(kept(page, "rs")).toBe("under");
  await slider(page, "Focal gamma").fill("20");
  await rest(page);
  expect(kept(page, "l")).toMatch(/^focal/);
});

test("a cell of the matrix rings its samples, and a click on ROC takes the threshold there", async ({ page, open, hand }) => {
  await open(RARE);
  const misses = cell(page, "rare", "common");
  await hand.press(misses);
  await expect(misses).toHaveAttribute("aria-pressed", "true");
  await hand.press(misses);
  await expect(misses).toHaveAttribute("aria-pressed", "false");
  const roc = slider(page, "Values of ROC");
  await reach(page, roc);
  await page.keyboard.press("End");
  await expect(roc).toHaveAttribute("aria-valuetext", /true positive rate 100/);
  await page.keyboard.press("Enter");
  await rest(page);
  expect((await matrix(page)).misses, "nothing is missed there").toBe(0);
});

test("the run before stays beside ROC and PR as a ghost, until the data are others", async ({ page, open, hand }) => {
  await open(RARE);
  const roc = page.getByRole("img", { name: /^ROC, area/ });
  const pr = page.getByRole("img", { name: /^Precision over recall, area/ });
  await expect(roc).not.toHaveAccessibleName(/beside it/);
  await slider(page, "Focal gamma").fill("20");
  await hand.press(button(page, "Reset"));
  await rest(page);
  await hand.press(button(page, "Step"));
  await rest(page);
  await expect(roc).toHaveAccessibleName(/beside it .*[01]\.\d{3}$/);
  await expect(pr).toHaveAccessibleName(/beside it .*[01]\.\d{3}$/);
  await slider(page, "Imbalance").fill("20");
  await rest(page);
  await expect(roc).not.toHaveAccessibleName(/beside it/);
});

test("answers to imbalance are compared by one press", async ({ page, open, hand }) => {
  await open(`${RARE.replace("n=400", "n=100").replace("h=8", "h=3")}`);
  await hand.press(button(page, "Compare answers to imbalance"));
  await compare(page).waitFor();
  await rest(page);
  const rows = compare(page).locator(".results tbody tr");
  await expect(rows).toHaveCount(5);
  await expect(rows.nth(1)).toContainText("weights balanced");
  await expect(compare(page).getByRole("columnheader", { name: /recall of class 1/ })).toBeVisible();
});

test("of many classes one sample is followed from logits to shares", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(THREE);
  await rest(page);
  await expectNoOverflow(page);
  const all = page.locator(".matrix.wide .cell");
  await expect(all).toHaveCount(9);
  const sum = (await Promise.all((await all.all()).map(count))).reduce((a, b) => a + b, 0);
  expect(sum).toBe(27);
  const sample = page.locator(".chosen .aside");
  const first = await sample.innerText();
  await hand.press(button(page, "Sample after"));
  await expect(sample).not.toHaveText(first);
  await hand.press(button(page, "× 100"));
  await expect(page.locator(".chosen .note")).toHaveText(/overflows in f32.*NaN/);
  await hand.press(cell(page, "green", "green"));
  await rest(page);
  await expect(page.locator(".misreads .title")).toHaveText("green said to be green");
  await hand.press(page.getByRole("group", { name: "Misread samples" }).getByRole("button").first());
  await expect(page.locator(".chosen .sample p")).toHaveText(/^is green, read rightly/);
});

test("numbers have no classes, and it says so", async ({ page, open, hand }) => {
  await open("#v=1&w=classify&d=plane&at=5");
  await expect(classify(page)).toContainText("This run predicts numbers");
  await hand.press(button(page, "See it in the Scope"));
  await scope(page).waitFor();
});

test("what is drawn on the pad is answered, by mouse, finger and keys", { tag: ["@desk", "@phone"] }, async ({ page, open, hand, input }) => {
  await open("#v=1&w=classify&d=digits&t=0.2&std=1&h=16&l=softmax&o=adam&lr=0.01&b=32&at=100");
  const pad = page.getByRole("application", { name: "Pad" });
  const words = page.locator("#pad-words");
  await expect(words).toHaveText(/^Empty\./);
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  const side = Math.min(box.width, box.height);
  const at = (share) => [box.x + box.width / 2, box.y + box.height / 2 + (share - 0.5) * 0.8 * side];
  if (input === "touch") {
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      await page.touchscreen.tap(...at(share));
    }
  } else {
    await page.mouse.move(...at(0));
    await page.mouse.down();
    await page.mouse.move(...at(1), { steps: 4 });
    await page.mouse.up();
  }
  await rest(page);
  await expect(words).toHaveText(/^The network says \d, .* sure\.$/);

  // It is answered by the network as it is now: after a step, and after the run began anew.
  await hand.press(button(page, "Step"));
  await rest(page);
  await expect(words).toHaveText(/^The network says \d/);
  await hand.press(button(page, "Reset"));
  await rest(page);
  await expect(words).toHaveText(/^The network says \d/);
  await hand.press(button(page, "Clear"));
  await rest(page);
  await expect(words).toHaveText(/^Empty\./);

  await reach(page, pad);
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press("Shift+ArrowDown");
  }
  await rest(page);
  await expect(words).toHaveText(/^The network says \d/);
  await page.keyboard.press("Delete");
  await rest(page);
  await expect(words).toHaveText(/^Empty\./);
});
