// What axe-core finds wrong for people who use the page by ear, by keys, or with their own colours.

import { expect } from "@playwright/test";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Fails with every rule that the page breaks, and where; of all rules, or of those that are named. */
export async function expectNoViolation(page, what, rules) {
  if (await page.evaluate(() => !globalThis.axe)) {
    await page.evaluate(AXE);
  }
  const violations = await page.evaluate(async (only) => {
    const runOnly = only && { type: "rule", values: only };
    const found = await axe.run(document, { resultTypes: ["violations"], ...(runOnly && { runOnly }) });
    return found.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      // The first ones tell enough.
      nodes: nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
    }));
  }, rules);
  const lines = violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.join("\n    ")}`);
  expect(lines, `rules that ${what} breaks`).toEqual([]);
}
