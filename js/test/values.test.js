// Which row of its table a mark shows: one that agrees in all, or none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "../src/values.js";

const table = {
  keys: ["place", "tier", "month", "capital"],
  rows: [
    ["jiangan", "central", 1, { live: "capital_total - 9330" }],
    ["jianghan", "central", 1, 535.6142000000001],
    ["jianghan", "central", 2, 535.6142000000001],
    ["huangpi", "outer", 1, null],
  ],
  words: { jianghan: { zh: "江汉区", en: "Jianghan" }, huangpi: { zh: "黄陂区", en: "Huangpi" } },
};
const rowOf = joined(table, { capital_total: 8431 });

test("a mark is of the row that agrees in every column both have", () => {
  assert.equal(rowOf({ place: "jianghan", month: 2 }), 2);
  assert.equal(rowOf({ tier: "outer" }), 3);
  assert.equal(rowOf({ capital: -899.0000001, tier: "central" }), 0);
});

test("a name that a reader has for it tells the row, too, in a column of its own or in the key's", () => {
  assert.equal(rowOf({ name: "Huangpi", value: 3 }), 3);
  assert.equal(rowOf({ place: "黄陂区" }), 3);
  assert.equal(rowOf({ name: "江汉区", month: 1 }), 1);
});

test("where two rows agree alike, or none, nothing is said", () => {
  assert.equal(rowOf({ place: "jianghan" }), null);
  assert.equal(rowOf({ place: "jianghan", month: 3 }), null);
  assert.equal(rowOf({ place: "jiangan", capital: 12 }), null);
  assert.equal(rowOf({ value: 535.6142, said: "535.6" }), null);
  assert.equal(rowOf({}), null);
});
