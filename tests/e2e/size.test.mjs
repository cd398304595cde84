// What a reader has to download.

import { expect, test } from "../support/fixture.mjs";

// The design asks for 500 kB at most and aims at 300. 546 kB were measured, of which 343 are the page's code and 175 the
// engine's: 46 too many. What is held here is that they become no more.
const MOST_KB = 550;

test.use({ brotli: true });

test("an interactive page, engine included, stays within its bytes", async ({ open, server }, info) => {
  await open("#v=1&at=1");
  const { sent } = server;
  const total = [...sent.values()].reduce((sum, bytes) => sum + bytes, 0);
  const list = [...sent].map(([name, bytes]) => `${name} ${(bytes / 1000).toFixed(1)} kB`);
  info.annotations.push({ type: "bytes", description: `${(total / 1000).toFixed(1)} kB: ${list.join(", ")}` });
  const names = [...sent.keys()];
  expect(names.some((name) => /^worker-.*\.wasm$/.test(name)), "the engine was loaded").toBe(true);
  expect(names.filter((name) => name.includes("_split_gpu")), "where only a software adapter is").toEqual([]);
  expect(total).toBeLessThan(MOST_KB * 1000);
});
