"""Shows a trace in a notebook while the training goes on: Actiscope in a frame, which is handed the file as it grows.

    from actiscope_widget import Actiscope

    scope = Actiscope("https://...")    # where the page is served
    trace = Trace(model, probe_loss, optimizer, live=scope.show)
    scope

The bytes go from this notebook's page to that frame, and nowhere else. Needs anywidget (JupyterLab, marimo, Colab).
"""

import anywidget
import traitlets


class Actiscope(anywidget.AnyWidget):
    """A page of Actiscope. page: its address; height: of the frame, in pixels."""

    page = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int(720).tag(sync=True)
    file = traitlets.Bytes(b"").tag(sync=True)

    _esm = """
    export default {
      render({ model, el }) {
        const page = new URL(model.get("page"), location.href);
        const frame = document.createElement("iframe");
        frame.src = page.href;
        frame.title = "Actiscope";
        frame.style = `width: 100%; height: ${model.get("height")}px; border: 0`;
        let isReady = false;
        const send = () => {
          const file = model.get("file");
          if (!isReady || !file?.byteLength) return;
          // A copy, for what is transferred is gone here.
          const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength).slice().buffer;
          frame.contentWindow.postMessage({ actiscope: "trace", bytes }, page.origin, [bytes]);
        };
        const heard = (event) => {
          if (event.source !== frame.contentWindow || event.data?.actiscope !== "ready") return;
          isReady = true;
          send();
        };
        window.addEventListener("message", heard);
        model.on("change:file", send);
        el.append(frame);
        return () => {
          window.removeEventListener("message", heard);
          model.off("change:file", send);
        };
      },
    };
    """

    def __init__(self, page, height=720):
        super().__init__(page=page, height=height)

    def show(self, trace):
        """Hands over what was recorded so far. trace: a recorder."""
        self.file = trace.to_bytes()
