// What a reader has to download.

import { expect, test } from "../support/fixture.mjs";

// The design's limit; 493 kB were measured, of which 358 are what page and engine share or the page starts with.
const MOST_KB = 500;

test.use({ brotli: true });

test("an interactive page, engine included, stays within its bytes", async ({ open, server }, info) => {
  await open("#v=1&at=1");
  const { sent } = server;
  const total = [...sent.values()].reduce((sum, bytes) => sum + bytes, 0);
  const list = [...sent].map(([name, bytes]) => `${name} ${(bytes / 1000).toFixed(1)} kB`);
  info.annotations.push({ type: "bytes", description: `${(total / 1000).toFixed(1)} kB: ${list.join(", ")}` });
  const names = [...sent.keys()];
  expect(names.some((name) => /_split_engine\.wasm$/.test(name)), "the engine was loaded").toBe(true);
  expect(names.filter((name) => name.includes("_split_gpu")), "where only a software adapter is").toEqual([]);
  expect(total).toBeLessThan(MOST_KB * 1000);
});
