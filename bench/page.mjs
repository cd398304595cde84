// The contenders of the page: a Chromium of its own, in which nothing but this machine is asked.

import { join } from "node:path";
import { chromium } from "../tests/node_modules/playwright-core/index.mjs";
import { forEngines } from "./flags.mjs";
import { serve } from "./server.mjs";

export async function openPage(bench, { chromium: executablePath, gpu, out }) {
  const server = await serve({
    web: join(bench, "web"),
    modules: join(bench, "node_modules"),
    out,
  });
  const browser = await chromium.launch({ executablePath, args: forEngines(gpu) });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  try {
    const page = await browser.newPage();
    const foreign = [];
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith("http") && !server.url.startsWith(origin)) {
        foreign.push(request.url());
      }
    });
    page.on("pageerror", (error) => console.error(`bench: the page: ${error.message}`));
    await page.goto(`${server.url}web/index.html`);
    await page.waitForFunction(() => window.bench, null, { timeout: 30_000 });
    const adapters = await page.evaluate(() => window.bench.adapters());
    const gflops = await page.evaluate(() => window.bench.peak());
    return {
      about: { browser: `Chromium ${browser.version()}`, ...adapters, gflops },
      async train(request) {
        const answer = await page.evaluate((request) => window.bench.train(request), request);
        if (foreign.length > 0) {
          throw new Error(`the page asked another host: ${foreign[0]}`);
        }
        return answer;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
