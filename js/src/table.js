// A table that follows a choice: rows of texts, and what a reader may take of them.
import { download, h, say } from "./dom.js";
import { figureCsv, fileName } from "./tables.js";

export function table(engine, { el, payload }) {
  const title = h("h2", { class: "wb-title", id: `wb-title-${payload.key}` });
  const badge = payload.illustrative ? h("p", { class: "wb-illustrative" }) : null;
  const heads = payload.columns.map((column) => h("th", { scope: "col", class: column.number ? "wb-number" : false }));
  const body = h("tbody");
  const source = h("span", { class: "wb-source" });
  const take = h("button", {
    type: "button",
    class: "wb-tool",
    click: () => download(fileName(engine, payload.key, "csv", payload.illustrative), "text/csv;charset=utf-8", figureCsv(engine, payload)),
  });
  const element = h(
    "figure",
    { class: "wb-panel wb-table", "data-key": payload.key, "aria-labelledby": title.id },
    title,
    badge,
    h("div", { class: "wb-scroll", tabindex: 0, role: "region", "aria-labelledby": title.id }, h("table", {}, h("thead", {}, h("tr", {}, ...heads)), body)),
    h("figcaption", { class: "wb-caption" }, source, h("span", { class: "wb-tools" }, take)),
  );
  el.append(element);
  const told = { payload };
  engine.figures.add(told);
  let drawn = null;

  function rows() {
    const { lang } = engine;
    const key = payload.by ? engine.signals[payload.by] : "";
    const now = `${key} ${lang}`;
    if (now === drawn) return;
    drawn = now;
    const cells = (row) =>
      row.map((cell, i) => {
        const text = cell === null ? "–" : typeof cell === "object" ? cell[lang] : String(cell);
        const wide = payload.columns[i].number ? { class: "wb-number" } : {};
        return i === 0 ? h("th", { scope: "row" }, text) : h("td", wide, text);
      });
    body.replaceChildren(...(payload.rows[key] ?? []).map((row) => h("tr", {}, ...cells(row))));
  }

  return {
    update() {
      say(title, engine.text(payload.title));
      say(source, engine.text(payload.source));
      rows();
    },
    restyle() {
      payload.columns.forEach((column, i) => say(heads[i], column[engine.lang]));
      say(take, engine.label("board.data"));
      if (badge) say(badge, engine.label("board.illustrative"));
    },
    remove: () => engine.figures.delete(told),
  };
}
