// The model's expressions over whole columns of scenarios at once, with no code generated.
import { parseExpression } from "vega-expression";

const CONSTANTS = { NaN };
/** Number by number; a step of 0 stays at a number that stands for a column of itself. One loop each: the engine compiles them apart. */
const ARITHMETIC = {
  "+": (out, a, s, b, t) => { for (let i = 0, j = 0, k = 0; i < out.length; i++, j += s, k += t) out[i] = a[j] + b[k]; },
  "-": (out, a, s, b, t) => { for (let i = 0, j = 0, k = 0; i < out.length; i++, j += s, k += t) out[i] = a[j] - b[k]; },
  "*": (out, a, s, b, t) => { for (let i = 0, j = 0, k = 0; i < out.length; i++, j += s, k += t) out[i] = a[j] * b[k]; },
  "/": (out, a, s, b, t) => { for (let i = 0, j = 0, k = 0; i < out.length; i++, j += s, k += t) out[i] = a[j] / b[k]; },
};
const each = (f) => (out, a, s, b, t) => { for (let i = 0; i < out.length; i++) out[i] = f(a[i * s], b[i * t]); };
const OPERATORS = { ...ARITHMETIC, "===": each((a, b) => a === b), "||": each((a, b) => a || b) };
const CALLS = { pow: each(Math.pow), min: each(Math.min), max: each(Math.max) };

/** What an operator gives of two columns, or numbers. */
function apply(operator, a, b) {
  const [tall, wide] = [typeof a !== "number", typeof b !== "number"];
  const out = new Float64Array(tall ? a.length : wide ? b.length : 1);
  operator(out, tall ? a : [a], Number(tall), wide ? b : [b], Number(wide));
  return tall || wide ? out : out[0];
}

const at = (column, i) => (typeof column === "number" ? column : column[i]);

function choose(test, yes, no) {
  if (typeof test === "number") return test ? yes : no;
  return test.map((one, i) => at(one ? yes : no, i));
}

const NODES = {
  Literal: ({ value }) => () => value,
  Identifier: ({ name }) => (name in CONSTANTS ? () => CONSTANTS[name] : (known) => known[name]),
  UnaryExpression: ({ argument }) => operate("-", () => 0, compile(argument)),
  BinaryExpression: ({ operator, left, right }) => operate(operator, compile(left), compile(right)),
  LogicalExpression: ({ operator, left, right }) => operate(operator, compile(left), compile(right)),
  ConditionalExpression({ test, consequent, alternate }) {
    const parts = [test, consequent, alternate].map(compile);
    return (known) => choose(...parts.map((part) => part(known)));
  },
  CallExpression({ callee, arguments: given }) {
    const parts = given.map(compile);
    return (known) => parts.map((part) => part(known)).reduce((a, b) => apply(CALLS[callee.name], a, b));
  },
};

function operate(operator, left, right) {
  return (known) => apply(OPERATORS[operator], left(known), right(known));
}

const compile = (node) => NODES[node.type](node);

/** A step's value, computed again only where what it needs has changed. */
function remembered(names, evaluate) {
  let [given, value] = [null, null];
  return (known) => {
    const now = names.map((name) => known[name]);
    if (!given || now.some((one, i) => one !== given[i])) [given, value] = [now, evaluate(known)];
    return value;
  };
}

/**
 * The named outcomes, and no more than they need, as a function of levers' columns.
 * @param signals [{name, update}] in the order in which they are computed, as the model's dataflow has them
 */
export function outcomesOf(signals, wanted) {
  const needed = new Set(wanted);
  const steps = [];
  for (const { name, update } of [...signals].reverse()) {
    if (!update || !needed.has(name)) continue;
    const names = [...new Set(update.match(/[A-Za-z_]\w*/g))];
    names.forEach((one) => needed.add(one));
    steps.unshift([name, remembered(names, compile(parseExpression(update)))]);
  }
  return (levers) => {
    const known = { ...levers };
    for (const [name, evaluate] of steps) known[name] = evaluate(known);
    return known;
  };
}
