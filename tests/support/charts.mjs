// What the tests of the charts ask of the page.

import { expect } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { rest } from "./scope.mjs";

export const panel = (page, name) => page.locator(`.panel.${name}`);
export const crosshair = (page, name) => panel(page, name).locator(".crosshair");
export const canvas = (page, name) => panel(page, name).locator(".picture:not(.class-key) canvas");

/** What the crosshair of a panel tells. */
export const told = (page, name) => crosshair(page, name).getAttribute("aria-valuetext");

/** The chart of a panel in words. */
export const words = (page, name) => canvas(page, name).getAttribute("aria-label");

/** Has a panel show the layers in another way: "Signal". */
export async function look(page, label) {
  await page.getByRole("radio", { name: label, exact: true }).check();
  await rest(page);
}

/** Saves the chart of a panel, and returns the file's name and bytes. */
export async function save(page, name, format, press = (element) => element.click()) {
  await press(panel(page, name).getByRole("button", { name: /^Save / }));
  const arriving = page.waitForEvent("download");
  await press(panel(page, name).getByRole("button", { name: format }));
  const download = await arriving;
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes, text: bytes.toString("utf8") };
}

/** Rows of a table without quotes: objects by the header's names. */
export function table(csv) {
  const [header, ...rows] = csv.trim().split("\n").map((line) => line.split(","));
  for (const row of rows) {
    expect(row.length, `fields of the row ${row}`).toBe(header.length);
  }
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
}

/** Number of different colours of a panel's canvas, and of its pixels that are painted. */
export const paint = (page, name) =>
  canvas(page, name).evaluate((canvas) => {
    // From a copy: a canvas that is read often is no longer painted by the GPU.
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    let painted = 0;
    for (let i = 0; i < data.length; i += 4) {
      painted += data[i + 3] > 0 ? 1 : 0;
      colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    }
    return { colours: colours.size, painted };
  });

/** The picture of a panel as text. */
export const picture = (page, name) => canvas(page, name).evaluate((canvas) => canvas.toDataURL());
