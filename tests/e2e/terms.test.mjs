// One sample on its way through the network and back. What its numbers are, and what is said of them, is tested natively.

import { expectNoViolation } from "../support/axe.mjs";
import { expect, test } from "../support/fixture.mjs";
import { button, caption, expectNoOverflow, line, number, rest, step, tab, unit } from "../support/scope.mjs";

const SMALL = "#v=1&a=tanh&h=3-2&lr=0.1&n=160&at=60";

const trace = (page) => page.getByRole("region", { name: "One sample, term by term" });
const stage = (page, name) => page.getByRole("group", { name: "Stages of a step" }).getByRole("button", { name: new RegExp(`^${name}`) });
const card = (page, name) => trace(page).getByRole("group", { name, exact: true });
const pick = (page, name) => card(page, name).locator(".pick");
const factors = (page) => trace(page).locator(".factor");
const aside = (page) => trace(page).locator("h2 .aside").first();
const rows = (page) => trace(page).locator(".check-room tbody tr");

async function openByKey(page) {
  await page.keyboard.press("t");
  await trace(page).locator(".card").first().waitFor();
  await rest(page);
}

test("the Unit tab leads to it, keys through its stages, Escape back", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(SMALL);
  const before = await caption(page).innerText();
  await hand.press(tab(page, "Unit"));
  await hand.press(button(page, "Term by term"));
  await trace(page).locator(".card").first().waitFor();
  await rest(page);
  // The middle panels give way; the boundary stays.
  await expect(page.locator(".panel.network")).toBeHidden();
  await expect(page.locator(".panel.boundary")).toBeVisible();
  await expect(page.locator(".play")).toBeDisabled();
  await expect(stage(page, "Forward")).toHaveAttribute("aria-current", "step");
  await expect(caption(page)).toHaveText(/ go in; the network says p = 0\.\d{3}, the class is [01]\./);
  await expect(trace(page).locator(".card")).toHaveCount(2 + 3 + 2 + 1 + 1);
  await expect(card(page, "layer 1, unit 1")).not.toContainText("f′");

  await page.keyboard.press("2");
  await expect(caption(page)).toHaveText(/ costs \d.*: an answer (right|wrong)/);
  await page.keyboard.press("ArrowRight");
  await expect(stage(page, "Backward")).toHaveAttribute("aria-current", "step");
  await expect(caption(page)).toHaveText(/^Along this path an error of −?\d.* becomes −?\d/);
  await expect(card(page, "layer 1, unit 1")).toContainText("f′");
  await expect(factors(page)).toHaveCount(7);
  await page.keyboard.press("4");
  await expect(caption(page)).toHaveText(/^One update moves /);
  await page.keyboard.press("ArrowLeft");
  await expect(stage(page, "Backward")).toHaveAttribute("aria-current", "step");
  await rest(page);
  await expectNoOverflow(page);

  await page.keyboard.press("Escape");
  await expect(trace(page)).toHaveCount(0);
  await rest(page);
  await expect(page.locator(".panel.network")).toBeVisible();
  await expect(page.locator(".play")).toBeEnabled();
  expect(await caption(page).innerText()).toBe(before);
  expect(await step(page)).toBe(60);
});

test("an address of another run shows that run", async ({ page, open }) => {
  await open(SMALL);
  await openByKey(page);
  await page.evaluate(() => (location.hash = "#v=1&lr=0.2&at=7"));
  await rest(page);
  await expect(trace(page)).toHaveCount(0);
  expect(await step(page)).toBe(7);
  await expect(page.locator(".play")).toBeEnabled();
  // And back to the one before, of which nothing is followed now.
  await page.goBack();
  await rest(page);
  await expect(page.locator(".panel.network")).toBeVisible();
});

test("a card takes the path through it, and the product is of its factors", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(SMALL);
  await openByKey(page);
  await page.keyboard.press("3");
  for (const name of ["layer 1, unit 2", "layer 2, unit 1", "layer 1, unit 3"]) {
    await hand.press(pick(page, name));
    await expect(card(page, name)).toHaveClass(/\bon\b/);
  }
  await rest(page);
  await expect(trace(page).getByRole("heading", { name: /^Along the path: out ← layer 2 unit 1 ← layer 1 unit 3 ← x/ })).toBeVisible();
  const values = await factors(page).locator("b").allInnerTexts();
  const [product, ...terms] = values.map((text) => number(text.replace(/^[×=] /, ""))).reverse();
  const made = terms.reduce((all, term) => all * term, 1);
  // The product is of the full numbers, the factors are rounded.
  expect(Math.abs(made - product)).toBeLessThan(0.05 * Math.abs(product) + 1e-4);
  // The sum of all paths is the gradient of the table.
  const sum = await trace(page).locator(".shares .sum dd").innerText();
  await expect(rows(page).first().locator("td").first()).toHaveText(sum);
});

test("backpropagation and differences agree, and each number says what it is", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(SMALL);
  await openByKey(page);
  await page.keyboard.press("3");
  await expect(rows(page)).toHaveCount(6);
  await expect(trace(page).locator(".check-room .agrees")).toHaveCount(6);
  for (const row of await rows(page).all()) {
    const [backprop, difference] = await row.locator("td").allInnerTexts();
    expect(number(difference)).toBeCloseTo(number(backprop), 4);
  }
  const slope = factors(page).nth(2);
  await hand.point(slope, { x: 20, y: 10 });
  await slope.focus();
  await expect(trace(page).locator(".say")).toContainText("Slope f′(z) of layer 2, unit");
});

test("another sample, and the worst one", async ({ page, open }) => {
  await open(SMALL);
  await openByKey(page);
  const worst = await aside(page).innerText();
  expect(worst).toMatch(/^sample \d+ of 160, class [01]$/);
  await page.keyboard.press("n");
  await expect(aside(page)).not.toHaveText(worst);
  await page.keyboard.press("Shift+N");
  await rest(page);
  await expect(aside(page)).toHaveText(worst);
  // A point of the boundary, first by Alt where the run is on show, then as it is.
  await page.keyboard.press("Escape");
  await rest(page);
  const picture = page.locator(".panel.boundary .picture");
  const { width, height } = await picture.boundingBox();
  const position = { x: width / 2, y: height / 2 };
  await picture.click({ position });
  await expect(trace(page)).toHaveCount(0);
  await picture.click({ position, modifiers: ["Alt"] });
  await trace(page).locator(".card").first().waitFor();
  await rest(page);
  const near = await aside(page).innerText();
  await page.keyboard.press("n");
  await expect(aside(page)).not.toHaveText(near);
  await picture.click({ position });
  await expect(aside(page)).toHaveText(near);
  await page.keyboard.press("Escape");
  await rest(page);
  await picture.click({ position, button: "right" });
  await button(page, "Follow this sample").click();
  await expect(aside(page)).toHaveText(near);
});

test("an update is the sample's own, and the run is where it was", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(SMALL);
  const first = unit(page, 1, 1);
  const before = await first.getAttribute("aria-label");
  await openByKey(page);
  await page.keyboard.press("4");
  const moves = trace(page).locator(".update dd");
  await expect(moves).toHaveCount(3);
  for (const text of await moves.allInnerTexts()) {
    const [, from, to] = /^(−?[\d.]+) → (−?[\d.]+)$/.exec(text);
    expect([from, to].map(number).every(Number.isFinite)).toBe(true);
  }
  const loss = async () => {
    await page.keyboard.press("2");
    await rest(page);
    return number(/costs ([\d.]+)/.exec(await line(caption(page)))[1]);
  };
  const costs = await loss();
  await page.keyboard.press("4");
  await hand.press(button(page, "Do it, and start again"));
  await expect(stage(page, "Forward")).toHaveAttribute("aria-current", "step");
  await expect(aside(page)).toContainText("1 update of its own");
  expect(await loss(), "a step down").toBeLessThan(costs);
  await page.keyboard.press("Escape");
  await rest(page);
  expect(await step(page)).toBe(60);
  await expect(first).toHaveAttribute("aria-label", before);
  await openByKey(page);
  await expect(aside(page)).not.toContainText("of its own");
  expect(await loss()).toBe(costs);
});

test("Step is a whole update of the sample, and makes none of the run", async ({ page, open }) => {
  await open(SMALL);
  await openByKey(page);
  await button(page, "Step").click();
  await button(page, "Step").click();
  await expect(aside(page)).toContainText("2 updates of its own");
  await page.keyboard.press("Escape");
  await rest(page);
  expect(await step(page)).toBe(60);
});

for (const [what, link] of [
  ["many units", "#v=1&h=8-8-8&at=30"],
  ["batch normalization", "#v=1&a=tanh&h=3-2&bn=1&at=30"],
  ["three classes", "#v=1&d=iris&l=softmax&h=6&at=30"],
  ["numbers", "#v=1&d=sine&at=30"],
  ["no step yet", "#v=1&h=3-2&at=0"],
]) {
  test(`with ${what} each stage has its words`, { tag: ["@desk", "@phone"] }, async ({ page, open }) => {
    await open(link);
    await openByKey(page);
    for (const [key, words] of [["1", / go(es)? in; the network says /], ["2", / costs /], ["3", /^Along this path an error of /], ["4", /^One update moves /]]) {
      await page.keyboard.press(key);
      await expect(caption(page)).toHaveText(words);
    }
    await rest(page);
    await expectNoOverflow(page);
    await expectNoViolation(page, `a sample with ${what}`);
  });
}

for (const colorScheme of ["light", "dark"]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("nothing of it breaks a rule", { tag: ["@desk", "@phone"] }, async ({ page, open }) => {
      await open(SMALL);
      await openByKey(page);
      for (const key of ["1", "2", "3", "4"]) {
        await page.keyboard.press(key);
        await rest(page);
        await expectNoViolation(page, `a sample at stage ${key}`);
      }
    });
  });
}

test("all of a small network is in view on a desk", async ({ page, open }) => {
  await open(SMALL);
  await openByKey(page);
  await page.keyboard.press("3");
  await rest(page);
  const scrolled = await trace(page).locator(".net-room").evaluate((e) => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]);
  // Widths are rounded, each in its own way.
  expect(Math.max(...scrolled), "pixels that the drawing is too large").toBeLessThanOrEqual(1);
  const cut = await trace(page).locator(".card").evaluateAll((cards) => cards.map((card) => card.scrollHeight - card.clientHeight));
  expect(Math.max(...cut), "pixels that a card is too low").toBeLessThanOrEqual(0);
});
