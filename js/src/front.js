// The front page's lever and picture, alive: the board's own engine and parts, with no widget manager.
import { arriving, takeOver } from "./arrive.js";
import { h, say } from "./dom.js";
import { withScenario } from "./link.js";
import { leverSaid } from "./number.js";

/** A widget's model that nobody else holds: its values, and who hears of a change. */
class Values {
  constructor(values) {
    this.values = values;
    this.heard = new Map();
  }

  get(key) {
    return this.values[key];
  }

  set(key, value) {
    if (this.values[key] === value) return;
    this.values[key] = value;
    for (const hear of this.heard.get(`change:${key}`) ?? []) hear();
  }

  on(event, hear) {
    this.heard.set(event, [...(this.heard.get(event) ?? []), hear]);
  }

  save_changes() {}
}

/** One lever as the browser's own slider, with its value in the reader's unit. */
function slider(engine, { el, lever, more }) {
  const { key, low, high, step } = lever;
  const name = h("span");
  const value = h("output");
  const range = h("input", { type: "range", min: low, max: high, step, input: () => engine.set({ [key]: Number(range.value) }) });
  const ends = [low, high].map((end) => ({ end, element: h("span") }));
  el.append(h("div", { class: "wb-slider" }, h("label", {}, name, value, range), h("p", { "aria-hidden": "true" }, ...ends.map(({ element }) => element))));
  return {
    update() {
      const { lang } = engine;
      const said = (amount) => leverSaid(lever, amount, lang);
      const now = engine.signals[key];
      say(name, lever.name[lang]);
      say(value, said(now));
      if (Number(range.value) !== now) range.value = now;
      range.setAttribute("aria-valuetext", said(now));
      for (const { end, element } of ends) say(element, said(end));
    },
    settled() {
      more.href = withScenario(more.href, engine.link()).href;
    },
  };
}

/** Where the board's script is: a file of the site, or in the page itself. */
function moduleOf(text, base) {
  if (text.startsWith("asset:")) return new URL(`app/${text.slice("asset:".length)}`, new URL(base, document.baseURI)).href;
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

async function start() {
  const { base, board, figure, lever } = JSON.parse(document.getElementById("wb-front").textContent);
  const { default: widget } = await import(moduleOf(board._esm, base));
  const model = new Values(board);
  widget.initialize({ model });
  const { engine, show } = await globalThis[Symbol.for("investment-workbook")].get(board.board_key);
  const place = document.querySelector(".wb-view");
  const el = arriving(place);
  const switches = h("div", { hidden: true }); // the header's switch speaks to it
  place.after(switches);
  show("language", { el: switches });
  engine.mount(slider(engine, { el, lever: engine.definition(lever), more: document.querySelector(".wb-more") }));
  show("figure", { el, payload: figure });
  await takeOver([el]);
  document.documentElement.dataset.alive = "";
}

start();
