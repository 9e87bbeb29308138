import assert from "node:assert/strict";
import { test } from "node:test";
import { fromLink, pinsIn, scenarioIn, toLink, withScenario } from "../src/link.js";

const LEVERS = [
  { key: "uplift_zone", default: 0, low: -30, high: 70 },
  { key: "base_year", default: 2020, low: 2019, high: 2020, choices: [2019, 2020] },
];

test("a link names only what differs, and is read back", () => {
  const text = toLink({ uplift_zone: 12.5, base_year: 2020 }, LEVERS);
  assert.equal(text, "v1;uplift_zone=12.5");
  assert.deepEqual(fromLink(text, LEVERS), { levers: { uplift_zone: 12.5 } });
  assert.deepEqual(fromLink("v1", LEVERS), { levers: {} });
});

test("a scenario's name goes with its levers, once, and is read back", () => {
  const text = toLink({ uplift_zone: 1, base_year: 2020 }, LEVERS, "稳健 40%");
  assert.equal(text, "v1;uplift_zone=1;name=%E7%A8%B3%E5%81%A5%2040%25");
  const read = { levers: { uplift_zone: 1 }, name: "稳健 40%" };
  assert.deepEqual(fromLink(text, LEVERS), read);
  // An address decodes it once more, and may have been written anew by a form's rules.
  for (const search of [`?s=${text}`, `?${new URLSearchParams({ s: decodeURIComponent(text) })}`])
    assert.deepEqual(fromLink(scenarioIn({ search }), LEVERS), read);
  assert.equal(fromLink(`${text};name=b`, LEVERS).fault.key, "board.link_value");
  assert.equal(toLink({ uplift_zone: 0, base_year: 2020 }, LEVERS, "甲"), "v1");
});

test("a name that none may have is left out, its levers are not", () => {
  const read = fromLink("v1;uplift_zone=1;name=%3Cscript%3E", LEVERS);
  assert.deepEqual(read, { levers: { uplift_zone: 1 }, fault: { key: "board.link_name", name: "" } });
});

for (const [text, key] of [
  ["v2;uplift_zone=1", "board.link_version"],
  ["", "board.link_version"],
  ["v1;nothing=1", "board.link_unknown"],
  ["v1;__proto__=1", "board.link_unknown"],
  ["v1;uplift_zone=71", "board.link_value"],
  ["v1;uplift_zone=", "board.link_value"],
  ["v1;uplift_zone=0x10", "board.link_value"],
  ["v1;uplift_zone=1;uplift_zone=2", "board.link_value"],
  ["v1;base_year=2019.5", "board.link_value"],
]) {
  test(`a bad link says why: ${text}`, () => assert.equal(fromLink(text, LEVERS).fault.key, key));
}

test("the scenario is found in an address, also an older or a broken one", () => {
  assert.equal(scenarioIn({ search: "?s=v1;uplift_zone=2" }), "v1;uplift_zone=2");
  assert.equal(scenarioIn({ search: "?lang=en&s=v1%3Buplift_zone=2" }), "v1;uplift_zone=2");
  assert.equal(scenarioIn({ search: "?s=v1", hash: "#s=v1;uplift_zone=2" }), "v1;uplift_zone=2");
  assert.equal(scenarioIn({ search: "?s=%E0%A4%A" }), "?");
  assert.equal(scenarioIn({ search: "?lens=1", hash: "#section" }), null);
});

test("an address takes a scenario on, and leaves the rest as it is", () => {
  const written = (address, link) => withScenario(`http://host/a${address}`, link).href.slice(13);
  assert.equal(written("?lang=en", "v1;uplift_zone=2"), "?lang=en&s=v1;uplift_zone=2");
  assert.equal(written("?s=v1%3Buplift_zone%3D1&x=1", "v1"), "?x=1");
  assert.equal(written("#s=v1;uplift_zone=2", "v1;uplift_zone=3"), "?s=v1;uplift_zone=3");
  assert.equal(written("#section", "v1"), "#section");
});

test("an address holds the scenarios that are pinned, and those alone that can be read", () => {
  const address = withScenario("http://host/a?p=v1;uplift_zone=9", "v1", ["v1", "v1;uplift_zone=2;name=%E7%A8%B3+A"]);
  assert.equal(address.search, "?p=v1&p=v1;uplift_zone=2;name=%E7%A8%B3+A");
  assert.deepEqual(pinsIn(address, LEVERS), [{ levers: {} }, { levers: { uplift_zone: 2 }, name: "稳 A" }]);
  const hostile = { search: "?p=v1;uplift_zone=2;name=%3Cb%3E" };
  assert.deepEqual(pinsIn(hostile, LEVERS).map(({ name }) => name), [undefined]);
  assert.deepEqual(pinsIn({ search: "?p=v2&p=v1%3Buplift_zone=71&p=%E0%A4%A&lang=p=v1" }, LEVERS), []);
});
