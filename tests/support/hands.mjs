// What one does to a page, by mouse, by touch, or by keys alone. `share` is of a slider's width, `position` in an
// element's own pixels.

import { expect } from "@playwright/test";
import { rest } from "./scope.mjs";

const POINTER = (page, tap) => ({
  press: (element) => (tap ? element.tap() : element.click()),
  choose: (select, label) => select.selectOption({ label }),
  set: async (slider, share) => {
    await slider.scrollIntoViewIfNeeded();
    const box = await slider.boundingBox();
    const x = box.x + Math.min(Math.max(share, 0.02), 0.98) * box.width;
    const y = box.y + box.height / 2;
    await (tap ? page.touchscreen.tap(x, y) : page.mouse.click(x, y));
  },
  point: (element, position) => (tap ? element.tap({ position }) : element.hover({ position })),
  write: (field, text) => field.fill(text),
});

const KEYS = (page) => ({
  press: async (element) => {
    await reach(page, element);
    const isToggle = await element.evaluate((e) => ["radio", "checkbox"].includes(e.type));
    await page.keyboard.press(isToggle ? "Space" : "Enter");
  },
  // The list is opened first: a choice acts at once, and those on the way to it are not meant.
  choose: async (select, label) => {
    await reach(page, select);
    const places = await select.evaluate((field, label) => {
      const open = [...field.options].filter((option) => !option.disabled);
      return { from: open.indexOf(field.selectedOptions[0]), to: open.findIndex((option) => option.label === label) };
    }, label);
    expect(places.to, `there is no choice ${label}`).toBeGreaterThanOrEqual(0);
    await page.keyboard.press("Alt+ArrowDown");
    const key = places.to > places.from ? "ArrowDown" : "ArrowUp";
    for (let i = 0; i < Math.abs(places.to - places.from); i++) {
      await page.keyboard.press(key);
    }
    await page.keyboard.press("Enter");
  },
  // Page up is a tenth of a slider.
  set: async (slider, share) => {
    await reach(page, slider);
    await page.keyboard.press("Home");
    for (let i = 0; i < Math.round(10 * share); i++) {
      // The page sets what it has been moved to.
      await rest(page);
      await page.keyboard.press("PageUp");
    }
  },
  point: async (element) => {
    await reach(page, element);
    await page.keyboard.press("ArrowRight");
  },
  write: async (field, text) => {
    await reach(page, field);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
  },
});

export function handOf(input, page) {
  return input === "keys" ? KEYS(page) : POINTER(page, input === "touch");
}

/**
 * Brings the focus to an element by keys alone: Tab, or Shift and Tab where it comes before; and arrows within a group
 * that Tab enters at one of its elements.
 */
export async function reach(page, element) {
  await element.waitFor();
  for (let i = 0; i < 150; i++) {
    const key = await element.evaluate(keyTowards);
    if (key === null) {
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`keys do not reach ${element}`);
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
