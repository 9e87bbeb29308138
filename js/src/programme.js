// The linear programme of analysis.model.programme: levers as capital and industrial capital, from any scenario.
import { solve } from "yalps";

const PRECISION = 1e-10; // of the solver, absolute: amounts are some thousands
const NOTHING = 1e-5; // 1e8 CNY: what the solver leaves where a lever stays
const CLOSE = 1e-7; // what counts as nothing, as in analysis.model.least_increment

/** coefficients · x + constant */
const row = (coefficients, constant = 0) => ({ coefficients, constant });
const at = ({ coefficients, constant }, x) => coefficients.reduce((sum, one, i) => sum + one * x[i], constant);
const times = ({ coefficients, constant }, factor) => row(coefficients.map((one) => one * factor), constant * factor);
const plus = (a, b) => row(a.coefficients.map((one, i) => one + b.coefficients[i]), a.constant + b.constant);
const sum = (rows) => rows.reduce(plus);

/** The least of objective · x where all rows are at least 0 and x from 0 to `upper`: x, or null if there is none. */
function minimise(objective, rows, upper) {
  const constraints = [...rows.map(({ constant }, i) => [i, { min: -constant }]), ...upper.map((max, i) => [`upper ${i}`, { max }])];
  const variables = objective.map((cost, i) => [i, [["cost", cost], [`upper ${i}`, 1], ...rows.map(({ coefficients }, j) => [j, coefficients[i]])]]);
  const found = solve({ direction: "minimize", objective: "cost", constraints, variables }, { precision: PRECISION, includeZeroVariables: true });
  return found.status === "optimal" ? found.variables.map(([, value]) => value) : null;
}

/** What one more unit of each row costs: the programme's dual. */
function prices(objective, rows, upper) {
  const bounded = [...rows, ...upper.flatMap((max, i) => (Number.isFinite(max) ? [row(objective.map((_, j) => -(i === j)), max)] : []))];
  const dual = objective.map((cost, i) => row(bounded.map(({ coefficients }) => -coefficients[i]), cost));
  return minimise(bounded.map(({ constant }) => constant), dual, bounded.map(() => Infinity)).map((price) => price + 0);
}

/** Sets of keys, the smallest first. */
function* subsets(keys) {
  for (let size = 1; size <= keys.length; size++) {
    for (let mask = 1; mask < 1 << keys.length; mask++) {
      const set = keys.filter((_, i) => mask & (1 << i));
      if (set.length === size) yield set;
    }
  }
}

export class Programme {
  /** @param definition as `Programme.definition` tells it
   *  @param levers key -> {low, high, name}
   *  @param start every lever's value, and outcomes' */
  constructor(definition, levers, start) {
    Object.assign(this, definition);
    this.bounds = levers;
    this.start = start;
    this.capital = this.places.map(({ capital, adds }) => row(this.unit(adds), start[capital]));
    this.industrial = this.places.map(({ share }, i) => plus(times(this.capital[i], share ? start[share] / 100 : 0), row(this.unit(share))));
    this.objective = this.variables.map(({ weight }) => weight);
    this.upper = this.variables.map(({ lever, kind, unit }) => (kind === "share" ? Infinity : unit * this.room(lever)));
    this.shareRows = this.variables.flatMap(({ lever, kind }) => (kind === "share" ? [this.shareRow(lever)] : []));
  }

  unit(lever) {
    return this.variables.map((variable) => Number(variable.lever === lever));
  }

  room(lever) {
    return Math.max(0, this.bounds[lever].high - this.start[lever]);
  }

  /** The room to a share's upper bound, which depends on the place's capital. */
  shareRow(lever) {
    return plus(times(this.capitalOf(lever), this.room(lever) / 100), times(row(this.unit(lever)), -1));
  }

  /** The capital of the place whose lever it is. */
  capitalOf(lever) {
    return this.capital[this.places.findIndex(({ adds, share }) => adds === lever || share === lever)];
  }

  row(outcome) {
    if (outcome === this.total) return sum(this.capital);
    if (outcome === this.part) return sum(this.industrial);
    if (outcome in this.of_groups) return sum(this.capital.filter((_, i) => this.of_groups[outcome].includes(this.places[i].capital)));
    return row(this.unit(this.alone[outcome]), this.start[outcome]);
  }

  /** A row that is at least 0 where the outcome is at least `level`. */
  atLeast(outcome, level) {
    if (outcome === this.share) return plus(this.row(this.part), times(this.row(this.total), -level / 100));
    return plus(this.row(outcome), row(this.unit(), -level));
  }

  minimise(objective, rows) {
    return minimise(objective, [...rows, ...this.shareRows], this.upper);
  }

  /** The most that an outcome can be; the share, a ratio, by Dinkelbach's method. */
  maximum(outcome, rows) {
    const value = (x) => (outcome === this.share ? at(this.row(this.part), x) / at(this.row(this.total), x) : at(this.row(outcome), x));
    const best = (of) => this.minimise(times(of, -1).coefficients, rows);
    if (outcome !== this.share) return value(best(this.row(outcome)));
    let [ratio, next] = [-Infinity, 0];
    while (next > ratio + 1e-12) {
      ratio = next;
      next = value(best(plus(this.row(this.part), times(this.row(this.total), -ratio))));
    }
    return 100 * next;
  }

  /** The least increment for targets {outcome: level}: what each lever adds, prices, ends; or what conflicts. */
  least(targets) {
    const wanted = Object.entries(targets).map(([key, level]) => ({ key, level, row: this.atLeast(key, level) }));
    const rows = wanted.map((one) => one.row);
    const first = this.minimise(this.objective, rows);
    if (!first) return { conflict: this.conflict(wanted) };
    const taken = at(row(this.objective), first);
    const spent = row(this.objective.map((one) => -one), taken * (1 + 1e-12) + 10 * PRECISION);
    const x = (this.mostEven([...rows, spent]) ?? first).map((one) => (one < NOTHING ? 0 : one));
    const duals = prices(this.objective, [...rows, ...this.shareRows], this.upper);
    return {
      taken,
      x,
      levers: this.levers(x),
      ends: this.variables.map((_, i) => this.ends(i, [...rows, spent])),
      prices: wanted.map(({ key, level }, i) => ({ key, level, price: key === this.share ? (duals[i] * at(this.row(this.total), x)) / 100 : duals[i] })),
    };
  }

  /** The least and the most that a lever adds while the rows hold. */
  ends(i, rows) {
    return [1, -1].map((sign) => this.minimise(this.objective.map((_, j) => (i === j ? sign : 0)), rows)?.[i] ?? 0);
  }

  /** The answer whose largest change, relative to the place's capital, is least for uplifts, for shares, for each growth. */
  mostEven(rows) {
    const kinds = this.variables.map(({ lever }) => lever.split("_")[0]);
    const groups = [...new Set(kinds)].sort();
    const wide = ({ coefficients, constant }) => row([...coefficients, ...groups.map(() => 0)], constant);
    const changes = this.variables.map(({ lever, kind }, i) => {
      const size = kind === "rate" ? 1 : Math.max(this.capitalOf(lever).constant, 1);
      return row([...this.unit(lever).map((one) => -one), ...groups.map((group) => (group === kinds[i] ? size : 0))]);
    });
    const objective = [...this.variables.map(() => 0), ...groups.map(() => 1)];
    const upper = [...this.upper, ...groups.map(() => Infinity)];
    return minimise(objective, [...[...rows, ...this.shareRows].map(wide), ...changes], upper)?.slice(0, this.variables.length);
  }

  /** The smallest set of targets that can't hold together, each with the most that the others leave it. */
  conflict(wanted) {
    for (const set of subsets(wanted)) {
      if (this.minimise(this.objective, set.map((one) => one.row))) continue;
      return set.map(({ key, level }) => ({ key, level, reach: this.maximum(key, set.filter((one) => one.key !== key).map((one) => one.row)) }));
    }
    throw new Error("targets that are feasible together were called infeasible");
  }

  /** The levers that a solution means. */
  levers(x) {
    const values = this.variables.map(({ lever, kind, unit }, i) => {
      const capital = kind === "share" ? at(this.capitalOf(lever), x) : 0;
      const added = kind === "share" ? (capital > 0 ? (100 * x[i]) / capital : 0) : x[i] / unit;
      const { low, high } = this.bounds[lever];
      return [lever, Math.min(Math.max(this.start[lever] + added, low), high)];
    });
    return Object.fromEntries(values);
  }
}

/** The upper bounds at which a solution's levers stand that it moved. */
export function boundsHit({ variables, bounds, start }, levers) {
  return variables
    .map(({ lever }) => ({ lever, high: bounds[lever].high }))
    .filter(({ lever, high }) => levers[lever] > start[lever] && high - levers[lever] <= CLOSE * Math.max(1, Math.abs(high)));
}
