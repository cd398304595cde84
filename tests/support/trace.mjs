// Traces for the tests: the page's own examples, and what can be made of them.

import { readFileSync } from "node:fs";

const example = (name) => readFileSync(new URL(`../../www/traces/${name}`, import.meta.url));

/** The same model on the same data, at two learning rates: of the first nearly all units die. */
export const HIGH = example("digits-lr-0.3.safetensors");
export const LOW = example("digits-lr-0.03.safetensors");

/** Only its first records, as if it were still being written. */
export function shortened(bytes, nRecords) {
  const headerEnd = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, headerEnd).toString("utf8"));
  const parts = [];
  let end = 0;
  const entries = Object.entries(header).filter(([name]) => name !== "__metadata__");
  entries.sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  const kept = { __metadata__: header.__metadata__ };
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of entries) {
    const size = ((to - from) / shape[0]) * nRecords;
    parts.push(bytes.subarray(headerEnd + from, headerEnd + from + size));
    kept[name] = { dtype, shape: [nRecords, ...shape.slice(1)], data_offsets: [end, end + size] };
    end += size;
  }
  const text = JSON.stringify(kept);
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...parts]);
}

/** Another version in the header, of the same length. */
export const newer = (bytes) => Buffer.from(bytes.toString("latin1").replace('"version":"1"', '"version":"9"'), "latin1");

/** Drops files on the page: pairs of name and bytes. */
export async function drop(page, ...files) {
  const transfer = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of files) {
      transfer.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
    }
    return transfer;
  }, files.map(([name, bytes]) => [name, bytes.toString("base64")]));
  await page.locator(".app").dispatchEvent("drop", { dataTransfer: transfer });
}

export const main = (page) => page.getByRole("main", { name: "Trace of your model" });
export const about = (page) => page.getByRole("complementary", { name: "About the trace" });
/** A layer's tiles. */
export const tiles = (page, layer) => page.getByRole("slider", { name: new RegExp(`^Units of layer ${layer},`) });
/** "record 3 of 37" as [3, 37]. */
export async function record(page) {
  const text = await page.getByRole("slider", { name: "Timeline", exact: true }).getAttribute("aria-valuetext");
  return /record (\d+) of (\d+)$/.exec(text).slice(1).map(Number);
}
