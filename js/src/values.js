// What a picture says of a mark under pointer, finger or arrow key: the row of its table that the mark shows.
import { h } from "./dom.js";
import { written } from "./grid.js";
import { withUnit } from "./number.js";
import { live, rowsShown } from "./tables.js";

const REACH = 28; // px from a mark within which a pointer or finger means it
const LINES = new Set(["line", "area", "trail"]);
/** Columns on where a number is from: the table has them, what stands at the pointer can do without. */
const ABOUT = /^(source|section|publisher|published|confidence|unit|sign|derived)|^(note|term)_/;
/** Texts that a row isn't called by. */
const TRAITS = /^(bound|level|kind|step|scope|required|met|outcome|sector)/;
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
/** Columns that say whom a row is of, by the same key in every picture of a page. */
const WHOM = ["place", "district", "chain", "lever"];

const same = (a, b) =>
  typeof a === "number" && typeof b === "number"
    ? Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b))
    : String(a).toLowerCase() === String(b).toLowerCase();

/**
 * datum -> the number of the one row that a mark can be of, or null: the row contradicts it in no column that both
 * have and agrees in more of them, or in names, than any other.
 */
export function joined({ keys, rows, words }, signals) {
  const cells = rows.map((row) => row.map((cell) => live(cell, signals)));
  const named = cells.map((row) => new Set(row.flatMap((cell, i) => names(cell, keys[i], words))));
  return (datum) => {
    const shared = keys.flatMap((key, i) => (datum[key] == null ? [] : [i]));
    const texts = Object.entries(datum).flatMap(([key, value]) => (typeof value === "string" && !keys.includes(key) ? [value] : []));
    let best = { score: 0, row: null };
    cells.forEach((row, at) => {
      const known = shared.filter((i) => row[i] != null);
      if (!known.every((i) => same(row[i], datum[keys[i]]) || named[at].has(datum[keys[i]]))) return;
      const score = known.length + texts.filter((text) => named[at].has(text)).length;
      if (score > best.score) best = { score, row: at };
      else if (score === best.score) best = { score, row: null };
    });
    return best.row;
  };
}

/** What a cell may be called in a picture. */
function names(cell, key, words) {
  if (typeof cell === "number") return Number.isInteger(cell) && /year|month/.test(key) ? [String(cell)] : [];
  if (typeof cell !== "string" || !cell) return [];
  return words[cell] ? [cell, words[cell].zh, words[cell].en] : [cell];
}

/** The marks of a view that show a row: where they lie in it, px, and whether they are points of a line. */
function marksOf(view, rowOf) {
  const found = [];
  const [x0, y0] = view.origin();
  const padding = view.padding();
  const walk = (mark, x, y, plot) => {
    for (const item of mark.items ?? []) {
      if (mark.marktype === "group") {
        const inner = { x: x + (item.x || 0), y: y + (item.y || 0) };
        for (const part of item.items ?? []) walk(part, inner.x, inner.y, { top: inner.y, height: item.height || 0 });
      } else if (mark.role === "mark" && item.datum && item.opacity !== 0) {
        const row = rowOf(item.datum);
        if (row === null) continue;
        const line = LINES.has(mark.marktype);
        const { x1, y1, x2, y2 } = line ? { x1: item.x, x2: item.x, y1: item.y, y2: item.y } : item.bounds;
        if ([x1, y1, x2, y2].every(Number.isFinite)) found.push({ row, line, kind: mark.marktype, plot, left: x + x1, right: x + x2, top: y + y1, bottom: y + y2 });
      }
    }
  };
  walk(view.scenegraph().root, x0 + padding.left, y0 + padding.top, { top: 0, height: 0 });
  // A band's edges are drawn as lines, too, where they are to be read.
  return found.some(({ kind }) => kind === "line") ? found.filter(({ kind }) => kind !== "area") : found;
}

/** How far a point is from a mark, px; of a line it is above all the place along it that counts. */
function distance({ left, right, top, bottom, line }, x, y) {
  const across = Math.max(left - x, 0, x - right);
  const down = Math.max(top - y, 0, y - bottom);
  return Math.hypot(across, line ? down / 4 : down);
}

const field = (name, text) => h("div", {}, h("span", {}, name), " ", h("b", {}, text));

/** What a figure answers, once it is drawn. */
export class Values {
  constructor(figure) {
    this.figure = figure;
    this.tip = h("div", { class: "wb-tip", role: "status", hidden: true });
    this.cross = h("div", { class: "wb-cross", hidden: true });
    this.rings = [];
    this.at = null;
    const { chart } = figure;
    chart.tabIndex = 0;
    chart.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.point(event));
    chart.addEventListener("click", (event) => {
      this.point(event);
      if (this.choose()) this.point(event); // the choice has drawn the picture anew
    });
    chart.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.show(null));
    chart.addEventListener("blur", () => this.show(null));
    chart.addEventListener("keydown", (event) => this.key(event));
  }

  /** After a change: marks lie elsewhere and mean something else; a row asked for by key is told anew. */
  stale() {
    const { at, figure } = this;
    this.marks = null;
    if (at === null) return;
    this.show(null);
    if (document.activeElement === figure.chart) this.tell(at);
  }

  known() {
    const { engine, payload, view } = this.figure;
    if (!view) return [];
    return (this.marks ??= marksOf(view, joined(payload.table, engine.signals)));
  }

  /** What the chart's author wants said of a mark goes before what its row says: a text, or fields with texts. */
  told(event, value) {
    const gone = value == null || value === "";
    if (gone && !this.authored) return;
    this.authored = !gone;
    this.show(null);
    if (gone) return;
    const fields = typeof value === "object" ? Object.entries(value).map(([name, text]) => field(name, String(text))) : [h("div", {}, String(value))];
    this.tip.replaceChildren(...fields);
    this.place(...this.inside(event));
  }

  inside({ clientX, clientY }) {
    const { chart } = this.figure;
    const box = chart.getBoundingClientRect();
    const size = box.width / chart.offsetWidth || 1; // an enlarged picture's own px are as before
    return [(clientX - box.left) / size, (clientY - box.top) / size];
  }

  point(event) {
    if (this.authored) return;
    const [x, y] = this.inside(event);
    let [near, least] = [null, REACH];
    for (const mark of this.known()) {
      const far = distance(mark, x, y);
      if (far < least) [near, least] = [mark, far];
    }
    this.show(near, x, y);
  }

  key(event) {
    if (event.key === "Escape") return this.show(null);
    if (event.key === "Enter") return this.choose();
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...new Set(this.known().map(({ row }) => row))].sort((a, b) => a - b);
    if (!rows.length) return;
    event.preventDefault();
    const now = rows.indexOf(this.at);
    this.tell(rows[now < 0 ? (step > 0 ? 0 : rows.length - 1) : (now + step + rows.length) % rows.length]);
  }

  tell(row) {
    const mark = this.known().find((one) => one.row === row);
    if (mark) this.show(mark, mark.right, (mark.top + mark.bottom) / 2);
  }

  /** Ask the page about whom the mark is of, where its choice offers that; say whether it does. */
  choose() {
    const { engine, payload } = this.figure;
    if (this.at === null) return false;
    const { keys, rows } = payload.table;
    const whom = WHOM.map((key) => rows[this.at][keys.indexOf(key)]).find((one) => engine.choice?.offers(one));
    if (whom === undefined) return false;
    engine.choice.choose(whom);
    return true;
  }

  show(mark, x = 0, y = 0) {
    const { engine, payload } = this.figure;
    const row = mark?.row ?? null;
    if (row !== this.at) {
      this.at = row;
      this.tip.replaceChildren(...(row === null ? [] : this.lines(row)));
      const { keys, rows } = payload.table;
      const whom = row === null ? null : rows[row][keys.indexOf(WHOM.find((key) => keys.includes(key)))];
      for (const other of engine.figures) other.values?.light(other === this.figure ? null : whom);
    }
    this.tip.hidden = this.cross.hidden = !mark;
    if (!mark) return this.ring([]);
    this.cross.hidden = !mark.line;
    if (mark.line) Object.assign(this.cross.style, { translate: `${mark.left}px ${mark.plot.top}px`, height: `${mark.plot.height}px` });
    this.ring([mark]);
    this.place(x, y);
  }

  /** Put the words beside the pointer, within the picture. */
  place(x, y) {
    const { chart } = this.figure;
    if (this.tip.parentNode !== chart) chart.append(this.tip, this.cross);
    this.tip.hidden = false;
    const [wide, high] = [chart.clientWidth - this.tip.offsetWidth, chart.clientHeight - this.tip.offsetHeight];
    const aside = x + 14 <= wide ? x + 14 : Math.max(0, x - this.tip.offsetWidth - 14);
    this.tip.style.translate = `${Math.min(aside, Math.max(0, wide))}px ${Math.max(0, Math.min(y + 14, high))}px`;
  }

  /** What stands at the pointer: whom the row is of, and what the mark's picture draws of it. */
  lines(row) {
    const { engine, payload } = this.figure;
    const { columns, rows } = rowsShown(engine, payload);
    const { table } = payload;
    const unit = table.words[table.rows[row][table.keys.indexOf("unit")]];
    const shown = columns.flatMap(({ key, head, plain, of_row }, i) => {
      const cell = rows[row][i];
      if (ABOUT.test(key) || cell === null || cell === "") return [];
      const number = typeof cell === "number";
      const text = written(cell, engine.lang, plain);
      return [{ key, head, plain, number, text: number && of_row && unit ? withUnit(unit, text, engine.lang) : text }];
    });
    const called = [/^name/, /^(?!name)/].map((of) => shown.find(({ key, number }) => !number && of.test(key) && !TRAITS.test(key)));
    const name = called.find(Boolean) ?? shown.find(({ plain }) => plain);
    const rest = shown.filter((one) => one !== name).map(({ head, text }) => field(head, text));
    return name ? [h("b", {}, name.text), ...rest] : rest;
  }

  /** Ring the marks of whom another picture of the page is asked about. */
  light(whom) {
    const { keys, rows } = this.figure.payload.table ?? {};
    const at = keys && whom ? WHOM.map((key) => keys.indexOf(key)).filter((i) => i >= 0) : [];
    this.ring(at.length && this.figure.visible ? this.known().filter(({ row, line }) => !line && at.some((i) => rows[row][i] === whom)) : []);
  }

  ring(marks) {
    const { chart } = this.figure;
    while (this.rings.length < marks.length) this.rings.push(h("div", { class: "wb-ring" }));
    this.rings.forEach((ring, i) => {
      ring.hidden = i >= marks.length;
      if (ring.hidden) return;
      const { left, right, top, bottom } = marks[i];
      if (ring.parentNode !== chart) chart.append(ring);
      Object.assign(ring.style, { translate: `${left - 3}px ${top - 3}px`, width: `${right - left + 6}px`, height: `${bottom - top + 6}px` });
    });
  }
}
