// Measures the page against its budgets and an empty Leptos page, in one browser.
//
//   node bench/page/run.mjs PLAN.json RESULTS.json
//
// The plan (cargo xtask bench page writes it): chromium, gpu ("software" or "hardware"), dist and empty (the
// folders of both pages), heap_minutes. Prints a line for each budget and writes them all.

import { readFileSync, writeFileSync } from "node:fs";
import { openBrowser } from "./browser.mjs";
import { drag, frames, heap, load, longTasks, size } from "./measures.mjs";

const [planPath, resultsPath] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(planPath, "utf8"));

const MEASURES = [
  ["bytes to an interactive page, brotli, engine included", "kB", 500, 300, size],
  ["navigation to curve drawn, beyond an empty Leptos page", "ms", 250, 80, load],
  ["slider moved to curve repainted while training, p95", "ms", 16.7, 8, drag],
  ["tasks over 50 ms in a minute of training, all panels open", "tasks", 0, 0, longTasks],
  ["frames over 33 ms with 32 layers of 128 units, of 100", "frames", 5, 1, frames],
  [`heap growth over ${plan.heap_minutes} minutes of training`, "%", 5, 0.5, heap],
];

const browser = await openBrowser(plan);
const results = [];
try {
  console.log(`${browser.about}\n`);
  for (const [what, unit, must, aim, measure] of MEASURES) {
    const { value, note } = await measure(browser, plan);
    const verdict = value <= aim ? "aim met" : value <= must ? "must met" : "missed";
    results.push({ what, unit, value, must, aim, verdict, note });
    const figure = `${value.toFixed(1)} ${unit}`;
    console.log(`${what.padEnd(60)}${figure.padStart(13)}  must ${must}, aim ${aim}: ${verdict}\n    ${note}`);
  }
} finally {
  await browser.close();
}
writeFileSync(resultsPath, `${JSON.stringify({ about: browser.about, results }, null, 2)}\n`);
