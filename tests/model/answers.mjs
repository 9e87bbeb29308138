// Answers scenarios as the page does.
// usage: node answers.mjs IN OUT
//   IN: {answers, signals, levers: [lever definitions], scenarios: [{lever: value}], targets: [{outcome: level} or null a scenario]}
//   OUT: [{facts, found, ms} a scenario]
import { readFile, writeFile } from "node:fs/promises";
import { Answers } from "../../js/src/answers.js";
import { Dataflow } from "../../js/src/dataflow.js";
import { points } from "../../js/src/draws.js";

const [, , from, to] = process.argv;
const { answers: definition, signals, levers, scenarios, targets } = JSON.parse(await readFile(from, "utf8"));
const flow = new Dataflow(signals);
const answers = new Answers(definition, levers, signals);
const found = scenarios.map((scenario, i) => {
  if (targets[i]) answers.targets = targets[i];
  const known = flow.evaluate(scenario);
  const facts = answers.facts(known);
  return { facts, shares: answers.drawing.shares(known), found: answers.found };
});
const { number, bits, independent } = definition.draws;
const drawn = points(independent, number, bits).map((column) => [...column]);
await writeFile(to, JSON.stringify({ found, drawn }));
