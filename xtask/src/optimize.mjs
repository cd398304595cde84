// optimize.mjs BINARYEN FOLDER FILE...: writes each module, made smaller and faster, into the folder under its name.
// One process for many: to start binaryen takes longer than most chunks do.

import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [library, folder, ...files] = process.argv.slice(2);
const { default: binaryen } = await import(pathToFileURL(library));
binaryen.setOptimizeLevel(3);
binaryen.setShrinkLevel(0);
for (const file of files) {
  const module = binaryen.readBinary(readFileSync(file));
  module.optimize();
  module.runPasses(["strip-producers"]);
  writeFileSync(join(folder, basename(file)), module.emitBinary());
  module.dispose();
}
