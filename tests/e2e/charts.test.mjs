// Charts: values under a crosshair, logarithmic axes, files, sharpness, and earlier runs that stay in view.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { crosshair, panel, picture, redrawn, save, table, told, words } from "../support/charts.mjs";
import { atRest, button, choice, seek, step, until } from "../support/scope.mjs";
import { flow } from "../support/ways.mjs";

/** Trains to about a step and pauses. */
async function trained(page, to = 100) {
  await until(() => step(page), (at) => at >= to, `it trains to ${to}`, 20_000);
  await button(page, "Pause").click();
  return atRest(page);
}

/** As the page writes numbers: a true minus, three digits. */
const number = (text) => Number(text.replace("−", "-").replaceAll(",", ""));

flow("a crosshair tells what the saved data say, on axes of either kind", 0, async ({ page, open, hand }) => {
  await open("#v=1&sp=300");
  await until(() => step(page), (at) => at >= 60, "it trains", 60_000);
  await hand.press(button(page, "Pause"));
  await atRest(page);
  const rows = table((await save(page, "time", "CSV", hand.press)).text);
  assert.deepEqual(Object.keys(rows[0]), ["run", "step", "batch_loss", "probe_loss", "dead_units", "saturated_units"]);
  const target = crosshair(page, "time");
  const box = await target.boundingBox();
  const at = { x: box.width * 0.45, y: box.height * 0.3 };
  const isTold = async () => {
    await hand.point(target, at);
    const text = await until(() => told(page, "time"), (text) => /^step /.test(text), "values are told");
    const found = /^step ([\d,]+) · loss ([\d.e−]+) · batch loss ([\d.e−]+) · dead (\d+) · saturated (\d+)$/.exec(text);
    assert.ok(found, text);
    const row = rows.find((row) => Number(row.step) === number(found[1]));
    assert.ok(row, `the table has step ${found[1]}`);
    for (const [i, column] of [[2, "probe_loss"], [3, "batch_loss"], [4, "dead_units"], [5, "saturated_units"]]) {
      const [shown, exact] = [number(found[i]), Number(row[column])];
      assert.ok(Math.abs(shown - exact) <= 0.006 * Math.abs(exact) + 1e-9, `${column}: ${shown}, not ${exact}`);
    }
    return row.step;
  };
  const linear = await isTold();
  for (const name of ["log y", "log x"]) {
    const before = await picture(page, "time");
    await hand.press(button(page, name));
    await redrawn(page, "time", before);
  }
  const decades = await isTold();
  assert.ok(Number(decades) < Number(linear), `the same place is step ${decades}, before ${linear}`);
});

pageTest("arrow keys move the crosshair from value to value", async ({ page, open }) => {
  await open("#v=1&sp=300");
  const last = await trained(page);
  for (const name of ["time", "curve", "gradient"]) {
    await crosshair(page, name).focus();
    assert.match(await told(page, name), /arrow keys/);
    const shown = await picture(page, name);
    await page.keyboard.press("ArrowRight");
    await redrawn(page, name, shown);
  }
  await crosshair(page, "time").focus();
  await page.keyboard.press("ArrowRight");
  const stepTold = async () => number(/^step ([\d,]+)/.exec(await told(page, "time"))[1]);
  const first = await stepTold();
  await page.keyboard.press("ArrowRight");
  assert.ok((await stepTold()) > first, "to a later step");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.ok((await stepTold()) < first, "and to an earlier one");
  await page.keyboard.press("End");
  assert.equal(await stepTold(), last);
  await page.keyboard.press("Home");
  assert.equal(await stepTold(), 0);
  assert.equal(await step(page), last, "the run stands still");

  await crosshair(page, "curve").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const [, z, f, slope] = /^z (\S+) · f (\S+) · f′ (\S+)$/.exec(await told(page, "curve")).map(number);
  assert.equal(f, Math.max(0, z), "ReLU's value");
  assert.equal(slope, z > 0 ? 1 : 0, "and its slope");
  await page.keyboard.press("Escape");
  assert.match(await told(page, "curve"), /arrow keys/);

  await crosshair(page, "gradient").focus();
  await page.keyboard.press("ArrowDown");
  const layer = await told(page, "gradient");
  await page.keyboard.press("ArrowUp");
  assert.match(layer, /^(layer \d|output) · gradient RMS /);
  assert.notEqual(await told(page, "gradient"), layer);
});

pageTest("charts are saved as pictures and tables", async ({ page, open }) => {
  await open("#v=1&sp=300");
  const last = await trained(page);
  // The page's own policy forbids the style that a drawing has of its own.
  const blank = await page.context().newPage();
  for (const name of ["curve", "time", "gradient"]) {
    const canvas = await panel(page, name).locator(".picture canvas").boundingBox();
    const png = await save(page, name, "PNG");
    assert.equal(png.name, `actiscope-${name}-step${last}.png`);
    assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
    const [width, height] = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
    assert.ok(Math.abs(width - 2 * canvas.width) <= 2 && Math.abs(height - 2 * canvas.height) <= 2, `${width} x ${height}`);

    const svg = await save(page, name, "SVG");
    assert.equal(svg.name, `actiscope-${name}-step${last}.svg`);
    const drawn = await blank.evaluate((text) => {
      const file = new DOMParser().parseFromString(text, "image/svg+xml");
      const texts = [...file.querySelectorAll("text")].map((node) => node.textContent);
      return { root: file.documentElement.nodeName, paths: file.querySelectorAll("path, rect").length, texts };
    }, svg.text);
    assert.equal(drawn.root, "svg");
    assert.ok(drawn.paths > 5 && drawn.texts.length > 3, JSON.stringify(drawn));

    const csv = await save(page, name, "CSV");
    assert.equal(csv.name, `actiscope-${name}-step${last}.csv`);
    const rows = table(csv.text);
    if (name === "time") {
      assert.deepEqual(rows.map((row) => Number(row.step)), Array.from({ length: last + 1 }, (_, i) => i));
    } else if (name === "gradient") {
      assert.deepEqual(rows.map((row) => row.layer), ["layer 1", "layer 2", "layer 3", "output"]);
      assert.ok(rows.every((row) => Number(row.gradient_rms) >= 0));
    } else {
      const f = rows.filter((row) => row.series === "f");
      assert.ok(f.length > 100 && f.every(({ z, value }) => Number(value) === Math.max(0, Number(z))));
    }
  }
});

pageTest("the menu of formats opens and closes by keys", async ({ page, open }) => {
  await open();
  const opener = panel(page, "time").getByRole("button", { name: /^Save / });
  await opener.focus();
  await page.keyboard.press("Enter");
  assert.equal(await opener.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Tab");
  await panel(page, "time").locator(".menu button:focus").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await opener.getAttribute("aria-expanded"), "false");
  assert.ok(await opener.evaluate((node) => node === document.activeElement), "the focus is back");
  await opener.click();
  await panel(page, "curve").getByRole("button", { name: /^Save / }).focus();
  await until(() => opener.getAttribute("aria-expanded"), (is) => is === "false", "leaving closes it");
});

pageTest("axes are turned to decades, and stay so", async ({ page, open }) => {
  await open("#v=1&sp=300");
  await trained(page);
  for (const name of ["log y", "log x"]) {
    const before = await picture(page, "time");
    await button(page, name).click();
    assert.equal(await button(page, name).getAttribute("aria-pressed"), "true");
    await redrawn(page, "time", before);
  }
  const svg = await save(page, "time", "SVG");
  assert.match(svg.text, />0\.1</);
  assert.match(svg.text, />10<[^]*>100</);
  await page.reload();
  await button(page, "Pause").waitFor();
  for (const name of ["log y", "log x"]) {
    assert.equal(await button(page, name).getAttribute("aria-pressed"), "true");
  }
});

/** Whether each canvas has as many pixels as the screen has for it. */
const sharpness = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".picture canvas")].map(({ width, height, clientWidth, clientHeight }) => {
      const pixels = (css) => Math.round(css * devicePixelRatio);
      return width === pixels(clientWidth) && height === pixels(clientHeight) && clientWidth > 0;
    }),
  );

pageTest("charts are as sharp as the screen, whatever changes", async ({ page, open }) => {
  await open();
  await trained(page, 20);
  const allSharp = (when) =>
    until(() => sharpness(page), (all) => all.length >= 5 && all.every(Boolean), `sharp ${when}`);
  await allSharp("at first");
  await page.setViewportSize({ width: 1300, height: 820 });
  await allSharp("in another window");
  const before = await picture(page, "time");
  const cdp = await page.context().newCDPSession(page);
  // Pixels alone, there and back: the window stays as it is.
  for (const deviceScaleFactor of [2, 1, 3, 2]) {
    await cdp.send("Emulation.setDeviceMetricsOverride", { width: 1300, height: 820, deviceScaleFactor, mobile: false });
    assert.equal(await page.evaluate(() => devicePixelRatio), deviceScaleFactor);
    await allSharp(`with ${deviceScaleFactor} pixels for one`);
  }
  await redrawn(page, "time", before);
});

pageTest("an abandoned course stays in view, is named, and can be forgotten", async ({ page, open }) => {
  await open("#v=1&sp=300");
  const last = await trained(page, 240);
  const runs = page.getByRole("list", { name: "Runs in this chart" });
  assert.equal(await runs.count(), 0);
  await seek(page, 60);
  await choice(page, "Activation").selectOption({ label: "Leaky ReLU" });
  await runs.waitFor();
  assert.match(await runs.innerText(), /Leaky ReLU[^]*\nReLU/);
  await button(page, "Train").click();
  await until(() => step(page), (at) => at > 90, "the other course goes on");
  await button(page, "Pause").click();
  await atRest(page);
  await until(() => words(page, "time"), (text) => text.includes(`Earlier run with ReLU`), "it is told");
  const ghost = new RegExp(`Earlier run with ReLU: loss \\S+ and \\d+ dead at step ${last}\\.`);
  assert.match(await words(page, "time"), ghost);
  await crosshair(page, "time").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("End");
  assert.match(await told(page, "time"), /^step [\d,]+ · with ReLU: loss \S+, \d+ dead$/);
  const { text } = await save(page, "time", "CSV");
  const steps = table(text).filter((row) => row.run === "ReLU").map((row) => Number(row.step));
  assert.equal(Math.min(...steps), 60);
  assert.equal(Math.max(...steps), last);
  assert.match((await save(page, "time", "SVG")).text, />ReLU</);

  const before = await picture(page, "time");
  await button(page, "Forget earlier runs").click();
  await runs.waitFor({ state: "detached" });
  await redrawn(page, "time", before);
});

pageTest("a run begun anew on the same data can be compared with the one before", async ({ page, open }) => {
  await open("#v=1&sp=300");
  await trained(page, 120);
  await button(page, "Reset").click();
  await until(() => step(page), (at) => at === 0, "back at step 0");
  assert.equal(await page.getByRole("list", { name: "Runs in this chart" }).count(), 0, "the same run is no other");
  await choice(page, "Activation").selectOption({ label: "Leaky ReLU" });
  await page.getByRole("list", { name: "Runs in this chart" }).waitFor();
  await choice(page, "Data set").selectOption({ label: "Moons" });
  await page.getByRole("list", { name: "Runs in this chart" }).waitFor({ state: "detached" });
});
