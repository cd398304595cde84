// The moment of death: a line of the log or a tile opens the unit's story, and one goes back to before it.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { atRest, button, choice, counts, health, line, seek, step, story, tab, until } from "../support/scope.mjs";
import { flow } from "../support/ways.mjs";

const log = (page) => page.getByRole("list", { name: "What happened" });

/** Waits for deaths, pauses, and gives the step of a death and its unit, as the log's line says. */
async function aDeath(page) {
  await until(() => counts(page), ({ dead }) => dead >= 3, "units die");
  await button(page, "Pause").click();
  await atRest(page);
  const row = log(page).getByRole("button").filter({ hasText: / died\./ }).first();
  const found = /^([\d,]+) Layer (\d+) unit (\d+) died\./.exec(await line(row));
  assert.ok(found, await line(row));
  return { row, at: Number(found[1].replaceAll(",", "")), name: `Layer ${found[2]} unit ${found[3]}` };
}

for (const [width, height, hasTouch] of [[1440, 900, false], [1024, 768, false], [390, 844, true]]) {
  const context = { viewport: { width, height }, hasTouch, isMobile: hasTouch };
  pageTest(`a line of the log opens the story of its unit, ${width}x${height}`, { context }, async ({ page, open }) => {
    await open();
    const { row, at, name } = await aDeath(page);
    await (hasTouch ? row.tap() : row.click());
    await story(page).getByText("gradient norm").waitFor();
    assert.equal(await tab(page, "Unit").getAttribute("aria-selected"), "true");
    const text = await line(story(page));
    assert.ok(text.startsWith(`${name} died at step ${at}: `), text);
    assert.match(text, /learning rate 1\.6/);
    assert.match(text, /Δ bias (−?[\d.e-]+)/);
    assert.match(text, /Its bias would have to rise by [\d.e-]+ to get gradient from one sample/);
    const [z, drift] = await story(page).getByRole("img").all();
    assert.match(await z.getAttribute("aria-label"), /before: from .* After: from .*, 100 % of it at slope 0/);
    assert.match(await drift.getAttribute("aria-label"), new RegExp(`^Drift of z over steps \\d+ to ${at}: .*in the end 100 %`));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);

    // Before it the unit was not dead; the story stays open.
    const back = story(page).getByRole("button", { name: `Go to the step before (${at - 1})` });
    await (hasTouch ? back.tap() : back.click());
    await until(() => step(page), (now) => now === at - 1, "the step before");
    await story(page).getByText(/At the step on show it is (alive|saturated)\./).waitFor();
    const tile = page.getByRole("button", { name: new RegExp(`^${name}\\b`) });
    await until(() => tile.getAttribute("aria-label"), (label) => !/dead/.test(label), "its tile says so");
    await seek(page, at);
    await until(() => tile.getAttribute("aria-label"), (label) => /dead/.test(label), "and that it is dead at the step");
  });
}

pageTest("a story that is not there yet says what is done for it", async ({ page, open }) => {
  await open();
  const { row, at, name } = await aDeath(page);
  await page.evaluate(() => {
    window.said = [];
    const note = () => window.said.push(document.querySelector(".unit-story")?.innerText ?? "");
    new MutationObserver(note).observe(document.querySelector(".panel.events"), { childList: true, subtree: true });
  });
  await row.click();
  await story(page).getByText("gradient norm").waitFor();
  const said = await page.evaluate(() => window.said);
  assert.ok(said.includes(`${name}: replaying the steps up to ${at}.`), JSON.stringify(said));
});

pageTest("a story that cannot be told says why", { timeout: 120_000 }, async ({ page, open }) => {
  // Of a run of the GPU, which the CPU cannot replay to the bit, late enough for that to tell.
  await open("?engine=gpu#v=1&a=tanh&g=4&lr=3&sp=200");
  await page.getByRole("group", { name: "Engine" }).filter({ hasText: "WebGPU" }).waitFor({ timeout: 30_000 });
  await until(() => step(page), (at) => at > 150, "it trains", 60_000);
  await button(page, "Pause").click();
  await atRest(page);
  const rows = await log(page).getByRole("button").filter({ hasText: / saturated\./ }).count();
  for (let i = 0; i < Math.min(rows, 12); i++) {
    await tab(page, "Events").click();
    await log(page).getByRole("button").filter({ hasText: / saturated\./ }).nth(i).click();
    const text = await until(() => line(story(page)), (text) => !/replaying|No unit/.test(text) && text.length > 20, "an answer");
    if (/^Layer \d unit \d\. At step [\d,]+ the unit does not become saturated any more: the CPU, which replays it for you, rounds/.test(text)) {
      return;
    }
  }
  assert.fail(`all of ${rows} stories were told to the bit`);
});

pageTest("all of a story is in view on a desk", async ({ page, open }) => {
  await open();
  await aDeath(page);
  const rows = log(page).getByRole("button").filter({ hasText: / died\./ });
  for (let i = 0; i < Math.min(await rows.count(), 6); i++) {
    await rows.nth(i).click();
    await story(page).getByText("gradient norm").waitFor();
    const hidden = await story(page).evaluate((e) => e.scrollHeight - e.clientHeight);
    assert.ok(hidden <= 0, `${await line(story(page))}: ${hidden} px are scrolled away`);
    await tab(page, "Events").click();
  }
});

pageTest("the sentence, the line of health and the network's key count the same units", async ({ page, open }) => {
  await open("#v=1&sp=120");
  const pairs = await page.evaluate(async () => {
    const pairs = [];
    const isEnough = () => pairs.length > 20 && new Set(pairs.map(([said]) => said)).size > 1;
    // A busy machine has few frames.
    const [least, most] = [5_000, 30_000].map((ms) => performance.now() + ms);
    while (performance.now() < (isEnough() ? least : most)) {
      await new Promise(requestAnimationFrame);
      const said = /(\d+) of 24 are dead/.exec(document.querySelector(".caption p").textContent)?.[1];
      const told = /Dead units: (\d+) of/.exec(document.querySelector(".health").textContent)?.[1];
      const [, shown] = /dead (\d+)/.exec(document.querySelector(".panel.network .key").textContent);
      if (said !== undefined) {
        pairs.push([said, told, shown]);
      }
    }
    return pairs;
  });
  assert.ok(pairs.length > 20 && new Set(pairs.map(([said]) => said)).size > 1, `${pairs.length} frames`);
  assert.deepEqual(pairs.filter(([said, told, shown]) => said !== told || said !== shown), []);
});

pageTest("keys alone open a unit's story and walk the tabs", async ({ page, open }) => {
  await open();
  await until(() => counts(page), ({ dead }) => dead >= 3, "units die");
  await page.keyboard.press("Space");
  const at = await atRest(page);
  const dead = page.locator("button.unit.dead").first();
  const name = /^Layer \d+ unit \d+/.exec(await dead.getAttribute("aria-label"))[0];
  await dead.focus();
  await page.keyboard.press("Enter");
  await until(() => line(story(page)), (text) => text.startsWith(`${name} `) && /died|born dead/.test(text), "its story");
  await tab(page, "Unit").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await tab(page, "Doctor").getAttribute("aria-selected"), "true");
  await page.keyboard.press("ArrowRight");
  assert.equal(await tab(page, "Events").getAttribute("aria-selected"), "true");
  await log(page).waitFor();
  await page.keyboard.press("End");
  assert.equal(await tab(page, "Doctor").getAttribute("aria-selected"), "true");
  assert.equal(await step(page), at, "the arrows took no step");
  await page.keyboard.press("Home");
  // From the tab into the list, and to a story by Enter.
  await log(page).getByRole("button").filter({ hasText: / died\./ }).first().focus();
  await page.keyboard.press("Enter");
  await until(() => line(story(page)), (text) => /died at step/.test(text), "a story by keys");
});

flow("saturation has a story, and so has what ends it", 1, { fewer: true }, async ({ page, open, hand, way }) => {
  await open("#v=1&a=tanh&g=4&lr=3&sp=200");
  await until(() => counts(page), ({ saturated }) => saturated >= 3, "units saturate", 60_000);
  await hand.press(button(page, "Pause"));
  await atRest(page);
  await hand.press(log(page).getByRole("button").filter({ hasText: / saturated\./ }).first());
  // What the CPU replays may differ from what the GPU did by its rounding, which is then said.
  const isOther = (text) => way.webgpu && /does not (become saturated|come alive) any more: .* rounds a little differently/.test(text);
  const isTold = (text) => /saturated at step [\d,]+: .*Its gradient is small but not 0/.test(text);
  const text = await until(() => line(story(page)), (text) => isTold(text) || isOther(text), "its story");
  if (!isOther(text)) {
    assert.match(text, /Its bias would have to (rise|fall) by [\d.e-]+ to learn from \d+ of \d+ samples|No change of its bias alone would do/);
  }

  await hand.choose(choice(page, "Activation"), "Identity");
  await until(() => counts(page), ({ saturated }) => saturated === 0, "a straight line saturates nowhere", 30_000);
  await hand.press(tab(page, "Events"));
  await hand.press(log(page).getByRole("button").filter({ hasText: / left saturation\./ }).first());
  const isNamed = (text) => /left saturation at step [\d,]+: your change did it \(/.test(text);
  await until(() => line(story(page)), (text) => isNamed(text) || isOther(text), "what ended it is named");
});

flow("a change that revives is named", 2, { fewer: true }, async ({ page, open, hand }) => {
  await open("#v=1");
  await until(() => counts(page), ({ dead }) => dead >= 3, "units die", 60_000);
  await hand.press(button(page, "Pause"));
  await atRest(page);
  await hand.press(page.locator(".caption button").filter({ hasText: /^Rescue with Leaky ReLU/ }));
  await until(() => counts(page), ({ dead }) => dead === 0, "the rescue works");
  await hand.press(tab(page, "Events"));
  await hand.press(log(page).getByRole("button").filter({ hasText: /(revived|gets gradient again)/ }).first());
  await until(() => line(story(page)), (text) => /your change did it \(.*Leaky ReLU/.test(text), "the change is named");
});

pageTest("without a unit it says how to choose one, and deaths are announced", async ({ page, open }) => {
  await open();
  await tab(page, "Unit").click();
  assert.match(await line(story(page)), /No unit is selected\. Choose a tile of the network, or a line under Events\./);
  const announced = page.locator(".events [aria-live=polite]");
  await until(() => announced.textContent(), (text) => /died (at step|between steps) \d/.test(text), "deaths are announced");
  assert.match(await health(page).textContent(), /Dead units: [1-9]/);
});
