// The engine may crash or hang: the page notices, goes on from the last checkpoint, and says so.

import assert from "node:assert/strict";
import { pageTest } from "../support/harness.mjs";

for (const [fault, words] of [
  ["worker-panic", /crashed/],
  ["worker-hang", /stopped answering/],
]) {
  pageTest(`a ${fault} is noticed, told and recovered from`, async ({ page, url }) => {
    await page.goto(`${url}?fault=${fault}&at=200`);
    await page.locator("#boot").waitFor({ state: "detached" });
    const notice = page.locator(".notices").filter({ hasText: words });
    await notice.waitFor({ timeout: 20_000 });
    assert.match(await notice.innerText(), /step \d|start of the run/);
    const timeline = page.getByRole("slider", { name: "Timeline" });
    await page.waitForFunction(() => Number(document.querySelector("input[aria-label=Timeline]").value) > 260, null, { timeout: 20_000 });
    assert.ok(Number(await timeline.inputValue()) > 260, "the run goes on");
    assert.match(await page.getByRole("status", { name: "Health" }).innerText(), /Dead units: [1-9]/);
  });
}
