// A table of one's own: typed, written by keys, or dropped on the page; refused by line and reason; seen through
// chosen axes. What makes a row good or bad is tested natively.

import { readFileSync } from "node:fs";
import { canvas } from "../support/charts.mjs";
import { expect, test } from "../support/fixture.mjs";
import { button, choice, rest, step, unit } from "../support/scope.mjs";

const IRIS = readFileSync(new URL("../../crates/core/tests/reference/iris.csv", import.meta.url), "utf8");
const field = (page) => page.getByRole("textbox", { name: "Table as text" });
const boundary = (page) => canvas(page, "boundary");

/** 40 rows, the ninth of which is no good. */
function tableWithFault() {
  const rows = Array.from({ length: 40 }, (_, i) => `${Math.cos(i)},${Math.sin(2 * i)},${i % 2 ? "b" : "a"}`);
  rows[8] = "0.3,oops,b";
  return `x1,x2,label\n${rows.join("\n")}\n`;
}

/** Drops a file on the page. */
async function drop(page, text) {
  const transfer = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "table.csv", { type: "text/csv" }));
    return transfer;
  }, text);
  await page.locator(".scope").dispatchEvent("drop", { dataTransfer: transfer });
}

for (const [way, input, tag] of [
  ["dropped", "mouse", "@desk"],
  ["typed by touch", "touch", "@phone"],
  ["typed by keys alone", "keys", "@desk"],
]) {
  test.describe(way, () => {
    test.use({ input });

    test("a table with a bad row says which, and the good ones are used", { tag }, async ({ page, open, hand }) => {
      await open("#v=1&lr=0.1&at=5");
      if (input === "mouse") {
        await drop(page, tableWithFault());
      } else {
        await hand.choose(choice(page, "Data set"), "Your own CSV…");
        await hand.write(field(page), tableWithFault());
      }
      await expect(field(page)).toHaveValue(/oops/);
      await hand.press(button(page, "Use this table"));
      await page.getByText("line 10, column 2 (x2): 'oops' is not a number").waitFor();
      await hand.press(button(page, "Use the 39 good rows"));
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await expect(boundary(page)).toHaveAttribute("aria-label", /with 39 samples/);
    });
  });
}

test("more than two inputs are seen through chosen axes or principal components", async ({ page, open }) => {
  await open(`#v=1&lr=0.05&std=1&d=csv&at=5&csv=${encodeURIComponent(IRIS)}`);
  await expect(boundary(page)).toHaveAttribute("aria-label", /sepal_length_cm and sepal_width_cm/);
  await expect(button(page, "Edit points"), "points of four inputs lie on no plane").toHaveCount(0);
  await choice(page, "Horizontal axis").selectOption({ label: "petal_length_cm" });
  await rest(page);
  await expect(boundary(page)).toHaveAttribute("aria-label", /petal_length_cm and sepal_width_cm/);
  await expect(canvas(page, "network")).toHaveAttribute("aria-label", /over petal_length_cm to the right and sepal_width_cm upwards/);
  await unit(page, 1, 1).hover();
  await page.locator(".story").getByText("petal_length_cm, sepal_width_cm").waitFor();
  await choice(page, "Vertical axis").selectOption({ label: "Principal components" });
  await rest(page);
  await expect(boundary(page)).toHaveAttribute("aria-label", /component 1 and component 2/);
  expect(page.url()).toContain("ax=pc");
  expect(await step(page), "to look in another way does not begin anew").toBe(5);
  await choice(page, "Horizontal axis").focus();
  await page.keyboard.press("Home");
  await expect(boundary(page)).toHaveAttribute("aria-label", /sepal_length_cm and/);

  await expect(page.locator(".axes")).toHaveCount(1);
  await choice(page, "Data set").selectOption("circle");
  await expect(page.locator(".axes"), "a generated data set has no axes to choose").toHaveCount(0);
});
