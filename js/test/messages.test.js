import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, render } from "../src/messages.js";

const message = {
  cases: [
    { when: "capital_margin >= 0 && met", zh: "达到 {total:,.0f}", en: "met with {total:,.0f}" },
    { when: "true", zh: "差 {capital_margin:+,.1f} {unit}", en: "{capital_margin:+,.1f} {unit}" },
  ],
  values: { unit: { zh: "亿元", en: "CNY 100m" } },
};

test("the first case that holds is said, in each language", () => {
  const met = { capital_margin: 0, met: true, total: 9330.4 };
  assert.equal(render(message, met, "zh"), "达到 9,330");
  assert.equal(render(message, { ...met, capital_margin: -899 }, "en"), "−899.0 CNY 100m");
  assert.equal(render(message, { ...met, met: false }, "zh"), "差 +0.0 亿元");
});

test("a value that rounds to zero has no minus, and a hole is shown as one", () => {
  assert.equal(fill("{x:.1f}", { x: -0.01 }, "zh"), "0.0");
  assert.equal(fill("{x:.1f}", { x: NaN }, "zh"), "–");
  assert.equal(fill("{{{x}}}", { x: "a" }, "zh"), "{a}");
});

test("English counts amounts in billions, and small ones in millions", () => {
  assert.equal(fill("US${x:.2mn} million", { x: 8396 }, "en"), "US$83.96 million");
  assert.equal(fill("CNY {x:bn} billion", { x: 9330 }, "en"), "CNY 933 billion");
  assert.equal(fill("{x:.2bn}", { x: 9328.6 }, "en"), "932.86");
  assert.equal(fill("{x:+bn}", { x: 100000 }, "en"), "+10,000");
  assert.equal(fill("{x:bn}", { x: 8431 }, "en"), "843.1");
  assert.equal(fill("{x:bn}", { x: -899 }, "en"), "−89.9");
  assert.equal(fill("{x:bn}", { x: -0.3 }, "en"), "0");
});

test("a number's sign, as written, or its count chooses the words", () => {
  const change = (x) => fill("{x:+.1f|fell #%|held|rose #%}", { x }, "en");
  assert.deepEqual([-30, -0.04, 0.04, 0.06].map(change), ["fell 30.0%", "held", "held", "rose 0.1%"]);
  const count = (x) => fill("{x:,.0f|none is|one is|# are} there", { x }, "en");
  assert.deepEqual([0, 1, 1200].map(count), ["none is there", "one is there", "1,200 are there"]);
  assert.equal(fill("{x:d|none is|one is|# are} there", { x: 1500 }, "en"), "1,500 are there");
});

test("a placeholder without a value is an error", () => {
  assert.throws(() => fill("{gone:.1f}", {}, "zh"), /gone/);
});

test("a number that is inferred is marked, and the text ends with what the mark means", () => {
  const marked = {
    cases: [{ when: "x > 0", zh: "{x:,.1f} 亿元。", en: "{x:,.1f} here." }, { when: "true", zh: "无", en: "none" }],
    values: { x: 9328.6 },
    marks: { x: { zh: "推断", en: "inferred" } },
    note: { zh: "（* {kinds}）", en: " (* {kinds})" },
  };
  assert.equal(render(marked, {}, "zh"), "9,328.6* 亿元。（* 推断）");
  assert.equal(render(marked, {}, "en"), "9,328.6* here. (* inferred)");
  assert.equal(render(marked, { x: 0 }, "en"), "none");
});
