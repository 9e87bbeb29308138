import assert from "node:assert/strict";
import { test } from "node:test";
import { strFromU8, unzipSync } from "fflate";
import { Window } from "happy-dom";
import { csv } from "../src/tables.js";
import { workbook } from "../src/xlsx.js";
import { formulaElement } from "../src/mathml.js";

const table = { columns: [{ zh: "区", en: "district" }, { zh: "值", en: "value" }], rows: [["=1+1", -2], ["a,\"b\"", null], ["@x", 3.5]] };

test("a CSV opens in Excel as UTF-8, and none of its texts runs", () => {
  assert.equal(csv(table, "zh"), '\ufeff区,值\r\n\'=1+1,-2\r\n"a,""b""",\r\n\'@x,3.5\r\n');
});

test("a workbook holds its sheets, numbers as numbers, texts escaped", () => {
  const files = unzipSync(workbook([{ name: "a/b", rows: [["<x>&", 1.5, null], ["=2"]] }, { name: "a b", rows: [] }]));
  const sheet = strFromU8(files["xl/worksheets/sheet1.xml"]);
  assert.match(sheet, /<c r="B1"><v>1.5<\/v><\/c>/);
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
