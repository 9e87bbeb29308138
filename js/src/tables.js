// What a reader takes away as tables: one figure as CSV, the whole page as a workbook.
import { rounded as exact } from "./number.js";
import { h, say, download } from "./dom.js";
import { COLON } from "./messages.js";
import { compile } from "./vega.js";
import { workbook } from "./xlsx.js";

/** A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers. */
export function neutral(cell) {
  return typeof cell === "string" && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

function quoted(cell) {
  const text = cell == null ? "" : String(neutral(cell));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows of cells, heads first, as CSV with a byte order mark, as Excel wants it. */
export function csv(rows) {
  return "\ufeff" + rows.map((cells) => cells.map(quoted).join(",")).join("\r\n") + "\r\n";
}

/** As many decimals as a reader is shown, and three digits of what is less than one. */
const rounded = (value) => Number(Math.abs(value) < 1 ? value.toPrecision(3) : value.toFixed(2));

/** A page's table as it stands there: [heads, ...rows], numbers as numbers. */
function listed({ columns, rows, by }, { signals, lang }) {
  const cell = (value, { number }) => {
    const text = value !== null && typeof value === "object" ? value[lang] : value;
    const plain = number && typeof text === "string" ? Number(text.replaceAll(",", "").replace("−", "-")) : NaN;
    return Number.isNaN(plain) ? text : plain;
  };
  const shown = rows[by ? signals[by] : ""] ?? [];
  return [columns.map((column) => column[lang]), ...shown.map((row) => row.map((value, i) => cell(value, columns[i])))];
}

const compiled = new Map();

/** A cell's value in the scenario: what follows it is arithmetic over levers and outcomes. */
export function live(cell, signals) {
  if (cell?.live === undefined) return cell;
  if (!compiled.has(cell.live)) compiled.set(cell.live, compile(cell.live));
  return compiled.get(cell.live)(signals);
}

/** A picture's columns and rows as they are in the scenario, in the reader's words and units. */
export function rowsShown({ signals, lang }, { table: { keys, columns, rows, words } }) {
  const kept = columns.map((_, i) => i).filter((i) => columns[i].head[lang] !== null);
  const unit = keys.indexOf("unit");
  const cell = (value, i, row) => {
    const now = live(value, signals);
    if (now !== null && typeof now === "object") return now[lang];
    if (typeof now === "string") return words[now]?.[lang] ?? now;
    if (!Number.isFinite(now)) return null;
    return columns[i].plain ? now : rounded(now * (columns[i].scale[lang] ?? words[row[unit]]?.scale[lang] ?? 1));
  };
  return {
    columns: kept.map((i) => ({ key: keys[i], head: columns[i].head[lang], plain: columns[i].plain, of_row: columns[i].scale[lang] === null })),
    rows: rows.map((row) => kept.map((i) => cell(row[i], i, row))),
  };
}

/** A figure's or a table's rows as they are on the screen, heads first, made-up ones marked in each row. */
export function shown(engine, payload) {
  const picture = payload.columns ? null : rowsShown(engine, payload);
  const rows = picture ? [picture.columns.map(({ head }) => head), ...picture.rows] : listed(payload, engine);
  if (!payload.illustrative) return rows;
  const [kind, said] = ["kind", "kind_illustrative"].map((key) => engine.label(`board.${key}`));
  return rows.map((row, i) => [...row, i ? said : kind]);
}

/** Where the numbers are from and what they are of: [[what, it]]. */
export function provenance(engine, payload) {
  return [
    [engine.label("board.source"), engine.text(payload.source)],
    [engine.label("board.licence"), engine.label("board.licence_of")],
    [engine.label("board.scenario"), engine.scenario()],
    [engine.label("board.address"), engine.address()],
    [engine.label("board.date"), today()],
  ];
}

export function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** A figure's rows as CSV, what they are from and of in each row. */
export function figureCsv(engine, payload) {
  const about = provenance(engine, payload);
  return csv(shown(engine, payload).map((row, i) => [...row, ...about.map((pair) => pair[i ? 1 : 0])]));
}

/** A file's name: page, picture, scenario, and that it is made up where it is. */
export function fileName(engine, what, ending, illustrative = false) {
  const { pathname } = globalThis.location;
  const page = /\/briefing\/([^/]+)/.exec(pathname)?.[1] ?? pathname.split("/").at(-1).replace(/\.html$/, "");
  const kind = illustrative ? engine.label("board.kind_illustrative") : "";
  const parts = [page || "workbook", what, engine.scenario(true), kind].filter(Boolean);
  return `${parts.join("-").replace(/[\\/:*?"<>|\s]+/g, "_")}.${ending}`;
}

/** All tables of the page, its sources and the scenario, as sheets. */
export function sheets(engine) {
  const { lang } = engine;
  const value = ({ key, unit, scale, default: usual = null }) => [
    exact(engine.signals[key] * scale[lang]),
    unit[lang],
    usual === null ? null : exact(usual * scale[lang]),
    ...engine.pinned.map(({ signals }) => exact(signals[key] * scale[lang])),
  ];
  const scenario = [
    [...["lever", "value", "unit", "default"].map((key) => engine.label(`board.${key}`)), ...engine.pinned.map(({ letter, levers }) => `${letter} ${engine.scenario(false, levers)}`)],
    ...engine.definitions.map((lever) => [lever.name[lang], ...value(lever)]),
    ...engine.model.get("outcome_definitions").map((outcome) => [outcome.name[lang], ...value(outcome)]),
    [engine.label("board.link"), engine.link(), null, null, ...engine.pinned.map(({ levers }) => engine.link(levers))],
  ];
  const figures = [...engine.figures];
  const sources = [
    [engine.label("board.figure"), engine.label("board.source")],
    ...figures.map(({ payload }) => [engine.text(payload.title), engine.text(payload.source)]),
  ];
  const about = `${engine.label("board.scenario")}${COLON[lang]}${engine.scenario()} · ${engine.address()} · ${today()}`;
  return [
    { name: engine.label("board.scenario"), title: engine.scenario(), notes: [engine.address(), today()], rows: scenario },
    ...figures.map(({ payload }) => ({
      name: engine.text(payload.title),
      title: engine.text(payload.title),
      notes: [engine.text(payload.source), about],
      rows: shown(engine, payload),
    })),
    { name: engine.label("board.sources"), title: engine.label("board.sources"), notes: [engine.label("board.licence_of"), about], rows: sources },
  ];
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export function tables(engine, { el }) {
  const button = h("button", {
    type: "button",
    class: "wb-tool wb-tables",
    click: () => download(fileName(engine, "", "xlsx"), XLSX, workbook(sheets(engine))),
  });
  el.append(button);
  return { update: () => say(button, engine.label("board.all_tables")) };
}
