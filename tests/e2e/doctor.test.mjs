// The Doctor tries before it prescribes. What it finds and what it tries is tested natively, over the real engine; here
// is how it is reached: by mouse, by keys, on a phone.

import { expect, test } from "../support/fixture.mjs";
import { reach } from "../support/hands.mjs";
import { button, caption, choice, doctor, expectNoOverflow, line, remedy, rest, step, tab } from "../support/scope.mjs";
import { compare } from "../support/views.mjs";

const MOONS = "#v=1&s=11&d=moons&n=200&nz=0.05&h=8-8&b=32&a=tanh&o=adam";
/** All units of a layer begin alike, and stay so. */
const SICK = `${MOONS}&i=zeros&lr=0.01&at=500`;
const HEALTHY = `${MOONS}&i=glorot_normal&lr=0.03&at=500`;

const rows = (page) => doctor(page).getByRole("list", { name: "Remedies" }).getByRole("button");
const lastLine = (page) => doctor(page).locator("p.why");

for (const [input, tag] of [
  ["mouse", "@desk"],
  ["keys", "@desk"],
  ["touch", "@phone"],
]) {
  test.describe(`${input} ${tag}`, () => {
    test.use({ input });

    test("a sick run is told its cause, and the remedy that was tried mends it", { tag }, async ({ page, open, hand }) => {
      await open(SICK);
      await expect(caption(page)).toHaveText(/^All units of a layer began with the same weights/);
      await expect(remedy(page)).toHaveText(/^Initialize with .*: 3 of 3 learn$/);
      await hand.press(tab(page, "Doctor"));
      await rest(page);
      await expect(doctor(page).getByRole("heading", { level: 3 })).toHaveText(/began with the same weights/);
      // By time, with its numbers.
      expect(await line(doctor(page).locator(".chain"))).toMatch(/step 0 .*step 500 .*0\.69/);
      await expect(rows(page).first()).toHaveAccessibleName(/: 3 of 3 seeds learn, loss [\d.]+, this run 0\.69$/);
      await expect(doctor(page)).toContainText("3 seeds × 500 steps each");
      await expect(doctor(page).getByRole("status")).toHaveText(/^\d+ of \d+ remedies cure\.$/);
      await expectNoOverflow(page);

      await hand.press(rows(page).first());
      await expect(button(page, "Pause")).toBeVisible();
      await hand.press(button(page, "Pause"));
      await rest(page);
      await expect(choice(page, "Initializer")).not.toHaveValue("zeros");
      await hand.press(button(page, "Undo"));
      await rest(page);
      await expect(choice(page, "Initializer"), "it was one edit").toHaveValue("zeros");
    });
  });
}

test("the arrows walk the remedies, and the last line says what came of each", async ({ page, open }) => {
  await open(SICK);
  await tab(page, "Doctor").click();
  await rest(page);
  await expect(lastLine(page)).toHaveText(/Dashed: this run\. Axis: loss 0 to /);
  await reach(page, rows(page).first());
  await expect(lastLine(page)).toHaveText(/^The smallest change that cures/);
  await page.keyboard.press("ArrowDown");
  await expect(rows(page).nth(1)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect(rows(page).nth(1)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Tab");
  expect(await step(page), "the arrows took no step").toBe(500);
});

test("a step of the evidence is gone to, and the cause stays named", async ({ page, open }) => {
  await open(SICK);
  await tab(page, "Doctor").click();
  await rest(page);
  const said = await caption(page).textContent();
  await doctor(page).locator(".chain button").first().click();
  await rest(page);
  expect(await step(page)).toBe(0);
  await expect(caption(page)).toHaveText(said);
});

test("a healthy run has nothing to cure, and says what was checked", async ({ page, open }) => {
  await open(HEALTHY);
  await expect(remedy(page)).toHaveText("See what was checked");
  await remedy(page).click();
  await rest(page);
  await expect(tab(page, "Doctor")).toHaveText("Doctor");
  await expect(doctor(page).getByRole("heading", { level: 3 })).toHaveText("Nothing to cure.");
  await expect(rows(page)).toHaveCount(0);
  const checks = doctor(page).getByRole("listitem");
  await expect(checks.filter({ hasText: "Inputs" })).toContainText(/mean [\d.−]+, deviation [\d.]+/);
});

test("what was tried is compared with the run, until other lanes are chosen", async ({ page, open }) => {
  await open(SICK);
  await tab(page, "Doctor").click();
  await rest(page);
  const n = Math.min(8, 1 + (await rows(page).count()));
  await doctor(page).getByRole("button", { name: "Compare these" }).click();
  await compare(page).waitFor();
  await rest(page);
  const lanes = compare(page).locator(".results tbody tr");
  await expect(lanes).toHaveCount(n);
  await expect(lanes.filter({ hasText: "As it is" })).toHaveCount(1);
  await page.getByRole("group", { name: "Start from" }).getByRole("button", { name: "Sigmoid, tanh, ReLU" }).click();
  await rest(page);
  await expect(lanes).toHaveCount(3);
});

/** Two classes by chance: nothing tells them apart. */
const chance = () => {
  const rows = Array.from({ length: 80 }, (_, i) => `${(i * 37) % 80},${(i * 53) % 79},${Math.imul(i, 2_654_435_761) >>> 31}`);
  return `#v=1&s=11&d=csv&h=4&b=32&a=tanh&i=glorot_normal&lr=0.1&at=500&csv=${encodeURIComponent(`a,b,y\n${rows.join("\n")}`)}`;
};

test("where nothing helps the data is asked, and more units are tried for longer", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(chance());
  await expect(remedy(page)).toHaveText("See what was tried");
  await hand.press(page.getByRole("button", { name: /^all \d+ tried$/ }));
  await rest(page);
  // On a phone the panel stands where it was asked for.
  await expect(doctor(page).getByRole("heading", { level: 3 })).toBeInViewport();
  await expect(doctor(page)).toContainText("guesses no better than the commonest class");
  await hand.press(doctor(page).getByRole("button", { name: "Try more units for longer" }));
  await rest(page);
  await expect(doctor(page).getByRole("list", { name: "Remedies" })).toHaveCount(2);
  await expect(doctor(page).getByRole("button", { name: "Try more units for longer" })).toHaveCount(0);
  await expectNoOverflow(page);
  // A tab of its own choice leaves the panel where it always is.
  await hand.press(tab(page, "Events"));
  await rest(page);
  await expectNoOverflow(page);
});
