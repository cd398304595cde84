// Measures contenders in turns: in one Chromium page, as processes of this machine, or both.
//
//   node bench/run.mjs PLAN.json RESULTS.json
//
// The plan (cargo xtask bench writes it):
//   chromium   the browser's program, where a contender is one of the page
//   gpu        "software" or "hardware": the adapter that the browser is to use
//   out        the folder with data.json and engine/ (this project's engine for the browser)
//   processes  name -> command line of a process that answers requests line by line
//   contenders name -> { process }, { page: true } or { missing: why }; `one_lane` if it trains one lane
//              where a population is asked for
//   rows       [{ part, contender, network }], in the order of the results
//   networks   id -> { hidden, activation, batch_size, n_lanes }
//   window_ms, n_rounds
//
// Each row is warmed up and its window's number of steps found; then, in each round, every row gets one
// window, so that what disturbs the machine for a while disturbs all. A result holds the rate of every
// window: { part, contender, network, rates, note, loss } or { part, contender, network, problem }.
// Rates are steps of all lanes a second.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openPage } from "./page.mjs";
import { openProcess } from "./process.mjs";

const LIMIT_MS = 90_000;
// A slow contender's window is longer, so that reading the loss at its end does not weigh much.
const LEAST_STEPS = 12;
const LONG_WINDOW_S = 3;

const [planPath, resultsPath] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(planPath, "utf8"));
const bench = fileURLToPath(new URL(".", import.meta.url));

const opened = new Map();
const results = { rows: [], page: null };
try {
  const rows = [];
  for (const row of plan.rows) {
    rows.push(await warmUp(row));
    tell(rows.at(-1));
  }
  for (let round = 0; round < plan.n_rounds; round++) {
    console.log(`bench: round ${round + 1} of ${plan.n_rounds}`);
    for (const row of rows) {
      await measure(row);
    }
  }
  results.rows = rows.map(({ part, contender, network, rates, note, loss, problem }) =>
    problem
      ? { part, contender, network, problem }
      : { part, contender, network, rates, note: note ?? "", loss },
  );
  results.page = (await opened.get("page"))?.about ?? null;
} finally {
  for (const place of opened.values()) {
    await (await place.catch(() => null))?.close();
  }
}
writeFileSync(resultsPath, `${JSON.stringify(results, null, 2)}\n`);

/** Where a contender is: the page, or a process. Opened when it is first needed. */
function placeOf(contender) {
  const { page, process: name, missing } = plan.contenders[contender];
  if (missing) {
    throw new Error(missing);
  }
  const key = page ? "page" : name;
  if (!opened.has(key)) {
    const open = page ? openPage(bench, plan) : openProcess(plan.processes[name]);
    opened.set(key, open);
  }
  return opened.get(key);
}

async function train(row, n_steps) {
  const place = await placeOf(row.contender);
  const network = plan.networks[row.network];
  const answer = await within(place.train({ contender: row.contender, network, n_steps }));
  if (answer.problem) {
    throw new Error(answer.problem);
  }
  if (!Number.isFinite(answer.loss)) {
    throw new Error(`its loss is ${answer.loss}`);
  }
  return answer;
}

async function within(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a row until its rate is known well enough for a window, and at least four windows long. */
async function warmUp(row) {
  const window = plan.window_ms / 1000;
  let n_steps = 1;
  let total = 0;
  try {
    for (;;) {
      const answer = await train(row, n_steps);
      total += answer.seconds;
      const seconds = answer.seconds / answer.n_steps;
      const n_least = Math.min(LEAST_STEPS, Math.floor(LONG_WINDOW_S / seconds));
      const n_wanted = Math.max(1, n_least, Math.round(window / seconds));
      if (total > 4 * window && answer.seconds > window / 2) {
        return { ...row, n_steps: n_wanted, rates: [] };
      }
      n_steps = Math.max(1, Math.min(n_wanted, 8 * n_steps));
    }
  } catch (error) {
    return { ...row, problem: firstLine(error) };
  }
}

async function measure(row) {
  if (row.problem) {
    return;
  }
  try {
    const { n_steps, seconds, loss, note } = await train(row, row.n_steps);
    const { n_lanes } = plan.networks[row.network];
    const n_trained = plan.contenders[row.contender].one_lane ? 1 : n_lanes;
    row.rates.push((n_steps * n_trained) / seconds);
    Object.assign(row, { note, loss });
  } catch (error) {
    row.problem = firstLine(error);
    tell(row);
  }
}

function tell({ part, contender, network, problem, n_steps }) {
  console.log(`bench: ${part}: ${contender} on ${network}: ${problem ?? `windows of ${n_steps} steps`}`);
}

function firstLine(error) {
  return String(error?.message ?? error).split("\n")[0];
}
