// The timeline always answers. What a seek restores, and what a fork makes of it, is tested natively.

import { words } from "../support/charts.mjs";
import { expect, test } from "../support/fixture.mjs";
import {
  button, caption, choice, counts, doctor, line, lines, number, pause, rest, seek, slider, stat, step, story, tab,
  trainsOn,
} from "../support/scope.mjs";

const DIVERGES = "#v=1&h=8-8&a=tanh&i=glorot_uniform&b=20&lr=3&l2=1&s=1&sp=none";

test("it answers after a remedy has gone back, edited and trained at once", async ({ page, open }) => {
  await open(DIVERGES);
  await expect(caption(page)).toHaveText(/diverged at step/);
  await tab(page, "Doctor").click();
  await doctor(page).getByRole("button", { name: /^Go back to step [\d,]+ with learning rate 0\.3$/ }).click();
  await trainsOn(page, 100);
  await pause(page);
  const timeline = slider(page, "Timeline");
  await timeline.press("Home");
  await rest(page);
  expect(await step(page)).toBe(0);
  await timeline.press("End");
  await rest(page);
  expect(await step(page)).toBeGreaterThan(100);
});

test("scrubbing by the mouse ends where it ends, and a step there and back is the same", async ({ page, open }) => {
  await open("#v=1&at=120");
  const told = async () => [await stat(page, "loss"), await stat(page, "accuracy"), await counts(page)];
  const box = await slider(page, "Timeline").boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width - 4, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.2 * box.width, y, { steps: 20 });
  await page.mouse.move(box.x + 0.5 * box.width, y, { steps: 10 });
  await page.mouse.up();
  await rest(page);
  const at = await step(page);
  expect(Math.abs(at - 60)).toBeLessThan(10);
  const first = await told();
  await seek(page, 110);
  await seek(page, at);
  expect(await told()).toEqual(first);
});

test("an abandoned course stays in view, is named, and can be forgotten", async ({ page, open }) => {
  await open("#v=1&at=120");
  const runs = page.getByRole("list", { name: "Runs in this chart" });
  await expect(runs).toHaveCount(0);
  await seek(page, 60);
  await choice(page, "Activation").selectOption({ label: "Leaky ReLU" });
  await button(page, "Step").click();
  await rest(page);
  await expect(runs).toContainText(/Leaky ReLU[^]*ReLU/);
  expect(await words(page, "loss")).toMatch(/Earlier run with ReLU: loss \S+ and \d+ dead at step 120\./);
  await button(page, "Forget earlier runs").click();
  await expect(runs).toHaveCount(0);
});

test("a diverged run has its story, and leads back to where it was calm", async ({ page, open }) => {
  await open("#v=1&lr=10&o=momentum&l=mse&at=200");
  const [, told] = /diverged at step ([\d,]+)/.exec(await caption(page).textContent());
  const at = number(told);
  expect(await step(page), "it went no further").toBe(at);
  await lines(page, /Training diverged\./).click();
  await story(page).getByText("gradient norm").waitFor();
  await rest(page);
  expect(await line(story(page))).toMatch(new RegExp(`^Training diverged at step ${told}: at learning rate 10 `));
  await story(page).getByRole("button", { name: `Go to the step before (${at - 1})` }).click();
  await rest(page);
  expect(await step(page)).toBe(at - 1);
  await expect(story(page), "it stays open").toContainText("Training diverged");
  await story(page).getByRole("button", { name: /^Go back to step [\d,]+ with learning rate 1$/ }).click();
  await expect.poll(() => step(page)).toBeGreaterThan(at + 20);
});

test("when all is well the Doctor says what was checked", async ({ page, open }) => {
  await open("#v=1&lr=0.05&a=leaky_relu&at=150");
  await tab(page, "Doctor").click();
  const checks = doctor(page).getByRole("listitem");
  await rest(page);
  await expect(checks).toHaveText([/Inputs/, /First weights/, /Learning rate/, /Decay/, /Clip/, /Diverged/, /Born dead/, /Dead/, /Saturated/, /Vanishing/, /Exploding/, /Not learning/]);
  for (const text of await checks.allInnerTexts()) {
    expect(text).toMatch(/passed:\s[^]*(\d|off)/);
  }
});
