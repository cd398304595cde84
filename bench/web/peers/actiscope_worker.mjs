// The worker: trains a population when it is told to, and keeps it from one time to the next.

import init, { BrowserPopulation, multiply_and_add } from "/out/engine/actiscope_bench.js";

const ready = init();
const populations = new Map();

const MAKE = {
  cpu: (network) => BrowserPopulation.on_cpu(network),
  gpu: (network) => BrowserPopulation.on_gpu(network),
};

async function train({ engine, network, n_steps }) {
  await ready;
  const key = JSON.stringify([engine, network]);
  if (!populations.has(key)) {
    populations.set(key, await MAKE[engine](JSON.stringify(network)));
  }
  const population = populations.get(key);
  if (n_steps === 0) {
    return { note: population.note() };
  }
  return { loss: await population.train(n_steps) };
}

/** 10^9 operations a second of this thread, the best of some windows. */
async function peak() {
  await ready;
  let gflops = 0;
  for (let i = 0; i < 20; i++) {
    const begin = performance.now();
    const n_operations = multiply_and_add(200_000);
    gflops = Math.max(gflops, n_operations / (performance.now() - begin) / 1e6);
  }
  return { gflops };
}

onmessage = async ({ data }) => {
  try {
    postMessage(data === "peak" ? await peak() : await train(data));
  } catch (error) {
    postMessage({ problem: String(error?.message ?? error) });
  }
};
