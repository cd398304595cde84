// The views of the page: tabs in the header, the view in the address, back and forward, and what is kept meanwhile.

import { expect, test } from "../support/fixture.mjs";
import { button, caption, expectNoOverflow, rest, step, trainsOn, unit } from "../support/scope.mjs";
import { atlas, scope, viewTab } from "../support/views.mjs";

test("a tab opens the Atlas, and back and forward go between the views", { tag: ["@desk", "@tablet", "@phone"] }, async ({ page, open, hand }) => {
  await open("#v=1&lr=0.3&at=20");
  await expect(viewTab(page, "Scope")).toHaveAttribute("aria-current", "page");
  await hand.press(viewTab(page, "Atlas"));
  await atlas(page).waitFor();
  await rest(page);
  await expect(scope(page)).toBeHidden();
  await expect(viewTab(page, "Atlas")).toHaveAttribute("aria-current", "page");
  expect(page.url()).toMatch(/[#&?]w=atlas\b/);
  await expectNoOverflow(page);

  await page.goBack();
  await scope(page).waitFor();
  await rest(page);
  await expect(atlas(page)).toBeHidden();
  expect(page.url()).not.toMatch(/w=atlas/);
  expect(page.url()).toMatch(/lr=0\.3/);
  await page.goForward();
  await atlas(page).waitFor();
  await expect(scope(page)).toBeHidden();
});

test("a link opens the Atlas, and the Scope is there when one goes to it", async ({ page, open }) => {
  await open("#v=1&lr=0.3&w=atlas&at=20");
  await atlas(page).waitFor();
  await viewTab(page, "Scope").click();
  await scope(page).waitFor();
  await rest(page);
  expect(await step(page)).toBe(20);
});

test.describe("of a server of its own", () => {
  test.use({ isFresh: true });

  test("the Atlas is loaded when it is first opened, and what rests and is selected in the Scope survives that", async ({ page, open, server }) => {
    await open("#v=1&at=60");
    await unit(page, 2, 3).click();
    await rest(page);
    const said = await caption(page).textContent();
    const isAtlas = (name) => /_split_atlas.*\.wasm$/.test(name);
    expect([...server.sent.keys()].filter(isAtlas)).toEqual([]);
    await viewTab(page, "Atlas").click();
    await atlas(page).waitFor();
    await rest(page);
    expect([...server.sent.keys()].some(isAtlas)).toBe(true);
    await viewTab(page, "Scope").click();
    await rest(page);
    expect(await step(page)).toBe(60);
    await expect(unit(page, 2, 3)).toHaveAttribute("aria-pressed", "true");
    await page.getByRole("heading", { name: "z of layer 2 unit 3" }).waitFor();
    await expect(caption(page)).toHaveText(said);
  });
});

test("what trains in the Scope trains on meanwhile", async ({ page, open }) => {
  await open("#v=1");
  await trainsOn(page);
  const before = await step(page);
  await viewTab(page, "Atlas").click();
  await atlas(page).waitFor();
  await viewTab(page, "Scope").click();
  await scope(page).waitFor();
  await button(page, "Pause").waitFor();
  await expect.poll(() => step(page)).toBeGreaterThan(before);
});
