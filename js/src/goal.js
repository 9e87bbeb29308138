// Goal seek: one target, and where each lever alone would have to stand for it.
import { h, say } from "./dom.js";
import { fill } from "./messages.js";
import { compile, numberFormat } from "./vega.js";

export function goal(engine, { el, payload }) {
  const targets = payload.targets.map((target) => ({ ...target, rows: rowsOf(engine, target) }));
  let target = targets[0];
  const chooser = h("select", { change: () => choose(targets[chooser.selectedIndex]) }, ...targets.map(() => h("option")));
  const value = h("input", { type: "number", step: "any", inputmode: "decimal", input: () => update() });
  let typed; // in the model's unit, whatever unit the reader's language has
  const [forTarget, forValue] = [h("span"), h("span")];
  const unit = h("span", { class: "wb-unit" });
  const levels = ["expected", "stretch"].map((level) => {
    const button = h("button", { type: "button", class: "wb-tool", click: () => aim(target[level]) });
    return { level, button };
  });
  const head = ["lever", "now", "needed"].map((name) => [name, h("th", { scope: "col" })]);
  const body = h("tbody");
  el.append(
    h(
      "div",
      { class: "wb-panel wb-goal" },
      h(
        "div",
        { class: "wb-asked" },
        h("label", {}, forTarget, chooser),
        h("label", {}, forValue, h("span", {}, value, unit)),
        ...levels.map(({ button }) => button),
      ),
      h("div", { class: "wb-scroll", role: "region", tabindex: "0" }, h("table", {}, h("thead", {}, h("tr", {}, ...head.map(([, cell]) => cell), h("td"))), body)),
    ),
  );
  choose(target);

  function choose(chosen) {
    target = chosen;
    body.replaceChildren(...target.rows.map(({ row }) => row));
    aim(target.expected);
    restyle();
  }

  function aim(level) {
    value.value = String(rounded(level * target.scale[engine.lang]));
    update();
  }

  function update() {
    const sought = rounded(value.valueAsNumber / target.scale[engine.lang]);
    typed = Number.isFinite(sought) ? sought : undefined;
    for (const row of target.rows) row.update(sought);
    for (const { level, button } of levels) button.setAttribute("aria-pressed", String(sought === target[level]));
  }

  function restyle() {
    const { lang } = engine;
    if (typed !== undefined) value.value = String(rounded(typed * target.scale[lang]));
    say(forTarget, engine.label("board.goal.target"));
    say(forValue, engine.label("board.goal.value"));
    say(unit, target.unit[lang]);
    targets.forEach((one, i) => say(chooser.options[i], one.name[lang]));
    for (const { level, button } of levels) say(button, engine.label(`board.effort.${level}`, { level: fill(target.amount[lang], { value: target[level] }, lang) }));
    for (const [name, cell] of head) say(cell, engine.label(`board.goal.${name}`));
    for (const row of target.rows) row.restyle();
    update();
  }
  return { update, restyle };
}

/** Without what a tenth leaves in floating point. */
const rounded = (value) => Number(value.toPrecision(12));

function rowsOf(engine, target) {
  return Object.entries(target.needed).map(([key, expression]) => new Row(engine, target, key, expression));
}

class Row {
  constructor(engine, target, key, expression) {
    Object.assign(this, { engine, target, lever: engine.definition(key), needs: compile(expression) });
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
    const scale = lever.scale[engine.lang];
    const write = (value) => numberFormat(",.2~f")(value * scale);
    const needed = this.needs({ ...signals, sought });
    const found = Number.isFinite(needed);
    const inside = found && needed >= lever.low - 1e-9 && needed <= lever.high + 1e-9;
    this.value = inside ? Math.min(lever.high, Math.max(lever.low, needed)) : null;
    say(this.now, write(signals[lever.key]));
    say(this.needed, inside ? write(needed) : this.stopped(needed, found, write));
    this.needed.toggleAttribute("data-short", !inside);
    this.use.disabled = !inside || Math.abs(needed - signals[lever.key]) < 1e-9;
    this.row.hidden = !Number.isFinite(sought) || !target;
  }

  /** What a bound leaves, in words. */
  stopped(needed, found, write) {
    const { engine, lever, target } = this;
    if (!found) return engine.label("board.goal.no_effect");
    const end = needed > lever.high ? "high" : "low";
    const at = engine.signals[`swing_${target.key}_${lever.key}_${end}`] ?? lever[end];
    return engine.label("board.goal.beyond", { needed: write(needed), bound: write(lever[end]), reach: fill(target.amount[engine.lang], { value: at }, engine.lang) });
  }
}
