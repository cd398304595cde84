// A user's own points and tables: drawn by mouse, touch and keys, pasted, and seen through chosen axes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pageTest } from "../support/harness.mjs";
import { button, choice, step, until } from "../support/scope.mjs";
import { flow } from "../support/ways.mjs";

const plane = (page) => page.getByRole("application", { name: /^Plane of points/ });
const samples = async (page) => {
  const name = await page.locator(".panel.boundary canvas").getAttribute("aria-label");
  return Number(/with ([\d,]+) samples/.exec(name)?.[1].replaceAll(",", "") ?? -1);
};
const classes = async (page) => {
  const name = await page.locator(".panel.boundary canvas").getAttribute("aria-label");
  return [...name.matchAll(/class \d has (\d+)/g)].map((found) => Number(found[1]));
};
const IRIS = readFileSync(new URL("../../crates/core/tests/reference/iris.csv", import.meta.url), "utf8");

/** The middle of the picture's square, in the page's pixels. */
async function middle(page) {
  await plane(page).scrollIntoViewIfNeeded();
  const box = await plane(page).boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function edit(page) {
  await until(() => step(page), (at) => at > 3, "it trains");
  await button(page, "Edit points").scrollIntoViewIfNeeded();
  await button(page, "Edit points").click();
  await plane(page).waitFor();
}

/** Uses the tool in the middle of the plane, or near it. */
async function useTool(page, input) {
  if (input === "keys") {
    await plane(page).focus();
    await page.keyboard.press("Enter");
    return;
  }
  const { x, y } = await middle(page);
  await (input === "touch" ? page.touchscreen.tap(x + 4, y - 4) : page.mouse.click(x + 4, y - 4));
}

flow("points are added and removed, undone and kept in the link", 1, async ({ page, open, hand, way }) => {
  await open("#v=1&n=20&nz=0&lr=0.1");
  await until(() => step(page), (at) => at > 3, "it trains", 30_000);
  await hand.press(button(page, "Edit points"));
  await until(() => samples(page), (n) => n === 20, "the generated samples");
  await hand.press(button(page, "Add class 1"));
  await useTool(page, way.input);
  await until(() => classes(page), ([a, b]) => a === 10 && b === 11, "one more, and the samples kept");
  assert.equal(await choice(page, "Data set").inputValue(), "points");
  assert.match(await until(() => page.url(), (u) => u.includes("pts="), "a link"), /d=points/);
  await hand.press(button(page, "Remove"));
  await useTool(page, way.input);
  await until(() => classes(page), ([a, b]) => a === 10 && b === 10, "the nearest is removed");
  await hand.press(button(page, "Undo"));
  await until(() => classes(page), ([a, b]) => a === 10 && b === 11, "undone");
  await hand.press(button(page, "Undo"));
  await until(() => choice(page, "Data set").inputValue(), (id) => id === "circle", "and undone");
  await hand.press(button(page, "Redo"));
  await until(() => classes(page), ([a, b]) => a === 10 && b === 11, "and done again");
  // The link brings the points back.
  await until(() => page.url(), (u) => u.includes("pts="), "the link");
  const url = page.url();
  await page.reload();
  assert.equal(page.url(), url);
  await until(() => classes(page), ([a, b]) => a === 10 && b === 11, "the link holds them");
});

/** Opens the dialog for a table with a text in it: dropped on the page by mouse, else pasted or typed. */
async function bring(page, hand, input, text) {
  if (input === "mouse") {
    const transfer = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "table.csv", { type: "text/csv" }));
      return transfer;
    }, text);
    await page.locator(".scope").dispatchEvent("drop", { dataTransfer: transfer });
    return;
  }
  await hand.choose(choice(page, "Data set"), await ownTable(page));
  await hand.write(page.getByRole("textbox", { name: "Table as text" }), text);
}

const ownTable = (page) => choice(page, "Data set").locator("option[value=csv]").textContent();

flow("a table with bad rows says which, and the good ones are used", 2, { fewer: true }, async ({ page, open, hand, way }) => {
  await open("#v=1&lr=0.1");
  const rows = Array.from({ length: 40 }, (_, i) => `${Math.cos(i)},${Math.sin(2 * i)},${i % 2 ? "b" : "a"}`);
  rows[8] = "0.3,oops,b";
  await bring(page, hand, way.input, `x1,x2,label\n${rows.join("\n")}\n`);
  const field = page.getByRole("textbox", { name: "Table as text" });
  await until(() => field.inputValue(), (text) => text.includes("oops"), "the text is in the dialog");
  await hand.press(button(page, "Use this table"));
  await page.getByText("line 10, column 2 (x2): 'oops' is not a number").waitFor();
  await hand.press(button(page, "Use the 39 good rows"));
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await until(() => samples(page), (n) => n === 39, "the good rows are used");
});

pageTest("points are set from nothing, and one class is complained about", async ({ page, open }) => {
  await open("#v=1&lr=0.1");
  await edit(page);
  await button(page, "Empty").click();
  await page.getByText("Empty: press on the picture").waitFor();
  const { x, y } = await middle(page);
  await page.mouse.click(x - 20, y);
  await until(() => samples(page), (n) => n === 1, "the first point");
  await page.getByText("All points are of one class").waitFor();
  const before = await step(page);
  await until(() => step(page), (at) => at !== before, "it trains on one point");
  await button(page, "Remove").click();
  await page.mouse.click(x - 20, y);
  await page.getByText("This is the last point").waitFor();
  assert.equal(await samples(page), 1);
  await button(page, "Add class 1").click();
  await page.mouse.click(x + 20, y + 10);
  await until(() => classes(page), ([a, b]) => a === 1 && b === 1, "one of each");
  assert.equal(await page.getByText("All points are of one class").count(), 0);
  const loss = await page.locator(".stats").innerText();
  assert.ok(!/NaN|not a number/.test(loss), loss);
});

pageTest("keys alone set and remove points", async ({ page, open }) => {
  await open("#v=1&n=20&nz=0&lr=0.1");
  await until(() => step(page), (at) => at > 3, "it trains");
  await button(page, "Edit points").focus();
  await page.keyboard.press("Enter");
  await plane(page).waitFor();
  assert.ok(await plane(page).evaluate((e) => e === document.activeElement), "keys go on there");
  const at = await step(page);
  for (const key of ["ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowLeft"]) {
    await page.keyboard.press(key);
  }
  await page.getByText("Cursor at 0.17, 0.10").waitFor({ state: "attached" });
  await page.keyboard.press("Enter");
  await until(() => classes(page), ([a, b]) => a === 11 && b === 10, "Enter adds");
  await page.keyboard.press("Delete");
  await until(() => samples(page), (n) => n === 20, "Delete removes the nearest");
  await page.keyboard.press("Control+z");
  await until(() => samples(page), (n) => n === 21, "Ctrl Z undoes");
  await page.keyboard.press("Escape");
  await plane(page).waitFor({ state: "detached" });
  assert.ok(at >= 0);
});

pageTest("a finger finds the tools", { context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } }, async ({ page, open }) => {
  await open("#v=1&n=20&nz=0&lr=0.1");
  await edit(page);
  const box = await button(page, "Remove").boundingBox();
  assert.ok(box.height >= 36 && box.width >= 36, "a finger finds the tools");
});

pageTest("a curve is drawn by points, and numbers have a value", async ({ page, open }) => {
  await open("#v=1&d=sine&n=20&nz=0&lr=0.1");
  await edit(page);
  const at = await middle(page);
  await page.mouse.click(at.x, at.y - 10);
  await until(() => samples(page), (n) => n === 21, "a point of the curve");
  await choice(page, "Data set").selectOption("plane");
  await until(() => samples(page), (n) => n === 20, "a plane");
  await page.getByRole("slider", { name: "Value of new points" }).fill("-0.5");
  await page.mouse.click(at.x, at.y);
  await until(() => page.url(), (u) => /pts=n:.*,-500$/.test(u.split("&").find((p) => p.startsWith("pts=")) ?? ""), "its value");
});

pageTest("rows that cannot be used are named, and the others offered", async ({ page, open }) => {
  await open("#v=1&lr=0.1");
  await choice(page, "Data set").selectOption("csv");
  const rows = IRIS.trimEnd().split("\n");
  rows[3] = "4.7,wide,1.3,0.2,setosa";
  rows[9] = "4.4,2.9";
  await page.getByRole("textbox", { name: "Table as text" }).fill(rows.join("\n"));
  await button(page, "Use this table").click();
  const alert = page.getByRole("dialog").getByRole("alert");
  await until(() => alert.innerText(), (text) => /line 10: 2 fields, but the first row has 5/.test(text), "the first problem");
  await page.getByText("2 rows cannot be used.").waitFor();
  await button(page, "Use the 148 good rows").click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await until(() => samples(page), (n) => n === 148, "the good rows are used");
});

pageTest("a bad field is told with its line, column and reason", async ({ page, open }) => {
  await open("#v=1");
  await choice(page, "Data set").selectOption("csv");
  await page.getByRole("textbox", { name: "Table as text" }).fill("a,b,label\n1,2,x\n3,oops,y\n5,6,y\n");
  await button(page, "Use this table").click();
  await page.getByText("line 3, column 2 (b): 'oops' is not a number").waitFor();
  await button(page, "Use the 2 good rows").waitFor();
});

pageTest("more than two inputs are seen through chosen axes or principal components", async ({ page, open }) => {
  await open(`#v=1&lr=0.05&std=1&d=csv&csv=${encodeURIComponent(IRIS)}`);
  await until(() => step(page), (at) => at > 3, "it trains");
  const label = () => page.locator(".panel.boundary canvas").getAttribute("aria-label");
  await until(label, (text) => /sepal_length_cm and sepal_width_cm/.test(text), "the first two");
  assert.equal(await button(page, "Edit points").count(), 0, "points of four inputs lie on no plane");
  const field = () => page.evaluate(() => document.querySelector(".panel.boundary canvas").toDataURL().length);
  const at = await step(page);
  await choice(page, "Horizontal axis").selectOption({ label: "petal_length_cm" });
  await until(label, (text) => /petal_length_cm and sepal_width_cm/.test(text), "another pair");
  const tiles = () => page.locator(".panel.network canvas").getAttribute("aria-label");
  await until(tiles, (text) => /over petal_length_cm to the right and sepal_width_cm upwards/.test(text), "the tiles too");
  await page.locator("button.unit").first().hover();
  await page.locator(".story").getByText("petal_length_cm, sepal_width_cm").waitFor();
  await choice(page, "Vertical axis").selectOption({ label: "Principal components" });
  await until(label, (text) => /component 1 and component 2/.test(text), "principal components");
  await until(() => page.url(), (url) => url.includes("ax=pc"), "the link says so");
  assert.ok((await step(page)) >= at, "to look in another way does not begin anew");
  assert.ok((await field()) > 1000);
  await choice(page, "Horizontal axis").focus();
  await page.keyboard.press("Home");
  await until(label, (text) => /sepal_length_cm and/.test(text), "by keys");
});

pageTest("a generated data set has no axes to choose", async ({ page, open }) => {
  await open();
  await until(() => step(page), (at) => at > 3, "it trains");
  assert.equal(await page.locator(".axes").count(), 0);
});
