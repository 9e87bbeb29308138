import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fromLink } from "../src/link.js";
import { leverSaid, leverValue, readLever, readNumber } from "../src/number.js";

const { numbers, links } = JSON.parse(await readFile(new URL("numbers.json", import.meta.url), "utf8"));
const ZONE = { key: "uplift_zone", default: 0, low: -30, high: 70 };
const YEAR = { key: "base_year", default: 2020, low: 2019, high: 2020, choices: [2019, 2020] };
const MONEY = { low: 0, high: 1500, scale: { zh: 1, en: 0.1 }, said: { zh: "{number} 亿元", en: "CNY {number} billion" } };

for (const [text, value] of numbers) test(`a number is read or refused: ${JSON.stringify(text)}`, () => assert.equal(readNumber(text), value ?? NaN));

for (const [link, levers] of links) {
  test(`a link is taken whole or not at all: ${link}`, () => {
    const found = fromLink(link, [ZONE, YEAR]);
    assert.deepEqual(found.levers ?? null, levers);
    assert.equal(Boolean(found.fault), levers === null);
  });
}

test("a link that is too long is none, whatever its beginning says", () => {
  assert.equal(fromLink(`v1;uplift_zone=1;${"name=x".padEnd(4000, "x")}`, [ZONE]).fault.key, "board.link_long");
});

test("a typed value is kept exactly, in the unit shown, or the reason is told", () => {
  assert.deepEqual(readLever(ZONE, "12.34"), { value: 12.34 });
  assert.deepEqual(readLever(MONEY, "１２．３", MONEY.scale.en), { value: 123 });
  assert.deepEqual(readLever(MONEY, "150", MONEY.scale.en), { value: 1500 });
  assert.deepEqual(readLever(MONEY, "150.1", MONEY.scale.en), { fault: "bounds" });
  assert.deepEqual(readLever(ZONE, "1e9"), { fault: "bounds" });
  assert.deepEqual(readLever(ZONE, "5,5"), { fault: "number" });
  assert.deepEqual(readLever(YEAR, "2019.5"), { fault: "choices" });
});

test("a value is written whole, and what is written is read back", () => {
  for (const value of [0, 12.34, 0.1 + 0.2, 1234.5678, 42.7717])
    for (const lang of ["zh", "en"]) assert.equal(Math.abs(readLever(MONEY, leverValue(MONEY, value, lang), MONEY.scale[lang]).value - value) < 1e-9, true);
  assert.equal(leverValue(MONEY, 0.1 + 0.2, "zh"), "0.3");
  assert.deepEqual([leverValue(MONEY, -125, "en"), readLever(ZONE, "−12.5")], ["−12.5", { value: -12.5 }]);
  assert.deepEqual(["zh", "en"].map((lang) => leverSaid(MONEY, 1500, lang)), ["1500 亿元", "CNY 150 billion"]);
});
