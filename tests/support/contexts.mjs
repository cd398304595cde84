// Contexts of the browser that one test uses after the other. What stays is what a page cannot ask for: files that are
// cached for ever, and what the program was compiled to, which is a quarter of the work of opening the page.

/** A worker's contexts, one for each set of options. */
export class Contexts {
  #browser;
  #url;
  #kept = new Map();

  /** @param {string} url where the page is served to all tests of the worker */
  constructor(browser, url) {
    this.#browser = browser;
    this.#url = url;
  }

  /** Calls `use` with a context in which no page is open, nothing is stored, routed or granted but what `options` say. */
  async lend(options, use) {
    const key = JSON.stringify(options);
    if (!this.#kept.has(key)) {
      const context = await this.#browser.newContext(options);
      this.#kept.set(key, { context, holder: await hold(context, this.#url) });
    }
    const { context, holder } = this.#kept.get(key);
    await use(context);
    await context.unrouteAll();
    await Promise.all(context.pages().map((page) => page === holder || page.close()));
    await context.clearPermissions();
    await context.grantPermissions(options.permissions ?? []);
    const isAsBefore = await holder.evaluate(() => {
      // All that the page keeps. What it writes when it is closed is written by now.
      localStorage.clear();
      return /native code/.test(setTimeout);
    });
    if (!isAsBefore) {
      throw new Error("a clock is its context's for good: a test that installs one is to have `isFresh`");
    }
  }

  async close() {
    await Promise.all([...this.#kept.values()].map(({ context }) => context.close()));
  }
}

/** A page that shows nothing and keeps the program compiled for all pages of its process, which is the site's (browser.mjs). */
async function hold(context, url) {
  const page = await context.newPage();
  await page.goto(`${url}favicon.svg`);
  await page.evaluate(async () => {
    const index = await (await fetch("index.html")).text();
    const [, main] = /data-wasm="([^"]+)"/.exec(index);
    globalThis.held = await WebAssembly.compileStreaming(fetch(main));
  });
  return page;
}
