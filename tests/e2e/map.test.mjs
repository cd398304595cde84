// The Map: a network for each pair of two settings. What is read is what a screen reader is told, and the address.

import { kept } from "../support/atlas.mjs";
import { save } from "../support/charts.mjs";
import { expect, test } from "../support/fixture.mjs";
import { reach } from "../support/hands.mjs";
import { button, caption, choice, rest, slider, step } from "../support/scope.mjs";
import { map, scope, viewTab } from "../support/views.mjs";

// Small, so that it is trained in a moment.
const SMALL = "#v=1&n=60&h=4&b=10&mg=16&mn=30&at=3";

const preset = (page, name) => page.getByRole("group", { name: "Start from" }).getByRole("button", { name });
const crosshair = (page) => slider(page, "Cell of the map");
const here = (page) => crosshair(page).getAttribute("aria-valuetext");
const levels = (page) => page.getByRole("navigation", { name: "Zoom" });
const transport = (page) => page.locator(".map-transport .how-far");
/** The numbers of the cell under the crosshair, as the panel says them. */
const values = (page) => map(page).locator(".map-cell .at dd").allInnerTexts();

test("one press maps two settings; the cell is read out, and the colour trains nothing", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open(SMALL);
  await hand.press(viewTab(page, "Map"));
  await map(page).waitFor();
  await rest(page);
  expect(kept(page, "w")).toBe("map");
  await expect(transport(page)).toContainText("256 networks × 30 steps · done");
  await expect(caption(page)).toHaveText(/^With alpha 0 /);
  await hand.press(preset(page, "The edge of chaos"));
  await rest(page);
  expect(kept(page, "mp")).toBe("chaos");
  // Depth has as many cells as there are layers.
  await expect(map(page).locator(".map-picture .aside")).toHaveText("after 30 steps, 16 × 16 cells");
  await expect.poll(() => here(page)).toMatch(/^Layers \d+, gain [\d.]+: accuracy \d/);
  await hand.press(preset(page, "He against Glorot"));
  await rest(page);
  await expect.poll(() => here(page)).toMatch(/^Learning rate [\d.]+, gain [\d.]+: (dead units|diverged)/);

  const before = await transport(page).innerText();
  await hand.press(page.getByRole("group", { name: "Colour by" }).getByRole("button", { name: "accuracy" }));
  await rest(page);
  expect(kept(page, "mc")).toBe("accuracy");
  expect(await transport(page).innerText(), "nothing was trained").toBe(before);
  await expect(map(page).locator(".map-picture .title")).toHaveText("Accuracy");
});

test("keys go through the cells, zoom, come back to what is kept, and open a cell in the Scope", async ({ page, open }) => {
  await open(`${SMALL}&w=map`);
  await rest(page);
  await reach(page, crosshair(page));
  await page.keyboard.press("Home");
  await page.keyboard.press("PageDown");
  await expect.poll(() => values(page)).toEqual(["0.01", "0"]);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+ArrowRight");
  await rest(page);
  const [rate, alpha] = await values(page);
  expect(alpha).toBe("0.001");
  const read = await here(page);
  // What is drawn through the crosshair is a table, too.
  const row = map(page).getByRole("table", { name: "Row at alpha 0.001", exact: true });
  await expect(row.getByRole("row")).toHaveCount(1 + 16);
  const value = read.split(": ")[1].replace("dead or saturated units ", "");
  await expect(row.getByRole("row").nth(9)).toHaveText(`${rate}${value}`);

  await page.keyboard.press("z");
  await rest(page);
  await expect(levels(page).getByRole("button", { name: "Whole map" })).toBeVisible();
  expect(kept(page, "mx")).toMatch(/^lr:0\.\d+:/);
  await expect(transport(page)).toContainText("256 networks × 30 steps · done");
  await page.keyboard.press("Backspace");
  await rest(page);
  expect(kept(page, "mx")).toBe(null);
  await expect(levels(page).getByRole("button")).toHaveCount(0);
  await reach(page, crosshair(page));
  await page.keyboard.press("Home");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+ArrowRight");
  expect(await here(page), "the map is what it was").toBe(read);

  await page.keyboard.press("Enter");
  await scope(page).waitFor();
  await button(page, "Pause").click();
  await rest(page);
  await expect(choice(page, "Activation")).toHaveValue("leaky_relu");
  expect(Number(kept(page, "lr"))).toBeCloseTo(Number(rate), 2);
  expect(await step(page)).toBeGreaterThanOrEqual(0);
  // One undo takes it back, and the map is still there.
  await page.goBack();
  await map(page).waitFor();
  await rest(page);
  await expect(transport(page)).toContainText("done");
});

test("a rectangle that is drawn becomes the map, and Cancel or the whole map leads back", async ({ page, open }) => {
  await open(`${SMALL}&w=map`);
  await rest(page);
  const box = await crosshair(page).boundingBox();
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.2, 0.2));
  const first = await here(page);
  await page.mouse.down();
  await page.mouse.move(...at(0.3, 0.3));
  await page.mouse.move(...at(0.4, 0.5));
  await page.mouse.up();
  await rest(page);
  expect(first).not.toBe(null);
  await expect(levels(page)).toContainText("×");
  expect(kept(page, "mx")).not.toBe(null);
  expect(kept(page, "my")).not.toBe(null);
  await levels(page).getByRole("button", { name: "Whole map" }).click();
  await rest(page);
  expect(kept(page, "mx")).toBe(null);
  expect(kept(page, "my")).toBe(null);

  // A click pins the crosshair, so that the pointer can go to the cell's panel; another frees it.
  await page.mouse.click(...at(0.2, 0.2));
  const pinned = await here(page);
  await page.mouse.move(...at(0.4, 0.4));
  expect(await here(page)).toBe(pinned);
  await page.mouse.click(...at(0.2, 0.2));
  await page.mouse.move(...at(0.4, 0.4));
  await expect.poll(() => here(page)).not.toBe(pinned);
});

test("two fingers zoom into the map and back out of it", { tag: ["@phone"] }, async ({ page, open }) => {
  await open(`${SMALL}&w=map`);
  await rest(page);
  // Each finger from one share of the picture to another.
  const pinch = (fingers) =>
    crosshair(page).evaluate((element, fingers) => {
      const box = element.getBoundingClientRect();
      const tell = (type, pointerId, [x, y]) => {
        const [clientX, clientY] = [box.x + x * box.width, box.y + y * box.height];
        element.dispatchEvent(new PointerEvent(type, { pointerId, pointerType: "touch", clientX, clientY, bubbles: true }));
      };
      for (const [type, end] of [["pointerdown", 0], ["pointermove", 1], ["pointerup", 1]]) {
        fingers.forEach((ends, i) => tell(type, 11 + i, ends[end]));
      }
    }, fingers);
  const [near, far] = [[[0.45, 0.4], [0.55, 0.5]], [[0.35, 0.3], [0.65, 0.6]]];
  await pinch([0, 1].map((i) => [near[i], far[i]]));
  await rest(page);
  await expect(levels(page).getByRole("button", { name: "Whole map" })).toBeVisible();
  expect(kept(page, "mx")).not.toBe(null);
  expect(kept(page, "my")).not.toBe(null);
  await pinch([0, 1].map((i) => [far[i], near[i]]));
  await rest(page);
  await expect(levels(page).getByRole("button")).toHaveCount(0);
  expect(kept(page, "mx")).toBe(null);
});

test("axes are chosen and typed, what cannot be is said, a reload finds all of it", async ({ page, open, hand }) => {
  await open(`${SMALL}&w=map`);
  await rest(page);
  await choice(page, "Up").selectOption("l2");
  await rest(page);
  expect(kept(page, "my")).toBe("l2:0:1:log");
  const to = page.getByRole("textbox", { name: "Across to" });
  await to.fill("100");
  await to.press("Enter");
  await expect(caption(page)).toContainText("lr from 0.01 to 100 is out of range");
  await to.fill("much");
  await to.press("Enter");
  await expect(to).toHaveValue("100");
  await to.fill("1");
  await to.press("Enter");
  await rest(page);
  await expect(caption(page)).not.toContainText("out of range");
  await hand.press(page.getByRole("group", { name: "Seeds a cell" }).getByRole("button", { name: "2" }));
  await rest(page);
  await expect(transport(page)).toContainText("512 networks × 30 steps · done");
  // A slider that is no axis acts on the whole map.
  await slider(page, "Noise").fill("0");
  await rest(page);
  await expect(transport(page)).toContainText("512 networks × 30 steps · done");
  await page.reload();
  await map(page).waitFor();
  await rest(page);
  expect(kept(page, "my")).toBe("l2:0:1:log");
  expect(kept(page, "mx")).toBe("lr:0.01:1:log");
  await expect(transport(page)).toContainText("512 networks × 30 steps · done");
});

test("a large map is trained by several workers, and is the same table", async ({ page, open }) => {
  // Large enough to be shared out.
  const link = "#v=1&n=60&h=8-8&b=10&mg=32&mn=100&w=map&at=3";
  const tableWith = async (nCores, nWorkers) => {
    await page.addInitScript((n) => Object.defineProperty(navigator, "hardwareConcurrency", { get: () => n, configurable: true }), nCores);
    await open(`?engine=cpu${link}`);
    await rest(page);
    await expect(transport(page)).toContainText("1,024 networks × 100 steps · done");
    expect(page.workers().length).toBe(nWorkers);
    return (await save(page, "map-picture", "CSV table")).text;
  };
  const alone = await tableWith(2, 1);
  await page.goto("about:blank");
  expect(await tableWith(4, 3)).toBe(alone);

  // They are ended where nobody needs them.
  await viewTab(page, "Scope").click();
  await rest(page);
  await expect.poll(() => page.workers().length).toBe(1);
});
