// Measures the page against its budgets and an empty Leptos page, in one browser.
//
//   node bench/page/run.mjs PLAN.json RESULTS.json
//
// The plan (cargo xtask bench page writes it): chromium, gpu ("software" or "hardware"), dist and empty (the
// folders of both pages), web and out (the bench's own pages and modules), heap_minutes, script (the command line of the map by
// JAX, or else script_missing, why there is none), only (a part of the names of the measures to make). Prints a line for each budget and writes them all.

import { readFileSync, writeFileSync } from "node:fs";
import { openBrowser } from "./browser.mjs";
import { firstPicture, longTasksOfMap, mapAgainstScript, mapRate, trials } from "./fleets.mjs";
import { shift } from "./lighthouse.mjs";
import { drag, dragWithTable, frames, heap, load, longTasks, longTasksOfDigits, size, sizeOfView } from "./measures.mjs";

const [planPath, resultsPath] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(planPath, "utf8"));

const MEASURES = [
  ["bytes to an interactive page, brotli, engine included", "kB", 500, 300, size],
  ["bytes that the Atlas adds when it is first opened, brotli", "kB", 60, 30, sizeOfView("atlas")],
  ["bytes that Classify adds when it is first opened, brotli", "kB", 60, 30, sizeOfView("classify")],
  ["layout shift while the page starts, phone", "", 0.02, 0, shift("phone")],
  ["layout shift while the page starts, desktop", "", 0.02, 0, shift("desktop")],
  ["navigation to curve drawn, beyond an empty Leptos page", "ms", 200, 80, load],
  ["slider moved to curve repainted while training, p95", "ms", 16.7, 8, drag],
  ["the same with a table of 1,797 x 65 open, of generated data", "x", 1.2, 1.05, dragWithTable],
  ["tasks over 50 ms in a minute of training, all panels open", "tasks", 0, 0, longTasks],
  ["tasks over 50 ms in a minute with the digits in Classify", "tasks", 0, 0, longTasksOfDigits],
  ["frames over 33 ms with 32 layers of 128 units, of 100", "frames", 5, 1, frames],
  ["a map of 32 x 32, 300 steps, from the press to its last cell, against the bare engine on one worker", "x", 0.8, 0.95, mapRate],
  ["a map of 32 x 32 against JAX as a script, import and compilation included", "x", 3, 10, mapAgainstScript],
  ["slider moved to the map's first picture, p95", "ms", 200, 100, firstPicture],
  ["tasks over 50 ms while a map trains", "tasks", 0, 0, longTasksOfMap],
  ["what a run loses of its rate while the Doctor tries", "%", 30, 10, trials],
  [`heap growth over ${plan.heap_minutes} minutes of training`, "%", 5, 0.5, heap],
];

/** A measurement that cannot be made is a budget that is missed, and no reason to make none of the others. */
const failed = (error) => ({ value: NaN, note: `not measured: ${error.message}` });

const browser = await openBrowser(plan);
const results = [];
try {
  console.log(`${browser.about}\n`);
  for (const [what, unit, must, aim, measure] of MEASURES.filter(([what]) => what.includes(plan.only ?? ""))) {
    const { value, note } = await measure(browser, plan).catch(failed);
    // Where the aim is above the must, more is better.
    const meets = (bound) => (aim >= must && must > 0 ? value >= bound : value <= bound);
    const verdict = meets(aim) ? "aim met" : meets(must) ? "must met" : "missed";
    results.push({ what, unit, value, must, aim, verdict, note });
    const figure = `${value.toFixed(value < 5 ? 3 : 1)} ${unit}`;
    console.log(`${what.padEnd(60)}${figure.padStart(13)}  must ${must}, aim ${aim}: ${verdict}\n    ${note}`);
  }
} finally {
  await browser.close();
}
if (results.some(({ value }) => Number.isNaN(value))) {
  process.exitCode = 1;
}
writeFileSync(resultsPath, `${JSON.stringify({ about: browser.about, results }, null, 2)}\n`);
