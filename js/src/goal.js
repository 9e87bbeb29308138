// Goal seek: one target, and where each lever alone would have to stand for it.
import { h, say } from "./dom.js";
import { fill } from "./messages.js";
import { leverValue, readNumber, rounded } from "./number.js";
import { compile } from "./vega.js";

export function goal(engine, { el, payload }) {
  const targets = payload.targets.map((target) => ({ ...target, rows: rowsOf(engine, target, payload.floors) }));
  let target = targets[0];
  const chooser = h("select", { change: () => choose(targets[chooser.selectedIndex]) }, ...targets.map(() => h("option")));
  const value = h("input", { inputmode: "decimal", autocomplete: "off", input: () => update() });
  const fault = h("p", { class: "wb-refused", role: "alert", hidden: true });
  let typed; // in the model's unit, whatever unit the reader's language has
  const [forTarget, forValue] = [h("span"), h("span")];
  const unit = h("span", { class: "wb-unit" });
  const levels = target.levels.map((_, i) => h("button", { type: "button", class: "wb-tool", click: () => aim(target.levels[i].value) }));
  const head = ["lever", "now", "needed"].map((name) => [name, h("th", { scope: "col" })]);
  const body = h("tbody");
  const rows = h("div", { class: "wb-scroll", role: "region", tabindex: "0" }, h("table", {}, h("thead", {}, h("tr", {}, ...head.map(([, cell]) => cell), h("td"))), body));
  el.append(
    h(
      "div",
      { class: "wb-panel wb-goal" },
      h(
        "div",
        { class: "wb-asked" },
        h("label", {}, forTarget, chooser),
        h("label", {}, forValue, h("span", {}, value, unit)),
        ...levels,
      ),
      fault,
      rows,
    ),
  );
  choose(target);

  function choose(chosen) {
    target = chosen;
    body.replaceChildren(...target.rows.map(({ row }) => row));
    aim(target.levels[0].value);
    restyle();
  }

  function aim(asked) {
    value.value = String(rounded(asked * target.scale[engine.lang]));
    update();
  }

  function update() {
    const sought = rounded(readNumber(value.value) / target.scale[engine.lang]);
    const read = Number.isFinite(sought);
    typed = read ? sought : undefined;
    fault.hidden = read || !value.value.trim();
    if (!fault.hidden) say(fault, engine.label("board.typed_number", { text: value.value.trim().slice(0, 40) }));
    for (const row of target.rows) row.update(sought);
    levels.forEach((button, i) => button.setAttribute("aria-pressed", String(sought === target.levels[i].value)));
  }

  function restyle() {
    const { lang } = engine;
    if (typed !== undefined) value.value = String(rounded(typed * target.scale[lang]));
    rows.setAttribute("aria-label", engine.label("board.goal.lever"));
    say(forTarget, engine.label("board.goal.target"));
    say(forValue, engine.label("board.goal.value"));
    say(unit, target.unit[lang]);
    targets.forEach((one, i) => say(chooser.options[i], one.name[lang]));
    levels.forEach((button, i) => say(button, levelSaid(engine, target, target.levels[i])));
    for (const [name, cell] of head) say(cell, engine.label(`board.goal.${name}`));
    for (const row of target.rows) row.restyle();
    update();
  }
  return { update, restyle };
}

/** A target's level by its name and amount. */
export function levelSaid(engine, { amount }, { name, value }) {
  const { lang } = engine;
  return engine.label("board.increment.level", { level: name[lang], amount: fill(amount[lang], { value }, lang) });
}

/** An answer with as many decimals as the lever's step has: what is sought is met, not just missed. */
export function met(value, { low, high, step }, [atLow, atHigh]) {
  const tens = 10 ** (String(step).split(".")[1] ?? "").length;
  const end = atHigh > atLow ? Math.ceil : Math.floor;
  return Math.min(high, Math.max(low, end(rounded(value * tens)) / tens));
}

/**
 * Where a lever alone ends for an outcome to be what is sought, as `analysis.model.seek` has it:
 * at the exact answer, or at the bound that comes nearer, or nowhere if it moves nothing.
 * `ends`: the outcome with the lever at its low and its high bound.
 */
export function stand({ low, high }, needed, sought, ends) {
  const close = 1e-9;
  if (Math.abs(ends[1] - ends[0]) <= close * Math.max(1, ...ends.map(Math.abs))) return { stopped: "no_effect" };
  const room = close * (high - low);
  if (needed >= low - room && needed <= high + room) return { value: Math.min(high, Math.max(low, needed)) };
  const end = Math.abs(ends[0] - sought) < Math.abs(ends[1] - sought) ? 0 : 1;
  return { stopped: end ? "high" : "low", bound: end ? high : low, reach: ends[end] };
}

function rowsOf(engine, target, floors) {
  return Object.entries(target.needed).map(([key, expression]) => new Row(engine, target, key, expression, floors[key]));
}

class Row {
  constructor(engine, target, key, expression, floor = -Infinity) {
    Object.assign(this, { engine, target, floor, lever: engine.definition(key), needs: compile(expression) });
    this.name = h("th", { scope: "row" });
    this.now = h("td");
    this.needed = h("td");
    this.use = h("button", { type: "button", class: "wb-tool", click: () => engine.set({ [key]: this.value }) });
    this.row = h("tr", {}, this.name, this.now, this.needed, h("td", {}, this.use));
  }

  restyle() {
    const { engine, lever } = this;
    say(this.name, `${lever.name[engine.lang]} (${lever.unit[engine.lang]})`);
    say(this.use, engine.label("board.goal.use"));
    this.use.setAttribute("aria-label", `${engine.label("board.goal.use")}: ${lever.name[engine.lang]}`);
  }

  update(sought) {
    const { engine, lever, target } = this;
    const { signals } = engine;
    const write = (value) => leverValue(lever, value, engine.lang);
    const ends = ["low", "high"].map((end) => signals[`swing_${target.key}_${lever.key}_${end}`] ?? lever[end]);
    const { value = null, ...stopped } = stand(lever, this.needs({ ...signals, sought }), sought, ends);
    this.value = value === null ? null : met(value, lever, ends);
    say(this.now, write(signals[lever.key]));
    say(this.needed, value === null ? this.stopped(stopped, write) : this.reached(write(this.value)));
    this.needed.toggleAttribute("data-short", value === null);
    this.use.disabled = value === null || Math.abs(this.value - signals[lever.key]) < 1e-9;
    this.row.hidden = !Number.isFinite(sought) || !target;
  }

  /** An answer under what the plan asks of each district is told so. */
  reached(value) {
    const { engine, floor } = this;
    return this.value < floor - 1e-9 ? engine.label("board.goal.below_floor", { value }) : value;
  }

  /** What a bound leaves, in words. */
  stopped({ stopped, bound, reach }, write) {
    const { engine, target } = this;
    if (stopped === "no_effect") return engine.label("board.goal.no_effect");
    const { lang } = engine;
    return engine.label(`board.goal.${stopped}`, { bound: write(bound), reach: fill(target.amount[lang], { value: reach }, lang) });
  }
}
