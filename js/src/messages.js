// Texts that follow the scenario: the first case whose condition holds, its placeholders filled.
import { compile, numberFormat } from "./vega.js";

const FUNCTIONS = {
  format: (value, spec) => numberFormat(spec)(value),
  isValid: (value) => value != null && value === value,
};

const compiled = new Map();

function holds(condition, values) {
  if (!compiled.has(condition)) compiled.set(condition, compile(condition, FUNCTIONS));
  return Boolean(compiled.get(condition)(values));
}

const LIST = { zh: "、", en: ", " };
/** Between a name and what it is said of. */
export const COLON = { zh: "：", en: ": " };

/**
 * Fill {name} and {name:spec}; {{ and }} are braces. A value may be a number, a text or {zh, en}.
 * A name among `marks` is followed by "*": it is inferred, assumed or made up.
 */
export function fill(template, values, lang, marks = {}) {
  return template.replace(/\{\{|\}\}|\{(\w+)(?::([^{}]+))?\}/g, (whole, name, spec) => {
    if (whole === "{{" || whole === "}}") return whole[0];
    const value = values[name];
    if (value === undefined) throw new Error(`no value for {${name}} in: ${template}`);
    if (value === null) return "";
    if (typeof value === "object") return value[lang];
    if (typeof value !== "number") return String(value);
    if (Number.isNaN(value)) return "–";
    return (spec ? written(value, spec) : String(value)) + (name in marks ? "*" : "");
  });
}

/** A number by its format, or the one of three wordings that its sign ("+" in the format) or count asks for. */
function written(value, spec) {
  const [form, ...wordings] = spec.split("|");
  if (!wordings.length) return plain(value, form);
  const number = plain(Math.abs(value), form === "d" ? ",d" : form.replace("+", ""));
  const sign = /[1-9]/.test(number) ? Math.sign(value) : 0; // as written: what rounds to zero is zero
  return wordings[form.startsWith("+") ? 1 + sign : Math.min(Math.round(value), 2)].replaceAll("#", number);
}

/** What the marks of a text mean, to be said at its end. */
function note(template, { marks, note: said }, lang) {
  const named = [...template.matchAll(/\{(\w+)/g)].map(([, name]) => name);
  const kinds = new Set(named.filter((name) => name in marks).map((name) => marks[name][lang]));
  return kinds.size ? fill(said[lang], { kinds: [...kinds].join(LIST[lang]) }, lang) : "";
}

/** How many of 1e8 are a billion, of 1e4 a million. */
const COUNTED = { bn: 10, mn: 100 };

/** A number by a d3-format, or by our own: "bn" counts amounts of 1e8 in billions, "mn" those of 1e4 in millions, with one decimal or ".2bn" as many. */
function plain(value, form) {
  const counted = form.match(/^(\+?)(?:\.(\d))?(bn|mn)$/);
  if (!counted) return withoutNegativeZero(numberFormat(form)(value));
  const [, sign, decimals = 1, by] = counted;
  return withoutNegativeZero(numberFormat(`${sign},.${decimals}~f`)(value / COUNTED[by]));
}

/** A margin of -0.004 rounds to 0, not to "−0". */
function withoutNegativeZero(text) {
  return /[1-9]/.test(text) ? text : text.replace("−", "");
}

/** The text of a message {cases: [{when, zh, en}], values} in a scenario. */
export function render(message, signals, lang) {
  const values = { ...message.values, ...signals };
  const found = message.cases.find(({ when }) => when === "true" || holds(when, values));
  if (!found) throw new Error(`no case holds: ${message.cases.map(({ when }) => when).join(" | ")}`);
  const text = fill(found[lang], values, lang, message.marks);
  return message.marks ? text + note(found[lang], message, lang) : text;
}
