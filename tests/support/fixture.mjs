// The ground that the browser tests stand on.
//
//   import { expect, test } from "../support/fixture.mjs";
//   import { button, rest, step } from "../support/scope.mjs";
//
//   test("a step is a step", async ({ page, open }) => {
//     await open("#v=1&at=20");                  // rests at step 20, and all of it is painted
//     await button(page, "Step").click();
//     await rest(page);
//     expect(await step(page)).toBe(21);
//   });
//
// A test never guesses: it waits for what the page says, `rest` above all, and knows no clock.
//
// Each test gets a browser context in which nothing is stored (contexts.mjs), and ends with the assertion that there was
// no console error or warning, no uncaught error (the worker's included), no failed request, no status from 400 on, and
// no request to another host. A test that provokes some of these names them, and each has to come:
//
//   problems.expect(/status 404/);
//
// Options beside Playwright's, for test.use:
//   isFresh   true for a context and a server of its own, whose files no cache has, and which tells what it `sent`; with it
//   folder    the path that dist/ is served under, "/" if left out
//   brotli    true to have files sent compressed, as a published page's are
//   input     "mouse", "touch" or "keys": by which `hand` does what it does
// What a test gets beside Playwright's own:
//   open      open(link = ""): goes to the page and waits until it has started; with `at=` in the link until it rests
//             there. Words are shown at their full rate.
//   hand      presses, chooses, sets, points and writes; see hands.mjs
//   server    its `url`, and of a fresh one `sent`: a map from each file that was sent so far to its bytes
//   problems  what went wrong so far, as sentences: `list`
//
// The tests run over dist/, which `cargo xtask build` makes; `cargo xtask test --only browser` does both.

import { expect, test as base } from "@playwright/test";
import { Contexts } from "./contexts.mjs";
import { handOf } from "./hands.mjs";
import { rest } from "./scope.mjs";
import { serve } from "./server.mjs";

export { expect };

export const test = base.extend({
  isFresh: [false, { option: true }],
  folder: ["/", { option: true }],
  brotli: [false, { option: true }],
  input: ["mouse", { option: true }],
  hasWebGpu: [false, { option: true }],

  // The worker's.
  site: [
    async ({}, use) => {
      const site = await serve();
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],

  contexts: [
    async ({ browser, site }, use) => {
      const contexts = new Contexts(browser, site.url);
      await use(contexts);
      await contexts.close();
    },
    { scope: "worker" },
  ],

  context: async (
    { browser, contexts, isFresh, viewport, hasTouch, isMobile, colorScheme, forcedColors, reducedMotion, permissions },
    use,
  ) => {
    if (!isFresh) {
      await contexts.lend({ viewport, hasTouch, isMobile, colorScheme, forcedColors, reducedMotion, permissions }, use);
      return;
    }
    const context = await browser.newContext();
    await use(context);
    await context.close();
  },

  server: async ({ isFresh, folder, brotli, site }, use) => {
    if (!isFresh) {
      await use({ url: site.url });
      return;
    }
    const server = await serve({ folder, brotli });
    await use(server);
    await server.close();
  },

  // Whether a test asks for it or not.
  problems: [
    async ({ context, server, hasWebGpu }, use, info) => {
      const problems = new Problems(hasWebGpu ? [] : [/No available adapters/]);
      watch(context, new URL(server.url).origin, problems);
      await use(problems);
      problems.judge(info.errors.length > 0);
    },
    { auto: true },
  ],

  open: async ({ page, server }, use) => {
    await use(async (link = "") => {
      await page.goto(server.url + atFullRate(link));
      await started(page);
      if (/[?&#]at=/.test(link)) {
        await rest(page);
      }
    });
  },

  hand: async ({ page, input }, use) => {
    await use(handOf(input, page));
  },
});

/** A link whose page shows words as often as they change. */
export function atFullRate(link) {
  const [, query, fragment] = /^\??([^#]*)(#?.*)$/s.exec(link);
  return `?${query ? `${query}&` : ""}throttle=off${fragment}`;
}

/** Waits until a page, or the page in a frame, is there. */
export const started = (page) => page.locator("#boot").waitFor({ state: "detached" });

/** What should not happen on a page. */
class Problems {
  list = [];
  #expected = [];
  #known;

  constructor(known) {
    this.#known = known;
  }

  expect(...patterns) {
    this.#expected.push(...patterns);
  }

  /** The problems of the end: one that nobody expected, and one that did not come. */
  judge(hasFailed = false) {
    const isOf = (patterns) => (text) => patterns.some((pattern) => pattern.test(text));
    const unexpected = this.list.filter((text) => !isOf([...this.#known, ...this.#expected])(text));
    expect(unexpected, "the page had problems").toEqual([]);
    const unmet = this.#expected.filter((pattern) => !this.list.some((text) => pattern.test(text)));
    // Of a test that broke off it is no news.
    expect(hasFailed ? [] : unmet, "problems that were expected and did not come").toEqual([]);
  }
}

/** Collects the problems of all pages of a context. */
function watch(context, origin, problems) {
  const add = (text) => problems.list.push(text);
  context.on("console", (message) => {
    if (["error", "warning", "assert"].includes(message.type())) {
      add(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (event) => add(`uncaught: ${event.error().stack ?? event.error()}`));
  context.on("page", (page) => page.on("crash", () => add("the page crashed")));
  context.on("request", (request) => {
    const target = new URL(request.url());
    if (["http:", "https:", "ws:", "wss:"].includes(target.protocol) && target.origin !== origin) {
      add(`request to another host: ${request.url()}`);
    }
  });
  context.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // The browser asks for the tab's picture by itself, at a time of its own; a page that goes takes that along.
    const isOfTab = new URL(request.url()).pathname.endsWith("/favicon.svg") && why === "net::ERR_ABORTED";
    if (!isOfTab) {
      add(`request failed: ${request.url()} (${why})`);
    }
  });
  context.on("response", (response) => {
    if (response.status() >= 400) {
      add(`status ${response.status()}: ${response.url()}`);
    }
  });
}
