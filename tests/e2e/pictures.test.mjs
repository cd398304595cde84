// How the page looks, at a step of a run that is the same everywhere: the CPU engine's, bit by bit. The pictures are
// in tests/pictures/; UPDATE_PICTURES=1 takes the present ones for right: look at them before they are committed.

import { look } from "../support/charts.mjs";
import { course } from "../support/course.mjs";
import { atFullRate, expect, test } from "../support/fixture.mjs";
import { button, lines, rest, story, tab } from "../support/scope.mjs";

test.use({ reducedMotion: "reduce" });

/** Several units have died by then. */
const SCENARIO = "?engine=cpu#v=1&at=60";

/** How to come to what is shown, and the panel of it; without one all of the window is. */
const VIEWS = {
  scope: async () => null,
  unit: async (page) => {
    await tab(page, "Events").click();
    await lines(page, / died\. One update/).first().click();
    await story(page).getByText("gradient norm").waitFor();
    return ".panel.events";
  },
  doctor: async (page) => {
    if ((await page.locator("html.presenting").count()) > 0) {
      await button(page, "Full screen").click();
      await page.locator("html.presenting").waitFor({ state: "detached" });
    }
    await tab(page, "Doctor").click();
    return ".panel.events";
  },
  "z-over-time": async (page) => {
    await look(page, "z over time");
    return ".panel.gradient";
  },
  signal: async (page) => {
    await look(page, "Signal");
    return ".panel.gradient";
  },
  points: async (page) => {
    await button(page, "Edit points").click();
    return ".panel.boundary";
  },
  "full-screen": async (page) => {
    await button(page, "Full screen").click();
    await page.locator("html.presenting").waitFor();
    return null;
  },
  diverged: async (page) => {
    await lines(page, /Training diverged\./).click();
    await story(page).getByText("gradient norm").waitFor();
    return ".panel.events";
  },
};

/** Compares what is on show with the kept picture. */
async function expectAsBefore(page, name, part) {
  // A pointer shows what it is over.
  await page.mouse.move(1, 1);
  await rest(page);
  // The engine's name and rate differ from one machine to the next.
  const mask = [page.getByRole("group", { name: "Engine" })];
  // Those that come after it are compared, too.
  await expect.soft(part ? page.locator(part) : page).toHaveScreenshot(`${name}.png`, { mask });
}

for (const [size, colorScheme, views] of [
  ["desk", "light", ["scope", "z-over-time", "unit", "points"]],
  ["desk", "dark", ["scope", "full-screen", "doctor"]],
  ["tablet", "light", ["scope", "full-screen", "doctor"]],
  ["tablet", "dark", ["signal", "unit", "points"]],
  ["phone", "light", ["scope", "signal", "unit", "points"]],
  ["phone", "dark", ["scope", "z-over-time", "doctor"]],
]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`${views.join(", ")} look as before, ${size}`, { tag: `@${size}` }, async ({ page, open }) => {
      await open(SCENARIO);
      for (const view of views) {
        await test.step(view, async () => {
          const part = await VIEWS[view](page);
          await expectAsBefore(page, `${view}-${size}-${colorScheme}`, part);
        });
      }
    });
  });
}

const TWO = "?engine=cpu#v=1&w=classify&d=moons&nz=0.3&n=600&im=9&t=0.3&vs=0.2&h=8&a=tanh&i=glorot_normal&o=adam&lr=0.01&kt=1.5&at=200";
const DIGITS = "?engine=cpu#v=1&w=classify&d=digits&t=0.2&vs=0.1&std=1&h=16&b=32&l=softmax&o=adam&lr=0.003&at=150";

for (const [name, link, size, colorScheme] of [
  ["classify", TWO, "desk", "light"],
  ["classify", TWO, "tablet", "dark"],
  ["classify", TWO, "phone", "light"],
  ["digits", DIGITS, "desk", "dark"],
  ["digits", DIGITS, "phone", "dark"],
]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`${name} looks as before, ${size}`, { tag: `@${size}` }, async ({ page, open }) => {
      await open(link);
      await expectAsBefore(page, `${name}-${size}-${colorScheme}`);
    });
  });
}

// A lesson before a question, after it, the map, and what is said of one sample.
const ASKED = "?engine=cpu#w=lessons&lesson=relu-dies&step=3&at=0";
const MAP = "?engine=cpu#w=lessons&at=0";
const TERMS = "?engine=cpu#v=1&a=tanh&i=glorot_normal&h=3-2&b=160&n=160&lr=0.1&at=60";
const answer = (page) => page.keyboard.press("2");
const follow = async (page) => {
  await page.keyboard.press("t");
  await page.locator(".terms .card").first().waitFor();
  await rest(page);
  await page.keyboard.press("3");
};

for (const [name, link, act, size, colorScheme] of [
  ["asked", ASKED, null, "desk", "light"],
  ["asked", ASKED, null, "phone", "dark"],
  ["told", ASKED, answer, "desk", "dark"],
  ["told", ASKED, answer, "tablet", "light"],
  ["told", ASKED, answer, "phone", "light"],
  ["course", MAP, null, "desk", "light"],
  ["course", MAP, null, "tablet", "dark"],
  ["course", MAP, null, "phone", "dark"],
  ["terms", TERMS, follow, "desk", "light"],
  ["terms", TERMS, follow, "phone", "dark"],
]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`${name} looks as before, ${size}`, { tag: `@${size}` }, async ({ page, open }) => {
      await open(link);
      await act?.(page);
      await expectAsBefore(page, `${name}-${size}-${colorScheme}`);
    });
  });
}

test("the end of a run looks as before", async ({ page, open }) => {
  await open("?engine=cpu#v=1&lr=10&o=momentum&l=mse&at=200");
  await expectAsBefore(page, "diverged-desk-light", await VIEWS.diverged(page));
});

for (const [size, width, colorScheme] of [
  ["desk", 640, "light"],
  ["phone", 350, "dark"],
]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`the page within another looks as before, ${size}`, { tag: `@${size}` }, async ({ page, server }) => {
      const frame = await course(page, server.url, `${atFullRate(SCENARIO)}&embed=1&panels=curve,loss`, width);
      await page.mouse.move(1, 1);
      await rest(frame);
      await expect(page.locator("#frame")).toHaveScreenshot(`embed-${size}-${colorScheme}.png`);
    });
  });
}
