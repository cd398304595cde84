// See why a unit died, go back, and try again: the walk for which the page is made, with WebGPU on (training on
// it) and without, at three sizes, by mouse, by touch and by keys alone.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { atRest, button, choice, counts, line, step, story, tab, until } from "../support/scope.mjs";

const DESK = { viewport: { width: 1440, height: 900 } };
const TABLET = { viewport: { width: 1024, height: 768 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const byMouse = (element) => element.click();
const byTouch = (element) => element.tap();
const byKeys = async (element) => {
  await element.focus();
  await element.press("Enter");
};

const WAYS = [
  ["1440x900, mouse, trained by WebGPU", { webgpu: true, context: DESK }, byMouse, "?engine=gpu#v=1", /WebGPU/],
  ["1024x768, keys, trained by WebGPU", { webgpu: true, context: TABLET }, byKeys, "?engine=gpu#v=1", /WebGPU/],
  ["390x844, touch, trained by WebGPU", { webgpu: true, context: PHONE }, byTouch, "?engine=gpu#v=1", /WebGPU/],
  ["1440x900, keys, no WebGPU", { webgpu: false, context: DESK }, byKeys, "#v=1", /CPU/],
  ["1024x768, mouse, no WebGPU", { webgpu: false, context: TABLET }, byMouse, "#v=1", /CPU/],
  ["390x844, touch, no WebGPU", { webgpu: false, context: PHONE }, byTouch, "#v=1", /CPU/],
];

for (const [name, options, press, address, engine] of WAYS) {
  pageTest(`why, back, again: ${name}`, { ...options, timeout: 150_000 }, async ({ page, open }) => {
    await open(address);
    await page.getByRole("group", { name: "Engine" }).filter({ hasText: engine }).waitFor({ timeout: 30_000 });
    await until(() => counts(page), ({ dead }) => dead >= 3, "units die", 60_000);
    await press(button(page, "Pause"));
    await atRest(page);

    // Why.
    const deaths = page.getByRole("list", { name: "What happened" }).getByRole("button").filter({ hasText: / died\./ });
    const [, at] = /^([\d,]+) /.exec(await line(deaths.first()));
    await press(deaths.first());
    await story(page).getByText("gradient norm").waitFor();
    assert.match(await line(story(page)), new RegExp(`died at step ${at}: `));

    // Back: the whole page shows the step before.
    await press(story(page).getByRole("button", { name: /^Go to the step before/ }));
    const before = Number(at.replaceAll(",", "")) - 1;
    await until(() => step(page), (now) => now === before, "the step before");

    // Again, otherwise: the run that is left stays in view.
    await choice(page, "From here with").selectOption({ label: "Leaky ReLU" });
    await until(() => choice(page, "Activation").inputValue(), (id) => id === "leaky_relu", "the edit is made");
    await until(() => step(page), (now) => now > before + 10, "it trains from there", 30_000);
    await until(() => counts(page), ({ dead }) => dead === 0, "nothing is dead", 30_000);
    const chart = page.locator(".panel.time [aria-label*='ReLU']").first();
    assert.match(await chart.getAttribute("aria-label"), /ReLU/, "both runs are told of");

    // And taken back.
    await press(button(page, "Pause"));
    await atRest(page);
    await press(page.getByRole("button", { name: /^Undo/ }));
    await until(() => choice(page, "Activation").inputValue(), (id) => id === "relu", "the edit is undone");
    await press(tab(page, "Doctor"));
    assert.ok((await line(page.locator(".panel.events"))).length > 40, "the Doctor says something");
  });
}
