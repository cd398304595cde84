// Lessons: a reader beside the live page, predictions before the reveal, claims that are measured here, and the map.

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expectNoViolation } from "../support/axe.mjs";
import { kept } from "../support/atlas.mjs";
import { course } from "../support/course.mjs";
import { expect, test } from "../support/fixture.mjs";
import { handOf, reach } from "../support/hands.mjs";
import { button, caption, counts, expectNoOverflow, rest, step } from "../support/scope.mjs";
import { lessons, scope, viewTab } from "../support/views.mjs";

const folder = fileURLToPath(new URL("../../www/lessons/", import.meta.url));
const IDS = readdirSync(folder)
  .filter((name) => name !== "course.toml")
  .map((name) => name.replace(".toml", ""));

const reader = (page) => page.getByRole("region", { name: "Lesson" });
const answers = (page) => reader(page).getByRole("group", { name: "Question" }).getByRole("button");
const put = (page) => button(reader(page), "Put the page as the lesson has it");
const claims = (page) => reader(page).locator(".claims li");

/** Every panel that is spoken of is there and carries its number. */
async function expectMarks(page) {
  for (const mark of await reader(page).locator(".marked:visible .number").all()) {
    const number = await mark.textContent();
    await expect(page.locator(`.view:not([hidden]) [data-mark="${number}"]`), `panel ${number}`).toHaveCount(1);
  }
}

/** Each claim was measured in this page and holds. */
async function expectClaims(page, what) {
  for (const claim of await claims(page).all()) {
    await expect(claim, `${what}: ${await claim.textContent()}`).toHaveClass("holds");
  }
}

/** From its first step to its last, the odd ones by the first hand and the even ones by the last. */
async function walk(page, open, id, hands) {
  await open(`#w=lessons&lesson=${id}`);
  await rest(page);
  const n_steps = await reader(page).locator(".bars button").count();
  expect(n_steps).toBeGreaterThan(3);
  for (let at = 1; at <= n_steps; at++) {
    const input = at % 2 === 1 ? hands.at(0) : hands.at(-1);
    const hand = handOf(input, page);
    await expect(reader(page)).toHaveAttribute("data-step", String(at));
    await rest(page);
    await expectMarks(page);
    if ((await answers(page).count()) > 0) {
      // What is told is nowhere before it is asked for.
      await expect(reader(page).locator(".told")).toHaveCount(0);
      if (input === "keys") {
        await page.keyboard.press("2");
      } else {
        await hand.press(answers(page).nth(1));
      }
      await rest(page);
      await expect(answers(page).first()).toBeDisabled();
      await expectMarks(page);
      await expect(reader(page).locator(".told").first()).toBeVisible();
    }
    expect(await reader(page).locator(".told .value").allInnerTexts()).not.toContain("…");
    await expectClaims(page, `${id}, step ${at}`);
    await expect(put(page), "the page is as the lesson has it").toBeDisabled();
    if (input === "keys") {
      await page.keyboard.press("n");
    } else {
      await hand.press(button(reader(page), "Next"));
    }
  }
  await rest(page);
  expect(kept(page, "step")).toBe("quiz");
}

// What is said and claimed is each lesson's own, and so is what lies beside it on a desk and on a phone; how answers are
// given and steps taken is the reader's, whatever the lesson.
for (const id of IDS) {
  test(`${id}, from start to end, by mouse and keys in turns`, async ({ page, open }) => {
    await walk(page, open, id, ["mouse", "keys"]);
  });
}

// Not `border`: to compute its maps once takes as long as five other lessons.
for (const id of IDS.filter((id) => id !== "border")) {
  test(`${id}, from start to end by touch`, { tag: "@phone" }, async ({ page, open }) => {
    await walk(page, open, id, ["touch"]);
  });
}

test("from start to end by keys alone", async ({ page, open }) => {
  await walk(page, open, "relu-dies", ["keys"]);
});

test("a lesson puts the page, takes its steps before the reader's eyes, and what one does to it is put back", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open("#w=lessons&lesson=relu-dies&step=3");
  await rest(page);
  await expect(viewTab(page, "Lessons")).toHaveAttribute("aria-current", "page");
  await expect(scope(page)).toBeVisible();
  await expect(page.getByRole("form", { name: "Controls" })).toBeHidden();
  await expect(put(page)).toBeDisabled();
  await hand.press(answers(page).nth(1));
  await rest(page);
  await expect(answers(page).nth(1)).toContainText("✓ right");
  await expect(reader(page).locator(".told").first()).toContainText("7 are dead");
  await expectClaims(page, "one update too far");
  await hand.press(button(page, "Show controls"));
  await expect(page.getByRole("form", { name: "Controls" })).toBeVisible();
  await page.getByRole("slider", { name: "Learning rate", exact: true }).press("Home");
  await rest(page);
  await hand.press(button(page, "Back to the lesson"));
  await expect(put(page)).toBeEnabled();
  await hand.press(put(page));
  await rest(page);
  await expect(put(page)).toBeDisabled();
  await expect(reader(page).locator(".told").first()).toContainText("7 are dead");
});

test("who leaves a lesson finds no mark of it, and the own run again", async ({ page, open }) => {
  await open("#v=1&a=tanh&lr=0.3&at=7");
  await viewTab(page, "Lessons").click();
  await lessons(page).waitFor();
  await rest(page);
  await button(page, "Begin").first().click();
  await rest(page);
  await expect(page.locator("[data-mark]").first()).toBeVisible();
  await viewTab(page, "Scope").click();
  await rest(page);
  await expect(page.locator("[data-mark]")).toHaveCount(0);
  await expect(page.getByRole("form", { name: "Controls" })).toBeVisible();
  expect(page.url()).toMatch(/a=identity/);
  await viewTab(page, "Lessons").click();
  await rest(page);
  await expect(page.locator("[data-mark]").first()).toBeVisible();
  await button(reader(page), "All lessons").click();
  await rest(page);
  await button(page, "Back to your run").click();
  await scope(page).waitFor();
  await rest(page);
  expect(page.url()).toMatch(/a=tanh&lr=0\.3/);
});

test("next and back leave nothing behind, and undo brings back what was there", async ({ page, open }) => {
  await open("#w=lessons&lesson=relu-dies&step=3");
  await rest(page);
  await page.keyboard.press("3");
  await rest(page);
  expect(await step(page)).toBe(60);
  const dead = (await counts(page)).dead;
  await expect(answers(page).nth(2)).toContainText("your prediction");
  await page.keyboard.press("PageDown");
  await rest(page);
  await page.keyboard.press("PageUp");
  await rest(page);
  expect(kept(page, "step")).toBe("3");
  expect([await step(page), (await counts(page)).dead]).toEqual([60, dead]);
  await expect(put(page)).toBeDisabled();
  await page.keyboard.press("ControlOrMeta+z");
  await rest(page);
  await expect(put(page)).toBeEnabled();
});

test("what was done survives a reload, is taken along as a code, and is cleared", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open("#w=lessons&lesson=relu-dies&step=3");
  await rest(page);
  await hand.press(answers(page).nth(0));
  await rest(page);
  await page.reload();
  await rest(page);
  await expect(answers(page).first()).toBeDisabled();
  await expect(answers(page).nth(1)).toContainText("it was this");
  await hand.press(button(reader(page), "All lessons"));
  await lessons(page).waitFor();
  await rest(page);
  await expect(caption(page)).toHaveText(/^0 of 13 lessons done\. How a ReLU dies stands at step 3 of 6\.$/);
  await page.getByText("Your progress").click();
  const code = page.getByRole("textbox", { name: "A code from elsewhere" });
  await hand.press(button(page, "Clear progress"));
  await expect(caption(page)).toHaveText("0 of 13 lessons done.");
  await code.fill("nonsense");
  await hand.press(button(page, "Bring it in"));
  await page.getByRole("alert").filter({ hasText: "no code" }).waitFor();
  await code.fill("seen relu-dies 0,1,2,3,4,5;given relu-dies 2 1");
  await hand.press(button(page, "Bring it in"));
  await expect(caption(page)).toHaveText("1 of 13 lessons done.");
  await page.reload();
  await lessons(page).waitFor();
  await rest(page);
  await expect(caption(page)).toHaveText("1 of 13 lessons done.");
});

test("keys go over the map and open a lesson; a run of one's own comes back", async ({ page, open }) => {
  await open("#v=1&a=tanh&lr=0.3&at=7");
  await viewTab(page, "Lessons").click();
  await lessons(page).waitFor();
  await rest(page);
  const node = (name) => page.getByRole("button", { name });
  await reach(page, node(/^1 Why a network/));
  await page.keyboard.press("ArrowRight");
  await expect(node(/^2 Meet the functions/)).toBeFocused();
  await expect(node(/^2 Meet the functions/)).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await rest(page);
  expect(kept(page, "lesson")).toBe("nonlinearity");
  await page.goBack();
  await lessons(page).waitFor();
  await rest(page);
  await button(page, "Back to your run").click();
  await scope(page).waitFor();
  await rest(page);
  expect(page.url()).toMatch(/a=tanh&lr=0\.3/);
});

test("a teacher's own lesson is opened, and its errors are told by line", async ({ page, open }) => {
  await open("#w=lessons&at=0");
  await lessons(page).waitFor();
  await rest(page);
  await page.getByText("A lesson of your own").click();
  const field = page.locator("input[type=file]");
  const lesson = (right) => `title = "Mine"
tagline = "t"
about = "a"
[[step]]
title = "One step"
text = "Look at the [curve](curve)."
link = "#v=1&lr=0.3&at=3"
happened = "{dead} dead."
[step.question]
ask = "How many?"
answers = ["none", "some", "all"]
right = ${right}
train = 2
`;
  const file = (text) => ({ name: "mine.toml", mimeType: "text/plain", buffer: Buffer.from(text) });
  await field.setInputFiles(file(lesson(7)));
  await expect(page.getByRole("alert").filter({ hasText: "Line 9" })).toContainText("'right' is 1, 2 or 3");
  await field.setInputFiles(file(lesson(1)));
  await rest(page);
  await expect(reader(page).getByRole("heading", { name: "Mine" })).toBeVisible();
  expect(kept(page, "lesson")).toBe("own");
  await page.keyboard.press("1");
  await rest(page);
  await expect(reader(page).locator(".told").first()).toContainText("0 dead.");
  expect(await step(page)).toBe(5);
  await page.reload();
  await rest(page);
  await expect(reader(page).getByRole("heading", { name: "Mine" })).toBeVisible();
});

test("a sheet for teachers has what to show, to ask, and what they will say", { tag: ["@desk", "@phone"] }, async ({ page, open }) => {
  await open("#w=lessons&lesson=relu-dies&step=sheet");
  const sheet = page.getByRole("main", { name: "Sheet for teachers" });
  await sheet.waitFor();
  await rest(page);
  for (const name of ["Show", "Ask", "They will say"]) {
    await expect(sheet.getByRole("heading", { name, exact: true })).toBeVisible();
  }
  await expect(sheet.getByRole("link").first()).toHaveAttribute("href", /#w=lessons&lesson=relu-dies&step=1$/);
  await page.emulateMedia({ media: "print" });
  await expect(viewTab(page, "Scope")).toBeHidden();
});

test("a lesson stands in a course's page", { tag: ["@desk", "@phone"] }, async ({ page, server, hand }) => {
  const link = "?throttle=off&embed=1#w=lessons&lesson=relu-dies&step=3&at=0";
  const frame = await course(page, server.url, link, 0.9 * page.viewportSize().width);
  await expect(reader(frame)).toBeVisible();
  await expect(frame.locator(".panel.network")).toBeVisible();
  await expectNoOverflow(frame);
  await hand.press(answers(frame).nth(1));
  await rest(frame);
  await expect(reader(frame).locator(".told").first()).toContainText("7 are dead");
  await hand.press(button(reader(frame), "Next"));
  await rest(frame);
  await expect(reader(frame)).toContainText("The moment of death");
  expect(new URL(page.url()).hash, "the course's own address stays as it is").toBe("");
  await expect(frame.getByRole("link", { name: "Open in Actiscope" })).toBeVisible();
});

test.describe("to a room", () => {
  test.use({ viewport: { width: 1920, height: 1080 } });

  test("question and answers are read from the back, and none is out of view", async ({ page, open }) => {
    await open("#w=lessons&lesson=relu-dies&step=3&at=0");
    await button(page, "Full screen").click();
    await page.locator("html.presenting").waitFor();
    await rest(page);
    const texts = [".reading .text p", ".question h4", ".question li button"];
    const sizes = await page.evaluate((texts) => {
      const zoom = Number(getComputedStyle(document.documentElement).getPropertyValue("--zoom"));
      return texts.map((each) => zoom * parseFloat(getComputedStyle(document.querySelector(`.reader ${each}`)).fontSize));
    }, texts);
    expect(Math.min(...sizes), `${texts}: ${sizes}`).toBeGreaterThanOrEqual(20);
    for (const answer of await answers(page).all()) {
      await expect(answer).toBeInViewport({ ratio: 0.9 });
    }
    await expectNoOverflow(page);
  });
});

test("reader and map break no rule of axe", { tag: ["@desk", "@phone"] }, async ({ page, open, hand }) => {
  await open("#w=lessons&at=0");
  await lessons(page).waitFor();
  await rest(page);
  await expectNoViolation(page, "the map");
  await open("#w=lessons&lesson=relu-dies&step=3&at=0");
  await rest(page);
  await expectNoViolation(page, "a question");
  await hand.press(answers(page).nth(1));
  await rest(page);
  await expectNoViolation(page, "an answer");
  await open("#w=lessons&lesson=relu-dies&step=sheet&at=0");
  await rest(page);
  await expectNoViolation(page, "the sheet");
});

test.describe("dark", () => {
  test.use({ colorScheme: "dark" });
  test("reader and map have enough contrast in the dark", async ({ page, open }) => {
    await open("#w=lessons&at=0");
    await lessons(page).waitFor();
    await rest(page);
    await expectNoViolation(page, "the map", ["color-contrast"]);
    await open("#w=lessons&lesson=relu-dies&step=3&at=0");
    await rest(page);
    await page.keyboard.press("1");
    await rest(page);
    await expectNoViolation(page, "an answer", ["color-contrast"]);
  });
});
