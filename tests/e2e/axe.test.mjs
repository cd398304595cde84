// Nothing on the page breaks a rule of axe-core, in any state that one can bring it to.

import { look, panel } from "../support/charts.mjs";
import { ownFormula, stripTab, TABS } from "../support/atlas.mjs";
import { expectNoViolation } from "../support/axe.mjs";
import { expect, test } from "../support/fixture.mjs";
import { button, choice, help, lines, rest, tab, unit } from "../support/scope.mjs";

for (const [colorScheme, tag, rules] of [
  ["light", ["@desk", "@phone"]],
  // It differs in its colours alone, which are the same at each size.
  ["dark", ["@desk"], ["color-contrast", "link-in-text-block"]],
]) {
  test.describe(colorScheme, { tag }, () => {
    test.use({ colorScheme });

    test("the Atlas, each of its tabs, and a formula at fault", async ({ page, open, hand }) => {
      const expectNone = (what) => test.step(what, () => expectNoViolation(page, what, rules));
      await open("#v=1&w=atlas&at=5");
      for (const name of TABS) {
        await stripTab(page, name).check();
        await rest(page);
        await expectNone(`the Atlas with ${name}`);
      }
      await hand.write(ownFormula(page), "z * sigmod(beta * z)");
      await page.getByRole("alert").filter({ hasText: "Column 5" }).waitFor();
      await expectNone("the Atlas with a formula at fault");
      await hand.write(ownFormula(page), "z * sigmoid(beta * z)");
      await button(page, "Add").click();
      await rest(page);
      await expectNone("the Atlas with a formula of one's own");
    });

    test("Compare, with few lanes and with many", async ({ page, open }) => {
      const expectNone = (what) => test.step(what, () => expectNoViolation(page, what, rules));
      await open("#v=1&w=compare&at=5&n=60&cs=2&cn=60&ct=0.5");
      await expectNone("Compare with three lanes");
      await button(page, "Eight functions 8").click();
      await rest(page);
      await expectNone("Compare with eight lanes");
    });

    test("Classify, of two classes and of ten", async ({ page, open }) => {
      const expectNone = (what) => test.step(what, () => expectNoViolation(page, what, rules));
      await open("#v=1&w=classify&d=moons&n=300&im=9&t=0.3&vs=0.2&cw=1,3&kt=2&at=30");
      await expectNone("Classify with two classes");
      await open("#v=1&w=classify&d=digits&t=0.2&std=1&h=8&l=softmax&lr=0.1&at=30");
      await expectNone("Classify with digits");
    });

    test("the Map, whole and zoomed", async ({ page, open }) => {
      const expectNone = (what) => test.step(what, () => expectNoViolation(page, what, rules));
      await open("#v=1&w=map&at=5&n=60&h=4&b=10&mg=16&mn=30&ms=2");
      await expectNone("the Map");
      await button(page, "Zoom in here").click();
      await rest(page);
      await expectNone("the Map after a zoom");
    });

    test("the Scope, the views of its layers, a story, the Doctor, more settings, points, the help sheet", async ({ page, open }) => {
      const expectNone = (what) => test.step(what, () => expectNoViolation(page, what, rules));
      await open("#v=1&at=120");
      await expectNone("the Scope");
      for (const view of ["z over time", "a over time", "Update ratio", "Signal"]) {
        await look(page, view);
        await expectNone(view);
      }
      await panel(page, "loss").getByRole("button", { name: /^Save / }).click();
      await panel(page, "loss").locator(".menu").waitFor();
      await expectNone("the menu of formats");
      await page.keyboard.press("Escape");
      await lines(page, / died\./).first().click();
      await page.locator(".story-charts").waitFor();
      await rest(page);
      await expectNone("the story of a unit");
      await tab(page, "Doctor").click();
      await rest(page);
      await expectNone("the Doctor");
      await page.locator("summary", { hasText: "More" }).click();
      await rest(page);
      await expectNone("the Scope with more settings");
      await button(page, "Edit points").click();
      await rest(page);
      await expectNone("the Scope with points being edited");
      await button(page, "Help").click();
      await help(page).locator("kbd").first().waitFor();
      await expectNone("the help sheet");
    });

    test("a unit's weights, a schedule, a weight of the drawing, and a table that is looked at", async ({ page, open, hand }) => {
      const expectNone = (what) => test.step(what, () => expectNoViolation(page, what, rules));
      await open("#v=1&at=20&lr=0.1&bn=1&sch=cosine&wu=10&vl=1&vu=2");
      await tab(page, "Unit").click();
      await page.locator("summary", { hasText: "More" }).click();
      await rest(page);
      await page.locator(".rate-over-steps").scrollIntoViewIfNeeded();
      await expectNone("the Scope with a schedule and a unit's weights");
      const tile = unit(page, 2, 4);
      await tile.scrollIntoViewIfNeeded();
      const box = await tile.boundingBox();
      await page.mouse.click(box.x - 8, box.y + box.height / 2);
      await page.getByRole("group", { name: "Weight", exact: true }).getByRole("textbox").waitFor();
      await expectNone("a weight of the drawing");
      await hand.choose(choice(page, "Data set"), "Your own CSV…");
      await hand.write(page.getByRole("textbox", { name: "Table as text" }), "a,b,kind\n1,2,x\n3,?,y\n5,6,y\n");
      await page.getByRole("button", { name: "Leave 1 row out" }).waitFor();
      await rest(page);
      await expectNone("a table with a gap");
      await button(page, "Leave 1 row out").click();
      await rest(page);
      await expectNone("a table that can be used");
    });
  });
}

test.describe("in forced colours", () => {
  test.use({ forcedColors: "active", reducedMotion: "reduce" });

  test("the Scope", async ({ page, open }) => {
    await open("#v=1&at=60");
    await expectNoViolation(page, "the Scope");
  });
});

test("an embedded page", { tag: ["@desk", "@phone"] }, async ({ page, open }) => {
  await open("#v=1&at=60&embed=1&panels=curve,network,boundary,loss,gradient,events");
  await expectNoViolation(page, "the embedded page");
});

test.describe("before a room", () => {
  test.use({ viewport: { width: 1920, height: 1080 } });

  test("a step back, with axes", async ({ page, open }) => {
    await open("#v=1&d=csv&at=10&csv=a,b,c,label%0A1,2,3,x%0A2,1,1,y%0A3,2,5,x%0A1,1,1,y");
    await page.getByRole("slider", { name: "Timeline" }).press("Home");
    await button(page, "Full screen").click();
    await expect(page.locator("html.presenting")).toHaveCount(1);
    await rest(page);
    await expectNoViolation(page, "the Scope, full screen");
  });
});
