// Up to four scenarios pinned beside the present one: a table of what differs.
import { h, say } from "./dom.js";
import { PINS } from "./engine.js";
import { fill } from "./messages.js";
import { rounded } from "./number.js";

export class Comparison {
  constructor(engine, cards) {
    Object.assign(this, { engine, cards });
    this.element = h("div", { class: "wb-compare", hidden: true, role: "region", tabindex: "0" });
  }

  full() {
    return this.engine.pinned.length >= PINS.length;
  }

  pin() {
    const { engine } = this;
    engine.pins(() => engine.pin(engine.levers()));
  }

  drop(pin) {
    const { engine } = this;
    engine.pins(() => (engine.pinned = engine.pinned.filter((other) => other !== pin)));
  }

  update() {
    const { engine, element } = this;
    element.hidden = !engine.pinned.length;
    if (element.hidden) return element.replaceChildren();
    element.setAttribute("aria-label", engine.label("board.compare"));
    const columns = [{ letter: engine.label("board.now"), signals: engine.signals }, ...engine.pinned];
    const outcomes = this.cards.map(({ outcome, short, amount, expected }) => ({ key: outcome, name: short, amount, expected }));
    const shown = new Set(outcomes.map(({ key }) => key));
    const differing = engine.definitions
      .filter(({ key }) => !shown.has(key) && new Set(columns.map(({ signals }) => signals[key])).size > 1)
      .map(({ key, name, scale }) => ({ key, name, scale }));
    const rows = [...outcomes, ...differing];
    const wanted = JSON.stringify([engine.lang, engine.pinned.map(({ levers }) => engine.named(levers)), columns.map(({ letter, signals }) => [letter, rows.map(({ key }) => signals[key])])]);
    if (wanted === this.shown) return;
    this.shown = wanted;
    element.replaceChildren(
      h(
        "table",
        {},
        h("caption", {}, engine.label("board.compare")),
        h("thead", {}, h("tr", {}, h("td"), ...columns.map((column) => this.heading(column)))),
        h("tbody", {}, ...rows.map((row) => this.row(row, columns))),
      ),
    );
  }

  heading(column) {
    const cell = h("th", { scope: "col" }, column.letter);
    if (!column.levers) return cell;
    const { engine } = this;
    const given = engine.named(column.levers);
    const name = given ? `${column.letter} ${given}` : column.letter;
    const tool = (text, label, click) => h("button", { type: "button", class: "wb-mini", "aria-label": engine.label(label, { name }), click }, text);
    cell.append(
      tool("↩", "board.go_back_to", () => engine.set(column.levers)),
      tool("×", "board.unpin", () => this.drop(column)),
      ...(given ? [h("small", {}, given)] : []),
    );
    return cell;
  }

  row({ key, name, scale, amount, expected }, columns) {
    const { lang } = this.engine;
    const [now, ...others] = columns.map(({ signals }) => signals[key]);
    // An outcome as its card has it, a lever as it is set.
    const form = amount?.[lang].match(/:(.*)\}/)[1];
    const say = (value, sign) =>
      amount ? fill(`{value:${sign}${form}}`, { value }, lang) : `${value > 0 ? sign : ""}${rounded(value * scale[lang])}`;
    const write = (value) => say(value, "");
    const difference = (value) => say(value, "+");
    const value = (text, number) => h("td", {}, expected === undefined ? text : `${text} ${number >= expected - 1e-9 ? "✓" : "✕"}`);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, name[lang]),
      value(write(now), now),
      ...others.map((other) => {
        const cell = value(write(other), other);
        if (Math.abs(other - now) > 1e-9) cell.append(h("small", {}, difference(other - now)));
        return cell;
      }),
    );
  }
}
