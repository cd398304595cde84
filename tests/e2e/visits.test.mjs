// The last visit is there again, unless a link says otherwise; and it can be removed.

import { atFullRate, expect, started, test } from "../support/fixture.mjs";
import { button, choice, rest, slider, trainsOn } from "../support/scope.mjs";
import { scope } from "../support/views.mjs";

const restored = (page) => page.getByText("Restored your last visit.");
const kept = (page) => page.evaluate(() => localStorage.getItem("actiscope.last-visit"));
const activation = (page) => choice(page, "Activation");

/** A first visit that ends with an edit. */
async function edit(page, open) {
  await open("#v=1&at=5");
  await activation(page).selectOption("elu");
  await rest(page);
  expect(await kept(page)).toContain("a=elu");
}

/** Another visit, in a window of its own. */
async function visitAgain(page, server, link = "") {
  const next = await page.context().newPage();
  await next.goto(server.url + atFullRate(link));
  await started(next);
  return next;
}

test("a visit is restored and can be kept", { tag: ["@desk", "@phone"] }, async ({ page, open, server, hand }) => {
  await edit(page, open);
  const next = await visitAgain(page, server);
  await restored(next).waitFor();
  await expect(activation(next)).toHaveValue("elu");
  expect(next.url(), "the address says what is shown").toContain("a=elu");
  await button(next, "Keep it").click();
  await restored(next).waitFor({ state: "detached" });
  await expect(activation(next)).toHaveValue("elu");
});

test("a link wins over the last visit; one can start afresh, and undo that", async ({ page, open, server }) => {
  await edit(page, open);
  const led = await visitAgain(page, server, "#v=1&lr=0.5&at=5");
  await rest(led);
  await expect(slider(led, "Learning rate")).toHaveAttribute("aria-valuetext", "0.500");
  await expect(activation(led)).toHaveValue("relu");
  await expect(restored(led)).toHaveCount(0);
  expect(await kept(led), "only reading a link changes nothing that is kept").toContain("a=elu");
  await led.close();

  const next = await visitAgain(page, server);
  await restored(next).waitFor();
  await button(next, "Start afresh").focus();
  await next.keyboard.press("Enter");
  await expect(activation(next)).toHaveValue("relu");
  await restored(next).waitFor({ state: "detached" });
  await trainsOn(next);
  await button(next, "Undo").click();
  await expect(activation(next)).toHaveValue("elu");
});

test("what is kept can be cleared", async ({ page, open, server }) => {
  await edit(page, open);
  await page.locator("summary", { hasText: "More" }).click();
  await button(page, "Clear what is kept").click();
  await page.getByText("Nothing is kept in this browser any more.").waitFor();
  const names = await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("actiscope.")));
  expect(names).toEqual([]);
  const next = await visitAgain(page, server);
  await trainsOn(next);
  await expect(activation(next)).toHaveValue("relu");
  await expect(restored(next)).toHaveCount(0);
});

test("a full storage is told once, and nothing else happens", async ({ page, open }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await open("#v=1&at=5");
  await activation(page).selectOption("elu");
  const told = page.getByText("This browser keeps nothing for this page");
  await told.waitFor();
  await button(page, "Dismiss").click();
  await activation(page).selectOption("tanh");
  await rest(page);
  await expect(told).toHaveCount(0);
  await button(page, "Train").click();
  await trainsOn(page);
});

test("a table comes back too", async ({ page, open, server }) => {
  await open("#v=1&at=5");
  await choice(page, "Data set").selectOption("csv");
  const rows = Array.from({ length: 200 }, (_, i) => `${(i % 40) / 20 - 1},${(i % 37) / 20 - 1},${i % 2}`);
  await page.getByRole("textbox", { name: "Table as text" }).fill(`a,b,label\n${rows.join("\n")}\n`);
  await button(page, "Use this table").click();
  await expect.poll(() => kept(page)).toContain("csv=");
  const next = await visitAgain(page, server);
  await restored(next).waitFor();
  await expect(choice(next, "Data set")).toHaveValue("csv");
  await expect(next.getByRole("alert").filter({ hasText: "link" })).toHaveCount(0);
});

test("a malformed link is reported and the rest of it is kept; of an unknown view the Scope is shown", async ({ page, open }) => {
  await open("#v=1&lr=banana&zz=3&nz=0.3&w=sofa&at=5");
  const alert = page.getByRole("alert").filter({ hasText: "lr=banana" });
  await expect(alert).toContainText("zz");
  await expect(slider(page, "Noise")).toHaveAttribute("aria-valuetext", /0\.3/);
  await expect(page.getByRole("alert").filter({ hasText: "sofa" })).toBeVisible();
  await expect(scope(page)).toBeVisible();
});
