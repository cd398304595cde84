// The engine may crash or hang: the page notices, goes on from the last checkpoint, and says so.

import { atFullRate, expect, started, test } from "../support/fixture.mjs";
import { pause, step, trainsOn } from "../support/scope.mjs";

for (const [fault, words] of [
  ["worker-panic", /crashed/],
  ["worker-hang", /stopped answering/],
]) {
  test(`a ${fault} is noticed, told and recovered from`, async ({ page, server }) => {
    await page.goto(server.url + atFullRate(`?fault=${fault}@200#v=1&sp=none`));
    await started(page);
    const notice = page.locator(".notices").filter({ hasText: words });
    await notice.waitFor({ timeout: 20_000 });
    await expect(notice).toContainText(/step \d|start of the run/);
    await trainsOn(page);
    await pause(page);
    expect(await step(page)).toBeGreaterThan(0);
  });
}
