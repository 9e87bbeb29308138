// Numbers as readers type them and as links hold them, in and out: one rule for all.

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/;

/** The number that a text says, in digits of any width and with thousands' commas; NaN if it says none. */
export function readNumber(text) {
  const said = text.normalize("NFKC").trim().replace("−", "-");
  return GROUPED.test(said) ? Number(said.replaceAll(",", "")) : PLAIN.test(said) ? Number(said) : NaN;
}

/** {value} as the text says it, or {fault} that tells why the lever can't have it: number, bounds, choices. */
export function readLever({ low, high, choices = [] }, text, scale = 1) {
  const value = rounded(readNumber(text) / scale);
  if (Number.isNaN(value)) return { fault: "number" };
  if (!(value >= low && value <= high)) return { fault: "bounds" };
  return choices.length && !choices.includes(value) ? { fault: "choices" } : { value };
}

/** A lever's value wherever it is written: whole, in the reader's unit. */
export const leverValue = ({ scale }, value, lang) => String(rounded(value * scale[lang])).replace(/^-/, "−");

/** A number with its unit, in the order of the reader's language. */
export const withUnit = ({ said }, number, lang) => said[lang].replace("{number}", number);

export const leverSaid = (lever, value, lang) => withUnit(lever, leverValue(lever, value, lang), lang);

/** Without what a tenth leaves in floating point. */
export const rounded = (value) => Number(value.toPrecision(12));
