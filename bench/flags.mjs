// How the bench starts Chromium.

const PLAIN = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** WebGPU on the machine's graphics card. */
const HARDWARE = ["--enable-unsafe-webgpu", "--enable-features=Vulkan"];

/** WebGPU and WebGL in software: with fewer of these the first picture on a canvas ends the GPU's process. */
const SOFTWARE = [
  ...HARDWARE,
  "--use-vulkan=swiftshader",
  "--use-webgpu-adapter=swiftshader",
  "--use-angle=swiftshader",
];

/** For engines: an adapter of either kind. */
export const forEngines = (gpu) => [...PLAIN, ...(gpu === "hardware" ? HARDWARE : SOFTWARE)];

/**
 * For the page: without a graphics card a browser paints and composes on the CPU, and has no WebGPU. Software in a
 * card's place is what nobody browses with: it takes 180 ms a frame.
 */
export const forPage = (gpu) => [...PLAIN, ...(gpu === "hardware" ? HARDWARE : ["--disable-gpu"])];
