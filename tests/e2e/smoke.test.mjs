// The page starts, says so where it cannot, and keeps to itself.

import { expect, started, test } from "../support/fixture.mjs";
import { help, trainsOn } from "../support/scope.mjs";

test("the page starts and trains, with nothing on the console", async ({ page, open }) => {
  await open();
  await expect(page).toHaveTitle("Actiscope");
  await trainsOn(page);
});

test.describe("in a sub-folder", () => {
  test.use({ isFresh: true, folder: "/some/folder/" });

  test("the page starts from a sub-folder of a site", async ({ page, open }) => {
    await open();
    await trainsOn(page);
  });
});

test("the policy allows no inline script or style, and there is none", async ({ page, open, problems }) => {
  problems.expect(/inline script/);
  await open();
  const policy = await page.locator("meta[http-equiv='Content-Security-Policy']").getAttribute("content");
  expect(policy).toMatch(/default-src 'none'/);
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  await expect(page.locator("script:not([src])")).toHaveCount(0);

  const blocked = await page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective), {
          once: true,
        });
        const script = document.createElement("script");
        script.textContent = "document.title = 'broken in'";
        document.head.append(script);
      }),
  );
  expect(blocked).toMatch(/script-src/);
  await expect(page).toHaveTitle("Actiscope");
});

test("the page's files are named by one hash, and preloaded by it", async ({ page, open }) => {
  await open();
  const { js, wasm } = await page.locator("#page-files").evaluate((link) => ({ ...link.dataset }));
  const [, base] = js.match(/^\.\/(page-[0-9a-f]{16})\.js$/);
  expect(wasm).toBe(`./${base}_bg.wasm`);
  const preloaded = await page.locator("link[rel=modulepreload], link[rel=preload]").evaluateAll((links) =>
    links.map((link) => link.getAttribute("href")),
  );
  expect(preloaded).toEqual([js, wasm, `./${base}_link.js`]);
  await expect(page.locator("script[data-worker]")).toHaveAttribute("data-worker", `./${base}_worker.js`);
});

test("the worker starts under the page's policy, and says so first", async ({ page, open }) => {
  await open();
  const data = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const { worker: name } = document.querySelector("script[data-worker]").dataset;
        const worker = new Worker(name, { type: "module" });
        const { wasm } = document.getElementById("page-files").dataset;
        WebAssembly.compileStreaming(fetch(wasm)).then((program) => worker.postMessage(program), reject);
        worker.onmessage = (event) => resolve(typeof event.data);
        worker.onerror = (event) => reject(new Error(event.message));
      }),
  );
  expect(data).not.toBe("undefined");
});

test("a page that has failed says so, whatever is open, and is reloaded", async ({ page, open, problems }) => {
  problems.expect(/uncaught: RuntimeError: unreachable/);
  await open("#v=1&lr=0.07&at=1");
  await page.keyboard.press("?");
  await help(page).waitFor();
  // The smallest module with a function that traps.
  await page.evaluate(() => {
    const bytes = "0061736d0100000001040160000003020100070501016600000a05010300000b";
    const module = new WebAssembly.Module(Uint8Array.from(bytes.match(/../g), (byte) => parseInt(byte, 16)));
    setTimeout(new WebAssembly.Instance(module).exports.f);
  });
  const words = page.getByRole("alertdialog", { name: "The page has failed" });
  await words.getByText("RuntimeError: unreachable").waitFor();
  await page.keyboard.press("Escape");
  await expect(words.getByRole("button", { name: "Reload the page" })).toBeFocused();
  await page.keyboard.press("Enter");
  await words.waitFor({ state: "detached" });
  await started(page);
  expect(page.url()).toMatch(/lr=0.07/);
});

test.describe("a browser that cannot", () => {
  for (const [what, script, said] of [
    ["WebAssembly", () => delete globalThis.WebAssembly, "needs WebAssembly"],
    ["SIMD", () => (WebAssembly.validate = () => false), "SIMD"],
  ]) {
    test(`do ${what} is told so`, async ({ page, server }) => {
      await page.addInitScript(script);
      await page.goto(server.url);
      await expect(page.getByRole("alert")).toContainText(said);
    });
  }

  test("load the page says what to do", async ({ page, server, problems }) => {
    problems.expect(/request failed: .*\.wasm/, /console error/);
    await page.route("**/page-*.wasm", (route) => route.abort());
    await page.goto(server.url);
    await expect(page.getByRole("alert")).toContainText("Reload the page");
  });
});
