// A table to search, filter and sort, a page of rows at a time.
import { download, h, say } from "./dom.js";
import { figureCsv, fileName } from "./tables.js";

/** Rows that stand on the page at once: however many there are, it draws no more. */
const AT_ONCE = 25;
/** A text of so many characters needs no second line. */
const BRIEF = 12;

/** Rows with words in place of their numbers in the column's list. */
export const decoded = ({ columns, rows }) =>
  rows.map((row) => row.map((cell, i) => (cell !== null && columns[i].words ? columns[i].words[cell] : cell)));

export const written = (cell, lang) => (cell === null ? "–" : typeof cell === "object" ? cell[lang] : String(cell));

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
  const value = (row) => row[column]?.by ?? (row[column] === null ? null : written(row[column], lang));
  const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : compare(String(a), String(b)));
  const known = found.filter((row) => value(row) !== null);
  known.sort((a, b) => (down ? -1 : 1) * order(value(a), value(b)));
  return [...known, ...found.filter((row) => value(row) === null)];
}

export function records(engine, { el, payload }) {
  const { columns, key } = payload;
  const all = decoded(payload);
  const asked = { words: "", chosen: {}, column: null, down: false };
  let first = 0;
  let found = all;
  const title = h("h2", { class: "wb-title", id: `wb-title-${key}` });
  const badge = payload.illustrative ? h("p", { class: "wb-illustrative" }) : null;
  const search = h("input", { type: "search", maxlength: 100, input: () => ask({ words: search.value }) });
  const named = h("span");
  const filters = columns.flatMap((column, i) => (column.filter ? [filter(column, i)] : []));
  const heads = columns.map((column, i) => {
    const button = h("button", { type: "button", class: "wb-sort", click: () => sort(i) });
    return { button, cell: h("th", { scope: "col", class: column.number ? "wb-number" : false }, button) };
  });
  const body = h("tbody");
  const count = h("span", { role: "status" });
  const [before, next] = [-AT_ONCE, AT_ONCE].map((step) => h("button", { type: "button", class: "wb-tool", click: () => turn(step) }));
  const source = h("span", { class: "wb-source" });
  const take = h("button", {
    type: "button",
    class: "wb-tool",
    click: () => download(fileName(engine, key, "csv", payload.illustrative), "text/csv;charset=utf-8", figureCsv(engine, told)),
  });
  el.append(
    h("figure", { class: "wb-panel wb-table wb-records", "data-key": key, "aria-labelledby": title.id },
      title,
      badge,
      h("div", { class: "wb-asked" }, h("label", {}, named, search), ...filters.map(({ label }) => label)),
      h("div", { class: "wb-scroll", tabindex: 0, role: "region", "aria-labelledby": title.id },
        h("table", {}, h("thead", {}, h("tr", {}, ...heads.map(({ cell }) => cell))), body)),
      h("div", { class: "wb-turn" }, count, before, next),
      h("figcaption", { class: "wb-caption" }, source, h("span", { class: "wb-tools" }, take))),
  );
  // What a reader takes away is what is found, not the rows that happen to be on the screen.
  const told = { ...payload, get rows() { return { "": found }; } };
  const held = { payload: told };
  engine.figures.add(held);

  function filter(column, i) {
    const name = h("span");
    const select = h("select", { change: () => choose(i, select.value) });
    return { column, name, select, label: h("label", {}, name, select) };
  }

  function choose(i, at) {
    const { [i]: _, ...others } = asked.chosen;
    ask({ chosen: at === "" ? others : { ...others, [i]: columns[i].words[at] } });
  }

  function sort(column) {
    ask(asked.column === column && asked.down ? { column: null, down: false } : { column, down: asked.column === column });
  }

  function ask(change) {
    Object.assign(asked, change);
    first = 0;
    rows();
  }

  function turn(step) {
    first += step;
    rows(false);
  }

  function rows(anew = true) {
    const { lang } = engine;
    if (anew) found = matching(all, asked, lang);
    const shown = found.slice(first, first + AT_ONCE);
    body.replaceChildren(...shown.map((row) => h("tr", {}, ...row.map((one, i) => cell(one, columns[i], i, lang)))));
    heads.forEach(({ cell: head }, i) => {
      if (asked.column === i) head.setAttribute("aria-sort", asked.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    before.disabled = first === 0;
    next.disabled = first + AT_ONCE >= found.length;
    before.hidden = next.hidden = found.length <= AT_ONCE;
    const range = { first: first + 1, last: first + shown.length, found: found.length, all: all.length };
    say(count, engine.label(found.length ? "board.records.count" : "board.records.none", range));
  }

  return {
    update() {
      say(title, engine.text(payload.title));
      say(source, engine.text(payload.source));
    },
    restyle() {
      const { lang } = engine;
      heads.forEach(({ button }, i) => say(button, columns[i][lang]));
      say(named, engine.label("board.records.search"));
      say(before, engine.label("board.records.before"));
      say(next, engine.label("board.records.next"));
      say(take, engine.label("board.data"));
      if (badge) say(badge, engine.label("board.illustrative"));
      for (const { column, name, select } of filters) {
        const now = select.value;
        say(name, column[lang]);
        const options = column.words.map((word, at) => h("option", { value: at }, written(word, lang)));
        select.replaceChildren(h("option", { value: "" }, engine.label("board.records.all")), ...options);
        select.value = now;
      }
      rows();
    },
    remove: () => engine.figures.delete(held),
  };
}

/** A cell: a publication's title leads to its address, where it is one that a reader may be sent to. */
function cell(one, { number }, i, lang) {
  const text = written(one, lang);
  const link = one?.url ? h("a", { href: one.url, target: "_blank", rel: "noopener noreferrer" }, text) : text;
  // Dates, units and the like stay on one line; a long text gets room for several words a line.
  const kind = number ? "wb-number" : text.length > BRIEF ? "wb-long" : "wb-brief";
  return i === 0 ? h("th", { scope: "row", class: kind }, link) : h("td", { class: kind }, link);
}
