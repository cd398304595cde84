// What is measured of maps and of the Doctor's trials. Each returns { value, note }.

import { spawn } from "node:child_process";

const PAGE = "dist/index.html";
const N_ROUNDS = 5;
const N_STEPS = 300;
const N_CELLS = 32 * 32;
/** The opening map, with rates that all networks bear: one that diverges is not trained to its end. */
const MAP = `#v=1&at=1&w=map&mx=lr:0.01:1:log&my=alpha:0:0.5&mg=32&mn=${N_STEPS}`;
/** Its networks, on the engine alone. */
const BARE = {
  id: "map",
  hidden: [8, 8, 8],
  activation: "leaky_relu",
  batch_size: 16,
  n_lanes: N_CELLS,
  n_samples: 256,
};
/** More networks than are trained while it is measured. */
const LONG_MAP = "#v=1&at=1&w=map&mx=lr:0.01:1:log&my=alpha:0:0.5&mg=128&mn=2000&ms=8";
const WATCHED_S = 15;
const N_MOVES = 60;
/** All units of a layer begin alike: the run goes on for ever and comes to nothing, and the Doctor has much to try. */
const SICK = "#v=1&s=11&d=moons&n=400&h=24-24&b=32&a=tanh&i=zeros&o=adam&lr=0.01&sp=none";

const isAtRest = () => document.documentElement.hasAttribute("data-idle");
const onPlan = () => document.querySelector(".map-transport") !== null;

/** The page's own map against the bare engine's lanes in a worker of the same page, in turns. */
export async function mapRate(browser) {
  return browser.visit(PAGE + MAP, async (page) => {
    await page.evaluate(startBare);
    const bare = () => page.evaluate(trainBare, [BARE, N_STEPS]);
    await bare();
    const times = { map: [], bare: [] };
    for (let i = 0; i < N_ROUNDS; i++) {
      times.map.push(await page.evaluate(computeMap));
      times.bare.push(await bare());
    }
    const rate = (of) => (N_CELLS * N_STEPS) / (Math.min(...of) / 1000);
    const [ofMap, ofBare] = [rate(times.map), rate(times.bare)];
    return {
      value: ofMap / ofBare,
      note: `lane-steps/s, the best of ${N_ROUNDS} in turns: ${count(ofMap)} from the press to the last cell, ${count(ofBare)} bare on one worker`,
    };
  }, isAtRest);
}

/** The same map, from the press to the last cell, against a script that maps as much with JAX. */
export async function mapAgainstScript(browser, { script, script_missing }) {
  if (!script) {
    throw new Error(script_missing);
  }
  const script_ms = await runScript(script);
  return browser.visit(PAGE + MAP, async (page) => {
    const times = [];
    for (let i = 0; i < N_ROUNDS; i++) {
      times.push(await page.evaluate(computeMap));
    }
    const map_ms = Math.min(...times);
    return {
      value: script_ms / map_ms,
      note: `${map_ms.toFixed(0)} ms in the page, the best of ${N_ROUNDS}; ${script_ms.toFixed(0)} ms the script, import and compilation included`,
    };
  }, isAtRest);
}

/** Presses and moves beside a map that trains. */
export async function longTasksOfMap(browser) {
  return browser.visit(PAGE + LONG_MAP, async (page) => {
    const compute = page.getByRole("button", { name: /^Compute/ });
    if (await compute.isVisible()) {
      await compute.click();
    }
    await page.locator(".map-transport .how-far", { hasText: "left" }).waitFor();
    const from = await page.evaluate(() => performance.now());
    await page.waitForTimeout(1000 * WATCHED_S);
    const tasks = await page.evaluate((from) => window.seen.longTasks.filter((t) => t.startTime > from), from);
    const longest = Math.max(0, ...tasks.map((task) => task.duration));
    const words = await page.locator(".map-transport .how-far").innerText();
    return { value: tasks.length, note: `longest ${longest.toFixed(0)} ms in ${WATCHED_S} s; ${words}` };
  }, onPlan);
}

/** A slider that is no axis is dragged: from a move to the first picture of the map that it asks for. */
export async function firstPicture(browser) {
  return browser.visit(PAGE + MAP, async (page) => {
    const slider = page.getByRole("slider", { name: "Noise" });
    await slider.scrollIntoViewIfNeeded();
    await slider.focus();
    const times = [];
    for (let move = 0; move < N_MOVES; move++) {
      await page.evaluate(awaitCells);
      await page.keyboard.press(move % 8 < 4 ? "ArrowRight" : "ArrowLeft");
      times.push(await page.evaluate(() => window.firstCells));
    }
    times.sort((a, b) => a - b);
    const of = (q) => times[Math.min(times.length - 1, Math.floor(q * times.length))];
    return {
      value: of(0.95),
      note: `${N_MOVES} moves, each while the map of the one before trains: median ${of(0.5).toFixed(0)} ms, p95 ${of(0.95).toFixed(0)} ms`,
    };
  }, isAtRest);
}

/** Steps of a run a second while the Doctor tries, and when it has tried all. */
export async function trials(browser) {
  return browser.visit(PAGE + SICK, async (page) => {
    await page.getByRole("tab", { name: /Doctor/ }).click();
    await page.locator(".tried-head", { hasText: "tried" }).waitFor();
    const during = await page.evaluate(watchRun, { while: true, most_ms: 60_000 });
    const after = await page.evaluate(watchRun, { while: false, most_ms: during.ms });
    const rate = ({ steps, ms }) => (1000 * steps) / ms;
    return {
      value: 100 * (1 - rate(during) / rate(after)),
      note: `${count(rate(during))} steps/s for ${(during.ms / 1000).toFixed(1)} s while it tries, ${count(rate(after))} in as long after it`,
    };
  });
}

/** Milliseconds of a process. */
function runScript([program, ...args]) {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve(performance.now() - begin) : reject(new Error(`the script ends with ${code}`)),
    );
  });
}

const count = (n) => Math.round(n).toLocaleString("en");

// What follows runs in the page.

/** Milliseconds from the press to the frame in which the last cell is told of. */
const computeMap = () =>
  new Promise((resolve, reject) => {
    const button = [...document.querySelectorAll(".map-transport button")].find((b) => /^Compute/.test(b.textContent));
    if (button === undefined) {
      reject(new Error("there is no map to compute"));
      return;
    }
    const words = document.querySelector(".map-transport .how-far");
    let hasBegun = false;
    const begin = performance.now();
    const observer = new MutationObserver(() => {
      const isDone = /done/.test(words.textContent);
      hasBegun ||= !isDone;
      if (hasBegun && isDone) {
        observer.disconnect();
        resolve(performance.now() - begin);
      }
    });
    observer.observe(words, { childList: true, subtree: true, characterData: true });
    button.click();
  });

/** A worker with the bench's engine. */
const startBare = () => {
  const worker = new Worker("/web/peers/actiscope_worker.mjs", { type: "module" });
  window.bare = (request) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.problem ? reject(new Error(data.problem)) : resolve(data));
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(request);
    });
};

/** Milliseconds of a population's steps. */
const trainBare = async ([network, n_steps]) => {
  await window.bare({ engine: "cpu", network, n_steps: 0 });
  const begin = performance.now();
  await window.bare({ engine: "cpu", network, n_steps });
  return performance.now() - begin;
};

/** `window.firstCells`: milliseconds from the next move of a slider to the frame that shows the first cells of its map. */
const awaitCells = () => {
  window.firstCells = new Promise((resolve) => {
    let moved_ms = null;
    // Keys move a slider by steps of its own.
    addEventListener(
      "keydown",
      () => {
        moved_ms = performance.now();
      },
      { capture: true, once: true },
    );
    const words = document.querySelector(".map-transport .how-far");
    const percent = () => Number(/([0-9]+) %/.exec(words.textContent)?.[1] ?? 100);
    let last = percent();
    // The map of before is given up, and the new one begins at 0.
    let isNew = false;
    const observer = new MutationObserver(() => {
      const now = percent();
      isNew ||= moved_ms !== null && (now < last || now === 0);
      last = now;
      if (isNew && now > 0) {
        observer.disconnect();
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - moved_ms);
        requestAnimationFrame(() => port2.postMessage(null));
      }
    });
    observer.observe(words, { childList: true, subtree: true, characterData: true });
  });
};

/** Steps and milliseconds while remedies are tried, or of a run without. */
const watchRun = ({ while: isWhile, most_ms }) =>
  new Promise((resolve) => {
    const step = () => Number(document.querySelector("input[aria-label=Timeline]")?.value);
    const tries = () => [...document.querySelectorAll(".tried-head")].some((head) => /tried/.test(head.textContent));
    const [from_ms, from] = [performance.now(), step()];
    const look = () => {
      const ms = performance.now() - from_ms;
      if (ms >= most_ms || (isWhile && !tries())) {
        resolve({ steps: step() - from, ms });
      } else {
        requestAnimationFrame(look);
      }
    };
    requestAnimationFrame(look);
  });
