// Starts the page. It is a file of its own because the page's policy allows no inline script, and
// plain JavaScript because it has to speak where WebAssembly cannot.

// The smallest module with a SIMD instruction: () -> v128 { i8x16.splat(i32.const 0) }.
const SIMD_MODULE = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version 1
  0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // one type: () -> v128
  0x03, 0x02, 0x01, 0x00, // one function of it
  0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b, // its code
]);

const NEWER_BROWSER =
  "Please open this page in a current Chrome, Edge, Firefox or Safari (16.4 or newer).";

/** Why the page cannot run here, as a sentence; null if it can. */
function obstacle() {
  if (typeof WebAssembly !== "object") {
    return (
      "Actiscope needs WebAssembly, and this browser has none, or its settings (a lockdown or " +
      "high-security mode) turn it off. " +
      NEWER_BROWSER
    );
  }
  if (!WebAssembly.validate(SIMD_MODULE)) {
    return (
      "Actiscope needs WebAssembly's SIMD instructions, which this browser lacks. " + NEWER_BROWSER
    );
  }
  return null;
}

/** Says instead of the page why there is none. */
function say(sentence, detail) {
  const boot = document.getElementById("boot");
  boot.classList.add("failed");
  boot.setAttribute("role", "alert");
  document.getElementById("boot-text").textContent = sentence;
  if (detail) {
    const line = document.createElement("p");
    line.className = "boot-detail";
    line.textContent = detail;
    boot.append(line);
  }
}

/** One element of a kind, with a text. */
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

/** A trap is a fault of the page's program, which cannot be trusted from then on: a message that stays, and a way out. */
function sayLastWords(error) {
  if (!(error instanceof WebAssembly.RuntimeError) || document.getElementById("last-words")) {
    return;
  }
  const dialog = element("dialog", "");
  dialog.id = "last-words";
  dialog.setAttribute("closedby", "none");
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-label", "The page has failed");
  const reload = element("button", "Reload the page");
  reload.className = "primary";
  reload.addEventListener("click", () => location.reload());
  dialog.append(
    element("h2", "The page has failed"),
    element(
      "p",
      "This is a fault of Actiscope, not yours. The address holds your scenario: reloading restores it.",
    ),
    element("pre", String(error.stack || error)),
    reload,
  );
  document.body.append(dialog);
  // Modal, for another may be open.
  dialog.showModal();
}

addEventListener("error", (event) => sayLastWords(event.error));
addEventListener("unhandledrejection", (event) => sayLastWords(event.reason));

async function start() {
  const reason = obstacle();
  if (reason) {
    say(reason);
    return;
  }
  const files = document.getElementById("page-files").dataset;
  try {
    const page = await import(new URL(files.js, document.baseURI));
    await page.default({ module_or_path: new URL(files.wasm, document.baseURI) });
  } catch (error) {
    console.error(error);
    say(
      navigator.onLine === false
        ? "Actiscope could not be loaded: there is no network connection. Reload the page when there is one."
        : "Actiscope could not be started. Reload the page; if that does not help, a new version may " +
            "just be on its way: try again in a minute.",
      String(error),
    );
    return;
  }
  document.getElementById("boot").remove();
}

start();
