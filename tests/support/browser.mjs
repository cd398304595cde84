// The browser of the tests: the one that is installed, never one of Playwright's own.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const QUIET_FLAGS = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/**
 * Painted by the CPU: where there is no GPU its emulation takes most of a frame, which no user has. By one process for a
 * site, from test to test: what is compiled stays.
 */
export const CPU_FLAGS = [...QUIET_FLAGS, "--disable-gpu", "--process-per-site"];

/** WebGPU on the software adapter, which has enough to do without the page's painting. */
export const WEBGPU_FLAGS = [
  ...QUIET_FLAGS,
  "--disable-gpu-compositing",
  "--disable-gpu-rasterization",
  "--disable-accelerated-2d-canvas",
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-webgpu-adapter=swiftshader",
  "--use-angle=swiftshader",
];

/** The browser as users have it. */
export function chromiumPath() {
  const found = process.env.CHROMIUM || onPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  if (!found) {
    throw new Error("There is no Chromium: `cargo xtask setup` installs one, or set CHROMIUM to yours.");
  }
  return found;
}

/** The same without windows, where there is one: a third of the tests' time is what the windows take. */
export function shellPath() {
  return process.env.HEADLESS_SHELL || (!process.env.CHROMIUM && onPath("chromium-headless-shell")) || chromiumPath();
}

function onPath(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
}
