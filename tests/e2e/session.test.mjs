// The last session is there again, unless a link says otherwise; and it can be removed.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { button, choice, slider, step, until } from "../support/scope.mjs";
import { flow } from "../support/ways.mjs";

const line = (page) => page.getByText("Restored your last session.");
const kept = (page) => page.evaluate(() => localStorage.getItem("actiscope.session"));
const activation = (page) => choice(page, "Activation").inputValue();

async function edited(page, open) {
  await open();
  await choice(page, "Activation").selectOption("elu");
  await until(() => kept(page), (text) => text?.includes("a=elu"), "the session is kept");
}

/** Leaves the page and comes again, with nothing on its way. */
async function visitAgain(page, address) {
  await page.waitForLoadState("networkidle");
  // The icon is fetched late, and leaving would cut it off.
  await page.waitForTimeout(1000);
  await page.goto("about:blank");
  await page.goto(address);
}

flow("a session is restored, kept, and cleared", 1, { fewer: true, trains: false }, async ({ page, open, url, hand }) => {
  await open();
  await hand.choose(choice(page, "Activation"), "ELU");
  await until(() => kept(page), (text) => text?.includes("a=elu"), "the session is kept");
  // Another visit, without a link.
  await visitAgain(page, url);
  await line(page).waitFor();
  assert.equal(await activation(page), "elu");
  assert.match(page.url(), /a=elu/, "the address says what is shown");
  await hand.press(button(page, "Keep it"));
  await line(page).waitFor({ state: "detached" });
  assert.equal(await activation(page), "elu");
  await hand.press(page.locator("summary", { hasText: "More" }));
  await hand.press(button(page, "Clear what is kept"));
  await page.getByText("Nothing is kept in this browser any more.").waitFor();
  await visitAgain(page, url);
  await until(() => step(page), (at) => at > 0, "it trains");
  assert.equal(await activation(page), "relu");
  assert.equal(await line(page).count(), 0);
});

pageTest("one can start afresh, and undo that", async ({ page, open, url }) => {
  await edited(page, open);
  await visitAgain(page, url);
  await line(page).waitFor();
  await button(page, "Start afresh").focus();
  await page.keyboard.press("Enter");
  await until(() => activation(page), (id) => id === "relu", "the default is loaded");
  await line(page).waitFor({ state: "detached" });
  await until(() => step(page), (at) => at > 0, "it trains");
  await button(page, "Undo").click();
  assert.equal(await activation(page), "elu");
});

pageTest("a link wins over the session", async ({ page, open, url }) => {
  await edited(page, open);
  await visitAgain(page, `${url}#v=1&lr=0.5`);
  await until(() => slider(page, "Learning rate").getAttribute("aria-valuetext"), (t) => t === "0.500", "the link's");
  assert.equal(await activation(page), "relu");
  assert.equal(await line(page).count(), 0);
  assert.match(await kept(page), /a=elu/, "and only reading a link changes nothing that is kept");
});

pageTest("what is kept can be cleared", async ({ page, open, url }) => {
  await edited(page, open);
  await page.locator("summary", { hasText: "More" }).click();
  await button(page, "Clear what is kept").click();
  await page.getByText("Nothing is kept in this browser any more.").waitFor();
  const names = await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("actiscope.")));
  assert.deepEqual(names, []);
  await visitAgain(page, url);
  await until(() => step(page), (at) => at > 0, "it trains");
  assert.equal(await activation(page), "relu");
  assert.equal(await line(page).count(), 0);
});

pageTest("a full storage is told once, and nothing else happens", async ({ page, open }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await open();
  await choice(page, "Activation").selectOption("elu");
  const told = page.getByText("This browser keeps nothing for this page");
  await told.waitFor();
  await button(page, "Dismiss").click();
  await choice(page, "Activation").selectOption("tanh");
  await page.waitForTimeout(800);
  assert.equal(await told.count(), 0);
  await until(() => step(page), (at) => at > 10, "it trains on");
});

pageTest("a table comes back too", async ({ page, open, url }) => {
  await open();
  await choice(page, "Data set").selectOption("csv");
  const rows = Array.from({ length: 1500 }, (_, i) => `${(i % 40) / 20 - 1},${(i % 37) / 20 - 1},${i % 2}`);
  await page.getByRole("textbox", { name: "Table as text" }).fill(`a,b,label\n${rows.join("\n")}\n`);
  await button(page, "Use this table").click();
  await until(() => kept(page), (text) => text?.includes("csv="), "it is kept");
  await visitAgain(page, url);
  await line(page).waitFor();
  assert.equal(await choice(page, "Data set").inputValue(), "csv");
  assert.equal(await page.getByRole("alert").filter({ hasText: "link" }).count(), 0);
});
