// A minimal Office Open XML workbook: sheets of numbers and inline texts.
import { strToU8, zipSync } from "fflate";
import { neutral } from "./tables.js";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const STYLE = { plain: 0, bold: 1, head: 2, thousands: 3, decimals: 4 };
const format = (font, number, border = 0) =>
  `<xf numFmtId="${number}" fontId="${font}" fillId="0" borderId="${border}" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1"/>`;
const STYLES =
  `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="2"><border/><border><left/><right/><top/><bottom style="thin"/><diagonal/></border></borders>' +
  `<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5">${format(0, 0)}${format(1, 0)}${format(1, 0, 1)}${format(0, 3)}${format(0, 4)}</cellXfs></styleSheet>`;

/** The bytes of a workbook of sheets {name, title, notes, rows: [heads, ...[cell]]}. */
export function workbook(sheets) {
  const names = sheetNames(sheets.map(({ name }) => name));
  const files = {
    "[Content_Types].xml":
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>` +
      names.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${TYPES}.worksheet+xml"/>`).join("") +
      "</Types>",
    "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml":
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
      names.map((name, i) => `<sheet name="${escape(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join("") +
      "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": relations([...names.map((_, i) => ["worksheet", `worksheets/sheet${i + 1}.xml`]), ["styles", "styles.xml"]]),
    "xl/styles.xml": STYLES,
  };
  sheets.forEach((one, i) => (files[`xl/worksheets/sheet${i + 1}.xml`] = sheet(one)));
  const entries = Object.entries(files).map(([path, xml]) => [path, strToU8(HEAD + xml)]);
  return zipSync(Object.fromEntries(entries), { mtime: new Date("2021-01-01T00:00:00") });
}

function relations(targets) {
  const lines = targets.map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`);
  return `<Relationships xmlns="${RELATIONS}">${lines.join("")}</Relationships>`;
}

/** Title and notes, a line left free, heads in bold that stay in sight, numbers in their column's format. */
function sheet({ title, notes = [], rows }) {
  const above = [[title], ...notes.map((note) => [note]), []];
  const body = rows.slice(1);
  const formats = (rows[0] ?? []).map((_, c) => numberStyle(body.map((cells) => cells[c])));
  const styled = [
    ...above.map((cells, r) => cells.map((cell) => [cell, r ? STYLE.plain : STYLE.bold])),
    ...rows.map((cells, r) => cells.map((cell, c) => [cell, r ? formats[c] : STYLE.head])),
  ];
  const lines = styled.map((cells, r) => `<row r="${r + 1}">${cells.map(([cell, style], c) => cellXml(cell, `${letters(c)}${r + 1}`, style)).join("")}</row>`);
  const head = above.length + 1;
  const pane = `<pane xSplit="1" ySplit="${head}" topLeftCell="B${head + 1}" activePane="bottomRight" state="frozen"/>`;
  const columns = (rows[0] ?? []).map((_, c) => `<col min="${c + 1}" max="${c + 1}" width="${width(rows.map((cells) => cells[c]))}" customWidth="1"/>`);
  return (
    `<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>` +
    `${columns.length ? `<cols>${columns.join("")}</cols>` : ""}<sheetData>${lines.join("")}</sheetData></worksheet>`
  );
}

/** Decimals where a column has some, thousands apart where it has any; years stay as they are. */
function numberStyle(cells) {
  const numbers = cells.filter((cell) => typeof cell === "number");
  if (numbers.some((number) => !Number.isInteger(number))) return STYLE.decimals;
  return numbers.some((number) => Math.abs(number) >= 10_000) ? STYLE.thousands : STYLE.plain;
}

/** Room for a column's longest text, within bounds; a Han character takes two letters. */
function width(cells) {
  const letters = (cell) => [...String(cell ?? "")].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 2 : 1), 0);
  return Math.max(8, Math.min(48, ...[Math.max(...cells.map(letters)) + 2]));
}

function cellXml(cell, at, style) {
  if (cell == null || Number.isNaN(cell)) return "";
  if (typeof cell === "number") return `<c r="${at}" s="${style}"><v>${cell}</v></c>`;
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escape(String(neutral(cell)))}</t></is></c>`;
}

function letters(column) {
  const rest = Math.floor(column / 26);
  return (rest ? letters(rest - 1) : "") + String.fromCharCode(65 + (column % 26));
}

/** Excel allows 31 characters, none of []:*?/\, and no name twice. */
function sheetNames(names) {
  const seen = new Set();
  return names.map((name) => {
    const base = name.replace(/[[\]:*?/\\]/g, " ").slice(0, 28).trim() || "sheet";
    let unique = base;
    for (let n = 2; seen.has(unique.toLowerCase()); n += 1) unique = `${base} ${n}`;
    seen.add(unique.toLowerCase());
    return unique;
  });
}

function escape(text) {
  const named = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // control characters are not allowed in XML at all
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"]/g, (sign) => named[sign]);
}
