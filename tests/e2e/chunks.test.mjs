// Parts of the page whose code is fetched when they are first shown.

import { expect, test } from "../support/fixture.mjs";
import { button, help } from "../support/scope.mjs";

const CHUNK = /_split_dialogs.*\.wasm$/;

test("a part that cannot be loaded says so, and comes when one tries again", async ({ page, open, problems }) => {
  problems.expect(/^request failed: .*_split_dialogs/, /Failed to load resource/, /Failed to fetch/);
  await open("#v=1&at=1");
  await page.route(CHUNK, (route) => route.abort());
  await button(page, "Help").click();
  await expect(help(page).getByRole("alert")).toContainText("could not be loaded");
  await page.unroute(CHUNK);
  await help(page).getByRole("button", { name: "Try again" }).click();
  await help(page).getByText("train or pause").waitFor();
});

test("a part that takes long to load says so, and the page is not at rest until it is there", async ({ page, open }) => {
  await open("#v=1&at=1");
  let send;
  const held = new Promise((resolve) => (send = resolve));
  await page.route(CHUNK, async (route) => {
    await held;
    await route.continue();
  });
  await button(page, "Help").click();
  await expect(help(page).getByRole("status")).toContainText("Loading");
  await expect(page.locator("html")).not.toHaveAttribute("data-idle");
  send();
  await help(page).getByText("train or pause").waitFor();
  await expect(page.locator("html")).toHaveAttribute("data-idle");
});
