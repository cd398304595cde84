// The ground that the browser tests stand on.
//
//   import assert from "node:assert/strict";
//   import { pageTest } from "../support/harness.mjs";
//
//   pageTest("a slider moves", async ({ page, open }) => {
//     await open("#v=1");                        // waits until the page has started
//     await page.getByRole("slider", { name: "Learning rate" }).press("ArrowRight");
//     assert.match(await page.getByRole("status", { name: "Health" }).innerText(), /Dead units/);
//   });
//
// Each test gets a fresh browser context, so nothing is stored from one to the next, and ends with
// the assertion that there was no console error or warning, no uncaught error (the worker's
// included), no failed request, and no request to another host. A test that provokes some of these
// names them: { expected: [/text/] }; each pattern then has to be met. On a failure the page's picture
// is left in tests/output/.
//
// Options of pageTest, all optional:
//   expected  patterns of problems that the test provokes
//   context   Playwright's context options: viewport, colorScheme, hasTouch, reducedMotion, ...
//   folder    the path that dist/ is served under, "/" if left out
//   brotli    true to have files sent compressed, as a published page's are
//   webgpu    false for a browser whose WebGPU gives no adapter
//   timeout   milliseconds for the whole test, 60,000 if left out
// What the test's function gets:
//   page      Playwright's page; its context is page.context()
//   open      open(hash = "", { started = true }): goes to the page and waits until it has started
//   url       the page's address
//   sent      a map from each file that was sent so far to its bytes
//   problems  what was collected so far, as sentences
//
// The tests run over dist/, which `cargo xtask build` makes; `cargo xtask test --only browser` does both.

import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

const OUTPUT = fileURLToPath(new URL("../output/", import.meta.url));

// WebGPU on the software adapter, canvases included, and no traffic of the browser's own.
export const FLAGS = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-webgpu-adapter=swiftshader",
  "--use-angle=swiftshader",
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Without them WebGPU gives no adapter. */
const isForWebGpu = (flag) => /webgpu|vulkan/i.test(flag);

/** Those that run, by whether they have WebGPU. */
const browsers = new Map();

/** Defines a test on the page; see the top of this file. */
export function pageTest(name, options, body) {
  if (typeof options === "function") {
    [body, options] = [options, {}];
  }
  const { expected = [], context = {}, folder, brotli, webgpu = true, timeout = 60_000 } = options;
  useBrowser(webgpu);
  test(name, { timeout }, async () => {
    const server = await serve({ folder, brotli });
    const scope = await browsers.get(webgpu).newContext({ viewport: { width: 1440, height: 900 }, ...context });
    try {
      const page = await scope.newPage();
      page.setDefaultTimeout(20_000);
      const problems = watch(page, server.url);
      const open = async (hash = "", { started = true } = {}) => {
        await page.goto(server.url + hash);
        if (started) {
          await page.locator("#boot").waitFor({ state: "detached" });
        }
      };
      try {
        await body({ page, open, url: server.url, sent: server.sent, problems });
      } catch (error) {
        await keepPicture(page, name);
        if (problems.length > 0) {
          error.message += `\nand the page had these problems:\n  ${problems.join("\n  ")}`;
        }
        throw error;
      }
      const unmet = expected.filter((pattern) => !problems.some((text) => pattern.test(text)));
      assert.deepEqual(unmet, [], "problems that were expected and did not come");
      const known = webgpu ? expected : [...expected, /No available adapters/];
      const unexpected = problems.filter((text) => !known.some((pattern) => pattern.test(text)));
      assert.deepEqual(unexpected, [], "the page had problems");
    } finally {
      await scope.close();
      await server.close();
    }
  });
}

/** One browser of a kind for all the tests of a file. */
function useBrowser(webgpu) {
  if (browsers.has(webgpu)) {
    return;
  }
  browsers.set(webgpu, null);
  before(async () => {
    const args = webgpu ? FLAGS : FLAGS.filter((flag) => !isForWebGpu(flag));
    browsers.set(webgpu, await chromium.launch({ executablePath: chromiumPath(), args }));
  });
  after(async () => {
    await browsers.get(webgpu)?.close();
  });
}

/** Collects all that should not happen on a page. */
function watch(page, url) {
  const problems = [];
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    if (["error", "warning", "assert"].includes(message.type())) {
      problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.stack ?? error}`));
  page.on("crash", () => problems.push("the page crashed"));
  page.on("request", (request) => {
    const target = new URL(request.url());
    if (["http:", "https:", "ws:", "wss:"].includes(target.protocol) && target.origin !== origin) {
      problems.push(`request to another host: ${request.url()}`);
    }
  });
  page.on("requestfailed", (request) => {
    problems.push(`request failed: ${request.url()} (${request.failure()?.errorText})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) {
      problems.push(`status ${response.status()}: ${response.url()}`);
    }
  });
  return problems;
}

async function keepPicture(page, name) {
  mkdirSync(OUTPUT, { recursive: true });
  const path = join(OUTPUT, `${name.replace(/[^a-z0-9]+/gi, "-")}.png`);
  try {
    await page.screenshot({ path });
    console.error(`the page as it was: ${path}`);
  } catch (error) {
    // The test's own error is the one to report.
    console.error(`no picture of the page: ${error.message}`);
  }
}

function chromiumPath() {
  if (process.env.CHROMIUM) {
    return process.env.CHROMIUM;
  }
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
      const path = join(folder, name);
      if (existsSync(path)) {
        return path;
      }
    }
  }
  throw new Error("There is no Chromium: `cargo xtask setup` installs one, or set CHROMIUM to yours.");
}
