// A hundred presses on whatever is there, the same ones each time: nothing breaks, and the page still does its work.

import { expect, test } from "../support/fixture.mjs";
import { button, help, pause, rest, step, trainsOn } from "../support/scope.mjs";
import { viewTab } from "../support/views.mjs";

const N_PRESSES = 100;
const CONTROLS =
  "button, summary, select, input, [role=tab], [role=application], .crosshair, a[href^='#'], canvas";

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** In the page: a control that can be pressed now, by a number from 0 up to 1, as a place and what it is; or null. */
function controlAt([selector, share]) {
  const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  const found = [...top.querySelectorAll(selector)].filter((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const at = document.elementFromPoint(x + width / 2, y + height / 2);
    return width > 0 && !element.disabled && (at === element || element.contains(at));
  });
  const element = found[Math.floor(share * found.length)];
  if (!element) {
    return null;
  }
  const { x, y, width, height } = element.getBoundingClientRect();
  const { tagName, type = "", options } = element;
  const name = element.ariaLabel ?? element.textContent.slice(0, 40);
  return { x, y, width, height, kind: `${tagName.toLowerCase()} ${type}`, name, n_options: options?.length ?? 0 };
}

for (const [seed, tag] of [[1, "@desk"], [2, "@phone"]]) {
  test(`a hundred random presses do no harm, seed ${seed}`, { tag }, async ({ page, open, input, problems }, info) => {
    // Bounds a failure.
    info.setTimeout(300_000);
    const next = random(seed);
    await open("#v=1&at=30");
    const done = [];
    const press = async () => {
      const control = await page.evaluate(controlAt, [CONTROLS, next()]);
      if (control === null) {
        await page.keyboard.press("Escape");
        return;
      }
      const { x, y, width, height, kind, name } = control;
      // A map of that many cells, of whatever network there is, trains for minutes; so does one that asks before it does.
      if (/^(64|128|Compute \(.*\))$/.test(name.trim())) {
        return;
      }
      done.push(`${kind} ${name}`);
      const [px, py] = [x + width * (0.1 + 0.8 * next()), y + height * (0.2 + 0.6 * next())];
      if (kind.startsWith("select")) {
        // The browser's own list is not the page's to test.
        await page.evaluate(
          ([px, py, share]) => {
            const select = document.elementFromPoint(px, py)?.closest("select");
            const open = [...(select?.options ?? [])].filter((option) => !option.disabled);
            if (open.length > 0) {
              select.value = open[Math.floor(share * open.length)].value;
              select.dispatchEvent(new Event("change", { bubbles: true }));
            }
          },
          [px, py, next()],
        );
      } else if (input === "touch") {
        await page.touchscreen.tap(px, py);
      } else {
        await page.mouse.click(px, py);
      }
      if (next() < 0.2) {
        await page.keyboard.press(["ArrowRight", "ArrowLeft", "Escape", "Home", "End", "Control+z"][Math.floor(6 * next())]);
      }
    };
    try {
      for (let i = 0; i < N_PRESSES; i++) {
        await press();
        problems.judge();
      }

      // Whatever state it is in, and whatever lies over the run: an address shows what it asks for, which can be trained
      // and begun anew.
      await page.keyboard.press("Escape");
      await expect(help(page)).toBeHidden();
      await viewTab(page, "Scope").click();
      await page.evaluate(() => (location.hash = "#v=1&lr=0.1&at=1"));
      await rest(page);
      expect(await step(page)).toBe(1);
      await button(page, "Train").click();
      await trainsOn(page, 1);
      await pause(page);
      await rest(page);
      await button(page, "Reset").click();
      await rest(page);
      expect(await step(page)).toBe(0);
    } catch (error) {
      console.log(`seed ${seed}, ${done.length} presses:\n${done.join("\n")}`);
      throw error;
    }
  });
}
