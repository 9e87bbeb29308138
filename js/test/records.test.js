// Rows of a long table as a reader asks for them: words, choices, order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Window } from "happy-dom";
import { matching, written } from "../src/grid.js";
import { decoded, records } from "../src/records.js";

const payload = {
  columns: [{}, { words: [{ zh: "江岸区", en: "Jiang'an" }, { zh: "黄陂区", en: "Huangpi" }] }, { number: true }],
  rows: [
    [null, 0, { zh: "25", en: "2.5", by: 25 }],
    [null, 1, { zh: "150", en: "15", by: 150 }],
    [null, null, null],
    [null, 1, { zh: "9", en: "0.9", by: 9 }],
  ],
};
const rows = decoded(payload);
const amounts = (found) => found.map((row) => row[2]?.by ?? null);

test("a column's words are written down once and stand in every row", () => {
  assert.equal(written(rows[1][1], "zh"), "黄陂区");
  assert.equal(rows[1][1], rows[3][1]);
  assert.equal(written(rows[2][1], "zh"), "–");
});

test("every word asked for is found, in either language, whatever its case and width", () => {
  assert.deepEqual(amounts(matching(rows, { words: "HUANGPI" }, "zh")), [150, 9]);
  assert.deepEqual(amounts(matching(rows, { words: "黄陂 １５０" }, "en")), [150]);
  assert.deepEqual(matching(rows, { words: "nowhere" }, "en"), []);
});

test("choices narrow down what words find", () => {
  assert.deepEqual(amounts(matching(rows, { chosen: { 1: payload.columns[1].words[0] } }, "zh")), [25]);
  assert.deepEqual(matching(rows, { words: "150", chosen: { 1: payload.columns[1].words[0] } }, "zh"), []);
});

test("numbers are ordered as numbers, and what is not known comes last either way", () => {
  assert.deepEqual(amounts(matching(rows, { column: 2 }, "zh")), [9, 25, 150, null]);
  assert.deepEqual(amounts(matching(rows, { column: 2, down: true }, "en")), [150, 25, 9, null]);
  assert.deepEqual(amounts(matching(rows, {}, "en")), [25, 150, null, 9]);
});

test("twenty thousand rows stand there a page at a time, and follow what is asked of them", () => {
  const { document, Event } = new Window();
  globalThis.document = document;
  const columns = [{ zh: "项目", en: "Project" }, { zh: "区", en: "District", filter: true, words: [{ zh: "江岸区", en: "Jiang'an" }, "x"] }];
  const many = Array.from({ length: 20_000 }, (_, i) => [`project ${i}`, i % 2]);
  const engine = { lang: "en", figures: new Set(), label: (key, values = {}) => Object.values(values).join(" ") || key, text: () => "" };
  const el = document.createElement("div");
  const part = records(engine, { el, payload: { key: "many", columns, rows: many, title: {}, source: {} } });
  part.restyle();
  const shown = () => [...el.querySelectorAll("tbody tr")].map((row) => row.querySelector("th").textContent);
  assert.equal(shown().length, 25);
  assert.equal(el.querySelector("[role=status]").textContent, "1 25 20000 20000");
  el.querySelector("select").value = "1";
  el.querySelector("select").dispatchEvent(new Event("change"));
  assert.deepEqual(shown().slice(0, 2), ["project 1", "project 3"]);
  el.querySelector("input").value = "19999";
  el.querySelector("input").dispatchEvent(new Event("input"));
  assert.deepEqual(shown(), ["project 19999"]);
  // What is taken away is what was found.
  assert.deepEqual([...engine.figures][0].payload.rows[""].map(([name]) => name), ["project 19999"]);
  el.querySelector("input").value = "";
  el.querySelector("input").dispatchEvent(new Event("input"));
  const sort = el.querySelectorAll(".wb-sort")[0];
  sort.click();
  sort.click();
  assert.equal(shown()[0], "project 19999");
  assert.equal(el.querySelector("th[aria-sort]").getAttribute("aria-sort"), "descending");
  [...el.querySelectorAll(".wb-turn button")].at(-1).click();
  assert.equal(el.querySelector("[role=status]").textContent, "26 50 10000 20000");
});
