// Points of one's own: set and removed by mouse, touch and keys, undone, and kept in the link.

import { canvas } from "../support/charts.mjs";
import { expect, test } from "../support/fixture.mjs";
import { button, choice, rest, slider } from "../support/scope.mjs";

const plane = (page) => page.getByRole("application", { name: /^Plane of points/ });

/** Waits until so many samples are told of, of each class. */
const expectClasses = (page, ...numbers) =>
  expect(canvas(page, "boundary")).toHaveAttribute(
    "aria-label",
    new RegExp(numbers.map((n, i) => `class ${i} has ${n}\\b`).join("[^]*")),
  );
const expectSamples = (page, n) => expect(canvas(page, "boundary")).toHaveAttribute("aria-label", new RegExp(`with ${n} samples`));

/** The middle of the picture's square, in the page's pixels. */
async function middle(page) {
  await plane(page).scrollIntoViewIfNeeded();
  const box = await plane(page).boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const WAYS = [
  ["mouse", "@desk"],
  ["touch", "@phone"],
  ["keys", "@desk"],
];
for (const [input, tag] of WAYS) {
  test.describe(input, () => {
    test.use({ input });

    test("points are added and removed, undone, and kept in the link", { tag }, async ({ page, open, hand }) => {
      const useTool = async () => {
        if (input === "keys") {
          await plane(page).focus();
          await page.keyboard.press("Enter");
        } else {
          const { x, y } = await middle(page);
          await (input === "touch" ? page.touchscreen.tap(x + 4, y - 4) : page.mouse.click(x + 4, y - 4));
        }
        await rest(page);
      };
      await open("#v=1&n=20&nz=0&lr=0.1&at=5");
      await hand.press(button(page, "Edit points"));
      await plane(page).waitFor();
      await rest(page);
      await expectSamples(page, 20);
      await hand.press(button(page, "Add class 1"));
      await useTool();
      await expectClasses(page, 10, 11);
      await expect(choice(page, "Data set")).toHaveValue("points");
      expect(page.url()).toMatch(/d=points.*pts=|pts=.*d=points/);
      await hand.press(button(page, "Remove"));
      await useTool();
      await expectClasses(page, 10, 10);
      await hand.press(button(page, "Undo"));
      await expectClasses(page, 10, 11);
      await hand.press(button(page, "Undo"));
      await expect(choice(page, "Data set")).toHaveValue("circle");
      await hand.press(button(page, "Redo"));
      await expectClasses(page, 10, 11);
      await rest(page);
      const url = page.url();
      await page.reload();
      expect(page.url()).toBe(url);
      await expectClasses(page, 10, 11);
    });
  });
}

test("points are set from nothing, and one class is complained about", async ({ page, open }) => {
  await open("#v=1&lr=0.1&at=5");
  await button(page, "Edit points").click();
  await button(page, "Empty").click();
  await page.getByText("Empty: press on the picture").waitFor();
  const { x, y } = await middle(page);
  await page.mouse.click(x - 20, y);
  await expectSamples(page, 1);
  await page.getByText("All points are of one class").waitFor();
  await button(page, "Remove").click();
  await page.mouse.click(x - 20, y);
  await page.getByText("This is the last point").waitFor();
  await expectSamples(page, 1);
  await button(page, "Add class 1").click();
  await page.mouse.click(x + 20, y + 10);
  await expectClasses(page, 1, 1);
  await expect(page.getByText("All points are of one class")).toHaveCount(0);
});

test("keys alone move the cursor over the plane", async ({ page, open }) => {
  await open("#v=1&n=20&nz=0&lr=0.1&at=5");
  await button(page, "Edit points").focus();
  await page.keyboard.press("Enter");
  await expect(plane(page), "keys go on there").toBeFocused();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowLeft"]) {
    await page.keyboard.press(key);
  }
  await page.getByText("Cursor at 0.17, 0.10").waitFor({ state: "attached" });
  await page.keyboard.press("Enter");
  await expectClasses(page, 11, 10);
  await page.keyboard.press("Delete");
  await expectSamples(page, 20);
  await page.keyboard.press("Control+z");
  await expectSamples(page, 21);
  await page.keyboard.press("Escape");
  await plane(page).waitFor({ state: "detached" });
});

test("a curve is drawn by points, and numbers have a value", async ({ page, open }) => {
  await open("#v=1&d=sine&n=20&nz=0&lr=0.1&at=5");
  await button(page, "Edit points").click();
  const at = await middle(page);
  await page.mouse.click(at.x, at.y - 10);
  await expectSamples(page, 21);
  await choice(page, "Data set").selectOption("plane");
  await expectSamples(page, 20);
  await slider(page, "Value of new points").fill("-0.5");
  await page.mouse.click(at.x, at.y);
  await rest(page);
  const points = page.url().split("&").find((pair) => pair.startsWith("pts="));
  expect(points).toMatch(/pts=n:.*,-500$/);
});
