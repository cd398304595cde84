// The page within another one.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";
import { course } from "../support/course.mjs";
import { atRest, step, until } from "../support/scope.mjs";
import { flow } from "../support/ways.mjs";

const shown = (frame) => frame.locator(".panel").evaluateAll((panels) => panels.map((panel) => panel.classList[1]));

for (const width of [320, 640, 960]) {
  for (const address of ["#v=1&lr=0.3&embed=1&panels=curve,loss", "?embed=1&panels=curve,loss#v=1&lr=0.3"]) {
    const name = `chosen panels in a frame of ${width} px, ${address[0] === "?" ? "asked by query" : "by link"}`;
    pageTest(name, async ({ page, url }) => {
      const frame = await course(page, url, address, width);
      assert.equal((await shown(frame)).length, 2);
      assert.equal(await frame.locator(".panel.curve").count(), 1);
      assert.equal(await frame.locator(".top, .controls").count(), 0);
      await frame.locator(".caption p").waitFor();
      const wide = await frame.locator("html").evaluate((root) => root.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      for (const part of [".panel.curve", ".run", ".health", ".timeline"]) {
        const box = await frame.locator(part).evaluate((e) => {
          const { left, right, bottom, width: w } = e.getBoundingClientRect();
          return { left, right, bottom, w, room: innerWidth, height: innerHeight };
        });
        assert.ok(box.left >= 0 && box.right <= box.room + 1 && box.w > 40, `${part}: ${JSON.stringify(box)}`);
        assert.ok(part === ".panel.curve" || box.bottom <= box.height + 1, `${part}: ${JSON.stringify(box)}`);
      }
      const open = frame.getByRole("link", { name: "Open in Actiscope" });
      assert.match(await open.getAttribute("href"), /\/#v=1&lr=0\.3$/);
      assert.equal(await page.evaluate(() => document.activeElement.id), "answer", "the focus stays where it was");
    });
  }
}

flow("a course's page runs what it embeds", 2, { fewer: true }, async ({ page, url, hand, way }) => {
  const frame = await course(page, url, `${way.webgpu ? "?engine=gpu" : ""}#v=1&sp=30&embed=1&panels=curve,network`, 0.9 * way.viewport.width);
  await frame.getByRole("group", { name: "Engine" }).or(frame.locator(".timeline")).first().waitFor();
  await until(() => step(frame), (at) => at > 10, "it trains", 30_000);
  await hand.press(frame.getByRole("button", { name: "Pause" }));
  await frame.getByRole("button", { name: "Train" }).waitFor();
  const at = await atRest(frame);
  await hand.press(frame.getByRole("button", { name: "Step" }));
  await until(() => step(frame), (now) => now > at, "another step");
  const unit = frame.getByRole("button", { name: /^Layer 1 unit 1\b/ });
  await hand.press(unit);
  await until(() => unit.getAttribute("aria-pressed"), (is) => is === "true", "a unit is chosen");
  await frame.getByRole("heading", { name: "z of layer 1 unit 1" }).waitFor();
});

pageTest("an embedded page trains, and keeps and reads nothing", async ({ page, url }) => {
  await page.addInitScript(() => localStorage.setItem("actiscope.session", "#v=1&a=elu"));
  const frame = await course(page, url, "#v=1&sp=30&embed=1&panels=boundary", 480);
  await until(() => step(frame), (at) => at > 10, "it trains");
  await frame.getByRole("button", { name: "Pause" }).click();
  await frame.getByRole("button", { name: "Step" }).click();
  assert.equal(await frame.getByText("Restored").count(), 0);
  const names = await page.evaluate(() => Object.keys(localStorage));
  assert.deepEqual(names, ["actiscope.session"]);
});

pageTest("a panel that there is none is told", async ({ page, url }) => {
  const frame = await course(page, url, "#v=1&embed=1&panels=curve,sofa", 640);
  await frame.getByText("there is no panel sofa").waitFor();
  assert.equal((await shown(frame)).length, 1);
});

const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };
pageTest("the code to embed is copied, and works", { context: CLIPBOARD }, async ({ page, open, url }) => {
  await open("#v=1&lr=0.3&a=elu");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Copy embed code" }).click();
  await page.getByText("Embed code copied").waitFor();
  const code = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(code, /^<iframe src="[^"]+#v=1&amp;a=elu&amp;lr=0\.3&amp;embed=1&amp;panels=[^"]+"[^>]*><\/iframe>$/);
  await page.route("**/course.html", (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><title>Course</title>${code}` }));
  await page.goto(`${url}course.html`);
  const frame = page.frameLocator("iframe");
  await frame.getByRole("button", { name: "Pause" }).waitFor();
  assert.equal((await shown(frame)).length, 4);
});
