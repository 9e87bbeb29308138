// One page's scenario: levers, outcomes, language and colour scheme, told to all parts in one frame.
import { Answers } from "./answers.js";
import { Dataflow } from "./dataflow.js";
import { fill, render } from "./messages.js";
import { fromLink, pinsIn, scenarioIn, toLink, withScenario } from "./link.js";
import { History, same } from "./history.js";
import { Names } from "./naming.js";
import { leverSaid } from "./number.js";
import { PYTHON } from "./python-symbol.js";
import { colourHost, currentScheme, watchScheme } from "./scheme.js";

const SETTLE = 250; // ms without a change, after which Python and screen readers hear the scenario
export const PINS = [..."ABCD"]; // letters of scenarios that are held beside the present one
const TRAIL = 60; // scenarios that a picture may show behind the present one

export class Engine {
  constructor(model) {
    this.model = model;
    this.definitions = model.get("lever_definitions");
    this.labels = model.get("labels");
    this.palettes = model.get("palettes");
    colourHost(this.palettes, currentScheme());
    this.flow = new Dataflow(model.get("dataflow"));
    const asked = model.get("answers") ?? {};
    this.answers = asked.programme ? new Answers(asked, this.definitions, model.get("dataflow")) : null;
    this.parts = new Set();
    this.figures = new Set();
    this.statuses = new Map();
    this.pinned = [];
    this.presets = [];
    this.names = new Names();
    this.moving = false;
    this.fault = null;
    this.usual = model.get("lang"); // that of an address which names none
    this.lang = startLanguage(this.usual);
    this.scheme = currentScheme();
    this.facts = model.get("facts") ?? {};
    this.openLink();
    this.signals = this.evaluate();
    if (ownsAddress()) for (const pin of pinsIn(globalThis.location ?? {}, this.definitions)) this.pin(this.brought(pin));
    this.fresh = !this.pinned.length && !document.documentElement.classList.contains("wb-not-yet"); // the first looks on the page hold
    this.history = new History(this.levers());
    this.trail = [this.signals];
    for (const { key } of this.definitions) model.on(`change:${key}`, () => this.changed());
    model.on("change:answer", () => this.take(model.get("answer")));
    model.on("change:notice", () => this.update());
    watchScheme((scheme) => this.setScheme(scheme));
    globalThis.addEventListener?.("hashchange", () => this.openLink());
    document.documentElement.lang = htmlLanguage(this.lang);
    const shown = () => {
      for (const figure of this.figures) figure.wake?.();
      this.answers?.drawing.prepare();
    };
    if (document.querySelector(".wb-first")) document.addEventListener("workbook.shown", shown, { once: true });
    else shown();
  }

  levers() {
    return Object.fromEntries(this.definitions.map(({ key }) => [key, this.model.get(key)]));
  }

  definition(key) {
    return this.definitions.find((lever) => lever.key === key);
  }

  /** A label of the page's own, in the reader's language. */
  label(key, values = {}) {
    return fill(this.labels[key][this.lang], values, this.lang);
  }

  /** A message's text in this scenario. */
  text(message) {
    return render(message, this.signals, this.lang);
  }

  // -- changes -------------------------------------------------------------------------------

  set(levers) {
    for (const [key, value] of Object.entries(levers)) this.model.set(key, value);
    this.model.save_changes();
  }

  reset() {
    this.set(this.defaults());
  }

  changed() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.update();
    });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), SETTLE);
  }

  update() {
    this.fresh = false;
    this.signals = this.evaluate();
    for (const part of [...this.parts]) part.update(this);
  }

  evaluate(levers = this.levers()) {
    const known = { ...this.flow.evaluate(levers), ...this.facts };
    return this.answers ? { ...known, ...this.answers.facts(known) } : known;
  }

  /** Hold a scenario beside the present one, under the first letter that is free; one too many is not held. */
  pin(levers) {
    const letter = PINS.find((one) => !this.pinned.some((pin) => pin.letter === one));
    if (letter) this.pinned = [...this.pinned, { letter, levers, signals: { ...this.evaluate(levers), letter } }];
  }

  /** Those held change: pictures, tables and the address follow. */
  pins(change) {
    change();
    this.update();
    this.writeAddress();
  }

  /** Named values that no lever moves, e.g. what a choice brings, are shown from now on. */
  know(facts) {
    this.facts = { ...this.facts, ...facts };
    this.update();
  }

  /** What the page's address asks for, e.g. ?district=hanyang. */
  askedFor(key) {
    return ownsAddress() ? new URLSearchParams(globalThis.location?.search ?? "").get(key) : null;
  }

  /** A choice brings what belongs to it; the address keeps it. */
  choose(key, value, facts) {
    this.chosen = { ...this.chosen, [key]: value };
    this.know(facts);
    this.writeAddress();
  }

  settle() {
    this.timer = null;
    const levers = this.levers();
    this.history.push(levers);
    this.trail = [...this.trail.slice(-TRAIL), this.signals];
    this.writeAddress();
    for (const part of [...this.parts]) part.settled?.(this);
    if (this.model.get("observed")) this.tell(levers);
  }

  /** The notebook's own Python hears the scenario; on a page that is served without a kernel, get one now. */
  async tell(levers) {
    this.serial = (this.serial ?? 0) + 1;
    const python = globalThis[PYTHON];
    const unheard = (reason) => this.model.set("notice", reason ?? this.labels["board.callback_failed"]);
    this.model.set("notice", {});
    try {
      await python?.attach?.();
      if (python) python.lost = unheard;
      this.model.set("settled", { levers, serial: this.serial });
      this.model.save_changes();
    } catch ({ reason }) {
      unheard(reason);
    }
  }

  /** Python's answer moves levers only if the reader has moved nothing since the question. */
  take(answer) {
    if (!answer?.levers || answer.serial !== this.serial || this.moving || this.timer != null) return;
    this.set(answer.levers);
  }

  /** The reader has a slider in hand until the pointer is let go; the slider hears of both. */
  hold(hear) {
    const held = (moving) => hear((this.moving = moving));
    held(true);
    for (const end of ["pointerup", "pointercancel"]) globalThis.addEventListener(end, () => held(false), { once: true });
  }

  setLanguage(lang) {
    this.lang = lang;
    document.documentElement.lang = htmlLanguage(lang);
    this.writeAddress();
    for (const part of [...this.parts]) part.restyle?.(this);
    this.update();
  }

  setScheme(scheme) {
    if (scheme === this.scheme) return;
    this.scheme = scheme;
    colourHost(this.palettes, scheme);
    for (const part of [...this.parts]) part.restyle?.(this);
  }

  // -- address -------------------------------------------------------------------------------

  openLink() {
    const text = ownsAddress() ? scenarioIn(globalThis.location ?? {}) : null;
    if (text === null || text === this.written) return;
    const found = fromLink(text, this.definitions);
    this.fault = found.fault ?? null;
    this.set(this.brought(found));
  }

  /** A link's levers and those that it leaves as they are, its name known from now on. */
  brought({ levers, name }) {
    const whole = { ...this.defaults(), ...levers };
    this.names.bring(this.link(whole, ""), name);
    return whole;
  }

  /** The default, or a preset, by name; null for a scenario of the reader's own. */
  known(levers) {
    if (same(this.defaults(), levers)) return this.label("board.scenario_default");
    return this.presets.find((one) => same({ ...this.defaults(), ...one.levers }, levers))?.name[this.lang] ?? null;
  }

  /** A scenario's own name in quotes, and with who gave it unless the reader did; null where none is given. */
  named(levers) {
    const given = this.names.of(this.link(levers, ""));
    return given ? this.label(given.own ? "board.name_own" : "board.name_given", given) : null;
  }

  /** The reader names the present scenario, or takes its name away. */
  name(text) {
    this.names.give(this.link(this.levers(), ""), text);
    this.settle();
    this.update();
  }

  /** What the present scenario is called, in a few words. */
  called() {
    const levers = this.levers();
    return this.known(levers) ?? this.named(levers) ?? this.label("board.scenario_moved", { count: this.moved(levers).length });
  }

  /** The levers that a scenario moves. */
  moved(levers) {
    return this.definitions.filter(({ key, default: usual }) => levers[key] !== usual);
  }

  /** What a scenario is called and changes; in a file's name `brief` says what it changes alone. */
  scenario(brief = false, levers = this.levers()) {
    const known = this.known(levers);
    if (known) return known;
    const changed = this.changes(levers);
    if (brief) return this.names.of(this.link(levers, ""))?.name ?? changed.slice(0, 60);
    const name = this.named(levers);
    return this.label(name ? "board.scenario_named" : "board.scenario_own", { name, levers: changed });
  }

  /** The levers that a scenario moves, or the first of them, with their values. */
  changes(levers, most = Infinity) {
    return this.moved(levers).slice(0, most).map((lever) => this.leverSaid(lever, levers[lever.key])).join(this.label("board.list_end"));
  }

  /** A lever with its value and unit, in words. */
  leverSaid(lever, value) {
    return `${lever.name[this.lang]} ${leverSaid(lever, value, this.lang)}`;
  }

  defaults() {
    return Object.fromEntries(this.definitions.map(({ key, default: usual }) => [key, usual]));
  }

  link(levers = this.levers(), name = this.names.of(this.link(levers, ""))?.name) {
    return toLink(levers, this.definitions, name);
  }

  /** What leads here again: an address, with what else it is to ask for, or, where that is the host's own, a line of Python. */
  address(more = {}) {
    if (!ownsAddress()) return `page.scenario = analysis.Scenario.from_link("${this.link()}")`;
    const url = new URL(globalThis.location.href);
    if (this.lang !== this.usual || url.searchParams.has("lang")) url.searchParams.set("lang", this.lang);
    for (const [key, value] of Object.entries({ ...this.chosen, ...more })) {
      if (value === null) url.searchParams.delete(key);
      else url.searchParams.set(key, value);
    }
    return withScenario(url.href, this.link(), this.pinned.map(({ levers }) => this.link(levers))).href;
  }

  writeAddress() {
    if (!ownsAddress()) return;
    this.written = this.link();
    globalThis.history?.replaceState(globalThis.history.state, "", this.address());
  }

  // -- parts ---------------------------------------------------------------------------------

  /** Show a part; gives the function that takes it away. */
  mount(part) {
    this.parts.add(part);
    part.restyle?.(this);
    part.update(this);
    return () => {
      this.parts.delete(part);
      part.remove?.(this);
    };
  }
}

/** JupyterLab's address is JupyterLab's; Voilà has its shell inside, but the page is ours. */
export function ownsAddress() {
  return "voila" in document.body.dataset || !document.querySelector(".jp-LabShell, #jp-main-dock-panel");
}

function startLanguage(usual) {
  const asked = new URLSearchParams(globalThis.location?.search ?? "").get("lang");
  if (asked === "en" || asked === "zh") return asked;
  // On our own pages <html lang> is the reader's choice already; elsewhere it is the host's.
  if (!document.body?.classList.contains("wb-site")) return usual;
  return document.documentElement.lang.startsWith("en") ? "en" : "zh";
}

const htmlLanguage = (lang) => (lang === "zh" ? "zh-CN" : "en");
