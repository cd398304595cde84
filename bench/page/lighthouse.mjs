// What Lighthouse says of the page as it starts, on a phone and on a desktop. Each returns { value, note }.

import { readdirSync } from "node:fs";
import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";
import { serve } from "../server.mjs";

/** The layout's shift while the page starts; the note has the rest of what is judged. */
export function shift(device) {
  return async ({ flags }, { chromium, dist }) => {
    const server = await serve({ dist }, true);
    try {
      // Compressed before it is timed, as on a host.
      for (const file of readdirSync(dist)) {
        await (await fetch(`${server.url}dist/${file}`)).arrayBuffer();
      }
      const { lhr } = await judge(`${server.url}dist/index.html`, device, chromium, flags);
      const figure = (id) => lhr.audits[id].numericValue;
      const score = lhr.categories.performance.score;
      const bytes = lhr.audits["network-requests"].details.items.reduce((sum, item) => sum + item.transferSize, 0);
      return {
        value: figure("cumulative-layout-shift"),
        note:
          `performance ${Math.round(100 * score)} of 100; blocked for ${figure("total-blocking-time").toFixed(0)} ms; ` +
          `largest painting after ${(figure("largest-contentful-paint") / 1000).toFixed(1)} s; ` +
          `${(bytes / 1000).toFixed(0)} kB; Lighthouse ${lhr.lighthouseVersion}`,
      };
    } finally {
      await server.close();
    }
  };
}

/** In a browser of its own: Lighthouse slows it down and empties its caches. */
async function judge(url, device, chromePath, chromeFlags) {
  const chrome = await chromeLauncher.launch({ chromePath, chromeFlags: ["--headless=new", ...chromeFlags] });
  try {
    const options = { port: chrome.port, onlyCategories: ["performance"], logLevel: "error" };
    const result = await lighthouse(url, options, device === "desktop" ? desktopConfig : undefined);
    if (result.lhr.runtimeError) {
      throw new Error(result.lhr.runtimeError.message);
    }
    return result;
  } finally {
    chrome.kill();
  }
}
