// A Chromium of its own, with both pages served to it.

import { chromium } from "../../tests/node_modules/playwright-core/index.mjs";
import { FLAGS } from "../../tests/support/harness.mjs";
import { serve } from "../server.mjs";
import { watch } from "./watch.js";

export async function openBrowser({ chromium: executablePath, gpu, dist, empty }) {
  const server = await serve({ dist, empty });
  const isForSoftware = (flag) => flag.includes("swiftshader");
  const args = gpu === "hardware" ? FLAGS.filter((flag) => !isForSoftware(flag)) : FLAGS;
  const browser = await chromium.launch({
    executablePath,
    args: [...args, "--enable-precise-memory-info"],
  });
  return {
    about: `Chromium ${browser.version()}, 1440 x 900, ${gpu} rendering`,
    /** A page in a context of its own, nothing cached; `then` gets it when it was watched from the start. */
    async visit(path, then) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      try {
        const page = await context.newPage();
        await page.addInitScript(watch);
        const requests = [];
        page.on("requestfinished", (request) => requests.push(new URL(request.url()).pathname));
        await page.goto(server.url + path);
        await page.waitForFunction(() => window.seen.firstPaint > 0, null, { timeout: 60_000 });
        return await then(page, requests);
      } finally {
        await context.close();
      }
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
