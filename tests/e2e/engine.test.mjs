// The run moves between the CPU and the GPU, here the browser's software adapter, and outlives the GPU.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";

const engineOf = (page) => page.getByRole("group", { name: "Engine" });

/** Waits until the display names such an engine. */
async function engineIs(page, pattern) {
  await engineOf(page).filter({ hasText: pattern }).waitFor({ timeout: 30_000 });
}

const stepOf = (page) => page.getByRole("slider", { name: "Timeline" }).inputValue().then(Number);

/** Waits until the run has made some more steps; returns the step then. */
async function trainsOn(page) {
  const from = await stepOf(page);
  const isBeyond = (step) => Number(document.querySelector("input[aria-label=Timeline]").value) > step;
  await page.waitForFunction(isBeyond, from + 10, { timeout: 30_000 });
  return stepOf(page);
}

/** The field that the engine is chosen in, which lies among the folded settings. */
async function choice(page) {
  const field = page.getByLabel("Train on");
  if (!(await field.isVisible())) {
    await page.getByText("More", { exact: true }).click();
  }
  return field;
}

async function choose(page, engine) {
  await (await choice(page)).selectOption(engine);
}

pageTest("the engine is chosen, shown, and kept for the next visit", { timeout: 120_000 }, async ({ page, open }) => {
  await open("#v=1&a=tanh");
  await engineIs(page, /^CPU, /);
  await trainsOn(page);
  assert.match(await engineOf(page).innerText(), /CPU/, "a software adapter is taken only if it is asked for");

  const before = await stepOf(page);
  await choose(page, "GPU");
  await engineIs(page, /WebGPU, \S/);
  assert.ok((await trainsOn(page)) > before, "the run goes on where it was");
  await engineIs(page, /[\d,]+ steps\/s, [\d,]+ lane-steps\/s/);

  await page.reload();
  await engineIs(page, /WebGPU/);
  assert.equal(await (await choice(page)).inputValue(), "gpu");

  await choose(page, "CPU");
  await engineIs(page, /^CPU, /);
  await trainsOn(page);
});

for (const [fault, words] of [
  ["device-lost", /the GPU was lost/],
  ["oom", /out of memory/],
  ["validation", /the GPU refused its work: .*invalid on purpose/is],
]) {
  pageTest(`a run outlives ${fault}`, { timeout: 120_000 }, async ({ page, open }) => {
    await open(`?engine=gpu&fault=${fault}@40#v=1`);
    const notice = page.locator(".notices").filter({ hasText: words });
    await notice.waitFor({ timeout: 60_000 });
    assert.match(await notice.innerText(), /At step [\d,]+, .* goes on on the CPU/s);
    await engineIs(page, /^CPU, /);
    await trainsOn(page);
    // What is on show is what is, and the GPU can be chosen again.
    assert.equal(await (await choice(page)).inputValue(), "cpu");
    await choose(page, "GPU");
    await engineIs(page, /WebGPU/);
    await trainsOn(page);
  });
}

/** Has the worker run a script before its own. */
async function beforeWorker(page, script) {
  await page.context().route(/worker-.*_loader\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script};\n${await response.text()}` });
  });
}

pageTest("a GPU that never answers is given up", { timeout: 120_000 }, async ({ page, open }) => {
  await beforeWorker(page, "GPUBuffer.prototype.mapAsync = () => new Promise(() => {})");
  await open("?engine=gpu#v=1");
  const notice = page.locator(".notices").filter({ hasText: /stopped answering/ });
  await notice.waitFor({ timeout: 60_000 });
  await engineIs(page, /^CPU, /);
  await trainsOn(page);
});

const isGpuChunk = (name) => /_split_gpu\.wasm$/.test(name);

pageTest("hardware is taken without being asked for", { timeout: 120_000 }, async ({ page, open, sent }) => {
  const asHardware = "Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { value: false })";
  await beforeWorker(page, asHardware);
  await open("#v=1");
  await engineIs(page, /WebGPU/);
  await trainsOn(page);
  assert.ok([...sent.keys()].some(isGpuChunk));
});

pageTest("a browser without WebGPU loads nothing for it, and is told so", async ({ page, open, sent }) => {
  await beforeWorker(page, "Object.defineProperty(navigator, 'gpu', { value: undefined })");
  await open("#v=1");
  await trainsOn(page);
  await choose(page, "GPU");
  await page.locator(".notices").filter({ hasText: /no GPU that can be used here/ }).waitFor();
  await trainsOn(page);
  assert.ok(![...sent.keys()].some(isGpuChunk));
});

const UNLOADABLE = { timeout: 120_000, expected: [/request failed: .*_split_gpu/, /console error/] };
pageTest("a run outlives that the code for the GPU cannot be loaded", UNLOADABLE, async ({ page, open }) => {
  const chunk = /_split_gpu\.wasm$/;
  await page.context().route(chunk, (route) => route.abort());
  await open("#v=1");
  await trainsOn(page);
  await choose(page, "GPU");
  await page.locator(".notices").filter({ hasText: /could not be loaded/ }).waitFor();
  await engineIs(page, /^CPU, /);
  await trainsOn(page);

  await page.context().unroute(chunk);
  await choose(page, "CPU");
  await choose(page, "GPU");
  await engineIs(page, /WebGPU/);
  await trainsOn(page);
});
