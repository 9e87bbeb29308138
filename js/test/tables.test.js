import assert from "node:assert/strict";
import { test } from "node:test";
import { strFromU8, unzipSync } from "fflate";
import { Window } from "happy-dom";
import { csv, fileName, shown } from "../src/tables.js";
import { workbook } from "../src/xlsx.js";
import { formulaElement } from "../src/mathml.js";

const table = [["区", "值"], ["=1+1", -2], ["a,\"b\"", null], ["@x", 3.5]];

test("a CSV opens in Excel as UTF-8, and none of its texts runs", () => {
  assert.equal(csv(table), '\ufeff区,值\r\n\'=1+1,-2\r\n"a,""b""",\r\n\'@x,3.5\r\n');
});

test("a picture's rows are those of the scenario, in the reader's words and units, made-up ones marked", () => {
  const column = (zh, en, scale) => ({ head: { zh, en }, scale: { zh: 1, en: scale }, plain: false });
  const payload = {
    illustrative: true,
    table: {
      keys: ["place", "capital"],
      columns: [column("区", "District", 1), column("到位（亿元）", "In place (CNY billion)", 0.1), { head: { zh: null, en: null }, scale: {} }],
      rows: [["jiangan", { live: "capital_total - 9330" }, 1], ["jianghan", 535.6142000000001, 2]],
      words: { jiangan: { zh: "江岸区", en: "Jiang'an" } },
    },
  };
  const engine = { signals: { capital_total: 8431 }, lang: "en", label: (key) => key };
  assert.deepEqual(shown(engine, payload), [
    ["District", "In place (CNY billion)", "board.kind"],
    ["Jiang'an", -89.9, "board.kind_illustrative"],
    ["jianghan", 53.56, "board.kind_illustrative"],
  ]);
  assert.deepEqual(shown({ ...engine, lang: "zh" }, payload)[1].slice(0, 2), ["江岸区", -899]);
});

test("a file is called by its page, wherever the page lies", () => {
  const engine = { scenario: () => "default", label: () => "made up" };
  const called = (pathname) => {
    globalThis.location = { pathname };
    return fileName(engine, "map", "csv", true);
  };
  assert.equal(called("/briefing/districts"), "districts-map-default-made_up.csv");
  assert.equal(called("/city/briefing/districts/en/"), "districts-map-default-made_up.csv");
  assert.equal(called("/tmp/districts.en.html"), "districts.en-map-default-made_up.csv");
  assert.equal(called("/"), "workbook-map-default-made_up.csv");
});

test("a workbook holds its sheets, numbers as numbers, texts escaped", () => {
  const files = unzipSync(workbook([{ name: "a/b", title: "T", notes: ["n"], rows: [["<x>&", "h"], ["=2", 1.5]] }, { name: "a b", rows: [] }]));
  const sheet = strFromU8(files["xl/worksheets/sheet1.xml"]);
  assert.match(sheet, /<c r="B5" s="4"><v>1.5<\/v><\/c>/);
  assert.match(sheet, /<c r="A1" s="1" t="inlineStr"><is><t xml:space="preserve">T</);
  assert.match(sheet, /ySplit="4".*<c r="A4" s="2"/);
  assert.match(sheet, /&lt;x&gt;&amp;/);
  assert.match(sheet, /'=2/);
  assert.match(strFromU8(files["xl/workbook.xml"]), /name="a b".*name="a b 2"/);
});

test("a formula is copied by an allow-list", () => {
  const window = new Window();
  Object.assign(globalThis, { document: window.document, DOMParser: window.DOMParser });
  const made = formulaElement('<math onclick="x()"><mi mathvariant="normal">C</mi><script>alert(1)</script></math>');
  assert.equal(made.querySelector("mi").textContent, "C");
  assert.equal(made.querySelector("script"), null);
  assert.equal(made.getAttribute("onclick"), null);
});
