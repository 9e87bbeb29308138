// A long table in a card of its own: its rows to search, filter and sort.
import { download, h, say } from "./dom.js";
import { Grid } from "./grid.js";
import { figureCsv, fileName } from "./tables.js";

/** Rows with words in place of their numbers in the column's list. */
export const decoded = ({ columns, rows }) =>
  rows.map((row) => row.map((cell, i) => (cell !== null && columns[i].words ? columns[i].words[cell] : cell)));

export function records(engine, { el, payload }) {
  const { columns, key } = payload;
  const all = decoded(payload);
  const title = h("h2", { class: "wb-title", id: `wb-title-${key}` });
  const badge = payload.illustrative ? h("p", { class: "wb-illustrative" }) : null;
  const grid = new Grid(engine, { columns, rows: () => all, heading: title.id });
  const source = h("span", { class: "wb-source" });
  const take = h("button", {
    type: "button",
    class: "wb-tool",
    click: () => download(fileName(engine, key, "csv", payload.illustrative), "text/csv;charset=utf-8", figureCsv(engine, told)),
  });
  el.append(
    h("figure", { class: "wb-panel wb-table wb-records", "data-key": key, "aria-labelledby": title.id },
      title, badge, ...grid.elements,
      h("figcaption", { class: "wb-caption" }, source, h("span", { class: "wb-tools" }, take))),
  );
  // What a reader takes away is what is found, not the rows that happen to be on the screen.
  const told = { ...payload, get rows() { return { "": grid.found }; } };
  const held = { payload: told };
  engine.figures.add(held);

  return {
    update() {
      say(title, engine.text(payload.title));
      say(source, engine.text(payload.source));
    },
    restyle() {
      say(take, engine.label("board.data"));
      if (badge) say(badge, engine.label("board.illustrative"));
      grid.restyle();
    },
    remove: () => engine.figures.delete(held),
  };
}
