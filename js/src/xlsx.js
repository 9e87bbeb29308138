// A minimal Office Open XML workbook: sheets of numbers and inline texts.
import { strToU8, zipSync } from "fflate";
import { neutral } from "./tables.js";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The bytes of a workbook of sheets {name, rows: [[cell]]}. */
export function workbook(sheets) {
  const names = sheetNames(sheets.map(({ name }) => name));
  const files = {
    "[Content_Types].xml":
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>` +
      names.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${TYPES}.worksheet+xml"/>`).join("") +
      "</Types>",
    "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml":
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
      names.map((name, i) => `<sheet name="${escape(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join("") +
      "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": relations(names.map((_, i) => ["worksheet", `worksheets/sheet${i + 1}.xml`])),
  };
  sheets.forEach(({ rows }, i) => (files[`xl/worksheets/sheet${i + 1}.xml`] = sheet(rows)));
  const entries = Object.entries(files).map(([path, xml]) => [path, strToU8(HEAD + xml)]);
  return zipSync(Object.fromEntries(entries), { mtime: new Date("2021-01-01T00:00:00") });
}

function relations(targets) {
  const lines = targets.map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`);
  return `<Relationships xmlns="${RELATIONS}">${lines.join("")}</Relationships>`;
}

function sheet(rows) {
  const lines = rows.map((cells, r) => `<row r="${r + 1}">${cells.map((cell, c) => cellXml(cell, `${letters(c)}${r + 1}`)).join("")}</row>`);
  return `<worksheet xmlns="${MAIN}"><sheetData>${lines.join("")}</sheetData></worksheet>`;
}

function cellXml(cell, at) {
  if (cell == null || Number.isNaN(cell)) return "";
  if (typeof cell === "number") return `<c r="${at}"><v>${cell}</v></c>`;
  return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escape(String(neutral(cell)))}</t></is></c>`;
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
