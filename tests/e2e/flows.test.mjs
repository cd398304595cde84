// See why a unit died, go back, and try again: the walk for which the page is made, in every way.

import assert from "node:assert/strict";
import { atRest, button, choice, counts, line, step, story, tab, until } from "../support/scope.mjs";
import { flow } from "../support/ways.mjs";

flow("why, back, again", 0, async ({ page, open, hand }) => {
  await open("#v=1");
  await until(() => counts(page), ({ dead }) => dead >= 3, "units die", 60_000);
  await hand.press(button(page, "Pause"));
  await atRest(page);

  // Why.
  const deaths = page.getByRole("list", { name: "What happened" }).getByRole("button").filter({ hasText: / died\./ });
  const [, at] = /^([\d,]+) /.exec(await line(deaths.first()));
  await hand.press(deaths.first());
  await story(page).getByText("gradient norm").waitFor();
  assert.match(await line(story(page)), new RegExp(`died at step ${at}: `));

  // Back: the whole page shows the step before.
  await hand.press(story(page).getByRole("button", { name: /^Go to the step before/ }));
  const before = Number(at.replaceAll(",", "")) - 1;
  await until(() => step(page), (now) => now === before, "the step before");

  // Again, otherwise: the run that is left stays in view.
  await hand.choose(choice(page, "From here with"), "Leaky ReLU");
  await until(() => choice(page, "Activation").inputValue(), (id) => id === "leaky_relu", "the edit is made");
  await until(() => step(page), (now) => now > before + 10, "it trains from there", 30_000);
  await until(() => counts(page), ({ dead }) => dead === 0, "nothing is dead", 30_000);
  const chart = page.locator(".panel.time [aria-label*='ReLU']").first();
  assert.match(await chart.getAttribute("aria-label"), /ReLU/, "both runs are told of");

  // And taken back.
  await hand.press(button(page, "Pause"));
  await atRest(page);
  await hand.press(page.getByRole("button", { name: /^Undo/ }));
  await until(() => choice(page, "Activation").inputValue(), (id) => id === "relu", "the edit is undone");
  await hand.press(tab(page, "Doctor"));
  assert.ok((await line(page.locator(".panel.events"))).length > 40, "the Doctor says something");
});
