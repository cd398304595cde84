// Compare: lanes side by side. What is read is what a screen reader is told, and the address.

import { kept } from "../support/atlas.mjs";
import { expect, test } from "../support/fixture.mjs";
import { reach } from "../support/hands.mjs";
import { button, caption, choice, remedy, rest, slider, step } from "../support/scope.mjs";
import { compare, scope, viewTab } from "../support/views.mjs";

// Small, so that it is trained in a moment.
const SMALL = "#v=1&n=60&h=4-4&b=10&lr=0.3&cs=3&cn=60&ct=0.5&at=3";

const preset = (page, name) => page.getByRole("group", { name: "Start from" }).getByRole("button", { name });
const rows = (page) => compare(page).locator(".results tbody tr");
const cell = (page, row, column) => rows(page).nth(row).getByRole("cell").nth(column);
const timeline = (page) => slider(page, "Timeline of all lanes");

test("one press compares sigmoid, tanh and ReLU, and one timeline goes through all", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(`${SMALL}&cv=lr%3D0.1,0.3`);
  await hand.press(viewTab(page, "Compare"));
  await compare(page).waitFor();
  await rest(page);
  await expect(rows(page)).toHaveCount(2);
  await hand.press(preset(page, "Sigmoid, tanh, ReLU"));
  await rest(page);
  await expect(rows(page)).toHaveCount(3);
  expect(kept(page, "w")).toBe("compare");
  expect(kept(page, "cv"), "it is what one begins with").toBe(null);
  await expect(rows(page).nth(0)).toContainText("Sigmoid");
  await expect(caption(page)).toHaveText(/under a loss of 0\.5/);
  await expect(compare(page).locator(".results .aside")).toHaveText("step 60");
  const steps = await cell(page, 2, 0).innerText();

  // Back to the beginning: nothing has arrived there, and what was measured at the end is not told.
  await reach(page, timeline(page));
  await page.keyboard.press("Home");
  await rest(page);
  await expect(timeline(page)).toHaveAttribute("aria-valuetext", "step 0 of 60");
  await expect(compare(page).locator(".results .aside")).toHaveText("step 0");
  await page.keyboard.press("End");
  await rest(page);
  await expect(cell(page, 2, 0)).toHaveText(steps);

  // Once more, with the same seeds: the same numbers.
  await hand.press(button(page, "Reset"));
  await rest(page);
  await expect(cell(page, 2, 0)).toHaveText(steps);
});

test("lanes are added and dropped, seeds and target changed, and a reload finds them", async ({ page, open, hand }) => {
  await open(`${SMALL}&w=compare`);
  await rest(page);
  await choice(page, "Add a lane").selectOption("elu");
  await rest(page);
  await expect(rows(page)).toHaveCount(4);
  expect(kept(page, "cv")).toBe("a=sigmoid,tanh,relu,elu");
  await hand.press(button(page, "Drop Tanh"));
  await rest(page);
  expect(kept(page, "cv")).toBe("a=sigmoid,relu,elu");
  await hand.press(button(page, "Drop Sigmoid"));
  await rest(page);
  await expect(rows(page)).toHaveCount(2);
  await expect(button(page, "Drop ReLU"), "two stay").toBeHidden();

  // The target is another at once: nothing is trained anew.
  await slider(page, "Target loss").fill("0");
  await rest(page);
  expect(kept(page, "ct")).toBe("0.001");
  await expect(cell(page, 0, 0)).toHaveText("never");

  // A number is typed, and one that cannot be is refused in words.
  await choice(page, "What differs").selectOption("lr");
  await rest(page);
  await expect(rows(page)).toHaveCount(5);
  const value = page.getByRole("textbox", { name: "Add a lane with this value" });
  await value.fill("1000");
  await value.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "lr=1000" })).toBeVisible();
  await value.fill("2");
  await value.press("Enter");
  await rest(page);
  await expect(rows(page)).toHaveCount(6);
  await page.reload();
  await compare(page).waitFor();
  await rest(page);
  await expect(rows(page)).toHaveCount(6);
  expect(kept(page, "cv")).toBe("lr=0.01,0.03,0.1,0.3,1,2");
});

test("a heading sorts, and a lane opens in the Scope at its step", async ({ page, open, hand }) => {
  // A target that all have reached before they begin.
  await open(`${SMALL.replace("ct=0.5", "ct=1")}&w=compare`);
  await rest(page);
  const heading = page.getByRole("columnheader", { name: "steps to target" });
  await hand.press(button(page, "steps to target"));
  await expect(heading).toHaveAttribute("aria-sort", "ascending");
  await hand.press(button(page, "steps to target"));
  await expect(heading).toHaveAttribute("aria-sort", "descending");
  await hand.press(button(page, "steps to target"));
  await expect(heading).toHaveAttribute("aria-sort", "none");
  await expect(rows(page).nth(0)).toContainText("Sigmoid");

  await hand.press(rows(page).nth(1).getByRole("button"));
  await scope(page).waitFor();
  await rest(page);
  expect(await step(page)).toBe(60);
  await expect(choice(page, "Activation")).toHaveValue("tanh");
  await expect(choice(page, "Initializer")).toHaveValue(/glorot/);
  // It is an edit like any other; the base of the lanes is now this.
  await page.goBack();
  await compare(page).waitFor();
  await rest(page);
  await expect(rows(page)).toHaveCount(3);
  await hand.press(remedy(page).filter({ visible: true }));
  await scope(page).waitFor();
  await rest(page);
});

const lane = (page, name) => compare(page).getByRole("region", { name, exact: true });
const heads = (page) => compare(page).locator(".row-heads .of-boundary");
const picture = (page, name, of) => lane(page, name).getByRole("img", { name: of });

test("columns show one network of each lane, at the step of the timeline", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(`${SMALL}&w=compare`);
  await rest(page);
  await expect(heads(page)).toContainText("the most typical");
  await expect(heads(page)).toContainText("step 60");
  for (const name of ["Sigmoid", "Tanh", "ReLU"]) {
    await expect(picture(page, name, /^[A-Za-z]+\. Answer of the network/)).toBeVisible();
    await expect(picture(page, name, /of z .*(gradient|saturated)$/)).toBeVisible();
    await expect(picture(page, name, /RMS of the gradient by layer, the output last: \S+, \S+, \S+$/)).toBeVisible();
    await expect(picture(page, name, /dead .*, saturated/)).toBeVisible();
  }
  const gradient = () => picture(page, "Tanh", /RMS of the gradient/).getAttribute("aria-label");
  const atTheEnd = await gradient();

  await reach(page, timeline(page));
  await page.keyboard.press("Home");
  await rest(page);
  await expect(heads(page)).toContainText("step 0");
  expect(await gradient()).not.toBe(atTheEnd);
  await page.keyboard.press("End");
  await rest(page);
  expect(await gradient(), "the same network as before").toBe(atTheEnd);

  // Another layer, and another seed, for all columns at once.
  const layer = choice(page, "Layer whose z is shown");
  await hand.choose(layer, "layer 2");
  await expect(layer).toHaveValue("1");
  const which = await heads(page).innerText();
  await hand.press(button(page, "Seed after"));
  await rest(page);
  await expect(heads(page)).not.toContainText("typical");
  expect(await heads(page).innerText()).not.toBe(which);
  expect(await gradient()).not.toBe(atTheEnd);
  await hand.press(button(page, "Seed before"));
  await rest(page);
  expect(await gradient()).toBe(atTheEnd);
});

test("a column's head opens that network in the Scope", async ({ page, open, hand }) => {
  await open(`${SMALL.replace("#v=1", "#v=1&s=7").replace("cs=3", "cs=2")}&w=compare`);
  await rest(page);
  await hand.press(button(page, "Seed after"));
  await rest(page);
  const loss = await lane(page, "ReLU").getByRole("definition").nth(1).innerText();
  const seed = /seed (\d+)/.exec(await heads(page).innerText())[1];
  await hand.press(lane(page, "ReLU").getByRole("button"));
  await scope(page).waitFor();
  await rest(page);
  expect(await step(page)).toBe(60);
  await expect(choice(page, "Activation")).toHaveValue("relu");
  expect(kept(page, "s")).toBe(seed);
  expect(Number(await scope(page).locator(".boundary .stats dd").nth(1).innerText())).toBeCloseTo(Number(loss), 2);
});

test("a second setting makes pairs, and what has no room is refused in words", async ({ page, open, hand }) => {
  await open(`${SMALL}&w=compare`);
  await rest(page);
  await choice(page, "and").selectOption("bn");
  await rest(page);
  await expect(rows(page)).toHaveCount(6);
  await expect(rows(page).nth(5)).toContainText("ReLU, BatchNorm on");
  expect(kept(page, "ca")).toBe("bn=0,1");
  await page.reload();
  await compare(page).waitFor();
  await rest(page);
  await expect(rows(page)).toHaveCount(6);
  await choice(page, "and").selectOption("");
  await rest(page);
  await expect(rows(page)).toHaveCount(3);
  await hand.press(preset(page, "Eight functions"));
  await rest(page);
  await choice(page, "and").selectOption("bn");
  await expect(page.getByRole("alert").filter({ hasText: "no room for pairs" })).toBeVisible();
  await expect(choice(page, "and")).toHaveValue("");
  await expect(rows(page)).toHaveCount(8);
});
