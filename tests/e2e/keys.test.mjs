// What keys do wherever the focus is, and how they walk what has an order.

import { expect, test } from "../support/fixture.mjs";
import { reach } from "../support/hands.mjs";
import {
  button, choice, counts, help, line, lines, log, pause, remedy, rest, slider, step, story, tab, trainsOn, unit,
} from "../support/scope.mjs";

const undo = (page) => button(page, "Undo");
const rate = (page) => slider(page, "Learning rate");

test("the keyboard alone runs the page, and a sheet lists its keys", async ({ page, open }) => {
  await open("#v=1&at=120");
  const { dead } = await counts(page);
  expect(dead).toBeGreaterThanOrEqual(3);
  await page.keyboard.press("ArrowRight");
  await rest(page);
  expect(await step(page), "the right arrow takes a step").toBe(121);
  await page.keyboard.press("Space");
  await button(page, "Pause").waitFor();
  await trainsOn(page);
  await page.keyboard.press("Space");
  await button(page, "Train").waitFor();
  await rest(page);
  await expect(remedy(page)).toBeVisible();
  const before = await counts(page);
  await page.keyboard.press("d");
  await rest(page);
  expect((await counts(page)).dead, "D revives dead units").toBeLessThan(before.dead);
  await page.keyboard.press("Control+z");
  await rest(page);
  await page.keyboard.press("r");
  await rest(page);
  expect(await step(page), "R begins anew").toBe(0);
  await page.keyboard.press("?");
  // The sheet's own part of the program is loaded first.
  await expect(help(page).locator("kbd")).toHaveText(["Space", "→", "R", "L", "D", "Ctrl Z", "Ctrl Y", "Ctrl S", "F", "T", "1 2 3, N, P, S", "← →, Space, L", "C", "?"]);
  await page.keyboard.press("Escape");
  await help(page).waitFor({ state: "hidden" });
});

test("L does what the caption offers, and undo brings the run back at its step", async ({ page, open }) => {
  // A step that is gone to, not caught: what is tried there, and what comes of it, is the same each time.
  await open("#v=1&at=60");
  await expect(remedy(page)).toHaveText(/Adam/);
  await page.keyboard.press("l");
  await expect(choice(page, "Optimizer")).toHaveValue("adam");
  await pause(page);
  await rest(page);
  await page.keyboard.press("Control+z");
  await rest(page);
  await expect(choice(page, "Optimizer")).toHaveValue("sgd");
  expect(await step(page)).toBe(60);
});

test("keys undo and redo, but a text field keeps its own", async ({ page, open }) => {
  await open("#v=1&lr=0.1&at=20");
  await rate(page).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const after = await rate(page).getAttribute("aria-valuetext");
  expect(after).not.toBe("0.100");
  for (const [keys, value] of [
    ["Control+z", "0.100"],
    ["Control+Shift+Z", after],
    ["Control+z", "0.100"],
    ["Control+y", after],
  ]) {
    await page.keyboard.press(keys);
    await expect(rate(page), keys).toHaveAttribute("aria-valuetext", value);
  }
  await page.getByRole("spinbutton", { name: "Seed" }).focus();
  await page.keyboard.press("Control+z");
  await rest(page);
  await expect(rate(page)).toHaveAttribute("aria-valuetext", after);
});

test("C goes through the themes, arrows through the views of the layers, and what is chosen stays", async ({ page, open }) => {
  await open("#v=1&at=20");
  const root = page.locator("html");
  await page.keyboard.press("c");
  await expect(root).toHaveAttribute("data-theme", "light");
  await page.keyboard.press("c");
  await expect(root).toHaveAttribute("data-theme", "dark");

  await page.getByRole("radio", { name: "Gradient", exact: true }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: /^z by layer over steps/ }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("heading", { name: /^Signal by layer/ }).waitFor();
  await rest(page);
  await page.reload();
  await expect(root).toHaveAttribute("data-theme", "dark");
  await page.getByRole("heading", { name: /^Signal by layer/ }).waitFor();
});

test("keys alone walk the units, open a story and walk the tabs", async ({ page, open }) => {
  await open("#v=1&at=120");
  await unit(page, 1, 1).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "z of layer 2 unit 2" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: /z of layer 2$/ }).waitFor();

  const dead = page.locator("button.unit.dead").first();
  const name = /^Layer \d+ unit \d+/.exec(await dead.getAttribute("aria-label"))[0];
  await dead.focus();
  await page.keyboard.press("Enter");
  await expect(story(page)).toContainText(/died|born dead/);
  await rest(page);
  expect((await line(story(page))).startsWith(`${name} `)).toBe(true);

  await tab(page, "Unit").focus();
  await page.keyboard.press("ArrowRight");
  await expect(tab(page, "Doctor")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowRight");
  await expect(tab(page, "Events")).toHaveAttribute("aria-selected", "true");
  await log(page).waitFor();
  await page.keyboard.press("End");
  await expect(tab(page, "Doctor")).toHaveAttribute("aria-selected", "true");
  await rest(page);
  expect(await step(page), "the arrows took no step").toBe(120);
  await page.keyboard.press("Home");
  // From the tab into the list, and to a story by Enter.
  await reach(page, lines(page, / died\./).first());
  await page.keyboard.press("Enter");
  await expect(story(page)).toContainText(/died at step/);
});

test("the speed goes from a step a second to as fast as it goes", async ({ page, open }) => {
  await open("#v=1");
  const speed = slider(page, "Speed");
  await speed.focus();
  await page.keyboard.press("Home");
  await expect(speed).toHaveAttribute("aria-valuetext", "1 step/s");
  await page.keyboard.press("ArrowRight");
  await expect(speed).toHaveAttribute("aria-valuetext", "2 steps/s");
  await page.keyboard.press("End");
  await expect(speed).toHaveAttribute("aria-valuetext", "full");
  await trainsOn(page, 1_000);
  await pause(page);
});
