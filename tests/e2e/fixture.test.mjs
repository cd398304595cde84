// Nothing that goes wrong on a page escapes the fixture: each of these provokes one kind of problem, and fails where
// it is not collected; and a problem fails its test.

import { expect, test } from "../support/fixture.mjs";

/** Opens a page of the site that needs no program. */
async function openBare(page, server) {
  const body = "<!doctype html><link rel=icon href='data:,'><title>Bare</title>";
  await page.route("**/bare.html", (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${server.url}bare.html`);
}

const consoleError = () => console.error("planned");

test("the fixture sees what goes wrong on a page", async ({ page, open, problems }) => {
  await page.route("**/planned.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: "throw new Error('planned by a worker')" }),
  );
  await open();
  for (const [name, expected, provoke] of [
    ["a console error", /console error: planned/, consoleError],
    ["a console warning", /console warning: planned/, () => console.warn("planned")],
    ["an uncaught error", /uncaught: .*planned error/, () => {
      setTimeout(() => {
        throw new Error("planned error");
      });
    }],
    ["a rejected promise", /uncaught: .*planned rejection/, () => {
      Promise.reject(new Error("planned rejection"));
    }],
    ["an uncaught error of a worker", /uncaught: .*planned by a worker/, () => void new Worker("planned.js")],
    ["a blocked inline style", /inline style/, () => {
      document.body.setAttribute("style", "color: red");
    }],
    ["a missing file", /status 404: .*missing\.json/, () => void fetch("missing.json")],
    ["a request that the page's policy stops", /Connecting to .*127\.0\.0\.2.* Content Security Policy/, () => {
      fetch("http://127.0.0.2:9/").catch(() => {});
    }],
  ]) {
    await test.step(name, async () => {
      problems.expect(expected);
      await page.evaluate(provoke);
      await expect.poll(() => problems.list.join("\n")).toMatch(expected);
    });
  }
  problems.expect(/console error: Failed to load/, /Content Security Policy/);
});

test("the fixture sees a request to another host", async ({ page, server, problems }) => {
  problems.expect(/request to another host: http:\/\/127\.0\.0\.2/, /request failed/);
  await openBare(page, server);
  const gone = page.waitForEvent("requestfailed");
  await page.evaluate(() => {
    location.href = "http://127.0.0.2:9/";
  });
  await gone;
});

test("a second page of the test is watched too", async ({ context, server, problems }) => {
  problems.expect(/console error: planned/);
  const second = await context.newPage();
  await openBare(second, server);
  await second.evaluate(consoleError);
});

test("a problem that nobody expected, and one that did not come, are the end of a test", async ({ page, server, problems }) => {
  await openBare(page, server);
  problems.judge();
  await page.evaluate(consoleError);
  await expect.poll(() => problems.list.length).toBe(1);
  expect(() => problems.judge()).toThrow(/console error: planned/);
  problems.expect(/console error: planned/);
  problems.judge();
  problems.expect(/status 404/);
  expect(() => problems.judge()).toThrow(/expected and did not come/);
  await page.evaluate(() => fetch("missing.json"));
  problems.expect(/console error: Failed to load/);
  await expect.poll(() => problems.list.length).toBe(3);
});

test.fail("every test is judged at its end", async ({ page, server }) => {
  await openBare(page, server);
  await page.evaluate(consoleError);
});
