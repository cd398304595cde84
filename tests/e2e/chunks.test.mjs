// Parts of the page whose code is fetched when they are first shown.

import { pageTest } from "../support/harness.mjs";

const FAILURES = [/^request failed: .*_split_dialogs/, /Failed to load resource/, /Failed to fetch/];

pageTest("a part that cannot be loaded says so, and comes when one tries again", { expected: FAILURES }, async ({ page, open }) => {
  await open();
  await page.route(/_split_dialogs.*\.wasm$/, (route) => route.abort());
  await page.getByRole("button", { name: "Help" }).click();
  const sheet = page.getByRole("dialog", { name: "Keys and words" });
  await sheet.getByRole("alert").filter({ hasText: "could not be loaded" }).waitFor();
  await page.unroute(/_split_dialogs.*\.wasm$/);
  await sheet.getByRole("button", { name: "Try again" }).click();
  await sheet.getByText("train or pause").waitFor();
});

pageTest("a part that takes long to load says so", async ({ page, open }) => {
  await open();
  await page.route(/_split_dialogs.*\.wasm$/, async (route) => {
    await new Promise((then) => setTimeout(then, 1_000));
    await route.continue();
  });
  await page.getByRole("button", { name: "Help" }).click();
  const sheet = page.getByRole("dialog", { name: "Keys and words" });
  await sheet.getByRole("status").filter({ hasText: "Loading" }).waitFor();
  await sheet.getByText("train or pause").waitFor();
});
