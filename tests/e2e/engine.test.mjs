// The run moves between the CPU and the GPU, here the browser's software adapter, and outlives the GPU.

import { expect, test } from "../support/fixture.mjs";
import { counts, pause, rest, step, trainsOn } from "../support/scope.mjs";

const engineOf = (page) => page.getByRole("group", { name: "Engine" });

/** Waits until the display names such an engine. */
const expectEngine = (page, pattern) => expect(engineOf(page)).toHaveText(pattern, { timeout: 30_000 });

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

const notice = (page, hasText) => page.locator(".notices").filter({ hasText });

/** Has the worker run a script before its own. */
async function beforeWorker(page, script) {
  await page.context().route(/page-.*_worker\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script};\n${await response.text()}` });
  });
}

const isGpuChunk = (name) => /_split_gpu\.wasm$/.test(name);

test.describe("with WebGPU", { tag: "@webgpu" }, () => {
  test("the engine is chosen, shown, and kept for the next visit", async ({ page, open }) => {
    await open("#v=1&a=tanh");
    await expectEngine(page, /^CPU/);
    await trainsOn(page);
    await expectEngine(page, /CPU/);
    const before = await step(page);
    await choose(page, "GPU");
    await expectEngine(page, /WebGPU/);
    expect(await trainsOn(page), "the run goes on where it was").toBeGreaterThan(before);
    await expectEngine(page, /[\d,]+ steps\/s/);

    await page.reload();
    await expectEngine(page, /WebGPU/);
    await expect(await choice(page)).toHaveValue("gpu");
    // The display is a way there too.
    await engineOf(page).getByRole("button").click();
    await expectEngine(page, /^CPU/);
    await trainsOn(page);
  });

  test("a run of the GPU rests where the link says, and is stepped and taken back", async ({ page, open }) => {
    await open("?engine=gpu#v=1&at=120");
    await expectEngine(page, /WebGPU/);
    await rest(page);
    expect(await step(page)).toBe(120);
    expect((await counts(page)).dead).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await rest(page);
    expect(await step(page)).toBe(121);
    await page.getByRole("slider", { name: "Timeline" }).press("Home");
    await rest(page);
    expect(await step(page)).toBe(0);
  });

  for (const [fault, words] of [
    ["device-lost", /the GPU was lost/],
    ["oom", /out of memory/],
    ["validation", /the GPU refused its work: .*invalid on purpose/is],
  ]) {
    test(`a run outlives ${fault}`, async ({ page, open }) => {
      await open(`?engine=gpu&fault=${fault}@40#v=1`);
      await notice(page, words).waitFor({ timeout: 60_000 });
      await expect(notice(page, words)).toContainText(/At step [\d,]+, .* goes on on the CPU/s);
      await expectEngine(page, /^CPU/);
      await trainsOn(page);
      // What is on show is what is.
      await expect(await choice(page)).toHaveValue("cpu");
      if (fault === "device-lost") {
        // The GPU can be chosen again.
        await choose(page, "GPU");
        await expectEngine(page, /WebGPU/);
        await trainsOn(page);
      }
    });
  }

  test("a GPU that never answers is given up", async ({ page, open }) => {
    // In the worker, whose patience is 15 s, five seconds pass in one.
    await beforeWorker(page, `{
      GPUBuffer.prototype.mapAsync = () => new Promise(() => {});
      const { now } = Performance.prototype;
      Performance.prototype.now = function () { return 5 * now.call(this); };
    }`);
    await open("?engine=gpu#v=1");
    await notice(page, /stopped answering/).waitFor({ timeout: 60_000 });
    await expectEngine(page, /^CPU/);
    await trainsOn(page);
  });

  test("hardware is taken without being asked for", async ({ page, open, server }) => {
    await beforeWorker(page, "Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { value: false })");
    await open("#v=1");
    await expect.poll(() => [...server.sent.keys()].some(isGpuChunk), { timeout: 30_000 }).toBe(true);
    await trainsOn(page);
  });

  test("a run outlives that the code for the GPU cannot be loaded", async ({ page, open, problems }) => {
    problems.expect(/request failed: .*_split_gpu/, /console error/);
    const chunk = /_split_gpu\.wasm$/;
    await page.context().route(chunk, (route) => route.abort());
    await open("#v=1");
    await trainsOn(page);
    await choose(page, "GPU");
    await notice(page, /could not be loaded/).waitFor();
    await expectEngine(page, /^CPU/);
    await trainsOn(page);

    await page.context().unroute(chunk);
    await choose(page, "CPU");
    await choose(page, "GPU");
    await expectEngine(page, /WebGPU/);
    await trainsOn(page);
  });
});

test.describe("of a server of its own", () => {
  test.use({ isFresh: true });

  test("a browser without WebGPU loads nothing for it, and is told so", async ({ page, open, server }) => {
    await beforeWorker(page, "Object.defineProperty(navigator, 'gpu', { value: undefined })");
    await open("#v=1");
    await trainsOn(page);
    await choose(page, "GPU");
    await notice(page, /no GPU that can be used here/).waitFor();
    await trainsOn(page);
    await pause(page);
    expect([...server.sent.keys()].filter(isGpuChunk)).toEqual([]);
  });
});
