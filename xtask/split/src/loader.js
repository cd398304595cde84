import { initSync } from "MAIN";

// What chunks import of the main module, which runs before one of them is asked for.
let shared;
const main = () => {
  if (shared === undefined) {
    const { SHARED } = initSync(undefined, undefined);
    shared = { __wasm_split: { SHARED } };
  }
  return shared;
};

// A file, loaded once, however many ask for it. A failure is not kept: who asks next tries again.
const file = (url) => {
  let loaded;
  return () => {
    if (loaded === undefined) {
      loaded = WebAssembly.instantiateStreaming(fetch(url()), main());
      loaded.catch(() => {
        loaded = undefined;
      });
    }
    return loaded;
  };
};

// A way in: called with a function of the main module's table, and what that is to be told with whether all files came.
const way = (...files) => async (callback, data) => {
  let isThere = false;
  try {
    await Promise.all(files.map((load) => load()));
    isThere = true;
  } catch (error) {
    console.error(error);
  }
  main().__wasm_split.__indirect_function_table.get(callback)(data, isThere);
};

