// Nothing that goes wrong on a page escapes the harness: each of these provokes one kind of problem,
// and fails where it is not collected.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";

const provoked = (name, expected, provoke) =>
  pageTest(`the harness sees ${name}`, { expected: [expected] }, async ({ page, open, problems }) => {
    await open();
    const before = problems.length;
    await page.evaluate(provoke);
    for (let i = 0; i < 100 && problems.length === before; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

provoked("a console error", /console error: planned/, () => console.error("planned"));
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

pageTest(
  "the harness sees a missing file",
  { expected: [/status 404: .*missing\.json/, /console error: Failed to load/] },
  async ({ page, open }) => {
    await open();
    assert.equal(await page.evaluate(async () => (await fetch("missing.json")).status), 404);
  },
);

pageTest(
  "the page's policy stops a request to another host, and the harness sees it",
  { expected: [/Content Security Policy/] },
  async ({ page, open }) => {
    await open();
    const refused = await page.evaluate(() => fetch("http://127.0.0.2:9/").then(() => false, () => true));
    assert.ok(refused);
  },
);

pageTest(
  "the harness sees a request to another host",
  { expected: [/request to another host: http:\/\/127\.0\.0\.2/, /request failed/] },
  async ({ page, open }) => {
    await open();
    const gone = page.waitForEvent("requestfailed");
    await page.evaluate(() => {
      location.href = "http://127.0.0.2:9/";
    });
    await gone;
  },
);
