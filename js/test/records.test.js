// Rows of a long table as a reader asks for them: words, choices, order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decoded, matching, written } from "../src/records.js";

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

test("twenty thousand rows are searched as one", () => {
  const many = Array.from({ length: 20_000 }, (_, i) => [`project ${i}`, null, { zh: `${i}`, en: `${i}`, by: i }]);
  assert.equal(matching(many, { words: "19999" }, "en").length, 1);
  assert.equal(matching(many, { column: 2, down: true }, "en")[0][2].by, 19_999);
});
