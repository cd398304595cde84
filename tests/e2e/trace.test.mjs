// A trace of somebody's own model in the Scope's place. What is read and said of it is tested natively, as are its pictures.

import { expectNoViolation } from "../support/axe.mjs";
import { crosshair, save, table, told } from "../support/charts.mjs";
import { expect, test } from "../support/fixture.mjs";
import { button, caption, counts, expectNoOverflow, lines, rest, slider, step, tab } from "../support/scope.mjs";
import { about, drop, HIGH, LOW, main, newer, record, shortened, tiles } from "../support/trace.mjs";

const HIGH_FILE = ["high.safetensors", HIGH];
const LOW_FILE = ["low.safetensors", LOW];
const SAYS = /^Learning rate 0\.3 threw units off the data: \d+ of \d+ in layer \d died between steps [\d,]+ and [\d,]+/;
const opened = (page) => main(page).locator(".panel.trace-layers");

async function openTrace(page, ...files) {
  await drop(page, ...files);
  await opened(page).waitFor();
  await rest(page);
}

test("a file fills the Scope, Escape gives the run back as it was", { tag: ["@desk", "@phone"] }, async ({ page, open }) => {
  await open("#v=1&lr=0.1&at=40");
  const before = await caption(page).innerText();
  await openTrace(page, HIGH_FILE);
  await expect(caption(page)).toHaveText(SAYS);
  await expect(page.getByRole("group", { name: "Engine" })).toContainText("Trace of your model");
  await expect(page.getByRole("group", { name: "Engine" })).toContainText("2,000 steps");
  await expect(button(page, "Train")).toHaveCount(0);
  await expect(about(page)).toContainText("high.safetensors");
  await expect(about(page)).toContainText("DigitsMLP");
  await expect(about(page)).toContainText("net.1");
  // It opens in the middle of the death that came first.
  const [at, n] = await record(page);
  expect(at).toBeGreaterThan(5);
  expect(at).toBeLessThan(n);
  const { dead, units } = await counts(page);
  expect(units).toBe(48 + 32 + 24);
  expect(dead).toBeGreaterThan(20);
  await expectNoOverflow(page);
  await page.keyboard.press("Escape");
  await rest(page);
  await expect(main(page)).toHaveCount(0);
  expect(await caption(page).innerText()).toBe(before);
  expect(await step(page)).toBe(40);
});

test("an address of another run shows that run", async ({ page, open }) => {
  await open("#v=1&at=5");
  await openTrace(page, HIGH_FILE);
  await page.evaluate(() => (location.hash = "#v=1&lr=0.2&at=7"));
  await rest(page);
  await expect(main(page)).toHaveCount(0);
  expect(await step(page)).toBe(7);
});

test("keys, buttons and the line itself go through the records", async ({ page, open, hand }) => {
  await open("#v=1&at=5");
  await openTrace(page, HIGH_FILE);
  const n = (await record(page))[1];
  const check = async (key, expected) => {
    await page.keyboard.press(key);
    await rest(page);
    expect((await record(page))[0], key).toBe(expected);
  };
  await check("Home", 1);
  await check("ArrowRight", 2);
  await check("Shift+ArrowRight", 12);
  await check("ArrowLeft", 11);
  await check("Shift+ArrowLeft", 1);
  await check("End", n);
  await button(page, "Record before").click();
  await button(page, "Record before").click();
  await button(page, "Next record").click();
  expect((await record(page))[0]).toBe(n - 1);
  await hand.set(slider(page, "Timeline"), 0.02);
  await rest(page);
  expect((await record(page))[0]).toBeLessThan(4);
  // Played to its end it stands there.
  await page.keyboard.press("End");
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Space");
  await rest(page);
  expect((await record(page))[0]).toBe(n);
  await expect(button(page, "Play")).toBeVisible();
  expect(await step(page)).toBe(2000);
});

test("tiles tell of their units, and open them", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open("#v=1&at=5");
  await openTrace(page, HIGH_FILE);
  const first = tiles(page, 1);
  await expect(first).toHaveAttribute("aria-label", /layer 1, 64 → 48 ReLU \(net\.1\): \d+ alive, \d+ saturated, \d+ dead; z spread/);
  await hand.point(first, { x: 6, y: 6 });
  // Dead ones come first.
  await expect(first).toHaveAttribute("aria-valuetext", /^Layer 1 unit \d+ (died|was born dead)/);
  await first.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(tab(page, "Unit")).toHaveAttribute("aria-selected", "true");
  await expect(main(page).getByRole("group", { name: "Unit", exact: true })).toContainText("passes gradient");
  const before = (await record(page))[0];
  await page.keyboard.press("ArrowLeft");
  expect((await record(page))[0], "arrows within the tiles are theirs").toBe(before);
  await button(page, "in order").click();
  await rest(page);
  await page.keyboard.press("Home");
  await expect(button(page, "in order")).toHaveAttribute("aria-pressed", "true");
});

test("events lead to their step, and remedies are copied, never praised", async ({ page, open, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open("#v=1&at=5");
  await openTrace(page, HIGH_FILE);
  await page.keyboard.press("Home");
  await lines(page, /^2,000/).click();
  await rest(page);
  expect(await step(page)).toBe(2000);
  const doctor = main(page).getByRole("group", { name: "Findings" });
  await expect(doctor.getByText("not tried").first()).toBeVisible();
  await expect(doctor).toContainText("A trace holds no weights and no data");
  await page.getByRole("button", { name: /^Copy the fix: lr=0\.03/ }).click();
  await rest(page);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("torch.optim.SGD(model.parameters(), lr=0.03");
  // Another trace of the model tells what came of its change.
  await openTrace(page, LOW_FILE);
  await expect(doctor).toContainText(/lr=0\.03[^]*43 dead|lr=0\.03[^]*\d+ dead/);
  await expect(doctor.locator(".good").first()).toContainText("loss");
  await expect(about(page), "the first one stays open").toContainText("high.safetensors");
  // What was done last is taken back first.
  await page.keyboard.press("ControlOrMeta+z");
  await rest(page);
  await expect(doctor.locator(".good")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+z");
  await rest(page);
  await expect(main(page)).toHaveCount(0);
});

test("what cannot be read is said in a sentence, and what was open stays", async ({ page, open }) => {
  await open("#v=1&at=5");
  await drop(page, ["new.safetensors", newer(HIGH)]);
  await expect(page.getByRole("alert")).toContainText("new.safetensors: This trace has version 9, and version 1 is read here");
  await rest(page);
  await expect(main(page)).toHaveCount(0);
  await openTrace(page, HIGH_FILE);
  const before = await record(page);
  await drop(page, ["bad.safetensors", newer(LOW)]);
  await expect(page.getByRole("alert")).toContainText("bad.safetensors");
  await rest(page);
  expect(await record(page)).toEqual(before);
  // Cut off, it opens as far as it goes.
  await page.keyboard.press("Escape");
  await drop(page, ["cut.safetensors", HIGH.subarray(0, Math.floor(0.8 * HIGH.length))]);
  await expect(page.getByRole("status").or(page.getByRole("alert")).filter({ hasText: /cut off/ }).first()).toBeVisible();
});

test("without a trace it is told how to record one", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open("#v=1&at=5");
  await page.keyboard.press("ControlOrMeta+o");
  await hand.press(button(page, "Show how to record one"));
  await rest(page);
  await expect(caption(page)).toHaveText(/^No trace is open\./);
  const code = main(page).getByLabel("Lines to add to your training");
  await expect(code).toContainText("from actiscope_pytorch import Trace");
  await hand.press(button(page, "Keras"));
  await rest(page);
  await expect(code).toContainText("from actiscope_keras import Trace");
  const arriving = page.waitForEvent("download");
  await hand.press(button(page, "Download actiscope_keras.py"));
  expect((await arriving).suggestedFilename()).toBe("actiscope_keras.py");
  await expectNoOverflow(page);
  await expectNoViolation(page, "how to record a trace");
  await hand.press(about(page).getByRole("button", { name: /^Digits, ReLU, learning rate 0\.3/ }));
  await opened(page).waitFor();
  await rest(page);
  await expect(caption(page)).toHaveText(SAYS);
  await expect(main(page).getByLabel("Lines to add"), "they stand at the left now").toHaveCount(0);
  await expect(button(page, "Keras")).toHaveAttribute("aria-pressed", "true");
});

test("the charts are read by keys and saved", async ({ page, open }) => {
  await open("#v=1&at=5");
  await openTrace(page, HIGH_FILE);
  await crosshair(page, "trace-depth").focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => told(page, "trace-depth")).toMatch(/ at step [\d,]+: /);
  const depth = await save(page, "trace-depth", "CSV table");
  expect(depth.name).toMatch(/^actiscope-trace-depth-step\d+\.csv$/);
  const rows = table(depth.text);
  expect(rows.length).toBe(4 * (await record(page))[1]);
  const layers = await save(page, "trace-layers", "SVG drawing");
  expect(layers.text).toContain("layer 1");
});

for (const dark of [false, true]) {
  test(`nobody is shut out, ${dark ? "dark" : "light"}`, { tag: ["@desk", "@phone"] }, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    await open("#v=1&at=5");
    await openTrace(page, HIGH_FILE);
    await expectNoViolation(page, "a trace");
    await tab(page, "Unit").click();
    await tiles(page, 2).focus();
    await page.keyboard.press("Enter");
    await rest(page);
    await expectNoViolation(page, "a trace with a unit");
  });
}

test("a file that grows is read on", async ({ page, open }) => {
  await page.addInitScript(() => {
    DataTransferItem.prototype.getAsFileSystemHandle = async () =>
      (await navigator.storage.getDirectory()).getFileHandle("run.safetensors");
  });
  await open("#v=1&at=5");
  const write = (bytes) =>
    page.evaluate(async (bytes) => {
      const folder = await navigator.storage.getDirectory();
      const file = await folder.getFileHandle("run.safetensors", { create: true });
      const writable = await file.createWritable();
      await writable.write(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
      await writable.close();
    }, bytes.toString("base64"));
  const short = shortened(HIGH, 12);
  await write(short);
  await openTrace(page, ["run.safetensors", short]);
  await page.keyboard.press("End");
  expect(await record(page)).toEqual([12, 12]);
  await expect(button(page, "Read on")).toHaveCount(0);
  await write(HIGH);
  await button(page, "Read on").click();
  await expect.poll(() => record(page)).toEqual([37, 37]);
  await rest(page);
  await expect(button(page, "Read on")).toHaveCount(0);
});

test("a page around it sends traces, and hears counts alone", async ({ page, server }) => {
  await page.route("**/notebook.html", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><title>Notebook</title><iframe id="frame" title="Actiscope" src="${server.url}?throttle=off#v=1&at=5" width="1200" height="800"></iframe>
        <iframe id="other" title="Other" srcdoc="nothing"></iframe>`,
    }),
  );
  await page.addInitScript(() => {
    globalThis.heard = [];
    addEventListener("message", (event) => heard.push(event.data));
  });
  await page.goto(`${server.url}notebook.html`);
  const heard = () => page.evaluate(() => heard.filter((data) => data?.actiscope));
  await expect.poll(heard).toEqual([{ actiscope: "ready" }]);
  const frame = page.frameLocator("#frame");
  const send = (bytes, from = "window") =>
    page.evaluate(([bytes, from]) => {
      const { buffer } = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
      const sender = from === "window" ? window : document.getElementById("other").contentWindow;
      const target = document.getElementById("frame").contentWindow;
      // Sent by the sender's own code: it is the sender then.
      const post = sender.Function("target", "bytes", "target.postMessage({ actiscope: 'trace', bytes }, '*')");
      post(target, buffer);
    }, [bytes.toString("base64"), from]);
  await send(LOW, "other");
  await send(shortened(HIGH, 12));
  await expect.poll(async () => (await heard()).length).toBe(2);
  expect((await heard())[1]).toEqual({ actiscope: "opened", records: 12, layers: 4, units: 104, dead: expect.any(Number), saturated: expect.any(Number) });
  await rest(frame);
  expect((await record(frame))[1], "what a sibling sends is not heard").toBe(12);
  await send(HIGH);
  await expect.poll(async () => (await heard()).length).toBe(3);
  await rest(frame);
  expect((await record(frame))[1]).toBe(37);
});
