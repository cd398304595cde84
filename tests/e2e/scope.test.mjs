// The Scope as a person uses it: watch units die, rescue them, turn the sliders, keep the link.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { pageTest } from "../support/harness.mjs";
import { atRest } from "../support/scope.mjs";

/** Where pictures of the page go, to be looked at. */
const shot = (name) => fileURLToPath(new URL(`../output/${name}.png`, import.meta.url));

const health = (page) => page.getByRole("status", { name: "Health" });
const slider = (page, name) => page.getByRole("slider", { name, exact: true });
const button = (page, name) => page.getByRole("button", { name, exact: true });

/** Dead and saturated units as the status line says. */
async function counts(page) {
  const text = await health(page).innerText();
  const match = /Dead units:\s*(\d+) of (\d+).*Saturated:\s*(\d+) of (\d+)/s.exec(text);
  assert.ok(match, `the Health line reads: ${text}`);
  const [dead, units, saturated] = [match[1], match[2], match[3]].map(Number);
  return { dead, saturated, units };
}

/** Waits until `holds` of the counts, and returns them. */
async function until(page, what, holds, timeoutMs = 15_000) {
  const end = Date.now() + timeoutMs;
  let last;
  while (Date.now() < end) {
    last = await counts(page);
    if (holds(last)) {
      return last;
    }
    await page.waitForTimeout(50);
  }
  assert.fail(`${what}: still ${JSON.stringify(last)} after ${timeoutMs} ms`);
}

/** What the canvases of the curve panel show. */
const picture = (page) =>
  page.evaluate(() => [...document.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL())[0]);

/** Waits until the curve is another picture than `before`, and returns it. */
async function redrawn(page, before) {
  for (let tries = 0; tries < 100; tries++) {
    const now = await picture(page);
    if (now !== before) {
      return now;
    }
    await page.waitForTimeout(50);
  }
  assert.fail("the curve was not drawn anew");
}

/** The step that the timeline stands at. */
const step = async (page) => Number(await slider(page, "Timeline").inputValue());

/** Waits until the page shows a later step: the run goes on. */
const goesBeyond = (page, at) =>
  page.waitForFunction((at) => Number(document.querySelector("input[aria-label=Timeline]").value) > at, at);

for (const [width, height, colorScheme] of [
  [1440, 900, "light"],
  [1440, 900, "dark"],
  [390, 844, "light"],
]) {
  const context = { viewport: { width, height }, colorScheme, hasTouch: width < 700 };
  pageTest(`units die within five seconds and the rescue brings them back, ${width} ${colorScheme}`, { context }, async ({ page, open }) => {
    await open();
    const started = Date.now();
    const dying = await until(page, "units die", ({ dead }) => dead >= 3, 5_000);
    assert.equal(dying.units, 24);
    assert.ok(Date.now() - started < 5_000);

    const rescue = page.getByRole("button", { name: /^Rescue with Leaky ReLU/ });
    await rescue.waitFor();
    await page.screenshot({ path: shot(`dying-${width}-${colorScheme}`) });
    const before = await until(page, "more units die", ({ dead }) => dead >= 5);
    await (width < 700 ? rescue.tap() : rescue.click());
    const after = await until(page, "the rescue works", ({ dead }) => dead === 0);
    assert.ok(after.dead < before.dead);
    assert.equal(await page.getByRole("combobox", { name: "Activation" }).inputValue(), "leaky_relu");
    // Nothing may stick out to the side.
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
    await page.screenshot({ path: shot(`rescued-${width}-${colorScheme}`) });
  });
}

pageTest("the learning rate follows keyboard and mouse, and the run goes on", async ({ page, open }) => {
  await open();
  const rate = slider(page, "Learning rate");
  await until(page, "the run is on its way", ({ dead }) => dead > 0);
  const stepBefore = await step(page);
  await page.evaluate(() => {
    window.leastStep = Infinity;
    const timeline = document.querySelector("input[aria-label=Timeline]");
    requestAnimationFrame(function watch() {
      window.leastStep = Math.min(window.leastStep, Number(timeline.value));
      requestAnimationFrame(watch);
    });
  });
  const valueBefore = await rate.getAttribute("aria-valuetext");
  await rate.focus();
  await page.keyboard.press("ArrowLeft");
  const valueByKey = await rate.getAttribute("aria-valuetext");
  assert.notEqual(valueByKey, valueBefore);
  await page.waitForFunction(() => /[#&]lr=/.test(location.hash));

  const box = await rate.boundingBox();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  assert.notEqual(await rate.getAttribute("aria-valuetext"), valueByKey);
  await page.waitForFunction(() => /learning rate/i.test(document.querySelector("ol.log").textContent));
  await goesBeyond(page, stepBefore);
  assert.ok((await page.evaluate(() => window.leastStep)) >= stepBefore, "no edit restarted the run");
});

pageTest("alpha turns the curve at once, by keyboard and by mouse", async ({ page, open }) => {
  await open();
  await until(page, "the run is on its way", ({ dead }) => dead >= 3);
  await button(page, "Pause").click();
  await atRest(page);
  const flat = await picture(page);
  const alpha = slider(page, "Alpha");
  await alpha.focus();
  for (let i = 0; i < 10; i++) {
    await page.keyboard.press("ArrowRight");
  }
  assert.equal(await page.getByRole("combobox", { name: "Activation" }).inputValue(), "leaky_relu");
  const bent = await redrawn(page, flat);

  const box = await alpha.boundingBox();
  await page.mouse.click(box.x + box.width * 0.7, box.y + box.height / 2);
  await redrawn(page, bent);
  // A slope of at least 5 % everywhere: nobody is dead or saturated, with the same weights.
  await until(page, "alpha revives", ({ dead, saturated }) => dead === 0 && saturated === 0);
});

pageTest("a link gives the same run again", async ({ page, open }) => {
  const run = async () => {
    await button(page, "Pause").click();
    await button(page, "Reset").click();
    for (let i = 0; i < 5; i++) {
      await button(page, "Step").click();
    }
    await page.waitForFunction(() => document.querySelector("input[type=range][aria-label=Timeline]").value === "5");
    await atRest(page);
    // Numbers are shown now and then.
    await page.waitForTimeout(1_500);
    const text = await page.getByRole("main").innerText();
    const loss = /loss\s+([\d.e−-]+)/.exec(text);
    assert.ok(loss, text);
    return { loss: loss[1], ...(await counts(page)) };
  };
  await open("#v=1&s=7");
  await slider(page, "Learning rate").focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => /[#&]lr=/.test(location.hash));
  const first = await run();
  const url = page.url();
  await page.goto("about:blank");
  await page.goto(url);
  await page.locator("#boot").waitFor({ state: "detached" });
  assert.deepEqual(await run(), first);
  assert.equal(page.url(), url);
});

pageTest("a malformed link is reported and the rest of it is kept", async ({ page, open }) => {
  await open("#v=1&lr=banana&zz=3&nz=0.3");
  const alerts = page.getByRole("alert");
  await alerts.filter({ hasText: /lr=banana/ }).waitFor();
  await alerts.filter({ hasText: /zz/ }).first().waitFor();
  assert.match(await slider(page, "Noise").getAttribute("aria-valuetext"), /0\.3/);
  await goesBeyond(page, 0);
});

pageTest("a malformed formula is pointed at and the run goes on with the last good one", async ({ page, open }) => {
  await open();
  await page.getByRole("combobox", { name: "Activation" }).selectOption({ label: "Your own formula…" });
  const field = page.getByLabel("Formula in z");
  await field.fill("where(z > 0, z, alpha * ");
  const problem = page.locator("#formula-problem");
  await page.waitForFunction(() => document.querySelector("#formula-problem").textContent.trim() !== "");
  assert.match(await problem.innerText(), /\^/, "a caret points at the place");
  await field.fill("z * sigmoid(2 * z)");
  await page.waitForFunction(() => document.querySelector("#formula-problem").textContent.trim() === "");
  await goesBeyond(page, await step(page));
});

pageTest("a table with a bad row is refused with its line, and a good one is trained on", async ({ page, open }) => {
  await open();
  await page.getByRole("combobox", { name: "Data set" }).selectOption({ label: "Your own CSV…" });
  const field = page.getByLabel("Table as text");
  await field.fill("x1,x2,label\n0.1,0.2,a\n0.3,oops,b\n");
  await button(page, "Use this table").click();
  await page.getByRole("dialog").getByRole("alert").filter({ hasText: /line 3/ }).waitFor();
  const rows = Array.from({ length: 40 }, (_, i) => `${Math.cos(i)},${Math.sin(2 * i)},${i % 2 ? "b" : "a"}`);
  await field.fill(`x1,x2,label\n${rows.join("\n")}\n`);
  await button(page, "Use this table").click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await goesBeyond(page, 0);
});

pageTest("keys train, pause, step and reset", async ({ page, open }) => {
  await open();
  await page.waitForFunction(() => Number(document.querySelector("input[aria-label=Timeline]").value) > 5);
  await page.locator("body").press("Space");
  await button(page, "Train").waitFor();
  const before = await atRest(page);
  await page.locator("body").press("ArrowRight");
  await page.waitForFunction((n) => Number(document.querySelector("input[aria-label=Timeline]").value) === n + 1, before);
  await page.locator("body").press("r");
  await page.waitForFunction(() => Number(document.querySelector("input[aria-label=Timeline]").value) === 0);
});
