// What a reader takes away as tables: one figure as CSV, the whole page as a workbook.
import { h, say, download } from "./dom.js";
import { workbook } from "./xlsx.js";

/** A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers. */
export function neutral(cell) {
  return typeof cell === "string" && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

function quoted(cell) {
  const text = cell == null ? "" : String(neutral(cell));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table {columns: [{zh, en}], rows: [[cell]]} as CSV with a byte order mark, as Excel wants it. */
export function csv(table, lang) {
  const lines = [table.columns.map((column) => column[lang]), ...table.rows];
  return "\ufeff" + lines.map((cells) => cells.map(quoted).join(",")).join("\r\n") + "\r\n";
}

/** All tables of the page, its sources and the scenario, as sheets. */
export function sheets(engine) {
  const scenario = [
    [engine.label("board.lever"), engine.label("board.value"), engine.label("board.unit"), engine.label("board.default")],
    ...engine.definitions.map((lever) => [
      lever.name[engine.lang],
      engine.signals[lever.key] * lever.scale[engine.lang],
      lever.unit[engine.lang],
      lever.default * lever.scale[engine.lang],
    ]),
    ...engine.model.get("outcome_definitions").map((outcome) => [
      outcome.name[engine.lang],
      engine.signals[outcome.key] * outcome.scale[engine.lang],
      outcome.unit[engine.lang],
      null,
    ]),
    [engine.label("board.link"), engine.link(), null, null],
  ];
  const figures = [...engine.figures];
  const sources = [
    [engine.label("board.figure"), engine.label("board.source")],
    ...figures.map((figure) => [engine.text(figure.payload.title), engine.text(figure.payload.source)]),
  ];
  return [
    { name: engine.label("board.scenario"), rows: scenario },
    ...figures.map(({ payload }) => ({
      name: payload.key,
      rows: [payload.table.columns.map((column) => column[engine.lang]), ...payload.table.rows],
    })),
    { name: engine.label("board.sources"), rows: sources },
  ];
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export function tables(engine, { el }) {
  const button = h("button", {
    type: "button",
    class: "wb-tool wb-tables",
    click: () => download("workbook.xlsx", XLSX, workbook(sheets(engine))),
  });
  el.append(button);
  return { update: () => say(button, engine.label("board.all_tables")) };
}
