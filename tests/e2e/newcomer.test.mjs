// Somebody who has never seen the page finds out, from its texts alone: which layer is dead, since which step,
// why, and what to do; and does it.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { atRest, button, counts, doctor, line, story, tab, until } from "../support/scope.mjs";

const A_LAYER_DIES = "#v=1&lr=3&sp=200";

const WAYS = [
  { name: "mouse, 1440x900", context: { viewport: { width: 1440, height: 900 } }, press: (element) => element.click() },
  { name: "mouse, 1024x768", context: { viewport: { width: 1024, height: 768 } }, press: (element) => element.click() },
  {
    name: "touch, 390x844",
    context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    press: (element) => element.tap(),
  },
  {
    name: "keys alone",
    context: { viewport: { width: 1440, height: 900 } },
    press: async (element) => {
      await element.focus();
      await element.press("Enter");
    },
  },
];

for (const { name, context, press } of WAYS) {
  pageTest(`a newcomer finds out what is dead, since when, why, and mends it: ${name}`, { context }, async ({ page, open }) => {
    const started = Date.now();
    await open(A_LAYER_DIES);
    // What is on top says which layer, since when, and what killed it.
    const sentence = page.getByRole("region", { name: "What is going on" }).locator("p");
    const said = /^All of layer (\d) is dead since step ([\d,]+), killed at learning rate 3: the output is the same for every input\.$/;
    const text = await until(() => line(sentence), (text) => said.test(text), "the caption says it");
    const [, layer, since] = said.exec(text);
    await press(button(page, "Pause"));
    await atRest(page);

    // The Doctor shows by which numbers, and says the same.
    await press(tab(page, "Doctor"));
    const evidence = await line(doctor(page));
    assert.ok(evidence.startsWith(text), evidence);
    assert.match(evidence, new RegExp(`dead layer ${layer} 8 of 8 units`));
    assert.match(evidence, /learning rate 3/);

    // The log has the last death of that layer, and its unit's story says how.
    await press(tab(page, "Events"));
    const rows = page.getByRole("list", { name: "What happened" }).getByRole("button");
    const row = rows.filter({ hasText: new RegExp(`^\\s*${since}\\s*Layer ${layer} unit \\d died`) }).first();
    await press(row);
    await story(page).getByText("gradient norm").waitFor();
    const how = await line(story(page));
    assert.match(how, new RegExp(`^Layer ${layer} unit \\d died at step ${since}: (one update moved its (bias|weights) by|its own weights (stood still|hardly moved))`));
    assert.match(how, new RegExp(`All of layer ${layer} is dead, so the layers below stand still too: only a change of yours brings it back`));
    assert.match(how, /learning rate 3/);

    // What to do is a button, and it works.
    await press(story(page).getByRole("button", { name: "Rescue with Leaky ReLU" }));
    await until(() => counts(page), ({ dead }) => dead === 0, "every unit is back");
    await until(() => line(sentence), (text) => /^Leaky ReLU brought \d+ of \d+ back/.test(text), "and the caption says so");
    assert.ok(Date.now() - started < 60_000, "within a minute");
  });
}
