// The page fits: nothing scrolls on a desk, nothing is cut or hidden on a phone, in both themes.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { counts, health, slider, tab, until } from "../support/scope.mjs";

const overflow = (page) =>
  page.evaluate(() => {
    const root = document.documentElement;
    return { x: root.scrollWidth - innerWidth, y: root.scrollHeight - innerHeight };
  });

for (const colorScheme of ["light", "dark"]) {
  pageTest(`1440x900, ${colorScheme}: nothing is scrolled`, { context: { colorScheme } }, async ({ page, open }) => {
    await open();
    await until(() => counts(page), ({ dead }) => dead > 0, "units die");
    for (const name of ["Unit", "Doctor", "Events"]) {
      await tab(page, name).click();
      const { x, y } = await overflow(page);
      assert.ok(x <= 0 && y <= 0, `with ${name} the page is ${x} px too wide and ${y} px too high`);
    }
    const controls = await page.locator(".controls").evaluate((e) => e.scrollHeight - e.clientHeight);
    assert.ok(controls <= 0, `the controls are ${controls} px too high`);
  });

  for (const width of [360, 390]) {
    const context = { viewport: { width, height: 844 }, colorScheme, hasTouch: true, isMobile: true };
    pageTest(`${width}x844, ${colorScheme}: curve and health stay in view`, { context }, async ({ page, open }) => {
      await open();
      const { x } = await overflow(page);
      assert.ok(x <= 0, `the page is ${x} px too wide`);
      for (const name of ["Learning rate", "Noise"]) {
        await slider(page, name).scrollIntoViewIfNeeded();
        const curve = await page.locator(".panel.curve").boundingBox();
        assert.ok(curve.y >= -1 && curve.y + curve.height <= 844, "the curve is in view");
        const line = await health(page).boundingBox();
        assert.ok(line.x >= 0 && line.x + line.width <= width && line.y + line.height <= 844, "so is Health");
      }
      // The last thing on the page can be brought above the bar at the bottom.
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      const last = await page.locator(".panel.events").boundingBox();
      const bar = await page.locator(".run").boundingBox();
      assert.ok(last.y + last.height <= bar.y + 1, "the bar hides the end of the page");
    });
  }
}
