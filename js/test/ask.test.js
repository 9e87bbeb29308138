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

test("why Python could not answer stands until the scenario changes", async () => {
  let levers = { x: 1 };
  let fail;
  const el = new Stub();
  const engine = {
    lang: "en",
    levers: () => levers,
    label: (key) => key,
    ask: () => new Promise((_, reject) => (fail = reject)),
  };
  const known = [{ levers, facts: {}, said: { en: "an answer" }, name: null }];
  const part = ask(engine, { el, payload: { known } });
  const [button, state] = el.children[0].children[0].children;
  const told = () => [state.textContent, ...state.children].join("");
  levers = { x: 2 };
  part.update();
  const asked = button.on.click();
  fail(new Error(""));
  await asked;
  assert.match(told(), /board\.ask\.failed/);
  part.settled(); // of the change before the question, which comes a moment later
  assert.match(told(), /board\.ask\.failed/);
  levers = { x: 3 };
  part.settled();
  assert.match(told(), /board\.ask\.earlier/);
});
