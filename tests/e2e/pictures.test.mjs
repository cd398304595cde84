// How the page looks, at a step of a run that is the same everywhere: the CPU engine's, bit by bit.

import { pageTest } from "../support/harness.mjs";
import { atRest, button, seek, step, until } from "../support/scope.mjs";
import { looksAsBefore } from "../support/pictures.mjs";

const STEP = 240;
const DESK = { width: 1440, height: 900 };
const TABLET = { width: 1024, height: 768 };
const PHONE = { width: 390, height: 844 };

/** The opening run, at rest in the middle of its training. */
async function rest(page, open) {
  await open("#v=1");
  await until(() => step(page), (at) => at > STEP + 20, "the run is on its way", 30_000);
  await button(page, "Pause").click();
  await atRest(page);
  await seek(page, STEP);
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
    // The engine's rate differs from run to run, and so does where the run was paused.
    const mask = [page.getByRole("group", { name: "Engine" }), page.locator(".timeline")];
    await looksAsBefore(page, name, { mask });
  });
}
