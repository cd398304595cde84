// How the page looks, at a step of a run that is the same everywhere: the CPU engine's, bit by bit.

import { pageTest } from "../support/harness.mjs";
import { atRest, button, step, until } from "../support/scope.mjs";
import { looksAsBefore } from "../support/pictures.mjs";

const STEP = 150;
const DESK = { width: 1440, height: 900 };
const TABLET = { width: 1024, height: 768 };
const PHONE = { width: 390, height: 844 };

/** The opening run after so many steps and no more: what it had beyond them would be on show too. */
async function rest(page, open) {
  await open("#v=1");
  await button(page, "Pause").click();
  await atRest(page);
  await button(page, "Reset").click();
  await until(() => step(page), (at) => at === 0, "the run is back at its start");
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  for (let at = 0; at < STEP; at++) {
    await page.keyboard.press("ArrowRight");
  }
  await until(() => step(page), (at) => at === STEP, "the run is where it is to be", 30_000);
  await atRest(page);
  // Sentences stand for a while before the next takes their place.
  await page.waitForTimeout(1_500);
}

for (const [name, context] of [
  ["desk-light", { viewport: DESK, colorScheme: "light" }],
  ["desk-dark", { viewport: DESK, colorScheme: "dark" }],
  ["tablet-light", { viewport: TABLET, colorScheme: "light" }],
  ["phone-light", { viewport: PHONE, colorScheme: "light", hasTouch: true, isMobile: true }],
  ["phone-dark", { viewport: PHONE, colorScheme: "dark", hasTouch: true, isMobile: true }],
]) {
  pageTest(`the Scope looks as before: ${name}`, { context }, async ({ page, open }) => {
    await rest(page, open);
    // The engine's name and rate differ from one machine to the next.
    const mask = [page.getByRole("group", { name: "Engine" })];
    await looksAsBefore(page, name, { mask });
  });
}
