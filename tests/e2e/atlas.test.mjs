// The Atlas used by keys alone. What came of it is read from the address and from what a screen reader is told.

import { card, crosshair, functions, kept, ownFormula, row, said, search, stripTab } from "../support/atlas.mjs";
import { expect, test } from "../support/fixture.mjs";
import { reach } from "../support/hands.mjs";
import { button, caption, choice, rest, step } from "../support/scope.mjs";
import { atlas, scope, viewTab } from "../support/views.mjs";

test.use({ input: "keys" });

const OPEN = "#v=1&w=atlas&at=5";

test("functions are found, chosen and looked at", async ({ page, open, hand }) => {
  await open("#v=1&at=5");
  await hand.press(viewTab(page, "Atlas"));
  await atlas(page).waitFor();
  await rest(page);
  expect(kept(page, "w")).toBe("atlas");
  await page.keyboard.press("/");
  await expect(search(page)).toBeFocused();
  await page.keyboard.type("soft");
  await expect(functions(page).getByRole("option")).toHaveCount(2);
  await page.keyboard.press("ArrowDown");
  await expect(functions(page)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await rest(page);
  await expect(row(page, "Softsign")).toHaveAttribute("aria-selected", "true");
  expect(kept(page, "fx")).toBe("relu;leaky_relu;elu;gelu;sigmoid;tanh;softsign");
  expect(kept(page, "ff"), "choosing is not looking at it").toBe(null);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await rest(page);
  expect(kept(page, "ff")).toBe("softplus");
  await expect(card(page).getByRole("heading", { name: "Softplus" })).toBeVisible();
  await expect(caption(page)).toContainText("At z = −1.5 Softplus passes 18.2 % of the gradient");

  // Eight are chosen now: a ninth is refused, and said to be.
  await reach(page, search(page));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("mish");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  await expect(said(page)).toHaveText("Eight at most: drop one first");
  expect(kept(page, "fx")).toMatch(/softplus$/);
});

test("the crosshair walks, and the caption speaks of its z", async ({ page, open }) => {
  await open(OPEN);
  await reach(page, crosshair(page));
  await page.keyboard.press("ArrowRight");
  await rest(page);
  expect(kept(page, "fz")).toBe("-1.4");
  await page.keyboard.press("Shift+ArrowLeft");
  await rest(page);
  expect(kept(page, "fz")).toBe("-1.41");
  await expect(caption(page)).toContainText("At z = −1.41 ELU passes 24.4 %");
  await expect(crosshair(page)).toHaveAttribute("aria-valuetext", /^At z −1\.41.*ELU/);
  await page.keyboard.press("+");
  await rest(page);
  expect(kept(page, "fr")).toMatch(/^-\d+(\.\d+)?~\d+(\.\d+)?$/);
});

test("the strip shows a table that sorts, softmax and cost", async ({ page, open, hand }) => {
  await open(OPEN);
  await reach(page, stripTab(page, "Table"));
  await rest(page);
  expect(kept(page, "ft")).toBe("table");
  const rows = atlas(page).locator(".all-functions tbody tr");
  await expect(rows).toHaveCount(23);
  await hand.press(button(page, "max |f′|"));
  const heading = page.getByRole("columnheader", { name: "max |f′|" });
  await expect(heading).toHaveAttribute("aria-sort", "ascending");
  await expect(rows.first()).toContainText("HardSigmoid");
  await page.keyboard.press("Enter");
  await expect(heading).toHaveAttribute("aria-sort", "descending");
  await page.keyboard.press("Enter");
  await expect(heading).toHaveAttribute("aria-sort", "none");
  await hand.press(rows.getByRole("button", { name: "Tanh", exact: true }));
  await rest(page);
  expect(kept(page, "ff")).toBe("tanh");

  await reach(page, stripTab(page, "Softmax"));
  await rest(page);
  expect(kept(page, "ft")).toBe("softmax");
  const logit = page.getByRole("slider", { name: "Logit of A" });
  await expect(logit).toHaveAttribute("aria-valuetext", "3.2");
  await reach(page, logit);
  await page.keyboard.press("ArrowRight");
  await expect(logit).toHaveAttribute("aria-valuetext", "3.3");

  await reach(page, stripTab(page, "Cost"));
  await rest(page);
  await expect(atlas(page).locator(".costs li")).toHaveCount(23);
  await expect(atlas(page).locator(".strip-head .aside")).toContainText("in this browser");
});

test("cost is measured while the run pauses and the Atlas is shown, not before", async ({ page, open, hand }) => {
  await open("#v=1");
  await hand.press(viewTab(page, "Atlas"));
  await reach(page, stripTab(page, "Cost"));
  // Also while the view is hidden.
  const aside = page.locator(".atlas .strip-head .aside");
  await expect(aside).toContainText("measured here when the run is paused");
  await hand.press(viewTab(page, "Scope"));
  await hand.press(button(page, "Pause"));
  await rest(page);
  await expect(aside, "nothing is measured behind the Scope").toContainText("when the run is paused");
  await hand.press(viewTab(page, "Atlas"));
  await rest(page);
  await expect(aside).toContainText("in this browser");
});

test("a formula is mended, added, and its parameter typed", async ({ page, open, hand }) => {
  await open(OPEN);
  await hand.write(ownFormula(page), "z * sigmod(beta * z)");
  const problem = page.getByRole("alert").filter({ hasText: "Column 5" });
  await expect(problem).toContainText("unknown function sigmod. Did you mean sigmoid?");
  await hand.press(problem.getByRole("button", { name: "sigmoid" }));
  await expect(ownFormula(page)).toHaveValue("z * sigmoid(beta * z)");
  await reach(page, ownFormula(page));
  await page.keyboard.press("Enter");
  await rest(page);
  expect(kept(page, "fo")).toBe("z * sigmoid(beta * z)~1");
  expect(kept(page, "ff")).toBe("u1");
  const added = functions(page).getByRole("option").filter({ hasText: "z * sigmoid(beta * z)" });
  await expect(added).toHaveAttribute("aria-selected", "true");
  const value = page.getByRole("textbox", { name: "Value of Beta of Own 1, β", exact: true });
  await hand.write(value, "3.25");
  await page.keyboard.press("Enter");
  await rest(page);
  expect(kept(page, "fo"), "beyond what the slider reaches").toBe("z * sigmoid(beta * z)~3.25");
  await hand.write(value, "three");
  await page.keyboard.press("Enter");
  await expect(value, "what is no number is put back").toHaveValue("3.25");
});

test("names elsewhere and printed forms are copied", async ({ page, open, hand, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(OPEN);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  for (const [name, code] of [
    ["PyTorch", "nn.ELU(alpha=1.0)"],
    ["Keras", "activations.elu(z, alpha=1.0)"],
    ["JAX", "jax.nn.elu(z, alpha=1.0)"],
  ]) {
    await hand.press(button(page, `Copy ${name}`));
    await expect(said(page)).toHaveText(`${name} copied`);
    expect(await copied()).toBe(code);
  }
  for (const [form, text] of [
    ["NumPy", /^import math\nimport numpy as np\n+def f\(z, alpha\)/],
    ["PyTorch", /^import torch\n+def f\(z, alpha\)/],
    ["WGSL", /fn f_and_slope\(/],
    ["Formula", /^where\(z > 0, z, alpha \* expm1\(z\)\)$/],
  ]) {
    await hand.press(button(page, form));
    await rest(page);
    await expect(said(page)).toHaveText(`${form} copied`);
    expect(await copied()).toMatch(text);
  }
});

test("training with a function takes its parameters and its initializer along, and is undone at once", async ({ page, open, hand }) => {
  await open("#v=1&w=atlas&ff=tanh&at=20");
  await hand.press(button(page, "Train with Tanh"));
  await scope(page).waitFor();
  await rest(page);
  expect([kept(page, "w"), kept(page, "a"), kept(page, "i")]).toEqual([null, "tanh", "glorot_normal"]);
  await expect(choice(page, "Initializer")).toHaveValue("glorot_normal");
  expect(await step(page), "other weights are another run").toBe(0);
  await hand.press(button(page, "Undo"));
  await rest(page);
  expect([kept(page, "a"), kept(page, "i")]).toEqual([null, null]);
  await expect(button(page, "Undo")).toBeDisabled();
});

test("a function is used with the run's weights", async ({ page, open, hand }) => {
  await open("#v=1&w=atlas&ff=tanh&at=20");
  await hand.press(button(page, "Use in the Scope, weights kept"));
  await scope(page).waitFor();
  await rest(page);
  expect([kept(page, "a"), kept(page, "i")]).toEqual(["tanh", null]);
  expect(await step(page)).toBe(20);
});

test("a function whose initializer the run has keeps its weights", async ({ page, open, hand }) => {
  await open("#v=1&w=atlas&at=20");
  await expect(button(page, "Use in the Scope, weights kept")).toHaveCount(0);
  await hand.press(button(page, "Train with ELU"));
  await scope(page).waitFor();
  await rest(page);
  expect([kept(page, "a"), kept(page, "i")]).toEqual(["elu", null]);
  expect(await step(page)).toBe(20);
});

test("a function that is not defined everywhere warns before it is trained with, and then", async ({ page, open, hand }) => {
  await open("#v=1&w=atlas&fo=log(z)&fx=relu;u1&ff=u1&at=20");
  await expect(caption(page)).toContainText("It is not defined everywhere");
  await expect(card(page)).toContainText("Undefined");
  await hand.press(button(page, "Train with Own 1"));
  await scope(page).waitFor();
  await expect(page.getByRole("alert").filter({ hasText: "not defined for z from" })).toBeVisible();
});
