// Charts: values under a crosshair, logarithmic axes, files, sharpness.

import { canvas, crosshair, look, paint, panel, picture, save, table, told, words } from "../support/charts.mjs";
import { expect, test } from "../support/fixture.mjs";
import { button, number, rest, step, unit } from "../support/scope.mjs";

test("arrow keys move the crosshair from value to value", async ({ page, open }) => {
  await open("#v=1&at=100");
  for (const name of ["loss", "curve", "gradient"]) {
    await crosshair(page, name).focus();
    expect(await told(page, name)).toMatch(/arrow keys/);
    const before = await picture(page, name);
    await page.keyboard.press("ArrowRight");
    await rest(page);
    expect(await picture(page, name), `${name} is drawn anew`).not.toBe(before);
  }
  await crosshair(page, "loss").focus();
  const press = async (key) => {
    await page.keyboard.press(key);
    return number(/^step ([\d,]+)/.exec(await told(page, "loss"))[1]);
  };
  const first = await press("ArrowRight");
  expect(await press("ArrowRight")).toBeGreaterThan(first);
  await press("ArrowLeft");
  expect(await press("ArrowLeft")).toBeLessThan(first);
  expect(await press("End")).toBe(100);
  expect(await press("Home")).toBe(0);
  await rest(page);
  expect(await step(page), "the run stands still").toBe(100);

  await crosshair(page, "curve").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const [, z, f, slope] = /^z (\S+) · f (\S+) · f′ (\S+)$/.exec(await told(page, "curve")).map(number);
  expect(f, "ReLU's value").toBe(Math.max(0, z));
  expect(slope, "and its slope").toBe(z > 0 ? 1 : 0);
  await page.keyboard.press("Escape");
  expect(await told(page, "curve")).toMatch(/arrow keys/);

  await crosshair(page, "gradient").focus();
  await page.keyboard.press("ArrowDown");
  const layer = await told(page, "gradient");
  await page.keyboard.press("ArrowUp");
  expect(layer).toMatch(/^(layer \d|output) · gradient RMS /);
  expect(await told(page, "gradient")).not.toBe(layer);
});

test("charts are saved as pictures and tables", async ({ page, open, context }) => {
  await open("#v=1&at=100");
  const drawings = [];
  for (const name of ["curve", "loss", "gradient"]) {
    const box = await canvas(page, name).boundingBox();
    const png = await save(page, name, "PNG");
    expect(png.name).toBe(`actiscope-${name}-step100.png`);
    expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
    const [width, height] = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
    expect(Math.abs(width - 2 * box.width)).toBeLessThanOrEqual(2);
    expect(Math.abs(height - 2 * box.height)).toBeLessThanOrEqual(2);

    const svg = await save(page, name, "SVG");
    expect(svg.name).toBe(`actiscope-${name}-step100.svg`);
    drawings.push(svg.text);

    const csv = await save(page, name, "CSV");
    expect(csv.name).toBe(`actiscope-${name}-step100.csv`);
    const rows = table(csv.text);
    if (name === "loss") {
      expect(rows.map((row) => Number(row.step))).toEqual(Array.from({ length: 101 }, (_, i) => i));
    } else if (name === "gradient") {
      expect(rows.map((row) => row.layer)).toEqual(["layer 1", "layer 2", "layer 3", "output"]);
    } else {
      const f = rows.filter((row) => row.series === "f");
      expect(f.length).toBeGreaterThan(100);
      expect(f.filter(({ z, value }) => Number(value) !== Math.max(0, Number(z)))).toEqual([]);
    }
  }
  // The page's own policy forbids the style that a drawing has of its own; and behind another page it hardly runs.
  const blank = await context.newPage();
  for (const text of drawings) {
    const drawn = await blank.evaluate((text) => {
      const file = new DOMParser().parseFromString(text, "image/svg+xml");
      const texts = [...file.querySelectorAll("text")].map((node) => node.textContent);
      return { root: file.documentElement.nodeName, paths: file.querySelectorAll("path, rect").length, texts };
    }, text);
    expect(drawn.root).toBe("svg");
    expect(drawn.paths).toBeGreaterThan(5);
    expect(drawn.texts.length).toBeGreaterThan(3);
  }
});

test("axes are turned to decades, and stay so", async ({ page, open }) => {
  await open("#v=1&at=120");
  for (const name of ["log y", "log x"]) {
    const before = await picture(page, "loss");
    await button(page, name).click();
    await expect(button(page, name)).toHaveAttribute("aria-pressed", "true");
    await rest(page);
    expect(await picture(page, "loss")).not.toBe(before);
  }
  const svg = await save(page, "loss", "SVG");
  expect(svg.text).toMatch(/>0\.1</);
  expect(svg.text).toMatch(/>10<[^]*>100</);
  await page.reload();
  for (const name of ["log y", "log x"]) {
    await expect(button(page, name)).toHaveAttribute("aria-pressed", "true");
  }
});

/** The canvases that have not as many pixels as the screen has for them. */
const blurred = (page) =>
  page.evaluate(() => {
    const canvases = [...document.querySelectorAll(".picture canvas")];
    const pixels = (css) => Math.round(css * devicePixelRatio);
    const isSharp = ({ width, height, clientWidth, clientHeight }) =>
      width === pixels(clientWidth) && height === pixels(clientHeight) && clientWidth > 0;
    return canvases.length < 5 ? ["too few"] : canvases.filter((canvas) => !isSharp(canvas)).map((canvas) => canvas.ariaLabel);
  });

test("charts are as sharp as the screen, whatever changes", async ({ page, open, context }) => {
  await open("#v=1&at=20");
  const expectSharp = (when) => expect.poll(() => blurred(page), when).toEqual([]);
  await expectSharp("at first");
  await page.setViewportSize({ width: 1300, height: 820 });
  await expectSharp("in another window");
  const cdp = await context.newCDPSession(page);
  // Pixels alone, there and back: the window stays as it is.
  for (const deviceScaleFactor of [2, 1, 3, 2]) {
    await cdp.send("Emulation.setDeviceMetricsOverride", { width: 1300, height: 820, deviceScaleFactor, mobile: false });
    expect(await page.evaluate(() => devicePixelRatio)).toBe(deviceScaleFactor);
    await expectSharp(`with ${deviceScaleFactor} pixels for one`);
  }
  await rest(page);
  expect((await paint(page, "loss")).colours).toBeGreaterThan(8);
});

test("each view of the layers is drawn, of few layers and of the most there may be", async ({ page, open }) => {
  const most = Array.from({ length: 32 }, () => 128).join("-");
  for (const link of ["#v=1&at=60", `#v=1&h=${most}&lr=0.001&at=2`]) {
    await open(link);
    const seen = new Set();
    for (const view of ["Gradient", "z over time", "a over time", "Update ratio", "Signal"]) {
      await look(page, view);
      const text = await words(page, "gradient");
      expect(text, view).toMatch(/\d/);
      seen.add(text);
      const { colours, painted } = await paint(page, "gradient");
      expect(colours, `colours of ${view}`).toBeGreaterThan(8);
      expect(painted, `pixels of ${view}`).toBeGreaterThan(1_000);
      const box = await crosshair(page, "gradient").boundingBox();
      await crosshair(page, "gradient").hover({ position: { x: box.width * 0.5, y: box.height * 0.35 } });
      await rest(page);
      expect(await told(page, "gradient"), `the crosshair of ${view}`).toMatch(/layer \d.*\d/);
    }
    expect(seen.size).toBe(5);
  }
});

test("the menu of formats opens and closes by keys, and the card beside a unit shows what it does", async ({ page, open }) => {
  await open("#v=1&at=20");
  const opener = panel(page, "loss").getByRole("button", { name: /^Save / });
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(opener).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("Tab");
  await panel(page, "loss").locator(".menu button:focus").waitFor();
  await page.keyboard.press("Escape");
  await expect(opener).toHaveAttribute("aria-expanded", "false");
  await expect(opener).toBeFocused();
  await opener.click();
  await panel(page, "curve").getByRole("button", { name: /^Save / }).focus();
  await expect(opener, "leaving closes it").toHaveAttribute("aria-expanded", "false");

  await unit(page, 1, 1).hover();
  const card = page.locator(".story");
  await card.waitFor();
  await rest(page);
  expect(await card.innerText()).toMatch(/\d/);
});

test("the formula over the curve is mathematics: cases and Greek letters, with a name for the ear", { tag: ["@desk", "@phone"] }, async ({ page, open }) => {
  await open("#v=1&a=leaky_relu&at=5");
  const formula = panel(page, "curve").locator("math").first();
  await expect(formula).toBeVisible();
  await expect(formula).toContainText("α");
  await expect(formula.locator("mtable"), "cases stand under each other").toHaveCount(1);
  expect(await panel(page, "curve").innerText()).not.toMatch(/where\(|alpha \*/);
  const box = await formula.boundingBox();
  const room = await panel(page, "curve").boundingBox();
  expect(box.x + box.width, "it fits").toBeLessThanOrEqual(room.x + room.width + 1);
});
