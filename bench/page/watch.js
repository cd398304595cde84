// Runs in a page before the page's own scripts: notes when canvases are painted, what the frames take and
// which tasks are long. A function as text, so that it can be handed to the browser.

export const watch = () => {
  const seen = {
    /** When the curve, or the word of the empty page, was first on the screen. */
    firstPaint: null,
    /** Milliseconds from a slider's event to the end of the frame that painted the curve. */
    toPaint: [],
    /** The same from the moment the browser stamped the input. */
    fromInput: [],
    longTasks: [],
    /** Milliseconds of each frame while this is a list: in half an hour they would be a megabyte. */
    frames: null,
  };
  window.seen = seen;

  // A message is delivered after the frame in which it was posted.
  const afterThisFrame = (then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(performance.now());
    port2.postMessage(null);
  };
  const afterFrame = (then) => requestAnimationFrame(() => afterThisFrame(then));

  let moved = null;
  let isAwaited = false;
  addEventListener(
    "input",
    (event) => {
      if (event.target instanceof HTMLInputElement && event.target.type === "range") {
        moved ??= { at: performance.now(), stamp: event.timeStamp };
      }
    },
    true,
  );
  // Strokes are many: each canvas is looked at once.
  const known = new WeakMap();
  const isOfCurve = (canvas) => {
    if (!known.has(canvas)) {
      known.set(canvas, canvas instanceof HTMLCanvasElement && canvas.closest(".panel.curve") !== null);
    }
    return known.get(canvas);
  };
  const painted = (isInFrame) => {
    if (seen.firstPaint === null) {
      seen.firstPaint = -1;
      (isInFrame ? afterThisFrame : afterFrame)((now) => {
        seen.firstPaint = now;
      });
    }
    if (moved !== null && !isAwaited) {
      isAwaited = true;
      const { at, stamp } = moved;
      moved = null;
      afterThisFrame((now) => {
        isAwaited = false;
        seen.toPaint.push(now - at);
        seen.fromInput.push(now - stamp);
      });
    }
  };
  const { stroke } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.stroke = function (...args) {
    if (isOfCurve(this.canvas)) {
      // All canvases are painted in animation frames.
      painted(true);
    }
    return stroke.apply(this, args);
  };
  new MutationObserver((_, observer) => {
    if (document.getElementById("word") !== null) {
      observer.disconnect();
      painted(false);
    }
  }).observe(document, { childList: true, subtree: true });

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      seen.longTasks.push({ startTime, duration });
    }
  }).observe({ type: "longtask" });

  let last = null;
  const onFrame = (now) => {
    if (last !== null) {
      seen.frames?.push(now - last);
    }
    last = now;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
};

/** The same for a page's worker too: keeps the memories of all modules in `memories`. */
export const watchMemories = () => {
  const memories = new Set();
  globalThis.memories = memories;
  for (const name of ["instantiateStreaming", "instantiate"]) {
    const instantiate = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const result = await instantiate.apply(WebAssembly, args);
      const { memory } = (result.instance ?? result).exports;
      if (memory !== undefined) {
        memories.add(memory);
      }
      return result;
    };
  }
};
