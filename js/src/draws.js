// The part of draws around a scenario that meets each target, as analysis.model.uncertainty draws them.
import { cumulativeNormal, quantileNormal } from "vega-statistics";
import { outcomesOf } from "./columns.js";
import { idle } from "./dom.js";

/** The points of a scrambled Sobol sequence, a column a dimension: each follows from the one before by Gray code. */
export function points(generators, number, bits) {
  return generators.map(([first, ...turns]) => {
    const column = new Float64Array(number);
    let whole = first;
    for (let i = 0; i < number; i++) {
      if (i) whole ^= turns[31 - Math.clz32(i & -i)];
      column[i] = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, whole / 2 ** bits));
    }
    return column;
  });
}

/** A sequence's parts of mass by lever; under a common correlation its last column is the factor that all share. */
class Sequence {
  constructor(columns, correlation = 0) {
    Object.assign(this, { columns, correlation, made: [], around: [] });
    this.common = correlation ? columns.at(-1).map((level) => quantileNormal(level)) : null;
  }

  levels(i) {
    if (!this.common) return this.columns[i];
    const [own, shared] = [Math.sqrt(1 - this.correlation), Math.sqrt(this.correlation)];
    return (this.made[i] ??= this.columns[i].map((level, draw) => cumulativeNormal(own * quantileNormal(level) + shared * this.common[draw])));
  }

  /** A lever's draws around its value, kept until that changes. */
  draws(i, { low, high }, mode) {
    if (this.around[i]?.mode !== mode) this.around[i] = { mode, column: triangular(this.levels(i), low, mode, high) };
    return this.around[i].column;
  }
}

/** Values of a triangular distribution below which given parts of its mass lie. */
function triangular(levels, low, mode, high) {
  if (high === low) return low;
  const [peak, width] = [(mode - low) / (high - low), high - low];
  return levels.map((q) => low + width * (q < peak ? Math.sqrt(peak * q) : 1 - Math.sqrt((1 - peak) * (1 - q))));
}

/** How many draws reach a level; those that don't are struck from `all`. */
function reached(column, level, all) {
  let met = 0;
  for (let i = 0; i < column.length; i++) {
    if (column[i] >= level) met++;
    else all[i] = 0;
  }
  return met;
}

export class Draws {
  /** @param definition what `analysis.briefing.answers` tells of draws
   *  @param levers [{key, low, high}] */
  constructor(definition, levers, signals) {
    Object.assign(this, definition);
    this.ranges = this.levers.map((key) => levers.find((lever) => lever.key === key));
    const targets = Object.keys(Object.values(this.wanted)[0]);
    this.sequences = {}; // made when first asked for: a page opens with the answers of its first scenario
    this.outcomes = { independent: outcomesOf(signals, targets), tied: outcomesOf(signals, targets) };
  }

  sequence(name) {
    return (this.sequences[name] ??= new Sequence(points(this[name], this.number, this.bits), name === "tied" ? this.correlation : 0));
  }

  /** Make what all scenarios share while nothing else is to be done, a lever at a time. */
  prepare(i = 0) {
    if (i < this.ranges.length) idle(() => (["independent", "tied"].forEach((name) => this.sequence(name).levels(i)), this.prepare(i + 1)));
  }

  /** Each target's column of outcomes, or of the lever that it is of. */
  around(name, known) {
    const sequence = this.sequence(name);
    const drawn = this.ranges.map((lever, i) => [lever.key, sequence.draws(i, lever, known[lever.key])]);
    return this.outcomes[name]({ ...known, ...Object.fromEntries(drawn) });
  }

  /** drawn_<target>_<level>, drawn_all_<level> and drawn_all_<level>_tied, percent. */
  shares(known) {
    const found = {};
    for (const [name, end] of [["independent", ""], ["tied", "_tied"]]) {
      const columns = this.around(name, known);
      for (const [level, wanted] of Object.entries(this.wanted)) {
        const { each, all } = this.met(columns, Object.entries(wanted));
        if (!end) for (const [key, share] of Object.entries(each)) found[`drawn_${key}_${level}`] = share;
        found[`drawn_all_${level}${end}`] = all;
      }
    }
    return found;
  }

  met(columns, wanted) {
    const all = new Uint8Array(this.number).fill(1);
    const each = {};
    for (const [key, level] of wanted) {
      const column = typeof columns[key] === "number" ? new Float64Array(this.number).fill(columns[key]) : columns[key];
      each[key] = (100 * reached(column, level, all)) / this.number;
    }
    return { each, all: (100 * all.reduce((sum, one) => sum + one, 0)) / this.number };
  }
}
