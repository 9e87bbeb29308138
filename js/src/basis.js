// Formulas and assumptions in one place: levers with bounds and reasons, outcomes with their equations.
import { h, say } from "./dom.js";
import { formulaElement } from "./mathml.js";
import { numberFormat } from "./vega.js";

export function basis(engine, { el, payload }) {
  const write = numberFormat(",.4~g");
  const amount = (value) => (Number.isFinite(value) ? (Math.abs(value) >= 100 ? numberFormat(",.1~f")(value) : write(value)) : "–");
  const assumptions = list(["goal.lever", "goal.now", "default", "basis.range", "basis.reason"]);
  const equations = list(["basis.outcome", "goal.now", "formula"]);
  const levers = engine.definitions.map((lever) => {
    const cells = ["th", "td", "td", "td", "td"].map((tag) => h(tag));
    cells[0].setAttribute("scope", "row");
    assumptions.body.append(h("tr", {}, ...cells));
    return { lever, cells };
  });
  const outcomes = payload.formulas.map((outcome) => {
    const cells = [h("th", { scope: "row" }), h("td"), h("td")];
    equations.body.append(h("tr", {}, ...cells));
    return { outcome, cells };
  });
  const parts = [assumptions, equations].map((table, i) => {
    const name = ["assumptions", "formulas"][i];
    const summary = h("summary", { id: `wb-basis-${name}` });
    const details = h("details", { toggle: () => update() }, summary, h("div", { class: "wb-scroll", role: "region", tabindex: "0", "aria-labelledby": summary.id }, table.element));
    return { summary, details, table, name };
  });
  el.append(h("div", { class: "wb-panel wb-basis" }, ...parts.map(({ details }) => details)));

  /** A table that is shut costs no frame. */
  function update() {
    const { signals, lang } = engine;
    if (parts[0].details.open) for (const { lever, cells } of levers) say(cells[1], amount(signals[lever.key] * lever.scale[lang]));
    if (!parts[1].details.open) return;
    for (const { outcome, cells } of outcomes) {
      say(cells[1], amount(signals[outcome.key] * outcome.scale[lang]));
      if (!cells[2].firstChild) cells[2].append(formulaElement(outcome.formula));
    }
  }

  function restyle() {
    const { lang } = engine;
    for (const { summary, name, table } of parts) {
      say(summary, engine.label(`board.basis.${name}`));
      table.heads.forEach(([key, cell]) => say(cell, engine.label(`board.${key}`)));
    }
    for (const { lever, cells } of levers) {
      say(cells[0], `${lever.name[lang]} (${lever.unit[lang]})`);
      say(cells[2], amount(lever.default * lever.scale[lang]));
      say(cells[3], `${amount(lever.low * lever.scale[lang])} – ${amount(lever.high * lever.scale[lang])}`);
      say(cells[4], `${lever.reason[lang]} ${engine.label("board.source_of", { source: lever.source[lang] })}`);
    }
    for (const { outcome, cells } of outcomes) say(cells[0], `${outcome.name[lang]} (${outcome.unit[lang]})`);
    update();
  }
  return { update, restyle };
}

function list(names) {
  const heads = names.map((name) => [name, h("th", { scope: "col" })]);
  const body = h("tbody");
  return { heads, body, element: h("table", {}, h("thead", {}, h("tr", {}, ...heads.map(([, cell]) => cell))), body) };
}
