// What a page answers in each scenario beyond its outcomes: the least increment, and the shares of draws.
import { Draws } from "./draws.js";
import { same } from "./history.js";
import { fill } from "./messages.js";
import { Programme, boundsHit } from "./programme.js";

const SAME = 0.05; // amounts that a reader sees as one, 1e8
const NOTHING = 1e-6;
const CLOSE = 1e-7;
const LANGUAGES = { zh: "", en: " " };

export class Answers {
  /** @param definition as `analysis.briefing.answers` tells it */
  constructor(definition, levers, signals) {
    Object.assign(this, definition);
    this.levers = Object.fromEntries(levers.map((lever) => [lever.key, lever]));
    this.usual = Object.fromEntries(levers.map(({ key, default: usual }) => [key, usual]));
    this.drawing = new Draws(this.draws, levers, signals);
  }

  /** Named values as figures and texts use them. A page comes with the draws around its first scenario. */
  facts(known) {
    const here = Object.fromEntries(Object.keys(this.usual).map((key) => [key, known[key]]));
    return { ...(same(here, this.usual) ? {} : this.drawing.shares(known)), ...this.increment(known) };
  }

  increment(known) {
    const programme = new Programme(this.programme, this.levers, known);
    const found = programme.least(this.targets);
    this.found = found;
    const facts = { added_met: Number(!found.conflict), added_said: this.said(programme, found), added_new: 0, added_moved: 0 };
    programme.variables.forEach(({ lever, kind }, i) => {
      const [value, ends] = found.conflict ? [null, [null, null]] : [found.x[i], found.ends[i]];
      facts[`added_${lever}`] = value;
      [facts[`added_${lever}_low`], facts[`added_${lever}_high`]] = ends;
      if (kind !== "rate") facts[kind === "share" ? "added_moved" : "added_new"] += value;
    });
    return facts;
  }

  /** The sentences of `analysis.briefing.answers.said`, from the same table of words. */
  said(programme, found) {
    const phrases = found.conflict ? this.unmet(found.conflict) : this.met(programme, found);
    const say = ([key, values], lang) => fill(this.words[`increment.${key}`][lang], values, lang);
    return Object.fromEntries(Object.entries(LANGUAGES).map(([lang, gap]) => [lang, phrases.map((phrase) => say(phrase, lang)).join(gap)]));
  }

  unmet(conflict) {
    return [["infeasible", { number: conflict.length }], ...conflict.map(({ key, ...values }) => [`conflict.${key}`, values])];
  }

  met(programme, { x, levers, ends, prices }) {
    const { variables, total, share } = programme;
    const added = (kind) => x.reduce((sum, value, i) => sum + (variables[i].kind === kind ? value : 0), 0);
    const rates = variables.flatMap(({ lever, kind }, i) => (kind === "rate" ? [[lever, x[i]]] : []));
    const asked = rates.some(([lever]) => lever in this.targets) ? "all" : "capital";
    const takes = [`takes.${asked}`, { new: added("uplift"), moved: added("share"), ...Object.fromEntries(rates) }];
    if (Math.max(...x) < NOTHING) return [takes];
    const told = prices.filter(({ key }) => key === total || key === share);
    return [
      takes,
      ...told.map(({ key, ...values }) => [`${values.price > CLOSE ? "price" : "free"}.${key}`, values]),
      ...boundsHit(programme, levers).map(({ lever }) => [`binding.bound.${lever}`, {}]),
      ["splits", { free: ends.filter(([least, most]) => most - least > SAME).length }],
    ];
  }
}
