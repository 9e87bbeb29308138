import assert from "node:assert/strict";
import { test } from "node:test";
import { Dataflow } from "../src/dataflow.js";
import { History } from "../src/history.js";
import { repaint } from "../src/scheme.js";

const SIGNALS = [
  { name: "uplift", value: 0 },
  { name: "capital", update: "2172*(1+uplift/100)" },
  { name: "margin", update: "capital-3000" },
];

test("levers set, outcomes follow in order", () => {
  const flow = new Dataflow(SIGNALS);
  assert.deepEqual(flow.evaluate({ uplift: 0 }), { uplift: 0, capital: 2172, margin: -828 });
  assert.deepEqual(flow.evaluate({ uplift: 50 }), { uplift: 50, capital: 3258, margin: 258 });
});

test("an outcome is not set from outside", () => {
  assert.equal(new Dataflow(SIGNALS).evaluate({ capital: 1 }).capital, 2172);
});

test("undo and redo walk the settled scenarios, and a new one cuts the future", () => {
  const history = new History({ x: 0 });
  history.push({ x: 1 });
  history.push({ x: 1 });
  history.push({ x: 2 });
  assert.deepEqual(history.undo(), { x: 1 });
  assert.deepEqual(history.undo(), { x: 0 });
  assert.equal(history.undo(), null);
  assert.deepEqual(history.redo(), { x: 1 });
  history.push({ x: 5 });
  assert.equal(history.redo(), null);
});

test("a dark palette takes the light one's place, also inside expressions", () => {
  const palettes = { light: { ink: "#1D2733" }, dark: { ink: "#e8ecf0" } };
  const spec = { fill: "#1d2733", expr: "datum.x ? '#1d2733' : '#123456'" };
  assert.deepEqual(repaint(spec, palettes, "dark"), { fill: "#e8ecf0", expr: "datum.x ? '#e8ecf0' : '#123456'" });
  assert.deepEqual(repaint(spec, palettes, "light"), spec);
});
