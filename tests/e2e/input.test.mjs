// Each kind of control does what it says by mouse, by touch, and by keys alone.

import { crosshair, save, table, told } from "../support/charts.mjs";
import { expect, test } from "../support/fixture.mjs";
import {
  button, choice, counts, expectNoOverflow, help, line, lines, number, rest, slider, step, story, tab, unit,
} from "../support/scope.mjs";

const rate = (page) => slider(page, "Learning rate").getAttribute("aria-valuetext");

for (const input of ["mouse", "touch", "keys"]) {
  test.describe(input, () => {
    test.use({ input, hasTouch: input === "touch" });

    test("buttons; a number, a choice of views, a formula", async ({ page, open, hand }) => {
      await open("#v=1&at=20");
      await test.step("step, reset, help", async () => {
        await hand.press(button(page, "Step"));
        await rest(page);
        expect(await step(page)).toBe(21);
        await hand.press(button(page, "Reset"));
        await rest(page);
        expect(await step(page)).toBe(0);
        await hand.press(button(page, "Help"));
        await help(page).waitFor();
        await hand.press(help(page).getByRole("button", { name: "Close" }));
        await help(page).waitFor({ state: "hidden" });
        await expectNoOverflow(page);
      });
      await test.step("a number, a choice of views, a formula", async () => {
        await hand.press(page.getByRole("radio", { name: "Signal", exact: true }));
        await page.getByRole("heading", { name: /^Signal by layer/ }).waitFor();
        await hand.write(page.getByRole("spinbutton", { name: "Seed" }), "7");
        await page.keyboard.press("Enter");
        await rest(page);
        expect(page.url()).toMatch(/[#&]s=7\b/);
        await hand.choose(choice(page, "Activation"), "Your own formula…");
        await hand.write(page.getByLabel("Formula in z"), "z * sigmoid(2 * z)");
        await rest(page);
        expect(page.url()).toMatch(/[#&]f=z/);
        expect((await counts(page)).dead, "it has a slope nearly everywhere").toBe(0);
      });
    });

    test("a list, a switch, a slider; undone one by one and done again", async ({ page, open, hand }) => {
      const norm = page.getByRole("switch", { name: "Batch normalization" });
      const [undo, redo] = [button(page, "Undo"), button(page, "Redo")];
      await open("#v=1&lr=0.1&at=20");
      await expect(undo).toBeDisabled();
      await hand.choose(choice(page, "Activation"), "Tanh");
      await expect(choice(page, "Activation")).toHaveValue("tanh");
      await rest(page);
      await hand.press(norm);
      await expect(norm).toBeChecked();
      await rest(page);
      await hand.set(slider(page, "Learning rate"), 0.2);
      await rest(page);
      expect(await rate(page)).not.toBe("0.100");
      await expect(undo).toHaveAttribute("title", /^Undo: learning rate/);
      // By keys it was set in several presses.
      while (/learning rate/.test(await undo.getAttribute("title"))) {
        await hand.press(undo);
      }
      expect(await rate(page)).toBe("0.100");
      await expect(undo).toHaveAttribute("title", "Undo: BatchNorm on");
      await hand.press(undo);
      await expect(norm).not.toBeChecked();
      await expect(undo).toHaveAttribute("title", "Undo: activation Tanh");
      await hand.press(undo);
      await expect(choice(page, "Activation")).toHaveValue("relu");
      await expect(undo).toBeDisabled();
      while (await redo.isEnabled()) {
        await hand.press(redo);
      }
      await expect(norm).toBeChecked();
      await expect(choice(page, "Activation")).toHaveValue("tanh");
    });

    test("a chart, a tile, a line of the log, a tab, the timeline", async ({ page, open, hand }) => {
      await open("#v=1&at=120");
      await test.step("a chart: its crosshair, its axes, its file", async () => {
        const rows = table((await save(page, "loss", "CSV", hand.press)).text);
        const target = crosshair(page, "loss");
        const box = await target.boundingBox();
        // Where the pointer is both times; keys begin at the same place too.
        const at = { x: box.width * 0.45, y: box.height * 0.3 };
        const isTold = async () => {
          await hand.point(target, at);
          await rest(page);
          const text = await told(page, "loss");
          const found = /^step ([\d,]+) · loss ([\d.e−]+) · batch loss ([\d.e−]+) · dead (\d+) · saturated (\d+)$/.exec(text);
          expect(found, text).not.toBeNull();
          const row = rows.find((row) => Number(row.step) === number(found[1]));
          for (const [i, column] of [[2, "probe_loss"], [3, "batch_loss"], [4, "dead_units"], [5, "saturated_units"]]) {
            const exact = Number(row[column]);
            expect(Math.abs(number(found[i]) - exact), `${column} of ${text}`).toBeLessThanOrEqual(0.006 * Math.abs(exact) + 1e-9);
          }
          return Number(row.step);
        };
        const linear = await isTold();
        await hand.press(button(page, "log x"));
        await expect(button(page, "log x")).toHaveAttribute("aria-pressed", "true");
        await rest(page);
        const decades = await isTold();
        expect(input === "keys" || decades < linear, `${decades}, before ${linear}`).toBe(true);
      });
      await test.step("a tile, a line of the log, a tab", async () => {
        await hand.press(unit(page, 2, 3));
        await page.getByRole("heading", { name: "z of layer 2 unit 3" }).waitFor();
        await hand.press(tab(page, "Events"));
        const death = lines(page, / died\./).first();
        const [, at, name] = /^([\d,]+) (Layer \d+ unit \d+) died\./.exec(await line(death));
        await hand.press(death);
        await rest(page);
        expect(await line(story(page))).toContain(`${name} died at step ${at}: `);
        await hand.press(tab(page, "Doctor"));
        await expect(tab(page, "Doctor")).toHaveAttribute("aria-selected", "true");
      });
      await test.step("the timeline, and what is offered from there", async () => {
        const fork = choice(page, "From here with");
        await expect(page.locator(".fork select:enabled"), "nothing to fork at the end").toHaveCount(0);
        await hand.set(slider(page, "Timeline"), 0.3);
        await rest(page);
        const at = await step(page);
        expect(at).toBeGreaterThan(5);
        expect(at).toBeLessThan(120);
        await hand.choose(fork, "Leaky ReLU");
        await expect(choice(page, "Activation")).toHaveValue("leaky_relu");
        await expect(page.getByRole("list", { name: "Runs in this chart" })).toContainText("Leaky ReLU");
      });
    });
  });
}

test("a drag of a slider is one edit, and one line of the log", async ({ page, open }) => {
  await open("#v=1&lr=0.1&at=60");
  const before = await n_lines(page);
  const rateSlider = slider(page, "Learning rate");
  const box = await rateSlider.boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 0.5 * box.width, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.7 * box.width, y, { steps: 10 });
  await rest(page);
  await page.mouse.move(box.x + 0.9 * box.width, y, { steps: 10 });
  await page.mouse.up();
  await rest(page);
  expect(await rate(page)).not.toBe("0.100");
  expect(await n_lines(page), "lines of the log").toBe(before + 1);
  const undo = button(page, "Undo");
  await expect(undo).toHaveAttribute("title", /^Undo: learning rate/);
  await undo.click();
  expect(await rate(page)).toBe("0.100");
  await expect(undo).toBeDisabled();
  await rest(page);
  expect(await step(page), "the run stands where it stood").toBe(60);
});

/** The number of lines that the log has. */
const n_lines = (page) => page.getByRole("list", { name: "What happened" }).getByRole("listitem").count();

test("fingers find what they need", { tag: "@phone" }, async ({ page, open }) => {
  await open("#v=1&n=20&nz=0&lr=0.1&at=5");
  const undo = await button(page, "Undo").boundingBox();
  expect(Math.min(undo.width, undo.height)).toBeGreaterThanOrEqual(40);
  await button(page, "Edit points").tap();
  const remove = await button(page, "Remove").boundingBox();
  expect(Math.min(remove.width, remove.height)).toBeGreaterThanOrEqual(36);
});
