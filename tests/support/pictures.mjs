// Pictures of the page, compared with those that are kept in tests/pictures/.
//
// A picture agrees if at most SHARE of its pixels differ visibly: letters are drawn a little differently from one
// machine to the next. UPDATE_PICTURES=1 takes the present pictures for right; look at them before they are
// committed. What differs is left in tests/output/, with the difference marked.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

const KEPT = fileURLToPath(new URL("../pictures/", import.meta.url));
const OUTPUT = fileURLToPath(new URL("../output/", import.meta.url));
const SHARE = 0.01;
/** Of a pixel's colour, as eyes weigh it; smoothed edges are left out of it. */
const THRESHOLD = 0.15;

/** Asserts that the page, or `clip` of it, looks as it did when the picture `name` was taken. */
export async function looksAsBefore(page, name, options = {}) {
  const taken = await page.screenshot({ animations: "disabled", caret: "hide", ...options });
  const path = join(KEPT, `${name}.png`);
  if (process.env.UPDATE_PICTURES) {
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(path, taken);
    return;
  }
  assert.ok(existsSync(path), `there is no picture ${name}: UPDATE_PICTURES=1 takes one`);
  const [now, kept] = [PNG.sync.read(taken), PNG.sync.read(readFileSync(path))];
  const sizeOf = ({ width, height }) => `${width} x ${height}`;
  assert.equal(sizeOf(now), sizeOf(kept), `${name}: its size`);
  const { width, height } = now;
  const difference = new PNG({ width, height });
  const n_different = pixelmatch(now.data, kept.data, difference.data, width, height, { threshold: THRESHOLD });
  const share = n_different / (width * height);
  if (share > SHARE) {
    mkdirSync(OUTPUT, { recursive: true });
    writeFileSync(join(OUTPUT, `${name}.png`), taken);
    writeFileSync(join(OUTPUT, `${name}-difference.png`), PNG.sync.write(difference));
  }
  assert.ok(share <= SHARE, `${name}: ${(100 * share).toFixed(2)} % of the pixels differ; see tests/output/`);
}
