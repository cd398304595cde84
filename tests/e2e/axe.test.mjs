// What axe-core finds wrong for people who use the page by ear, by keys, or with their own colours.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pageTest } from "../support/harness.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Fails with every rule that the page breaks, and where. */
async function check(page, what) {
  // Rules read a page that stands still.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    return found.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      // The first ones tell enough.
      nodes: nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
    }));
  });
  const lines = violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.join("\n    ")}`);
  assert.deepEqual(lines, [], `${what} breaks rules`);
}

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [DESK, PHONE]) {
    const name = `axe finds nothing, ${viewport.width}x${viewport.height}, ${colorScheme}`;
    pageTest(name, { context: { viewport, colorScheme } }, async ({ page, open }) => {
      await open();
      await page.waitForTimeout(3000);
      await page.getByRole("button", { name: "Pause" }).click();
      await check(page, "the Scope");
      await page.getByRole("list", { name: "What happened" }).getByRole("button").first().click();
      await page.locator(".story-charts").waitFor();
      await check(page, "the story of a unit");
      await page.getByRole("tab", { name: /^Doctor/ }).click();
      await check(page, "the Doctor");
      await page.locator("summary", { hasText: "More" }).click();
      await check(page, "the Scope with more settings");
      await page.getByRole("button", { name: "Help" }).click();
      await page.getByRole("dialog").waitFor();
      await check(page, "the help sheet");
    });
  }
}

const FORCED = { viewport: DESK, forcedColors: "active", reducedMotion: "reduce" };
pageTest("axe finds nothing in forced colours", { context: FORCED }, async ({ page, open }) => {
  await open();
  await page.waitForTimeout(2000);
  await check(page, "the Scope");
});

for (const viewport of [DESK, PHONE]) {
  for (const colorScheme of ["light", "dark"]) {
    const name = `axe finds nothing in the views of the layers and the menu, ${viewport.width}, ${colorScheme}`;
    pageTest(name, { context: { viewport, colorScheme } }, async ({ page, open }) => {
      await open();
      await page.waitForTimeout(2000);
      await page.getByRole("button", { name: "Pause" }).click();
      for (const view of ["z over time", "a over time", "Update ratio", "Signal"]) {
        await page.getByRole("radio", { name: view, exact: true }).check();
        await page.waitForTimeout(300);
        await check(page, view);
      }
      await page.getByRole("button", { name: /^Save Loss/ }).click();
      await page.locator(".panel.time .crosshair").focus();
      await page.getByRole("button", { name: /^Save Loss/ }).click();
      await page.locator(".panel.time .menu").waitFor();
      await check(page, "the menu of formats");
    });
  }
}

for (const viewport of [DESK, PHONE]) {
  pageTest(`axe finds nothing while points are edited, ${viewport.width}x${viewport.height}`, { context: { viewport } }, async ({ page, open }) => {
    await open("#v=1&n=20");
    await page.getByRole("button", { name: "Edit points" }).click();
    await page.waitForTimeout(1000);
    await page.getByRole("button", { name: "Pause" }).click();
    await check(page, "the Scope with points being edited");
  });

  pageTest(`axe finds nothing in an embedded page, ${viewport.width}x${viewport.height}`, { context: { viewport } }, async ({ page, open }) => {
    await open("#v=1&embed=1&panels=curve,network,boundary,loss,gradient,events");
    await page.waitForTimeout(2000);
    await page.getByRole("button", { name: "Pause" }).click();
    await check(page, "the embedded page");
  });
}

pageTest("axe finds nothing before a room, a step back, with axes", { context: { viewport: { width: 1920, height: 1080 } } }, async ({ page, open }) => {
  await open("#v=1&d=csv&csv=a,b,c,label%0A1,2,3,x%0A2,1,1,y%0A3,2,5,x%0A1,1,1,y");
  await page.waitForTimeout(1500);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("slider", { name: "Timeline" }).press("Home");
  await page.getByRole("button", { name: "Full screen" }).click();
  await page.locator("html.presenting").waitFor();
  await check(page, "the Scope, full screen");
});
