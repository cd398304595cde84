// The ways in which each flow of the page is walked: every size, every input, and WebGPU on (training on it) and off.
//
//   flow("units die and say why", 0, async ({ page, open, hand }) => {
//     await open("#v=1");
//     await hand.press(button(page, "Pause"));
//   });
//
// Six ways a flow: each size with WebGPU and without, each input with WebGPU and without. `turn` (0, 1, 2) shifts the
// inputs against the sizes, so that flows of different turns meet all 18 ways. A flow beside the first of its kind
// takes three of the six: each size, each input, WebGPU on and off.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];
const INPUTS = ["mouse", "touch", "keys"];

/** The ways of a turn: `{ viewport, input, webgpu }`. */
export function ways(turn, { fewer = false } = {}) {
  const six = [true, false].flatMap((webgpu) =>
    SIZES.map((viewport, i) => ({ viewport, webgpu, input: INPUTS[(i + turn + (webgpu ? 0 : 1)) % INPUTS.length] })),
  );
  if (!fewer) {
    return six;
  }
  // Without WebGPU the one in the middle, whose input is the third one.
  return [six[0], six[2], { ...six[4], input: six[1].input }];
}

/**
 * Defines a test for each way. Options as those of pageTest; `context` is added to the way's. What the body gets
 * besides what pageTest gives: `hand`, which presses, chooses, sets, points and writes by the way's input; `way`; and an `open` that
 * has the GPU train where there is one, unless `trains` is false. `fewer`: three ways.
 */
export function flow(name, turn, options, body) {
  if (typeof options === "function") {
    [body, options] = [options, {}];
  }
  const { context, fewer, trains = true, ...rest } = options;
  for (const way of ways(turn, { fewer })) {
    const { viewport, input, webgpu } = way;
    const isTouched = input === "touch";
    const of = {
      timeout: 120_000,
      ...rest,
      webgpu,
      context: { viewport, hasTouch: isTouched, isMobile: isTouched && viewport.width < 720, ...context },
    };
    const title = `${name}: ${viewport.width}x${viewport.height}, ${input}, WebGPU ${webgpu ? "on" : "off"}`;
    pageTest(title, of, async (given) => {
      const { page } = given;
      const open = async (hash = "", options) => {
        await given.open(webgpu && trains ? `?engine=gpu${hash}` : hash, options);
        const engine = page.getByRole("group", { name: "Engine" });
        await engine.filter({ hasText: webgpu && trains ? /WebGPU/ : /CPU/ }).waitFor({ timeout: 30_000 });
      };
      await body({ ...given, open, way, hand: HANDS[input](page) });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} px too wide`);
    });
  }
}

/** What one does to a page, by each input. `share` is of a slider's width, `position` in an element's own pixels. */
const HANDS = {
  mouse: (page) => ({
    press: (element) => element.click(),
    choose: (select, label) => select.selectOption({ label }),
    set: async (slider, share) => {
      const { x, y } = await pointOf(slider, share);
      await page.mouse.click(x, y);
    },
    point: (element, position) => element.hover({ position }),
    write: (field, text) => field.fill(text),
  }),
  touch: (page) => ({
    press: (element) => element.tap(),
    choose: (select, label) => select.selectOption({ label }),
    set: async (slider, share) => {
      const { x, y } = await pointOf(slider, share);
      await page.touchscreen.tap(x, y);
    },
    point: (element, position) => element.tap({ position }),
    write: (field, text) => field.fill(text),
  }),
  keys: (page, typed = { at: 0 }) => ({
    press: async (element) => {
      await reach(page, element);
      const isToggle = await element.evaluate((e) => ["radio", "checkbox"].includes(e.type));
      await page.keyboard.press(isToggle ? "Space" : "Enter");
    },
    // A choice acts at once, and the field may go with it: letters are typed until it is made.
    choose: async (select, label) => {
      await reach(page, select);
      const made = await select.evaluateHandle((field) => {
        const made = { label: null };
        field.addEventListener("change", () => (made.label = field.selectedOptions[0].label), { capture: true });
        return made;
      });
      // Letters in quick succession are of one word.
      await page.waitForTimeout(Math.max(0, typed.at + 1_100 - Date.now()));
      const isMade = () => made.evaluate((made, label) => made.label === label, label);
      for (const letter of label) {
        await page.keyboard.press(letter);
        typed.at = Date.now();
        if (await isMade()) {
          return;
        }
      }
      assert.fail(`typing ${label} does not choose it`);
    },
    // Page up is a tenth of a slider.
    set: async (slider, share) => {
      await reach(page, slider);
      await page.keyboard.press("Home");
      for (let i = 0; i < Math.round(10 * share); i++) {
        await page.waitForTimeout(50);
        await page.keyboard.press("PageUp");
      }
    },
    point: async (element) => {
      await reach(page, element);
      await page.keyboard.press("ArrowRight");
    },
    write: async (field, text) => {
      await reach(page, field);
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(text);
    },
  }),
};

async function pointOf(slider, share) {
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  return { x: box.x + Math.min(Math.max(share, 0.02), 0.98) * box.width, y: box.y + box.height / 2 };
}

/**
 * Brings the focus to an element by keys alone: Tab, or Shift and Tab where it comes before; and arrows within a group
 * that Tab enters at one of its elements.
 */
async function reach(page, element) {
  await element.waitFor();
  for (let i = 0; i < 150; i++) {
    const key = await element.evaluate(keyTowards);
    if (key === null) {
      return;
    }
    await page.keyboard.press(key);
  }
  assert.fail(`keys do not reach ${element}`);
}

/** In the page: the key that brings the focus nearer to an element, or null where it has it. */
function keyTowards(target) {
  const now = document.activeElement;
  if (now === target) {
    return null;
  }
  const grid = target.closest(".units-grid");
  if (grid?.contains(now)) {
    const at = (unit) => /Layer (\d+) unit (\d+)/.exec(unit.getAttribute("aria-label")).slice(1).map(Number);
    const [[fromLayer, fromUnit], [layer, unit]] = [at(now), at(target)];
    if (fromLayer !== layer) {
      return fromLayer < layer ? "ArrowRight" : "ArrowLeft";
    }
    return fromUnit < unit ? "ArrowDown" : "ArrowUp";
  }
  const group = target.closest("[role=tablist], [role=radiogroup]");
  const isBehind = now !== document.body && now.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING;
  if (group?.contains(now)) {
    return isBehind ? "ArrowLeft" : "ArrowRight";
  }
  if (target.closest(".log")?.contains(now)) {
    return isBehind ? "ArrowUp" : "ArrowDown";
  }
  return isBehind ? "Shift+Tab" : "Tab";
}
