// The page that is measured: holds the contenders, and trains one of them when it is told to.
//
// A contender's module exports `start(data)`, which resolves to a function from a network to a run of
// it, and a run has `train(n_steps)`, which resolves to the loss once all steps are done. The clock is
// read here, around that.

import { peak, start as actiscope } from "./peers/actiscope.mjs";
import { start as brain } from "./peers/brain.mjs";
import { start as convnet } from "./peers/convnet.mjs";
import { start as tensorflow } from "./peers/tensorflow.mjs";

const STARTS = {
  "actiscope-cpu": (data) => actiscope(data, "cpu"),
  "actiscope-gpu": (data) => actiscope(data, "gpu"),
  convnetjs: convnet,
  "brain.js": brain,
  "tfjs-cpu": (data) => tensorflow(data, "cpu"),
  "tfjs-wasm": (data) => tensorflow(data, "wasm"),
  "tfjs-webgl": (data) => tensorflow(data, "webgl"),
  "tfjs-webgpu": (data) => tensorflow(data, "webgpu"),
};

const started = new Map();
const runs = new Map();
const data = await (await fetch("/out/data.json")).json();

window.bench = {
  /** Trains `network` on a contender; `{ n_steps, seconds, loss, note }`. */
  async train({ contender, network, n_steps }) {
    const key = JSON.stringify([contender, network]);
    if (!started.has(contender)) {
      started.set(contender, await STARTS[contender](data));
    }
    if (!runs.has(key)) {
      runs.set(key, await started.get(contender)(network));
    }
    const run = runs.get(key);
    const begin = performance.now();
    const loss = await run.train(n_steps);
    const seconds = (performance.now() - begin) / 1000;
    return { n_steps, seconds, loss, note: run.note };
  },

  /** 10^9 operations a second of one thread. */
  peak,

  /** Names of the adapters that the page computes on. */
  async adapters() {
    const gl = document.createElement("canvas").getContext("webgl2");
    const webgl = gl?.getExtension("WEBGL_debug_renderer_info");
    const adapter = await navigator.gpu?.requestAdapter();
    const { vendor, architecture, device, description } = adapter?.info ?? {};
    const webgpu = [vendor, architecture, device, description].filter(Boolean).join(" ");
    return {
      webgl: webgl ? gl.getParameter(webgl.UNMASKED_RENDERER_WEBGL) : "none",
      webgpu: adapter ? webgpu || "unnamed" : "none",
    };
  },
};
