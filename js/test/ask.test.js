import assert from "node:assert/strict";
import { test } from "node:test";

/** As much of an element as a panel needs. */
class Stub {
  constructor() {
    Object.assign(this, { children: [], on: {}, dataset: {}, style: {}, textContent: "" });
  }
  append(...children) {
    this.children.push(...children);
  }
  addEventListener(kind, act) {
    this.on[kind] = act;
  }
  setAttribute() {}
  toggleAttribute() {}
  replaceChildren(...children) {
    this.children = children;
  }
}
globalThis.document = { createElement: () => new Stub(), createTextNode: (text) => text };
globalThis.Node = Stub;
const { ask } = await import("../src/ask.js");

const LABELS = {
  "board.ask.here": { en: "this scenario", zh: "当前情景" },
  "board.ask.before": { en: "the scenario before", zh: "先前的情景" },
};

/** A panel with the answer of a preset, in a scenario that its reader moves. */
function panel() {
  const el = new Stub();
  const reader = { levers: { x: 1 }, facts: {} };
  const engine = {
    lang: "en",
    labels: LABELS,
    levers: () => reader.levers,
    label: (key, values = {}) => [key, ...Object.values(values)].join(" "),
    ask: () => new Promise((answer, fail) => Object.assign(reader, { answer, fail })),
    know(facts) {
      Object.assign(reader.facts, facts);
      reader.part?.update();
    },
  };
  const name = { en: "“Floors”", zh: "“只达底线”" };
  const known = [{ levers: { x: 1 }, facts: {}, said: { en: "From {asked_of}", zh: "从{asked_of}出发" }, name }];
  reader.part = ask(engine, { el, payload: { known } });
  const [asked, said] = el.children[0].children;
  const [button, state] = asked.children;
  const told = (element) => [element.textContent, ...element.children].join("");
  return Object.assign(reader, { engine, press: () => button.on.click(), state: () => told(state), said: () => told(said) });
}

test("an answer says of which scenario it is, wherever the reader has moved", async () => {
  const reader = panel();
  reader.part.update();
  assert.equal(reader.said(), "From “Floors”");
  reader.levers = { x: 2 };
  reader.part.settled();
  assert.equal(reader.said(), "From “Floors”");
  assert.match(reader.state(), /board\.ask\.earlier “Floors”/);
  const asked = reader.press();
  reader.answer({ levers: { x: 2 }, facts: {}, said: { en: "From {asked_of}", zh: "从{asked_of}出发" } });
  await asked;
  assert.equal(reader.said(), "From this scenario");
  reader.levers = { x: 3 };
  reader.part.settled();
  assert.equal(reader.said(), "From the scenario before");
  assert.equal(reader.facts.asked_of, LABELS["board.ask.before"]); // figures say the same
});

test("after a failed question the answer shown is still told to be another scenario's", async () => {
  const reader = panel();
  reader.levers = { x: 2 };
  reader.part.update();
  const asked = reader.press();
  reader.fail(Object.assign(new Error("Failed to fetch"), { reason: { en: "No place is free.", zh: "没有空位。" } }));
  await asked;
  assert.match(reader.state(), /board\.ask\.failed No place is free\. board\.ask\.earlier “Floors”/);
  assert.doesNotMatch(reader.state(), /Failed to fetch/);
  assert.equal(reader.said(), "From “Floors”");
  reader.part.settled(); // of the change before the question, which comes a moment later
  assert.match(reader.state(), /board\.ask\.failed/);
  reader.levers = { x: 3 };
  reader.part.settled();
  assert.match(reader.state(), /^board\.ask\.earlier/);
});

test("what a browser says of a failure is not put among the reader's words", async () => {
  const reader = panel();
  reader.levers = { x: 2 };
  const asked = reader.press();
  reader.fail(new TypeError("Failed to fetch"));
  await asked;
  assert.doesNotMatch(reader.state(), /fetch/);
});
