// Answers one-lever questions as the page does.
// usage: node goal.mjs IN OUT
//   IN: {signals, scenarios: {lever: [values]}, levers: {key: {low, high}},
//        asked: [{outcome, sought, needed: {lever: expression}}]}
//   OUT: [[{outcome, lever, ...answer}] a scenario]
import { readFile, writeFile } from "node:fs/promises";
import { Dataflow } from "../../js/src/dataflow.js";
import { met, stand } from "../../js/src/goal.js";
import { compile } from "../../js/src/vega.js";

const [, , from, to] = process.argv;
const { signals, scenarios, levers, asked } = JSON.parse(await readFile(from, "utf8"));
const flow = new Dataflow(signals);
const questions = asked.flatMap(({ outcome, sought, needed }) =>
  Object.entries(needed).map(([lever, text]) => ({ outcome, sought, lever, needs: compile(text) })),
);
const given = Object.entries(scenarios);
const answers = given[0][1].map((_, i) => {
  const known = flow.evaluate(Object.fromEntries(given.map(([name, values]) => [name, values[i]])));
  return questions.map(({ outcome, sought, lever, needs }) => {
    const ends = ["low", "high"].map((end) => known[`swing_${outcome}_${lever}_${end}`]);
    const found = stand(levers[lever], needs({ ...known, sought }), sought, ends);
    return { outcome, sought, lever, ...found, written: "value" in found ? met(found.value, levers[lever], ends) : null };
  });
});
await writeFile(to, JSON.stringify(answers));
