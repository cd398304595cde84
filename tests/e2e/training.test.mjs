// Schedules of the learning rate, and where a run stops by itself. What they do to a run is tested natively.

import { canvas } from "../support/charts.mjs";
import { expect, test } from "../support/fixture.mjs";
import { button, choice, rest, slider, step, trainsOn } from "../support/scope.mjs";

const more = (page) => page.locator("summary", { hasText: "More" });
const field = (page, name) => page.getByRole("textbox", { name, exact: true });

for (const [input, tag] of [
  ["mouse", "@desk"],
  ["touch", "@phone"],
  ["keys", "@desk"],
]) {
  test.describe(`by ${input}`, () => {
    test.use({ input });

    test("a schedule is chosen, drawn, kept in the link, and undone", { tag }, async ({ page, open, hand }) => {
      await open("#v=1&lr=0.1&at=20");
      await hand.press(more(page));
      await rest(page);
      await expect(page.getByText("Rate over steps")).toHaveCount(0);
      await hand.choose(choice(page, "Schedule"), "Cosine");
      await rest(page);
      const picture = page.locator(".rate-over-steps canvas");
      await expect(picture).toHaveAttribute("aria-label", "Learning rate 0.1 at step 0, 0.1 at step 20, 0 at step 2,250.");
      await expect(page.locator(".rate-over-steps .value")).toHaveText("0.100 now");
      await expect(page).toHaveURL(/sch=cosine/);
      // One press, for keys too: with a pause between them several are several edits.
      await hand.set(slider(page, "Warm-up"), 0.1);
      await rest(page);
      await expect(page).toHaveURL(/wu=\d+/);
      await hand.press(button(page, "Undo"));
      await hand.press(button(page, "Undo"));
      await rest(page);
      await expect(picture).toHaveCount(0);
      await expect(page).not.toHaveURL(/sch=|wu=/);
    });

    test("a run stops at the step that is typed, and goes on when told to", { tag }, async ({ page, open, hand }) => {
      await open("#v=1&lr=0.1&sp=none&at=20");
      await hand.press(more(page));
      await rest(page);
      await hand.write(field(page, "Stop at step"), "1,250");
      await field(page, "Stop at step").press("Enter");
      await rest(page);
      await expect(page).toHaveURL(/st=1250/);
      await hand.press(button(page, "Train"));
      await rest(page);
      expect(await step(page)).toBe(1_250);
      await page.getByText("Stopped at step 1,250, as it was to.").waitFor();
      await expect(button(page, "Train")).toBeVisible();
      await hand.press(button(page, "Train"));
      await trainsOn(page, 100);
      await hand.press(button(page, "Pause"));
      await rest(page);
      await hand.write(field(page, "Stop at step"), "");
      await field(page, "Stop at step").press("Enter");
      await rest(page);
      await expect(page).not.toHaveURL(/st=/);
    });
  });
}

test("a run stops when it is solved, and says so", async ({ page, open }) => {
  await open("#v=1&a=tanh&i=glorot_uniform&o=adam&lr=0.02&nz=0&sp=none&ss=1&at=0");
  await button(page, "Train").click();
  await rest(page);
  await page.getByText(/^Stopped at step [\d,]+: every sample of the probe set is told rightly\.$/).waitFor();
  expect(await step(page)).toBeGreaterThan(10);
  expect(await canvas(page, "boundary").getAttribute("aria-label")).not.toBe("");
});
