// The moment of death: a line of the log opens the unit's story, and one goes back to before it. What stories say is
// tested natively.

import { expect, test } from "../support/fixture.mjs";
import {
  counts, expectNoOverflow, health, line, lines, rest, seek, step, story, tab, trainsOn,
} from "../support/scope.mjs";

test("a line of the log opens the story of its unit, which leads to the step before", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open("#v=1&at=120");
  const death = lines(page, / died\./).first();
  const [, told, name] = /^([\d,]+) (Layer \d+ unit \d+) died\./.exec(await line(death));
  const at = Number(told);
  await hand.press(death);
  await story(page).getByText("gradient norm").waitFor();
  await rest(page);
  await expect(tab(page, "Unit")).toHaveAttribute("aria-selected", "true");
  const text = await line(story(page));
  expect(text.startsWith(`${name} died at step ${at}: `), text).toBe(true);
  expect(text).toMatch(/learning rate 1\.6/);
  const [z, drift] = await story(page).getByRole("img").all();
  await expect(z).toHaveAttribute("aria-label", /before: from .* After: from .*, 100 % of it at slope 0/);
  await expect(drift).toHaveAttribute("aria-label", new RegExp(`^Drift of z over steps \\d+ to ${at}: .*in the end 100 %`));
  await expectNoOverflow(page);

  // Before it the unit was not dead; the story stays open.
  await hand.press(story(page).getByRole("button", { name: `Go to the step before (${at - 1})` }));
  await rest(page);
  expect(await step(page)).toBe(at - 1);
  await story(page).getByText(/At the step on show it is (alive|saturated)\./).waitFor();
  const tile = page.getByRole("button", { name: new RegExp(`^${name}\\b`) });
  await expect(tile).not.toHaveAccessibleName(/dead/);
  await seek(page, at);
  await expect(tile).toHaveAccessibleName(/dead/);
});

test("the sentence, the line of health and the network's key count the same units, at each step", async ({ page, open }) => {
  await open("#v=1&at=50");
  const seen = new Set();
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("ArrowRight");
    await rest(page);
    const { dead } = await counts(page);
    const [key, sentence] = await page.evaluate(() =>
      [".panel.network .key", ".caption p"].map((selector) => document.querySelector(selector).textContent),
    );
    expect(Number(/dead (\d+)/.exec(key)[1])).toBe(dead);
    const said = /(\d+) of 24 are dead/.exec(sentence);
    if (said) {
      expect(Number(said[1]), `what is said ${i + 1} steps on`).toBe(dead);
    }
    seen.add(dead);
  }
  expect(await step(page)).toBe(90);
  expect(seen.size, "it changes on the way").toBeGreaterThan(1);
});

test("without a unit it says how to choose one, and deaths are announced", async ({ page, open }) => {
  await open("#v=1");
  await tab(page, "Unit").click();
  await expect(story(page)).toContainText("No unit is selected. Choose a tile of the network, or a line under Events.");
  await trainsOn(page, 100);
  await expect(page.locator(".events [aria-live=polite]")).toContainText(/died (at step|between steps) \d/);
  await expect(health(page)).toContainText(/Dead units: [1-9]/);
});
