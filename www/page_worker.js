// The worker: the page's program once more, which finds itself without a window and is the engine.
import init from "./page.js";

await init();
