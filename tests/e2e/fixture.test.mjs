// Nothing that goes wrong on a page escapes the fixture: each of these provokes one kind of problem, and fails where
// it is not collected; and a problem fails its test.

import { expect, test } from "../support/fixture.mjs";

const provoked = (name, expected, provoke) =>
  test(`the fixture sees ${name}`, async ({ page, open, problems }) => {
    problems.expect(expected);
    await open();
    await page.evaluate(provoke);
    await expect.poll(() => problems.list.join("\n")).toMatch(expected);
  });

const consoleError = () => console.error("planned");

provoked("a console error", /console error: planned/, consoleError);
provoked("a console warning", /console warning: planned/, () => console.warn("planned"));
provoked("an uncaught error", /uncaught: .*planned/, () => {
  setTimeout(() => {
    throw new Error("planned");
  });
});
provoked("a rejected promise", /uncaught: .*planned/, () => {
  Promise.reject(new Error("planned"));
});
provoked("a blocked inline style", /inline style/, () => {
  document.body.setAttribute("style", "color: red");
});

test("the fixture sees an uncaught error of a worker", async ({ page, open, problems }) => {
  problems.expect(/uncaught: .*planned/);
  await open();
  await page.route("**/planned.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: "throw new Error('planned')" }),
  );
  await page.evaluate(() => void new Worker("planned.js"));
  await expect.poll(() => problems.list.length).toBe(1);
});

test("the fixture sees a missing file", async ({ page, open, problems }) => {
  problems.expect(/status 404: .*missing\.json/, /console error: Failed to load/);
  await open();
  expect(await page.evaluate(async () => (await fetch("missing.json")).status)).toBe(404);
});

test("the page's policy stops a request to another host, and the fixture sees it", async ({ page, open, problems }) => {
  problems.expect(/Content Security Policy/);
  await open();
  const isRefused = await page.evaluate(() => fetch("http://127.0.0.2:9/").then(() => false, () => true));
  expect(isRefused).toBe(true);
});

test("the fixture sees a request to another host", async ({ page, open, problems }) => {
  problems.expect(/request to another host: http:\/\/127\.0\.0\.2/, /request failed/);
  await open();
  const gone = page.waitForEvent("requestfailed");
  await page.evaluate(() => {
    location.href = "http://127.0.0.2:9/";
  });
  await gone;
});

test("a second page of the test is watched too", async ({ context, server, problems }) => {
  problems.expect(/console error: planned/);
  const second = await context.newPage();
  await second.goto(server.url);
  await second.evaluate(consoleError);
});

test("a problem that nobody expected, and one that did not come, are the end of a test", async ({ page, open, problems }) => {
  await open();
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

test.fail("every test is judged at its end", async ({ page, open }) => {
  await open();
  await page.evaluate(consoleError);
});
