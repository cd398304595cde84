// Somebody who has never seen the page finds out, from its texts alone: which layer is dead, since which step,
// why, and what to do; and does it.

import { expect, test } from "../support/fixture.mjs";
import { caption, counts, doctor, line, lines, rest, story, tab } from "../support/scope.mjs";

const A_LAYER_DIES = "#v=1&lr=3&at=400";

for (const [input, tag] of [
  ["mouse", "@desk"],
  ["keys", "@desk"],
  ["touch", "@tablet"],
  ["touch", "@phone"],
]) {
  test.describe(`${input} ${tag}`, () => {
    test.use({ input });

    test("a newcomer finds out what is dead, since when, why, and mends it", { tag }, async ({ page, open, hand }) => {
      await open(A_LAYER_DIES);
      // What is on top says which layer, since when, and what killed it.
      const said = /^All of layer (\d) is dead since step ([\d,]+), killed at learning rate 3: the output is the same for every input\.$/;
      const text = await line(caption(page));
      const [, layer, since] = said.exec(text) ?? expect(text).toMatch(said);

      // The Doctor names the cause, says the same, and shows by which numbers.
      await hand.press(tab(page, "Doctor"));
      await rest(page);
      await expect(doctor(page).getByRole("heading", { level: 3 })).toHaveText("Learning rate 3 overshoots.");
      await hand.press(doctor(page).getByRole("button", { name: text }));
      const evidence = await line(doctor(page));
      expect(evidence).toMatch(new RegExp(`dead 8 of 8 units in layer ${layer}`));
      expect(evidence).toMatch(/learning rate 3/);

      // The log has the last death of that layer, and its unit's story says how.
      await hand.press(tab(page, "Events"));
      await hand.press(lines(page, new RegExp(`^\\s*${since}\\s*Layer ${layer} unit \\d died`)).first());
      await story(page).getByText("gradient norm").waitFor();
      await rest(page);
      const how = await line(story(page));
      expect(how).toMatch(new RegExp(`^Layer ${layer} unit \\d died at step ${since}: (one update moved its (bias|weights) by|its own weights (stood still|hardly moved))`));
      expect(how).toMatch(new RegExp(`All of layer ${layer} is dead, so the layers below stand still too: only a change of yours brings it back`));
      expect(how).toMatch(/learning rate 3/);

      // What to do is a button, and it works.
      await hand.press(story(page).getByRole("button", { name: "Rescue with Leaky ReLU" }));
      await expect.poll(() => counts(page)).toMatchObject({ dead: 0 });
      await expect(caption(page)).toHaveText(/^Leaky ReLU brought \d+ of \d+ back/);
    });
  });
}
