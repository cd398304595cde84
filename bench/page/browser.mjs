// A Chromium of its own, with both pages served to it.

import { chromium } from "../../tests/node_modules/playwright-core/index.mjs";
import { forPage } from "../flags.mjs";
import { serve } from "../server.mjs";
import { watch, watchMemories } from "./watch.js";

export async function openBrowser({ chromium: executablePath, gpu, dist, empty, web, out }) {
  const server = await serve({ dist, empty, web, out });
  const browser = await chromium.launch({
    executablePath,
    args: [...forPage(gpu), "--enable-precise-memory-info"],
  });
  return {
    flags: forPage(gpu),
    about: `Chromium ${browser.version()}, 1440 x 900, ${gpu} rendering`,
    /**
     * A page in a context of its own, nothing cached; `then` gets it when it was watched from the start and is ready:
     * when its curve is painted, if nothing else is said.
     */
    async visit(path, then, isReady = () => window.seen.firstPaint > 0) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      try {
        const page = await context.newPage();
        await page.addInitScript(watch);
        await page.addInitScript(watchMemories);
        // A worker has no scripts before its own: the first of them begins with this one.
        await page.route(/page-[0-9a-f]+_worker\.js$/, async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, body: `(${watchMemories})();${await response.text()}` });
        });
        const requests = [];
        page.on("requestfinished", (request) => requests.push(new URL(request.url()).pathname));
        await page.goto(server.url + path);
        await page.waitForFunction(isReady, null, { timeout: 60_000 });
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
