// Practice: the quiz, the flash cards, the round against the clock, and what the map shows of them.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expectNoViolation } from "../support/axe.mjs";
import { kept } from "../support/atlas.mjs";
import { expect, test } from "../support/fixture.mjs";
import { reach } from "../support/hands.mjs";
import { button, expectNoOverflow, rest } from "../support/scope.mjs";
import { lessons } from "../support/views.mjs";

const QUIZ = "#w=lessons&lesson=functions&step=quiz&at=0";
const CARDS = "#w=lessons&step=cards&at=0";
const ROUND = "#w=lessons&step=round&at=0";
const MAP = "#w=lessons&at=0";

const SIZES = { tag: ["@desk", "@phone"] };

const quiz = (page) => page.getByRole("main", { name: "Quiz" });
const cards = (page) => page.getByRole("main", { name: "Flash cards" });
const round = (page) => page.getByRole("main", { name: "Timed round" });
const bar = (page) => lessons(page).getByRole("region", { name: "Practice" });
const answers = (main) => main.getByRole("list", { name: "Answers" }).getByRole("button");
const told = (main) => main.getByRole("status");
const card = (page) => cards(page).getByRole("article");

/** The questions of a lesson's quiz as its file has them. */
function questions(id) {
  const file = readFileSync(fileURLToPath(new URL(`../../www/lessons/${id}.toml`, import.meta.url)), "utf8");
  const parts = file.split(/^\[+(.*?)\]+$/m);
  return parts
    .filter((_, at) => at > 0 && parts[at - 1] === "quiz")
    .map((part) => {
      const value = (key) => JSON.parse(new RegExp(`^${key} = (.*)$`, "m").exec(part)[1]);
      const texts = value("answers");
      const right = texts[value("right") - 1];
      return { ask: value("ask"), right, wrong: texts.find((text) => text !== right) };
    });
}

/** The places of the answers with these texts, in the order on show. */
async function placeOf(main, text) {
  const shown = await answers(main).allInnerTexts();
  const place = shown.findIndex((answer) => answer.includes(text));
  expect(place, `${text} is among ${shown}`).toBeGreaterThanOrEqual(0);
  return place;
}

async function goTo(page, open, link, main) {
  await open(link);
  await main(page).waitFor();
  await rest(page);
}

test("a quiz asks, tells why, and keeps what was answered", SIZES, async ({ page, open, hand }) => {
  const [first, second] = questions("functions");
  await goTo(page, open, QUIZ, quiz);
  await expect(quiz(page).getByRole("heading", { name: first.ask })).toBeVisible();
  await expect(quiz(page).getByRole("img", { name: /^A function over z\./ })).toBeVisible();
  await expectNoOverflow(page);
  await hand.press(answers(quiz(page)).nth(await placeOf(quiz(page), first.right)));
  await rest(page);
  await expect(told(quiz(page))).toHaveText(/^Right\. \S/);
  await expect(answers(quiz(page)).first()).toBeDisabled();
  await hand.press(button(quiz(page), "Next question"));
  await rest(page);
  await expect(quiz(page).getByRole("heading", { name: second.ask })).toBeFocused();
  await expect(told(quiz(page))).toHaveText("");
  const place = await placeOf(quiz(page), second.right);
  await hand.press(answers(quiz(page)).nth(await placeOf(quiz(page), second.wrong)));
  await rest(page);
  await expect(told(quiz(page))).toContainText(`${place + 1} was right: ${second.right}.`);
  await hand.press(button(quiz(page), "See the result"));
  await rest(page);
  await expect(quiz(page).getByRole("heading", { name: "1 of 2 right" })).toBeVisible();
  await expectNoOverflow(page);

  await page.reload();
  await quiz(page).waitFor();
  await rest(page);
  await hand.press(button(page, "All lessons"));
  await lessons(page).waitFor();
  await rest(page);
  await expect(bar(page)).toContainText("1 of 2 right");
  await expect(bar(page).getByRole("img", { name: /^1 right, 1 not right, \d+ open$/ })).toBeVisible();
  await expectNoOverflow(page);
});

test("a quiz goes by keys alone, and once more in another order", async ({ page, open }) => {
  const asked = questions("functions");
  await goTo(page, open, QUIZ, quiz);
  const orders = [];
  for (let time = 0; time < 4; time++) {
    for (const { ask, right } of asked) {
      await expect(quiz(page).getByRole("heading", { name: ask })).toBeVisible();
      const place = await placeOf(quiz(page), right);
      orders.push(`${ask} ${place}`);
      await page.keyboard.press(String(place + 1));
      await rest(page);
      await expect(told(quiz(page))).toHaveText(/^Right\./);
      await page.keyboard.press("n");
      await rest(page);
    }
    await expect(quiz(page).getByRole("heading", { name: "All 2 right" })).toBeFocused();
    await reach(page, button(quiz(page), "Go through it again"));
    await page.keyboard.press("Enter");
    await rest(page);
  }
  expect(new Set(orders).size, "the right answer is not always in the same place").toBeGreaterThan(2);
  // A wrong answer, and Enter where the focus is.
  await page.keyboard.press(String(((await placeOf(quiz(page), asked[0].right)) + 1) % 3 + 1));
  await rest(page);
  await expect(button(quiz(page), "Next question")).toBeFocused();
  await page.keyboard.press("Enter");
  await rest(page);
  await expect(quiz(page).getByRole("heading", { name: asked[1].ask })).toBeFocused();
});

test("the quiz of all lessons goes on with what is not known yet", async ({ page, open, hand }) => {
  await goTo(page, open, MAP, lessons);
  await hand.press(button(page, "Begin with the quiz"));
  await quiz(page).waitFor();
  await rest(page);
  expect([kept(page, "lesson"), kept(page, "step")]).toEqual([null, "quiz"]);
  const side = page.getByRole("region", { name: "Practice" });
  const [, n] = /1 of (\d+)/.exec(await side.innerText());
  expect(Number(n)).toBeGreaterThan(2);
  for (let tries = 0; ; tries++) {
    await page.keyboard.press("1");
    await rest(page);
    if (/^Right/.test(await told(quiz(page)).innerText())) {
      break;
    }
    expect(tries).toBeLessThan(Number(n));
    await page.keyboard.press("Enter");
    await rest(page);
  }
  await page.goBack();
  await lessons(page).waitFor();
  await rest(page);
  await hand.press(button(page, "Go on with the quiz"));
  await quiz(page).waitFor();
  await rest(page);
  await expect(side).toContainText(`1 of ${Number(n) - 1}`);
});

test("cards are turned, known or not, and come back another day", SIZES, async ({ page, open, hand }) => {
  await goTo(page, open, CARDS, cards);
  await expect(card(page)).toHaveAccessibleName("Card 1 of 20, front");
  await expect(button(cards(page), "Knew it")).toHaveCount(0);
  await expectNoOverflow(page);
  await hand.press(button(cards(page), "Turn the card"));
  await rest(page);
  await expect(card(page)).toHaveAccessibleName("Card 1 of 20, back");
  await expect(card(page).locator(".back")).not.toBeEmpty();
  await expectNoOverflow(page);
  await hand.press(button(cards(page), "Knew it"));
  await rest(page);
  await expect(card(page)).toHaveAccessibleName("Card 2 of 20, front");
  // The card itself can be pressed as well.
  await hand.press(card(page).getByRole("heading"));
  await rest(page);
  await hand.press(button(cards(page), "Not yet"));
  await rest(page);
  await expect(card(page), "it comes again").toHaveAccessibleName("Card 2 of 20, front");

  await page.reload();
  await cards(page).waitFor();
  await rest(page);
  const side = page.getByRole("region", { name: "Practice" });
  await expect(side).toContainText(/Due\s*1\D/);
  await expect(card(page)).toHaveAccessibleName("Card 1 of 21, front");
  await hand.press(button(page, "All lessons"));
  await lessons(page).waitFor();
  await rest(page);
  await expect(bar(page)).toContainText("2 met");
  await expect(button(page, "1 is due: flash cards")).toBeVisible();
});

test("a session of cards goes by keys alone to its end", async ({ page, open }) => {
  await goTo(page, open, CARDS, cards);
  for (let at = 1; at <= 20; at++) {
    await expect(card(page)).toHaveAccessibleName(`Card ${at} of 20, front`);
    await page.keyboard.press("1");
    await expect(card(page), "it is not judged before it was turned").toHaveAccessibleName(`Card ${at} of 20, front`);
    await page.keyboard.press("Space");
    await rest(page);
    await expect(card(page)).toHaveAccessibleName(`Card ${at} of 20, back`);
    await expect(card(page)).toBeFocused();
    await page.keyboard.press("1");
    await rest(page);
  }
  await expect(cards(page).getByRole("heading", { name: "20 cards done, 20 known at once" })).toBeVisible();
  await reach(page, cards(page).getByRole("button", { name: /^Go on with 20 cards$/ }));
  await page.keyboard.press("Enter");
  await rest(page);
  await expect(card(page)).toHaveAccessibleName("Card 1 of 20, front");
});

test("a round begins by a press, takes answers, and can be stopped", SIZES, async ({ page, open, hand }) => {
  await goTo(page, open, ROUND, round);
  await expect(answers(round(page))).toHaveCount(0);
  await expectNoOverflow(page);
  await hand.press(button(round(page), "Begin the round"));
  await rest(page);
  await expect(round(page).getByRole("timer", { name: "Time left" })).toHaveText(/^\d+ s$/);
  await expect(answers(round(page))).toHaveCount(3);
  await hand.press(answers(round(page)).first());
  await expect(told(round(page))).toHaveText(/^(Right|It was): \S/);
  await expect(round(page)).toContainText(/[01] right of 1/);
  await expectNoOverflow(page);
  await page.keyboard.press("2");
  await expect(round(page)).toContainText(/[012] right of 2/);
  await hand.press(button(round(page), "Stop"));
  await expect(round(page)).toContainText("not counted");
  await rest(page);
  await expect(round(page).getByRole("heading")).toBeFocused();
  await hand.press(button(round(page), "All lessons"));
  await lessons(page).waitFor();
  await expect(bar(page)).not.toContainText("best");
});

test.describe("with a clock of its own", () => {
  // The clock is its context's from then on.
  test.use({ isFresh: true });

  test("a round is over after 90 seconds, and its score stays", async ({ page, open, hand }) => {
    await page.clock.install();
    await goTo(page, open, ROUND, round);
    await hand.press(button(round(page), "Begin the round"));
    // Three names, of which one is right: by the verdict one learns which, and 30 tries hit some.
    for (let n = 1; n <= 30; n++) {
      await page.keyboard.press("1");
      await expect(round(page)).toContainText(`right of ${n}`);
    }
    await page.clock.fastForward(91_000);
    const heading = round(page).getByRole("heading", { name: /^\d+ right of 30$/ });
    await heading.waitFor();
    const [n_right] = /^\d+/.exec(await heading.innerText());
    expect(Number(n_right)).toBeGreaterThan(0);
    await expect(round(page)).toContainText("Your first round.");
    await page.keyboard.press("1");
    await expect(heading).toBeVisible();
    await hand.press(button(round(page), "All lessons"));
    await page.reload();
    await lessons(page).waitFor();
    await expect(bar(page)).toContainText(`best ${n_right}`);
  });
});

test("practice breaks no rule of axe", SIZES, async ({ page, open, hand }) => {
  await goTo(page, open, QUIZ, quiz);
  await expectNoViolation(page, "a question");
  await hand.press(answers(quiz(page)).first());
  await rest(page);
  await expectNoViolation(page, "an answer");
  await goTo(page, open, CARDS, cards);
  await hand.press(button(cards(page), "Turn the card"));
  await rest(page);
  await expectNoViolation(page, "a card");
  await goTo(page, open, ROUND, round);
  await hand.press(button(round(page), "Begin the round"));
  await rest(page);
  await expectNoViolation(page, "a round");
});

test.describe("dark", () => {
  test.use({ colorScheme: "dark" });
  test("practice has enough contrast in the dark", async ({ page, open, hand }) => {
    await goTo(page, open, "#w=lessons&lesson=batchnorm&step=quiz&at=0", quiz);
    await hand.press(answers(quiz(page)).first());
    await rest(page);
    await expectNoViolation(page, "an answer", ["color-contrast"]);
    await goTo(page, open, CARDS, cards);
    await hand.press(button(cards(page), "Turn the card"));
    await rest(page);
    await expectNoViolation(page, "a card", ["color-contrast"]);
  });
});
