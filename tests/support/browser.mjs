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

/** Painted by the CPU: where there is no GPU its emulation takes most of a frame, which no user has. */
export const CPU_FLAGS = [...QUIET_FLAGS, "--disable-gpu"];

/** WebGPU on the software adapter, canvases included. */
export const WEBGPU_FLAGS = [
  ...QUIET_FLAGS,
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-webgpu-adapter=swiftshader",
  "--use-angle=swiftshader",
];

export function chromiumPath() {
  if (process.env.CHROMIUM) {
    return process.env.CHROMIUM;
  }
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    // The first has no windows to keep, and takes two thirds of the time.
    for (const name of ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
      const path = join(folder, name);
      if (existsSync(path)) {
        return path;
      }
    }
  }
  throw new Error("There is no Chromium: `cargo xtask setup` installs one, or set CHROMIUM to yours.");
}
