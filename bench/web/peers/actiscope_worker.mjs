// The worker: trains a population when it is told to, and keeps it from one time to the next.

import init, { CpuPopulation } from "/out/engine/actiscope_bench.js";

const ready = init();
const populations = new Map();

const MAKE = {
  cpu: (network) => ({ population: new CpuPopulation(network), note: "SIMD128, in a worker" }),
};

async function train({ engine, network, n_steps }) {
  await ready;
  const key = JSON.stringify([engine, network]);
  if (!populations.has(key)) {
    populations.set(key, await MAKE[engine](JSON.stringify(network)));
  }
  const { population, note } = populations.get(key);
  if (n_steps === 0) {
    return { note };
  }
  await population.train(n_steps);
  return { loss: await population.loss() };
}

onmessage = async ({ data }) => {
  try {
    postMessage(await train(data));
  } catch (error) {
    postMessage({ problem: String(error?.message ?? error) });
  }
};
