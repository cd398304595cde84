// What the tests of the Scope ask of the page, by the names that screen readers use.

import assert from "node:assert/strict";

export const health = (page) => page.getByRole("status", { name: "Health" });
export const remedy = (page) => page.locator(".caption button");
export const slider = (page, name) => page.getByRole("slider", { name, exact: true });
export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const choice = (page, name) => page.getByRole("combobox", { name, exact: true });

const FORM = /^Dead units: (\d+) of (\d+) \((\d+) %\)\. Saturated: (\d+) of \2 \((\d+) %\)\.$/;

/** The numbers of the Health line, whose whole text is checked. */
export async function counts(page) {
  const text = (await health(page).textContent()).replace(/\s+/g, " ").trim();
  const found = FORM.exec(text);
  assert.ok(found, `the Health line reads: ${text}`);
  return { dead: Number(found[1]), units: Number(found[2]), saturated: Number(found[4]) };
}

/** Asks again until `holds` is true of what `ask` gives. */
export async function until(ask, holds, what, withinMs = 10_000) {
  const end = Date.now() + withinMs;
  let last;
  while (Date.now() < end) {
    last = await ask();
    if (holds(last)) {
      return last;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${what}: not within ${withinMs} ms; last seen: ${JSON.stringify(last)}`);
}

/** The step that the page shows. */
export async function step(page) {
  const text = await slider(page, "Timeline").getAttribute("aria-valuetext");
  return Number(/^step ([\d,]+) of/.exec(text)[1].replaceAll(",", ""));
}

/** What `ask` gives once it has stood still for 700 ms: numbers that change fast are shown now and then. */
export async function settled(ask) {
  let [last, since] = [JSON.stringify(await ask()), Date.now()];
  while (Date.now() - since < 700) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = JSON.stringify(await ask());
    if (now !== last) {
      [last, since] = [now, Date.now()];
    }
  }
  return JSON.parse(last);
}

/** The step at which the run rests after a pause, once the engine has told it and all panels have had time to show it. */
export async function atRest(page) {
  await page.locator(".timeline.moving").waitFor({ state: "detached" });
  return settled(() => step(page));
}

/** Goes to a step by the timeline, and waits until it is shown. */
export async function seek(page, target) {
  await slider(page, "Timeline").evaluate((input, value) => {
    input.value = String(value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, target);
  await until(() => step(page), (at) => at === target, `step ${target} is shown`);
}

/** A number of the list under the decision boundary: "loss". */
export async function stat(page, name) {
  const entry = page.locator(".stats div").filter({ has: page.getByText(name, { exact: true }) });
  return entry.locator("dd").innerText();
}

/** A tab of the panel that says what happened: Events, Unit, Doctor (whose name also counts findings). */
export const tab = (page, name) => page.getByRole("tab", { name: new RegExp(`^${name}( \\d+)?$`) });
export const story = (page) => page.getByRole("region", { name: "Story of the unit" });
export const doctor = (page) => page.getByRole("region", { name: "Diagnosis" });

/** The text of an element in one line. */
export const line = async (element) => (await element.innerText()).replace(/\s+/g, " ").trim();
