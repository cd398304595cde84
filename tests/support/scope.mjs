// What the tests ask of the page, by the names that screen readers use. `page` may be a frame's locator.

import { expect } from "@playwright/test";

export const slider = (page, name) => page.getByRole("slider", { name, exact: true });
export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const choice = (page, name) => page.getByRole("combobox", { name, exact: true });
export const health = (page) => page.getByRole("status", { name: "Health" });
export const caption = (page) => page.getByRole("region", { name: "What is going on" }).locator("p");
export const remedy = (page) => page.locator(".caption button.remedy");
export const unit = (page, layer, number) => page.getByRole("button", { name: new RegExp(`^Layer ${layer} unit ${number}\\b`) });
export const log = (page) => page.getByRole("list", { name: "What happened" });
/** The lines of the log that say something, as buttons. */
export const lines = (page, hasText) => log(page).getByRole("button").filter({ hasText });
/** A tab of the panel that says what happened: Events, Unit, Doctor (whose name also counts findings). */
export const tab = (page, name) => page.getByRole("tab", { name: new RegExp(`^${name}( \\d+)?$`) });
export const story = (page) => page.getByRole("region", { name: "Story of the unit" });
export const doctor = (page) => page.getByRole("region", { name: "Diagnosis" });
export const help = (page) => page.getByRole("dialog", { name: "Keys and words" });

/** For how long a page may be busy; a run that trains never rests. */
const REST_WITHIN_MS = 60_000;

/** Waits until the page says that it is at rest: nothing unanswered, unpainted, held back, loading or unwritten. */
export async function rest(page) {
  const isAtRest = await page.locator("html").evaluate(
    (root, withinMs) =>
      new Promise((resolve) => {
        const isIdle = () => root.hasAttribute("data-idle");
        if (isIdle()) {
          resolve(true);
          return;
        }
        const watcher = new MutationObserver(() => {
          if (isIdle()) {
            watcher.disconnect();
            resolve(true);
          }
        });
        watcher.observe(root, { attributeFilter: ["data-idle"] });
        setTimeout(() => resolve(false), withinMs);
      }),
    REST_WITHIN_MS,
  );
  expect(isAtRest, "the page comes to rest").toBe(true);
}

/** Pauses a run that trains, and waits until it stands. */
export async function pause(page) {
  await button(page, "Pause").click();
  await rest(page);
}

const FORM = /^Dead units: (\d+) of (\d+) \((\d+) %\)\. Saturated: (\d+) of \2 \((\d+) %\)\.$/;

/** The numbers of the Health line, whose whole text is checked. */
export async function counts(page) {
  const text = (await health(page).textContent()).replace(/\s+/g, " ").trim();
  const found = FORM.exec(text);
  expect(found, `the Health line reads: ${text}`).not.toBeNull();
  return { dead: Number(found[1]), units: Number(found[2]), saturated: Number(found[4]) };
}

/** The step that the page shows. */
export async function step(page) {
  const text = await slider(page, "Timeline").getAttribute("aria-valuetext");
  return Number(/^step ([\d,]+) of/.exec(text)[1].replaceAll(",", ""));
}

/** Waits until the run has made some more steps, and returns the step then. */
export async function trainsOn(page, by = 10) {
  const from = await step(page);
  await expect.poll(() => step(page), { intervals: [20, 50, 100] }).toBeGreaterThan(from + by);
  return step(page);
}

/** Goes to a step by the timeline. */
export async function seek(page, target) {
  await slider(page, "Timeline").evaluate((input, value) => {
    input.value = String(value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, target);
  await rest(page);
}

/** A number of the list under the decision boundary: "loss". */
export async function stat(page, name) {
  const entry = page.locator(".stats div").filter({ has: page.getByText(name, { exact: true }) });
  return entry.locator("dd").innerText();
}

/** The text of an element in one line. */
export const line = async (element) => (await element.innerText()).replace(/\s+/g, " ").trim();

/** A number as the page writes it: a true minus, groups of three. */
export const number = (text) => Number(text.replace("−", "-").replaceAll(",", ""));

/** By how many pixels the page is larger than its window. */
export const overflow = (page) =>
  page.locator("html").evaluate((root) => ({ x: root.scrollWidth - innerWidth, y: root.scrollHeight - innerHeight }));

/** Asserts that nothing sticks out to the side. */
export async function expectNoOverflow(page) {
  expect((await overflow(page)).x, "pixels that the page is too wide").toBeLessThanOrEqual(0);
}
