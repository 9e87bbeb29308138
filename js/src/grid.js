// Rows to search, filter and sort, a page of them at a time: what stands in a table's card, and behind a picture.
import { h, say } from "./dom.js";

/** Rows that stand on the page at once: however many there are, it draws no more. */
const AT_ONCE = 25;
/** A text of so many characters needs no second line. */
const BRIEF = 12;
/** One as wide as so many Latin letters would make its row taller than all others: it gets a wider column. */
const LONG = 50;

const digits = [true, false].map((useGrouping) => new Intl.NumberFormat("en", { useGrouping, maximumFractionDigits: 20 }));

/** A cell as a reader reads it; a year's thousands are not set apart. */
export function written(cell, lang, plain = false) {
  if (cell === null || cell === undefined || cell === "") return "–";
  if (typeof cell === "number") return digits[plain ? 1 : 0].format(cell).replace("-", "−");
  return typeof cell === "object" ? cell[lang] : String(cell);
}

/** The rows that hold every word asked for and the words chosen, in the order asked for; what is not known comes last. */
export function matching(rows, { words = "", chosen = {}, column = null, down = false }, lang) {
  const asked = words.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (row) => {
    const text = row.map((cell) => (cell && typeof cell === "object" ? `${cell.zh} ${cell.en}` : (cell ?? ""))).join(" ");
    const plain = text.normalize("NFKC").toLowerCase();
    return asked.every((word) => plain.includes(word));
  };
  const found = rows.filter((row) => Object.entries(chosen).every(([i, word]) => row[i] === word) && (!asked.length || holds(row)));
  if (column === null) return found;
  const compare = new Intl.Collator(lang === "zh" ? "zh-Hans-CN" : "en", { numeric: true }).compare;
  const value = ({ [column]: cell }) => (typeof cell === "number" ? cell : (cell?.by ?? (cell === null ? null : written(cell, lang))));
  const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : compare(String(a), String(b)));
  const known = found.filter((row) => value(row) !== null);
  known.sort((a, b) => (down ? -1 : 1) * order(value(a), value(b)));
  return [...known, ...found.filter((row) => value(row) === null)];
}

/**
 * `columns`: {zh, en, number, plain, filter, words}; `rows()`: all rows; `heading`: the id of what names the table.
 * Few rows need no search.
 */
export class Grid {
  constructor(engine, { columns, rows, heading }) {
    Object.assign(this, { engine, columns, all: rows, first: 0, found: [] });
    this.asked = { words: "", chosen: {}, column: null, down: false };
    this.search = h("input", { type: "search", maxlength: 100, input: () => this.ask({ words: this.search.value }) });
    this.named = h("span");
    this.filters = columns.flatMap((column, i) => (column.filter ? [this.filter(column, i)] : []));
    this.heads = columns.map((column, i) => {
      const button = h("button", { type: "button", class: "wb-sort", click: () => this.sort(i) });
      return { button, cell: h("th", { scope: "col", class: column.number ? "wb-number" : false }, button) };
    });
    this.body = h("tbody");
    this.count = h("span", { role: "status" });
    this.turns = [-AT_ONCE, AT_ONCE].map((step) => h("button", { type: "button", class: "wb-tool", click: () => this.turn(step) }));
    this.asking = h("div", { class: "wb-asked" }, h("label", {}, this.named, this.search), ...this.filters.map(({ label }) => label));
    this.elements = [
      this.asking,
      h("div", { class: "wb-scroll", tabindex: 0, role: "region", "aria-labelledby": heading },
        h("table", {}, h("thead", {}, h("tr", {}, ...this.heads.map(({ cell }) => cell))), this.body)),
      h("div", { class: "wb-turn" }, this.count, ...this.turns),
    ];
  }

  filter(column, i) {
    const name = h("span");
    const select = h("select", { change: () => this.choose(i, select.value) });
    return { column, name, select, label: h("label", {}, name, select) };
  }

  choose(i, at) {
    const { [i]: _, ...others } = this.asked.chosen;
    this.ask({ chosen: at === "" ? others : { ...others, [i]: this.columns[i].words[at] } });
  }

  sort(column) {
    const { asked } = this;
    this.ask(asked.column === column && asked.down ? { column: null, down: false } : { column, down: asked.column === column });
  }

  ask(change) {
    Object.assign(this.asked, change);
    this.first = 0;
    this.draw();
  }

  turn(step) {
    this.first += step;
    this.draw(false);
  }

  draw(anew = true) {
    const { engine, columns, asked } = this;
    const { lang } = engine;
    const all = this.all();
    if (anew) this.found = matching(all, asked, lang);
    const { first, found } = this;
    const shown = found.slice(first, first + AT_ONCE);
    this.body.replaceChildren(...shown.map((row) => h("tr", {}, ...row.map((one, i) => cell(one, columns[i], i, lang)))));
    this.heads.forEach(({ cell: head }, i) => {
      if (asked.column === i) head.setAttribute("aria-sort", asked.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const [before, next] = this.turns;
    before.disabled = first === 0;
    next.disabled = first + AT_ONCE >= found.length;
    before.hidden = next.hidden = found.length <= AT_ONCE;
    this.asking.hidden = all.length <= AT_ONCE && !this.filters.length;
    const range = { first: first + 1, last: first + shown.length, found: found.length, all: all.length };
    say(this.count, this.asking.hidden ? "" : engine.label(found.length ? "board.records.count" : "board.records.none", range));
  }

  restyle() {
    const { engine, columns } = this;
    const { lang } = engine;
    this.heads.forEach(({ button }, i) => say(button, columns[i][lang]));
    say(this.named, engine.label("board.records.search"));
    ["before", "next"].forEach((name, i) => say(this.turns[i], engine.label(`board.records.${name}`)));
    for (const { column, name, select } of this.filters) {
      const now = select.value;
      say(name, column[lang]);
      const options = column.words.map((word, at) => h("option", { value: at }, written(word, lang)));
      select.replaceChildren(h("option", { value: "" }, engine.label("board.records.all")), ...options);
      select.value = now;
    }
    this.draw();
  }
}

/** A cell: a publication's title leads to its address, where it is one that a reader may be sent to. */
function cell(one, { number, plain }, i, lang) {
  const text = written(one, lang, plain);
  const link = one?.url ? h("a", { href: one.url, target: "_blank", rel: "noopener noreferrer" }, text) : text;
  // Dates, units and the like stay on one line; a long text gets room for several words a line.
  const wide = text.length + (text.match(/[\u2e80-\uffff]/g) ?? []).length;
  const kind = number ? "wb-number" : wide > LONG ? "wb-long wb-longer" : text.length > BRIEF ? "wb-long" : "wb-brief";
  return i === 0 ? h("th", { scope: "row", class: kind }, link) : h("td", { class: kind }, link);
}
