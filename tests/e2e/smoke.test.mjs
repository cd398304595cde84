// The page starts, says so where it cannot, and keeps to itself.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";

pageTest("the page starts, with nothing on the console", async ({ page, open }) => {
  await open();
  assert.equal(await page.title(), "Actiscope");
  await page.waitForLoadState("networkidle");
});

pageTest("the page starts from a sub-folder of a site", { folder: "/some/folder/" }, async ({ open }) => {
  await open();
});

const BROKEN_IN = { expected: [/inline script/] };
pageTest("the policy allows no inline script or style, and there is none", BROKEN_IN, async ({ page, open }) => {
  await open();
  const policy = await page.locator("meta[http-equiv='Content-Security-Policy']").getAttribute("content");
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
  assert.equal(await page.locator("script:not([src])").count(), 0);

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
  assert.match(blocked, /script-src/);
  assert.equal(await page.title(), "Actiscope");
});

pageTest("the worker's files are named by their content and are there", async ({ page, open, url }) => {
  await open();
  const name = await page.locator("script[data-worker]").getAttribute("data-worker");
  assert.match(name, /^worker-[0-9a-f]{16}_loader\.js$/);
  const response = await page.request.get(new URL(name, url).href);
  assert.equal(response.status(), 200);
  assert.match(await response.text(), /worker-[0-9a-f]{16}\.js/);
});

pageTest("the page's files are named by one hash, and preloaded by it", async ({ page, open }) => {
  await open();
  const { js, wasm } = await page.locator("#page-files").evaluate((link) => ({ ...link.dataset }));
  const [, base] = js.match(/^\.\/(page-[0-9a-f]{16})\.js$/);
  assert.equal(wasm, `./${base}_bg.wasm`);
  const preloaded = await page.locator("link[rel=modulepreload], link[rel=preload]").evaluateAll((links) =>
    links.map((link) => link.getAttribute("href")),
  );
  assert.deepEqual(preloaded, [js, wasm, `./${base}_link.js`]);
});

pageTest("the worker starts under the page's policy, and says so first", async ({ page, open }) => {
  await open();
  const data = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const { worker: name } = document.querySelector("script[data-worker]").dataset;
        const worker = new Worker(name, { type: "module" });
        worker.onmessage = (event) => resolve(typeof event.data);
        worker.onerror = (event) => reject(new Error(event.message));
      }),
  );
  assert.notEqual(data, "undefined");
});

const TRAPPED = { expected: [/uncaught: RuntimeError: unreachable/] };
pageTest("a page that has failed says so, whatever is open, and is reloaded", TRAPPED, async ({ page, open }) => {
  await open("#v=1&lr=0.07");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys and words" }).waitFor();
  // The smallest module with a function that traps.
  await page.evaluate(() => {
    const bytes = "0061736d010000000104016000000302010007050101660000 0a05010300000b".replace(" ", "");
    const module = new WebAssembly.Module(Uint8Array.from(bytes.match(/../g), (byte) => parseInt(byte, 16)));
    setTimeout(new WebAssembly.Instance(module).exports.f);
  });
  const words = page.getByRole("alertdialog", { name: "The page has failed" });
  await words.getByText("RuntimeError: unreachable").waitFor();
  await page.keyboard.press("Escape");
  const reload = words.getByRole("button", { name: "Reload the page" });
  assert.ok(await reload.evaluate((button) => button === document.activeElement), "it has the focus");
  await page.keyboard.press("Enter");
  await words.waitFor({ state: "detached" });
  await page.locator("#boot").waitFor({ state: "detached" });
  assert.match(await page.evaluate(() => location.hash), /lr=0.07/);
});

const message = (page) => page.getByRole("alert");

pageTest("a browser without WebAssembly is told so", async ({ page, open }) => {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await open("", { started: false });
  await message(page).filter({ hasText: "needs WebAssembly" }).waitFor();
});

pageTest("a browser without SIMD is told so", async ({ page, open }) => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await open("", { started: false });
  await message(page).filter({ hasText: "SIMD" }).waitFor();
});

pageTest(
  "a page that cannot be loaded says what to do",
  { expected: [/request failed: .*\.wasm/, /console error/] },
  async ({ page, open }) => {
    await page.route("**/page-*.wasm", (route) => route.abort());
    await open("", { started: false });
    await message(page).filter({ hasText: "Reload the page" }).waitFor();
  },
);
