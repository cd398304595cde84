// The worker: the page's program once more, which finds itself without a window and is the engine. The page posts what it
// has compiled, so that it is neither fetched nor compiled again.
import init from "./page.js";

onmessage = ({ data: module }) => {
  onmessage = null;
  init({ module_or_path: module }).catch(reportError);
};
