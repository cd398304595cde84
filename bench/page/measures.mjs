// What is measured of the page. Each returns { value, note }.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const PAGE = "dist/index.html";
const N_LOADS = 9;
const N_MOVES = 300;
const WATCHED_S = 60;
const FRAMES_S = 20;
const N_COLLECTIONS = 10;
const N_TURNS = 2;
const STEPS_AT_REST = 40;

/** Bytes of all that the browser asks for until the engine runs, compressed as a host would. */
export async function size(browser, { dist }) {
  return browser.visit(PAGE, async (page, requests) => {
    await trains(page);
    const sizes = sizesOf(requests, dist);
    return { value: total(sizes), note: `${sizes.length} files; ${largest(sizes)} kB` };
  });
}

/** What a view adds to what the Scope has asked for, both at rest. */
export function sizeOfView(view) {
  return async (browser, { dist }) => {
    const isAtRest = () => document.documentElement.hasAttribute("data-idle");
    const files = (hash) => browser.visit(PAGE + hash, async (_, requests) => [...requests], isAtRest);
    const ofScope = new Set(await files(`#v=1&at=${STEPS_AT_REST}`));
    const ofView = await files(`#v=1&at=${STEPS_AT_REST}&w=${view}`);
    const sizes = sizesOf(
      ofView.filter((file) => !ofScope.has(file)),
      dist,
    );
    return { value: total(sizes), note: `${sizes.length} files; ${largest(sizes)} kB` };
  };
}

/** File and bytes of each request, the largest first. */
function sizesOf(requests, dist) {
  const files = [...new Set(requests)].map((path) => path.replace("/dist/", ""));
  const sizes = files.map((file) => [file, brotliCompressSync(readFileSync(join(dist, file))).length]);
  return sizes.sort((a, b) => b[1] - a[1]);
}

/** In kB. */
const total = (sizes) => sizes.reduce((sum, [, bytes]) => sum + bytes, 0) / 1000;

const largest = (sizes) =>
  sizes
    .slice(0, 4)
    .map(([file, bytes]) => `${file.replace(/-[0-9a-f]{16}/, "")} ${kB(bytes)}`)
    .join(", ");

/** Both pages in turns, so that what disturbs the machine disturbs both. */
export async function load(browser) {
  const paths = [PAGE, "empty/index.html"];
  const times = paths.map(() => []);
  for (let i = 0; i < N_LOADS; i++) {
    for (const [at, path] of paths.entries()) {
      times[at].push(await browser.visit(path, (page) => page.evaluate(() => window.seen.firstPaint)));
    }
  }
  const [page, empty] = times.map((of) => quantile(of, 0.5));
  const note = `medians of ${N_LOADS} in turns, cold cache: ${page.toFixed(0)} ms against ${empty.toFixed(0)} ms`;
  return { value: page - empty, note };
}

/** The slider is dragged by the mouse to and fro, in a run that bears it. */
export async function drag(browser) {
  return browser.visit(`${PAGE}#v=1&lr=0.03`, async (page) => {
    await trains(page);
    const { toPaint, fromInput } = await dragSlider(page);
    const of = (values) => [0.5, 0.95, 1].map((q) => quantile(values, q).toFixed(1)).join(" / ");
    return {
      value: quantile(toPaint, 0.95),
      note: `${toPaint.length} paintings: from event to end of frame ${of(toPaint)} ms (median / p95 / most), from input ${of(fromInput)} ms`,
    };
  });
}

/** The same with a table open as large as that of the handwritten digits, beside generated data. */
export async function dragWithTable(browser) {
  // Pixels go up to 16: at larger rates a run diverges where `Alpha` is near 1.
  return browser.visit(`${PAGE}#v=1&lr=0.0003`, async (page) => {
    await trains(page);
    // In turns, so that what disturbs the machine disturbs both.
    const times = { generated: [], table: [] };
    for (let i = 0; i < N_TURNS; i++) {
      times.generated.push(...(await dragSlider(page)).toPaint);
      await openTable(page, digits());
      times.table.push(...(await dragSlider(page)).toPaint);
      await page.getByRole("combobox", { name: "Data set" }).selectOption("circle");
      await trains(page);
    }
    const [generated, table] = [times.generated, times.table].map((of) => quantile(of, 0.5));
    const [p95, p95OfTable] = [times.generated, times.table].map((of) => quantile(of, 0.95).toFixed(1));
    return {
      value: table / generated,
      note: `medians of ${times.table.length} and ${times.generated.length} paintings: ${table.toFixed(1)} ms against ${generated.toFixed(1)}; p95 ${p95OfTable} ms against ${p95}`,
    };
  });
}

/** Times of the paintings that follow the mouse; the run goes on all the while. */
async function dragSlider(page) {
  await page.evaluate(() => {
    window.seen.toPaint = [];
    window.seen.fromInput = [];
  });
  const box = await page.getByRole("slider", { name: "Alpha" }).boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 4, y);
  await page.mouse.down();
  for (let move = 0; move < N_MOVES; move++) {
    const along = 0.5 - 0.5 * Math.cos((move / N_MOVES) * 6 * Math.PI);
    await page.mouse.move(box.x + 4 + along * (box.width - 8), y);
    await page.waitForTimeout(12);
  }
  await page.mouse.up();
  await goesOn(page);
  return page.evaluate(() => ({ toPaint: window.seen.toPaint, fromInput: window.seen.fromInput }));
}

async function openTable(page, text) {
  await page.getByRole("combobox", { name: "Data set" }).selectOption("csv");
  await page.getByRole("textbox", { name: "Table as text" }).fill(text);
  await page.getByRole("button", { name: "Use this table" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await trains(page);
}

/**
 * A table of the size and kind of the handwritten digits: 1,797 rows of 64 whole numbers from 0 to 16 and a class of
 * 10, each a blot whose place is that of its class. The same in every run.
 */
function digits() {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const names = Array.from({ length: 64 }, (_, i) => `p${i}`);
  const rows = Array.from({ length: 1797 }, (_, row) => {
    const digit = row % 10;
    const [x, y] = [2 + (digit % 4) + random(), 2 + Math.floor(digit / 4) * 2 + random()];
    const pixels = names.map((_, i) => {
      const distance = (((i % 8) - x) ** 2 + (Math.floor(i / 8) - y) ** 2) / 3;
      return Math.min(16, Math.round(14 * Math.exp(-distance) + 3 * random()));
    });
    return [...pixels, digit].join(",");
  });
  return `${[...names, "label"].join(",")}\n${rows.join("\n")}\n`;
}

export async function longTasks(browser) {
  return browser.visit(`${PAGE}#v=1&lr=0.3`, async (page) => {
    await openAll(page);
    return watched(page);
  });
}

/** The same with the handwritten digits in Classify, as its preset has them, at the Scope's usual speed. */
export async function longTasksOfDigits(browser) {
  const digits = "d=digits&t=0.2&vs=0.1&std=1&h=32&b=32&l=softmax&o=adam&lr=0.003";
  // There is no curve to wait for.
  return browser.visit(`${PAGE}#v=1&s=1&${digits}&w=classify`, watched, () => true);
}

/** Long tasks of a page whose run trains, from when it does on. */
async function watched(page) {
  await trains(page);
  const from = await page.evaluate(() => performance.now());
  await page.waitForTimeout(1000 * WATCHED_S);
  const tasks = await page.evaluate((from) => window.seen.longTasks.filter((t) => t.startTime > from), from);
  const longest = Math.max(0, ...tasks.map((task) => task.duration));
  await goesOn(page);
  const step = await stepOf(page);
  return { value: tasks.length, note: `longest ${longest.toFixed(0)} ms; the run came to step ${step}` };
}

/** The deepest and widest network that there can be. */
export async function frames(browser) {
  // So slowly learnt that it does not diverge.
  const hash = `#v=1&lr=0.001&h=${Array(32).fill(128).join("-")}`;
  return browser.visit(PAGE + hash, async (page) => {
    await trains(page);
    await page.evaluate(() => {
      window.seen.frames = [];
    });
    await page.waitForTimeout(1000 * FRAMES_S);
    const frames = await page.evaluate(() => window.seen.frames);
    await goesOn(page);
    const n_slow = frames.filter((ms) => ms > 33.4).length;
    const rate = frames.length / FRAMES_S;
    return {
      value: (100 * n_slow) / frames.length,
      note: `${rate.toFixed(1)} frames/s; median ${quantile(frames, 0.5).toFixed(1)} ms, longest ${Math.max(...frames).toFixed(0)} ms`,
    };
  });
}

/** Objects of the page after a collection, and the memories of its module and of the engine's, from a tenth of the time on. */
export async function heap(browser, { heap_minutes }) {
  return browser.visit(`${PAGE}#v=1&lr=0.3`, async (page) => {
    await trains(page);
    const session = await page.context().newCDPSession(page);
    const [worker] = page.workers();
    const linearOf = (place) =>
      place.evaluate(() => [...globalThis.memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0));
    const measure = async () => {
      // What is in use for the moment comes and goes: the least of some is what stays.
      let objects = Infinity;
      for (let i = 0; i < N_COLLECTIONS; i++) {
        await session.send("HeapProfiler.collectGarbage");
        objects = Math.min(objects, (await session.send("Runtime.getHeapUsage")).usedSize);
        await page.waitForTimeout(1_000);
      }
      return [objects, await linearOf(page), await linearOf(worker)];
    };
    const total_ms = 60_000 * heap_minutes;
    await page.waitForTimeout(total_ms / 10);
    const before = await measure();
    await page.waitForTimeout((total_ms * 9) / 10);
    const after = await measure();
    await goesOn(page);
    const sum = (parts) => parts.reduce((sum, part) => sum + part, 0);
    const [from, to] = [before, after].map((parts) => parts.map(kB).join(" + "));
    return {
      value: (100 * (sum(after) - sum(before))) / sum(before),
      note: `objects + the page's linear memory + the engine's: ${from} kB, then ${to} kB; step ${await stepOf(page)}`,
    };
  });
}

async function openAll(page) {
  for (const details of await page.locator("details:not([open]) > summary").all()) {
    if (await details.isVisible()) {
      await details.click();
    }
  }
}

const stepOf = (page) => page.getByRole("slider", { name: "Timeline" }).inputValue().then(Number);

async function trains(page) {
  const isOn = () => Number(document.querySelector("input[aria-label=Timeline]")?.value) > 20;
  await page.waitForFunction(isOn, null, { timeout: 60_000 });
}

/** What was measured was measured in training: a run that has ended shows little. */
async function goesOn(page) {
  const before = await stepOf(page);
  await page.waitForTimeout(1_000);
  if ((await stepOf(page)) <= before) {
    throw new Error(`the run stands still at step ${before}: nothing was measured in training`);
  }
}

function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

const kB = (bytes) => (bytes / 1000).toFixed(1);
