// The parts of Vega that our figures use, with its interpreter in place of generated code.
import { transforms } from "vega-dataflow";
import * as data from "vega-transforms";
import * as layout from "vega-view-transforms";
import * as encode from "vega-encode";
import { parse } from "vega-parser";
import { expressionInterpreter } from "vega-interpreter";
import { parseExpression } from "vega-expression";
import { defaultLocale } from "vega-format";
import { View } from "vega-view";

Object.assign(transforms, data, layout, encode);

/** A Vega view of a compiled specification; `options` go to vega-view. */
export function view(spec, options = {}) {
  return new View(parse(spec, {}, { ast: true }), { expr: expressionInterpreter, ...options });
}

/** Compile an expression to a function of named values, by the interpreter that charts use. */
export function compile(text, functions = {}) {
  const evaluate = expressionInterpreter.operator({ functions }, { ast: parseExpression(text) });
  return (values) => {
    const named = {};
    for (const name in values) named[`$${name}`] = values[name];
    return evaluate(named);
  };
}

const formats = new Map();

/** A d3-format as Vega's own `format` gives it. */
export function numberFormat(spec) {
  if (!formats.has(spec)) formats.set(spec, defaultLocale().format(spec));
  return formats.get(spec);
}
