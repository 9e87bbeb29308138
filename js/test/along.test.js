// A scenario kept from another page: what this page can use of it, and what it keeps for others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../src/along.js";

const definitions = [
  { key: "zone", default: 0, low: -30, high: 50 },
  { key: "outer", default: 0, low: -30, high: 50 },
];

test("levers that this page has are offered, the others kept as they are", () => {
  assert.deepEqual(known("v1;zone=12.5;conversion=80", definitions), { levers: { zone: 12.5 }, others: ["conversion=80"], name: "" });
  assert.deepEqual(known("v1", definitions), { levers: {}, others: [], name: "" });
});

test("a name comes along with the levers that it was given to", () => {
  assert.deepEqual(known("v1;zone=12.5;name=%E7%94%B2", definitions), { levers: { zone: 12.5 }, others: [], name: "甲" });
  assert.equal(known("v1;zone=12.5;name=<b>", definitions).name, "");
});

test("what is no lever's value here is not offered", () => {
  assert.deepEqual(known("v1;zone=999;outer=x;constructor=1", definitions).levers, {});
});
