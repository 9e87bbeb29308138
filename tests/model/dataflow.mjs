// Runs the model's signals in the board's own Vega dataflow.
// usage: node dataflow.mjs IN OUT
//   IN: {signals: to_vega(), scenarios: {lever: [values]}}; OUT: {outcome: [values]}
import { readFile, writeFile } from "node:fs/promises";
import { Dataflow } from "../../js/src/dataflow.js";

const [, , from, to] = process.argv;
const { signals, scenarios } = JSON.parse(await readFile(from, "utf8"));
const flow = new Dataflow(signals);
const outcomes = signals.filter((signal) => "update" in signal).map(({ name }) => name);
const found = Object.fromEntries(outcomes.map((name) => [name, []]));
const levers = Object.entries(scenarios);
for (let i = 0; i < levers[0][1].length; i += 1) {
  const values = flow.evaluate(Object.fromEntries(levers.map(([name, all]) => [name, all[i]])));
  for (const name of outcomes) found[name].push(values[name]);
}
await writeFile(to, JSON.stringify(found));
