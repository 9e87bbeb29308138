// Watches one page's picture: when, and in which frame, does it change?
//
// The picture is the largest SVG or canvas under `root`, shadow roots included. Its fingerprint is
// the geometry and paint of an SVG's shapes without its texts, or all pixels of a canvas. It is
// taken in the first task after a frame's rendering, so a change counts when its frame is drawn.
(() => {
  const channel = new MessageChannel();
  const probe = (globalThis.__probe = { root: null, pending: null, drag: null });
  let picture = null;
  let last = "";
  let frames = 0;

  function* deep(node) {
    for (const element of node.querySelectorAll("*")) {
      if (element.localName === "svg" || element.localName === "canvas") yield element;
      if (element.shadowRoot) yield* deep(element.shadowRoot);
    }
  }

  const area = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width * height;
  };

  function find() {
    if (picture?.isConnected) return picture;
    picture = null;
    const root = probe.root ? document.querySelector(probe.root) : document;
    let most = 20000; // px², more than any icon
    for (const element of root ? deep(root) : []) {
      if (area(element) > most) [picture, most] = [element, area(element)];
    }
    return picture;
  }

  const ATTRIBUTES = ["d", "transform", "x", "y", "x2", "y2", "width", "height", "fill", "style"];

  function fingerprint() {
    const element = find();
    if (!element) return "";
    if (element.localName === "canvas") {
      const { width, height } = element;
      if (!width || !height) return "";
      const words = new Uint32Array(element.getContext("2d").getImageData(0, 0, width, height).data.buffer);
      let hash = 0;
      for (let i = 0; i < words.length; i++) hash = (Math.imul(hash, 31) + words[i]) | 0;
      return `${width} ${hash}`;
    }
    let text = "";
    // A picture may be several SVGs, one over the other.
    const whole = (probe.root && element.closest(probe.root)) || element;
    for (const shape of whole.querySelectorAll("path, rect, line"))
      for (const name of ATTRIBUTES) text += shape.getAttribute(name) ?? "";
    return text;
  }

  channel.port1.onmessage = () => {
    const { pending, drag } = probe;
    if (!pending && !drag) return;
    const now = performance.now();
    const seen = fingerprint();
    if (!seen || seen === last) return;
    last = seen;
    if (pending?.start != null && pending.ms == null) {
      pending.ms = now - pending.start;
      pending.frames = frames - pending.before;
    }
    if (drag) {
      drag.changed = now;
      if (drag.start != null && drag.end == null) drag.drawn += 1;
    }
  };

  (function frame() {
    frames += 1;
    channel.port2.postMessage(0);
    requestAnimationFrame(frame);
  })();

  addEventListener(
    "keydown",
    (event) => {
      const { pending } = probe;
      if (pending && pending.start == null) Object.assign(pending, { start: event.timeStamp, before: frames });
    },
    { capture: true },
  );
  const moved = (event) => {
    const { drag } = probe;
    if (!drag || drag.end != null) return;
    drag.start ??= event.timeStamp;
    drag.last = event.timeStamp;
    drag.heard += 1;
    if (event.type === "pointerup") drag.end = event.timeStamp;
  };
  for (const type of ["pointerdown", "pointermove", "pointerup"]) addEventListener(type, moved, { capture: true });

  probe.box = () => {
    const { x, y, width, height } = find().getBoundingClientRect();
    return { x, y, width, height };
  };
  probe.ready = () => fingerprint() !== "";
  probe.kind = () => find()?.localName;
  probe.arm = () => {
    last = fingerprint();
    probe.pending = {};
  };
  probe.armDrag = () => {
    last = fingerprint();
    probe.drag = { start: null, end: null, last: null, changed: null, drawn: 0, heard: 0 };
  };
  probe.quiet = (ms) => {
    const { drag } = probe;
    return drag.end != null && performance.now() - Math.max(drag.changed ?? 0, drag.end) > ms;
  };
})();
