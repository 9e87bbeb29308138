import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { level } from "../src/cards.js";

// Python holds to the same cases: tests/board/test_board.py.
const CASES = JSON.parse(await readFile(new URL("../../tests/board/card_levels.json", import.meta.url)));

test("what a value is against a year's target, in a whole year and in a part of it", () => {
  for (const { value, part, rate, state } of CASES) {
    assert.equal(level(value, { expected: 9330, stretch: 9360, rate }, part), state, `${value} ${part} ${rate}`);
  }
});
