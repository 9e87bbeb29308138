// The levers' panel around real ipywidgets sliders: head (presets), each slider's extras, foot (actions).
import { h, say, toolbar } from "./dom.js";
import { ownsAddress } from "./engine.js";
import { Groups } from "./groups.js";
import { same } from "./history.js";
import { formulaElement } from "./mathml.js";
import { Comparison } from "./compare.js";
import { naming } from "./naming.js";
import { leverSaid, leverValue, readLever } from "./number.js";
import { Player, SECONDS } from "./play.js";

const SAID = 2; // levers that a scenario changes and that are said at once

/** Title, what the scenario changes, presets, fault of a link; on a phone also the handle of the sheet. */
export function leverHead(engine, { el, payload }) {
  const handle = h("button", { type: "button", class: "wb-handle", "aria-expanded": "false", click: toggle });
  const title = h("h2", { class: "wb-levers-title" });
  const fault = h("p", { class: "wb-fault", role: "alert", hidden: true });
  engine.presets = payload.presets;
  const presets = payload.presets.map((preset) => {
    const whole = { ...defaults(engine), ...preset.levers };
    const button = h("button", { type: "button", class: "wb-preset", click: () => engine.set(whole) });
    return { button, preset, whole };
  });
  const group = toolbar(h("div", { class: "wb-presets" }, ...presets.map(({ button }) => button)));
  const leftOut = h("p", { class: "wb-left-out" });
  const changed = h("span");
  const others = h("button", { type: "button", class: "wb-tool", "aria-expanded": "false", click: showAll });
  const changes = h("p", { class: "wb-changes" }, changed, others);
  let all = false;
  el.append(handle, title, changes, fault, group, leftOut);

  function showAll() {
    all = !all;
    others.setAttribute("aria-expanded", String(all));
    update();
  }

  function toggle() {
    const sheet = el.closest(".wb-levers");
    const open = sheet.toggleAttribute("data-open");
    if (open) sheet.addEventListener("keydown", escape);
    else sheet.removeEventListener("keydown", escape);
    handle.setAttribute("aria-expanded", String(open));
    update();
  }

  function escape({ key }) {
    if (key !== "Escape") return;
    toggle();
    handle.focus();
  }

  function update() {
    const name = engine.called();
    say(title, engine.label("board.scenario_now", { name }));
    title.title = engine.scenario();
    say(handle, handle.getAttribute("aria-expanded") === "true" ? engine.label("board.close_levers") : `${engine.label("board.open_levers")} · ${name}`);
    group.setAttribute("aria-label", engine.label("board.presets"));
    say(leftOut, payload.left_out[engine.lang]);
    leftOut.hidden = !payload.left_out[engine.lang];
    const levers = engine.levers();
    const count = engine.moved(levers).length;
    changes.hidden = !count;
    say(changed, engine.changes(levers, all ? count : SAID));
    others.hidden = count <= SAID;
    say(others, engine.label(all ? "board.fewer" : "board.more", { count: count - SAID }));
    for (const { button, preset, whole } of presets) {
      say(button, preset.name[engine.lang]);
      button.setAttribute("aria-pressed", String(same(whole, levers)));
    }
    const notice = engine.model.get("notice");
    const text = engine.fault
      ? engine.label(engine.fault.key, { name: engine.fault.name })
      : (notice?.[engine.lang] ?? "");
    fault.hidden = !text;
    say(fault, text);
  }
  return { update };
}

/** What binds now, and the actions; it also dresses the sliders, which it waits for. */
export function leverFoot(engine, { el, model, payload }) {
  const binding = h("p", { class: "wb-binding" });
  const player = new Player(engine, engine.definition(payload.keys[0]) ?? engine.definitions[0]);
  const comparison = new Comparison(engine, payload.cards);
  const act = (name, run) => [name, h("button", { type: "button", class: "wb-tool", "data-act": name, click: run })];
  const actions = Object.fromEntries([
    act("undo", () => move(engine.history.undo())),
    act("redo", () => move(engine.history.redo())),
    act("reset_all", () => engine.reset()),
    act("play", () => player.toggle(playing)),
    act("pin", () => comparison.pin()),
    act("copy_link", copyLink),
    act("naming", openNaming),
  ]);
  const names = naming(engine);
  names.element.id = `wb-naming-${payload.keys[0]}`;
  actions.naming.setAttribute("aria-controls", names.element.id);
  actions.naming.setAttribute("aria-expanded", "false");
  const plays = h("p", { class: "wb-plays", id: `wb-plays-${payload.keys[0]}` });
  actions.play.setAttribute("aria-describedby", plays.id);
  const told = h("span", { class: "wb-told", role: "status" });
  const printed = h("p", { class: "wb-printed" }); // on paper the levers are one sentence
  el.append(binding, h("div", { class: "wb-actions" }, ...Object.values(actions), names.element, plays, told), comparison.element, printed);

  function typed(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const key = `${event.shiftKey ? "shift " : ""}${event.key.toLowerCase()}`;
    const step = { z: "undo", "shift z": "redo", y: "redo" }[key];
    if (!step) return;
    event.preventDefault();
    move(engine.history[step]());
  }

  if (ownsAddress()) document.addEventListener("keydown", typed); // elsewhere the keys are the host's

  const slider = (key) => model.widget_manager.get_model(payload.sliders[key]);
  const groups = new Groups(engine, payload.folded);
  const sliders = payload.keys.map((key) => new Dressing(engine, key, (element) => groups.add(engine.definition(key), element, payload.first[key]), () => slider(key)));
  const stop = dressWhenThere(el, sliders);

  function playing() {
    const { running, lever } = player;
    say(actions.play, engine.label(running ? "board.stop" : "board.play"));
    const [low, high] = [lever.low, lever.high].map((end) => leverSaid(lever, end, engine.lang));
    say(plays, engine.label("board.play_one", { name: lever.name[engine.lang], low, high, seconds: SECONDS }));
  }

  function move(scenario) {
    if (scenario) engine.set(scenario);
  }

  function openNaming() {
    names.element.hidden = !names.element.hidden;
    actions.naming.setAttribute("aria-expanded", String(!names.element.hidden));
    names.update();
  }

  async function copyLink() {
    try {
      await navigator.clipboard.writeText(engine.address());
      say(told, engine.label("board.copied"));
    } catch {
      say(told, engine.address()); // no clipboard on a page that is not secure: show it for copying by hand
    }
    setTimeout(() => say(told, ""), 6000);
  }

  function state() {
    actions.undo.disabled = !engine.history.past.length;
    actions.redo.disabled = !engine.history.future.length;
    actions.pin.disabled = comparison.full();
    actions.reset_all.disabled = same(defaults(engine), engine.levers());
  }

  return {
    update() {
      say(binding, bindingText(engine, payload));
      say(printed, printedText(engine, payload.keys));
      comparison.update();
      names.update();
      sliders.forEach((slider) => slider.update());
      state();
    },
    settled() {
      const lever = engine.definitions.find(({ key }) => engine.signals[key] !== this.before?.[key]);
      if (this.before && lever && !player.running) player.lever = lever;
      playing();
      this.before = engine.signals;
      groups.fold();
      state();
    },
    restyle() {
      for (const [name, button] of Object.entries(actions)) say(button, engine.label(`board.${name}`));
      playing();
      describe(model, payload.sliders, engine);
      sliders.forEach((slider) => slider.speak());
      groups.speak();
    },
    remove() {
      stop();
      player.stop();
      document.removeEventListener("keydown", typed);
    },
  };
}

const defaults = (engine) => engine.defaults();

/** Slider descriptions in the reader's language; the kernel's copy stays as it was. */
function describe(model, ids, engine) {
  for (const [key, id] of Object.entries(ids)) {
    model.widget_manager.get_model(id).then((slider) => slider.set("description", engine.definition(key).name[engine.lang]));
  }
}

/** Which targets are short, and which levers stand at a bound, in words. */
function bindingText(engine, { cards, keys }) {
  const end = engine.label("board.list_end");
  const short = cards.filter(({ outcome, expected }) => engine.signals[outcome] < expected - 1e-9);
  const first = short.length
    ? engine.label("board.short_now", { names: short.map(({ short: name }) => name[engine.lang]).join(end) })
    : engine.label("board.none_short");
  const stopped = keys.map((key) => engine.definition(key)).filter(({ key, high, default: usual }) => engine.signals[key] >= high && high !== usual);
  if (!stopped.length) return first;
  const names = stopped.map(({ name }) => name[engine.lang]).join(end);
  return `${first}${engine.lang === "en" ? " " : ""}${engine.label("board.at_bound", { names })}`;
}

/** The levers of the page, and any other that has been moved, with the address that opens them. */
function printedText(engine, keys) {
  const shown = engine.definitions.filter(({ key, default: usual }) => keys.includes(key) || engine.signals[key] !== usual);
  const levers = shown.map((lever) => engine.leverSaid(lever, engine.signals[lever.key]));
  return engine.label("board.printed", { levers: levers.join(engine.label("board.list_end")), address: engine.address() });
}

function dressWhenThere(el, sliders) {
  const look = () => {
    const box = el.closest(".wb-levers");
    if (!box) return false;
    sliders.forEach((slider) => slider.dress(box));
    return sliders.every(({ element }) => element);
  };
  const watch = new MutationObserver(() => look() && watch.disconnect());
  // A second view in JupyterLab gets its sliders' classes after all else is there.
  watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
  if (look()) watch.disconnect();
  return () => watch.disconnect();
}

/** What a lever's slider gets beside itself: unit, default on the track, reset, and why. */
class Dressing {
  constructor(engine, key, join, slider) {
    Object.assign(this, { engine, lever: engine.definition(key), join, slider, element: null });
  }

  dress(box) {
    const element = box.querySelector(`.wb-lever-${this.lever.key}`);
    const track = element?.querySelector(".slider-container");
    if (this.element || !track?.querySelector(".noUi-handle")) return; // not made yet
    const { lever, engine } = this;
    this.element = element;
    this.unit = h("span", { class: "wb-unit" });
    const mark = h("i", { class: "wb-default", "aria-hidden": "true" });
    mark.style.insetInlineStart = `${(100 * (lever.default - lever.low)) / (lever.high - lever.low)}%`;
    track.append(mark);
    this.reset = h("button", { type: "button", class: "wb-reset", click: () => this.restore() });
    this.why = h("button", { type: "button", class: "wb-why", "aria-expanded": "false", click: () => this.toggle() });
    this.reason = h("div", { class: "wb-reason", hidden: true });
    this.fault = h("p", { class: "wb-refused", role: "alert", hidden: true });
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.reason.hidden) return;
      event.stopPropagation(); // the sheet stays open
      this.toggle();
      this.why.focus();
    });
    element.append(this.unit, h("span", { class: "wb-lever-tools" }, this.reset, this.why), this.fault, this.reason);
    // As it is made, a live slider would snap the scenario to its step: it is live in hand alone.
    const live = (held) => this.slider().then((made) => made.set("continuous_update", held));
    element.addEventListener("pointerdown", () => engine.hold(live));
    // A finger that is set down on the track may be about to swipe: only where it taps does a click follow.
    const swiped = ({ target }) => !target.closest(".noUi-handle");
    track.addEventListener("touchstart", (event) => swiped(event) && event.stopPropagation(), { capture: true, passive: true });
    this.takeOver(element.querySelector(".widget-readout"), element.querySelector(".noUi-handle"));
    this.join(element);
    this.speak();
    this.update();
  }

  /** A value in the reader's unit. */
  shown(value) {
    return leverValue(this.lever, value, this.engine.lang);
  }

  /** The slider rounds to its step and counts in one unit: what is shown, spoken and typed is ours. */
  takeOver(readout, handle) {
    const { engine, lever } = this;
    this.write = () => {
      if (document.activeElement === readout) return;
      const value = engine.model.get(lever.key);
      say(readout, this.shown(value));
      handle.setAttribute("aria-valuetext", leverSaid(lever, value, engine.lang));
      if (handle.getAttribute("aria-valuenow") !== String(value)) handle.setAttribute("aria-valuenow", value);
    };
    const watch = new MutationObserver(this.write);
    watch.observe(readout, { childList: true, characterData: true, subtree: true });
    watch.observe(handle, { attributeFilter: ["aria-valuenow"] });
    const take = (event) => {
      if (event.type === "keydown" && event.key !== "Enter") return;
      event.stopImmediatePropagation();
      event.preventDefault();
      if (event.type === "keydown") return readout.blur();
      this.type(readout.textContent);
      this.write();
    };
    for (const type of ["keydown", "blur"]) readout.addEventListener(type, take, true);
  }

  /** Take what was typed, or say why not. */
  type(text) {
    const { engine, lever } = this;
    const { value, fault } = readLever(lever, text, lever.scale[engine.lang]);
    this.refused = fault ? { fault, text } : null;
    this.sayFault();
    if (!fault) engine.set({ [lever.key]: value });
  }

  sayFault() {
    const { engine, lever, refused } = this;
    this.fault.hidden = !refused;
    if (!refused) return;
    const choices = lever.choices.map((choice) => this.shown(choice)).join(engine.label("board.or"));
    const ends = { low: this.shown(lever.low), high: this.shown(lever.high) };
    const about = { text: refused.text.trim().slice(0, 40), name: lever.name[engine.lang], unit: lever.unit[engine.lang], choices, ...ends };
    say(this.fault, engine.label(`board.typed_${refused.fault}`, about));
  }

  restore() {
    this.engine.set({ [this.lever.key]: this.lever.default });
    this.why.focus();
  }

  toggle() {
    this.reason.hidden = !this.reason.hidden;
    this.why.setAttribute("aria-expanded", String(!this.reason.hidden));
    this.sayReason();
  }

  sayReason() {
    if (this.reason.hidden) return;
    const { lever } = this;
    const { lang } = this.engine;
    this.reason.replaceChildren(
      h("p", {}, lever.reason[lang]),
      h("p", {}, this.engine.label("board.bounds", { low: leverSaid(lever, lever.low, lang), high: leverSaid(lever, lever.high, lang), usual: leverSaid(lever, lever.default, lang) })),
      h("p", {}, this.engine.label("board.source_of", { source: lever.source[lang] })),
      ...(lever.formula ? [formulaElement(lever.formula)] : []),
    );
  }

  update() {
    if (!this.element) return;
    const value = this.engine.signals[this.lever.key];
    this.reset.hidden = value === this.lever.default;
    if (value !== this.before) this.refused = null; // moved since
    this.before = value;
    this.sayFault();
    this.write();
  }

  speak() {
    if (!this.element) return;
    const { engine, lever, element } = this;
    const { lang } = engine;
    const name = lever.name[lang];
    say(this.unit, lever.unit[lang]);
    say(this.reset, "↺");
    say(this.why, "?");
    for (const [button, label] of [[this.reset, "board.reset_one"], [this.why, "board.why_one"]]) {
      button.setAttribute("aria-label", engine.label(label, { name }));
      button.title = engine.label(label, { name });
    }
    const handle = element.querySelector(".noUi-handle");
    handle?.setAttribute("aria-label", `${name} (${lever.unit[lang]})`);
    const readout = element.querySelector(".widget-readout");
    readout?.setAttribute("aria-label", engine.label("board.type_value", { name }));
    readout?.setAttribute("role", "textbox");
    readout?.setAttribute("inputmode", "decimal");
    this.sayReason();
  }
}
