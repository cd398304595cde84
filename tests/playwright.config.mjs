// How the browser tests run; see support/fixture.mjs for what each test gets.
//
// A test runs at the desk's size unless its tags name others: { tag: ["@desk", "@phone"] }. What input and layout do
// not change is tested once.

import { defineConfig } from "@playwright/test";
import { CPU_FLAGS, shellPath, WEBGPU_FLAGS } from "./support/browser.mjs";

/** Those with the tag, or with none of a size or of WebGPU. */
const ONLY_DESK = /^(?!.*@(?:tablet|phone|webgpu)\b)|@desk\b/s;

export const DESK = { viewport: { width: 1440, height: 900 } };
export const TABLET = { viewport: { width: 1024, height: 768 }, hasTouch: true, input: "touch" };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, input: "touch" };

export default defineConfig({
  testDir: "e2e",
  outputDir: "output",
  snapshotPathTemplate: "pictures/{arg}{ext}",
  fullyParallel: true,
  // A worker is a browser that paints, a page that computes and an engine that trains.
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // Bounds of a failure; nothing is measured by them.
  timeout: 90_000,
  reporter: "list",
  expect: {
    timeout: 30_000,
    toHaveScreenshot: {
      // Letters are drawn a little differently from one machine to the next.
      maxDiffPixelRatio: 0.01,
      threshold: 0.15,
    },
  },
  updateSnapshots: process.env.UPDATE_PICTURES ? "all" : "none",
  use: {
    actionTimeout: 30_000,
    navigationTimeout: 30_000,
    // What was done, said and fetched. With a copy of the page before and after each press, tests of many presses take
    // about half as long again. Of the end there is a picture, and the page as screen readers have it.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
    screenshot: "only-on-failure",
    launchOptions: { executablePath: shellPath(), args: CPU_FLAGS },
  },
  projects: [
    { name: "desk", use: DESK, grep: ONLY_DESK },
    { name: "tablet", use: TABLET, grep: /@tablet\b/ },
    { name: "phone", use: PHONE, grep: /@phone\b/ },
    {
      name: "webgpu",
      // A device that is lost may be lost to all of its context.
      use: {
        ...DESK,
        hasWebGpu: true,
        isFresh: true,
        launchOptions: { executablePath: shellPath(), args: WEBGPU_FLAGS },
      },
      grep: /@webgpu\b/,
      // A software adapter takes its time.
      timeout: 180_000,
    },
  ],
});
