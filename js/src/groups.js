// Groups of levers: a folded one shows its heading, and what of it has been moved.
import { h, say } from "./dom.js";

export class Groups {
  constructor(engine, folded) {
    this.engine = engine;
    this.folded = new Set(folded);
    this.headings = new Map();
    this.levers = [];
  }

  /** A lever's element joins its group; the first of them brings the heading. */
  add(lever, element, opensGroup) {
    this.levers.push({ lever, element });
    if (opensGroup) {
      const button = h("button", { type: "button", class: "wb-fold", click: () => this.toggle(lever.group) });
      element.prepend(h("h3", { class: "wb-group" }, button));
      this.headings.set(lever.group, button);
    }
    this.fold();
    this.speak();
  }

  toggle(group) {
    if (!this.folded.delete(group)) this.folded.add(group);
    this.fold();
  }

  /** What the reader has in hand stays, also at its default. */
  fold() {
    for (const { lever, element } of this.levers) {
      const moved = this.engine.signals[lever.key] !== lever.default;
      const held = element.matches(":has(:focus):not(:has(> .wb-group :focus))");
      element.toggleAttribute("data-folded", this.folded.has(lever.group) && !moved && !held);
    }
    for (const [group, button] of this.headings) button.setAttribute("aria-expanded", String(!this.folded.has(group)));
  }

  speak() {
    for (const { lever } of this.levers) {
      const button = this.headings.get(lever.group);
      if (button) say(button, lever.group_name[this.engine.lang]);
    }
  }
}
