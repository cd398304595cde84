// A table of one's own: typed, written by keys, or dropped on the page; looked at, mended by one press, and used; seen
// through chosen axes. How tables are read is tested natively.

import { readFileSync } from "node:fs";
import { canvas } from "../support/charts.mjs";
import { expect, test } from "../support/fixture.mjs";
import { button, choice, expectNoOverflow, rest, step, unit } from "../support/scope.mjs";

const IRIS = readFileSync(new URL("../../crates/core/tests/reference/iris.csv", import.meta.url), "utf8");
const field = (page) => page.getByRole("textbox", { name: "Table as text" });
const boundary = (page) => canvas(page, "boundary");
const dialog = (page) => page.getByRole("dialog");

/** 40 rows, the ninth of which is no good. */
function tableWithFault() {
  const rows = Array.from({ length: 40 }, (_, i) => `${Math.cos(i)},${Math.sin(2 * i)},${i % 2 ? "b" : "a"}`);
  rows[8] = "0.3,oops,b";
  return `x1,x2,label\n${rows.join("\n")}\n`;
}

/** Drops a file on the page. */
async function drop(page, bytes) {
  const transfer = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], "table.csv", { type: "text/csv" }));
    return transfer;
  }, [...bytes]);
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
        await drop(page, Buffer.from(tableWithFault()));
      } else {
        await hand.choose(choice(page, "Data set"), "Your own CSV…");
        await hand.write(field(page), tableWithFault());
      }
      await expect(field(page)).toHaveValue(/oops/);
      await page.getByText("1 row of 40 cannot be used whole, the first because line 10 has 'oops' in x2").waitFor();
      await expect(button(page, "Use this table")).toBeDisabled();
      await expectNoOverflow(page);
      await hand.press(button(page, "Leave 1 row out"));
      await page.getByText("39 samples, 2 inputs, 2 classes: a, b.").waitFor();
      await hand.press(button(page, "Use this table"));
      await dialog(page).waitFor({ state: "hidden" });
      await expect(boundary(page)).toHaveAttribute("aria-label", /with 39 samples/);
    });
  });
}

test("columns are chosen, kept in the link, and chosen again", async ({ page, open }) => {
  await open("#v=1&lr=0.05&at=5");
  const cars = "mpg;cylinders;name\n18,5;8;malibu\n15,0;8;skylark\n25,25;4;pinto\n24,0;4;corona\n";
  // UTF-16, as spreadsheets write it.
  await drop(page, Buffer.from(`\ufeff${cars}`, "utf16le"));
  await page.getByText("4 samples, 1 input, a number to learn").waitFor();
  await expect(choice(page, "Between cells")).toHaveValue("semicolon");
  await expect(choice(page, "Decimals")).toHaveValue("comma");
  await choice(page, "Use of name").selectOption({ label: "One input a value" });
  await page.getByText("4 samples, 5 inputs, a number to learn").waitFor();
  await choice(page, "Use of cylinders").selectOption({ label: "Target" });
  await page.getByText("4 samples, 5 inputs, 2 classes: 4, 8.").waitFor();
  await button(page, "Use this table").click();
  await rest(page);
  expect(page.url()).toContain("rd=target:2,class:3");
  await page.reload();
  await expect(boundary(page)).toHaveAttribute("aria-label", /with 4 samples/);
  await button(page, "Edit the table").click();
  await page.getByText("4 samples, 5 inputs, 2 classes: 4, 8.").waitFor();
  await choice(page, "Use of name").selectOption({ label: "Leave out" });
  await button(page, "Use this table").click();
  await expect(page).toHaveURL(/rd=target:2,out:3/);
  await button(page, "Undo").click();
  await expect(page, "to choose otherwise is undone").toHaveURL(/rd=target:2,class:3/);
});

test.describe("of a server of its own", () => {
  test.use({ isFresh: true });

  test("iris and digits come with the page, and their samples when they are asked for", async ({ page, open, server }) => {
    await open("#v=1&lr=0.1&at=5");
    const sets = () => [...server.sent.keys()].filter((name) => name.includes("_split_sets"));
    expect(sets(), "nobody asked").toEqual([]);
    await choice(page, "Data set").selectOption("iris");
    await rest(page);
    await expect(boundary(page)).toHaveAttribute("aria-label", /for sepal length \(cm\) from 4\.1 to 7\.9 and sepal width \(cm\).*with 150 samples/);
    expect(page.url()).toContain("d=iris");
    expect(sets()).toHaveLength(1);
    await open("#v=1&d=digits&std=1&lr=0.1&at=5");
    await expect(boundary(page)).toHaveAttribute("aria-label", /with 1,?797 samples/);
  });
});

test("samples are saved as a table that is read back", async ({ page, open }) => {
  await open("#v=1&n=20&lr=0.1&at=5");
  const saving = page.waitForEvent("download");
  await button(page, "Save samples").click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe("actiscope-circle.csv");
  await drop(page, readFileSync(await download.path()));
  await page.getByText("20 samples, 2 inputs, 2 classes: 0, 1.").waitFor();
});

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
