// Watches one page's picture: when, and in which frame, does it change?
//
// The picture is the largest SVG or canvas under `root`, shadow roots included. Its fingerprint is
// the geometry and paint of an SVG's shapes without its texts, or all pixels of a canvas. It is
// taken in the first task after a frame's rendering, so a change counts when its frame is drawn.
(() => {
  const channel = new MessageChannel();
  const probe = (globalThis.__probe = { root: null, pending: null, drag: null, pointer: null });
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
    const { pending, drag, pointer } = probe;
    const now = performance.now();
    if (pointer?.start != null && pointer.ms == null) {
      const told = valueTold();
      if (told && told !== pointer.told) Object.assign(pointer, { ms: now - pointer.start, frames: frames - pointer.before });
    }
    if (!pending && !drag) return;
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
  // What a page tells of the mark under the pointer: this board's own tip, or a charting library's.
  const TIPS = ".wb-tip, #vg-tooltip-element, .vg-tooltip, .hoverlayer, vega-tooltip";
  function valueTold(node = document) {
    for (const element of node.querySelectorAll("*")) {
      if (element.matches(TIPS) && element.textContent.trim() && element.getClientRects().length) return element.textContent;
      const within = element.shadowRoot && valueTold(element.shadowRoot);
      if (within) return within;
    }
    return "";
  }
  addEventListener(
    "pointermove",
    (event) => {
      const { pointer } = probe;
      if (pointer && pointer.start == null) Object.assign(pointer, { start: event.timeStamp, before: frames });
    },
    { capture: true },
  );
  probe.armPointer = () => {
    probe.pointer = { told: valueTold() };
  };

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
  // Middles of up to three marks of the picture, where a pointer finds them.
  probe.marks = () => {
    const element = find();
    const plain = (shape) => shape.getBoundingClientRect();
    const whole = element ? plain(element) : null;
    const bars = element?.querySelectorAll(".bars path") ?? [];
    const boxes = [...(bars.length ? bars : (element?.querySelectorAll("path, rect") ?? []))].map(plain).filter(
      ({ width, height }) => width > 8 && height > 8 && width * height < (whole.width * whole.height) / 4,
    );
    const inSight = boxes.filter(({ top, bottom }) => top > 0 && bottom < innerHeight);
    const spots = inSight.slice(0, 3).map(({ left, top, width, height }) => [left + width / 2, top + height / 2]);
    if (element?.localName === "canvas" && !spots.length)
      for (const part of [0.2, 0.4, 0.6]) spots.push([whole.left + whole.width * part, whole.top + whole.height * 0.8]);
    return spots;
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
