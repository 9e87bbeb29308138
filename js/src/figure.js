// A figure: its finding as title, the chart at the width there is, and what a reader may take with them.
import { download, h, idle, say, toolbar } from "./dom.js";
import { view } from "./vega.js";
import { repaint } from "./scheme.js";
import { formulaElement } from "./mathml.js";
import { Grid } from "./grid.js";
import { figureCsv, fileName, rowsShown, shown, today } from "./tables.js";
import { embedCode, framable } from "./embed.js";
import { pictureSvg, picturePng } from "./picture.js";
import { Values } from "./values.js";

const PAPER = 800; // px at which a figure is drawn for A4, where it takes 650: its text is 7.3 pt
const NARROW = 480; // px of the figure's own width below which the phone's drawing is used

const SOON = 300; // ms after which a picture in sight is drawn, whatever else is to be done

const MOMENTS = ["beforeprint", "afterprint"];

export function figure(engine, { el, payload }) {
  return new Figure(engine, el, payload);
}

class Figure {
  constructor(engine, el, payload) {
    Object.assign(this, { engine, payload, view: null, drawn: null, width: 0, dirty: true, visible: false });
    this.title = h("h2", { class: "wb-title", id: `wb-title-${payload.key}` });
    this.badge = payload.illustrative ? h("p", { class: "wb-illustrative" }) : null;
    this.say = h("p", { class: "wb-say" });
    this.chart = h("div", { class: "wb-chart", role: "img" });
    const first = document.querySelector(`.wb-first .wb-figure[data-key="${payload.key}"]`);
    if (!this.chart.classList.toggle("wb-first-chart", Boolean(first) && engine.fresh)) this.chart.style.minBlockSize = `${payload.height}px`;
    this.source = h("span", { class: "wb-source" });
    this.formula = h("div", { class: "wb-formula", hidden: true });
    this.links = linksTo(payload.links ?? []);
    this.behind = h("div", { class: "wb-panel wb-records wb-behind", id: `wb-table-${payload.key}`, hidden: true });
    this.quoted = h("p", { class: "wb-citation", role: "status", hidden: true });
    this.pins = h("p", { class: "wb-pins", hidden: true });
    this.alone = engine.askedFor("figure") === payload.key; // another site's frame shows it and nothing else
    this.whole = h("a", { target: "_blank", rel: "noopener" });
    this.about = this.alone ? h("p", { class: "wb-whole" }, h("span"), this.whole) : null;
    this.tools = this.makeTools();
    this.bar = toolbar(h("span", { class: "wb-tools" }, ...Object.values(this.tools)));
    this.values = new Values(this);
    this.figure = h(
      "figure",
      { class: `wb-figure${this.alone ? " wb-alone" : ""}`, "data-key": payload.key, "aria-labelledby": this.title.id },
      this.title,
      this.badge,
      this.say,
      this.chart,
      this.pins,
      h("figcaption", { class: "wb-caption" }, this.source, this.bar),
      this.about,
      this.quoted,
      this.behind,
      this.formula,
      this.links,
    );
    el.append(this.figure);
    engine.figures.add(this);
    this.resize = new ResizeObserver(([entry]) => this.fit(entry.contentRect.width));
    this.resize.observe(this.chart);
    this.sight = new IntersectionObserver(
      ([entry]) => {
        this.visible = entry.isIntersecting;
        if (this.visible && this.dirty) this.wake();
      },
      { rootMargin: "400px" },
    );
    this.sight.observe(this.figure);
    this.paper = ({ type }) => {
      const printing = type === "beforeprint";
      if (printing) this.show();
      this.fit(printing ? PAPER : this.chart.clientWidth);
      if (this.links) this.links.open = printing;
    };
    for (const moment of MOMENTS) globalThis.addEventListener?.(moment, this.paper);
  }

  makeTools() {
    const { payload, engine } = this;
    const button = (act, opens = null) => h("button", { type: "button", class: "wb-tool", "aria-expanded": opens && "false", "aria-controls": opens?.id, click: act });
    const tools = {};
    if (payload.formula) tools.formula = button(() => this.openFormula(), this.formula);
    if (document.fullscreenEnabled !== false) tools.enlarge = button(() => (document.fullscreenElement ? document.exitFullscreen() : this.figure.requestFullscreen()));
    tools.table = button(() => this.openTable(), this.behind);
    const name = (ending) => fileName(engine, payload.key, ending, payload.illustrative);
    tools.cite = button(() => this.quote("cite"), this.quoted);
    if (framable()) tools.embed = button(() => this.quote("embed"), this.quoted);
    tools.data = button(() => download(name("csv"), "text/csv;charset=utf-8", figureCsv(engine, payload)));
    tools.svg = button(() => download(name("svg"), "image/svg+xml", pictureSvg(this)));
    tools.png = button(async () => download(name("png"), "image/png", await picturePng(this)));
    return tools;
  }

  /** Open what a button opens, or close it: says whether it is open now. */
  toggle(button, element) {
    element.hidden = !element.hidden;
    button.setAttribute("aria-expanded", String(!element.hidden));
    return !element.hidden;
  }

  openFormula() {
    const { formula, tools, payload } = this;
    if (!formula.firstChild) formula.append(formulaElement(payload.formula));
    this.toggle(tools.formula, formula);
  }

  openTable() {
    if (this.toggle(this.tools.table, this.behind)) this.restyleTable();
  }

  /** What to write where the picture is quoted, or shown in a frame: to be copied by hand, and copied where that is allowed. */
  quote(what) {
    const { quoted, engine, tools } = this;
    this.quoting = this.quoting === what ? null : what;
    quoted.hidden = !this.quoting;
    for (const one of ["cite", "embed"]) {
      tools[one]?.setAttribute("aria-expanded", String(one === this.quoting));
      if (tools[one]) say(tools[one], engine.label(`board.${one}`));
    }
    this.sayQuoted();
    if (this.quoting) navigator.clipboard?.writeText(quoted.textContent).then(() => say(tools[what], engine.label(`board.${what}_copied`)), () => {});
  }

  sayQuoted() {
    if (this.quoting) say(this.quoted, this.quoting === "cite" ? this.citation() : this.code());
  }

  citation() {
    const { engine, payload } = this;
    const made_up = payload.illustrative ? engine.label("board.illustrative") : "";
    const [title, source] = [payload.title, payload.source].map((one) => engine.text(one).replace(/[.。]$/, ""));
    const values = { title, source, scenario: engine.scenario(), address: engine.address(), date: today() };
    return [engine.label("board.citation", values), made_up].filter(Boolean).join(" ");
  }

  code() {
    const { engine, payload, title, quoted, figure } = this;
    return embedCode(engine, title.textContent, { key: payload.key, height: figure.offsetHeight - quoted.offsetHeight });
  }

  /** What a picture's letters stand for. */
  sayPins() {
    const { engine, pins, names } = this;
    pins.hidden = !engine.pinned.length || !names?.has("pinned");
    say(pins, pins.hidden ? "" : engine.pinned.map(({ letter, levers }) => `${letter} ${engine.scenario(false, levers)}`).join(" · "));
  }

  /** Beneath a picture that stands alone: its scenario, unless it is the default, and the way to the page. */
  sayWhole() {
    const { engine, about, whole } = this;
    if (!about) return;
    say(about.firstChild, engine.moved(engine.levers()).length ? engine.label("board.scenario_now", { name: engine.scenario() }) : "");
    say(whole, engine.label("board.whole", { title: document.title }));
    whole.href = engine.address({ figure: null, lang: engine.lang });
  }

  /** The rows behind the picture, as they are in the scenario; each language has columns of its own. */
  restyleTable() {
    const { behind, engine, payload } = this;
    if (behind.hidden) return;
    const { columns } = rowsShown(engine, payload);
    const [heads, ...rows] = shown(engine, payload);
    this.grid = new Grid(engine, {
      heading: this.title.id,
      rows: () => shown(engine, payload).slice(1),
      columns: heads.map((head, i) => ({
        [engine.lang]: head,
        plain: columns[i]?.plain,
        number: rows.some((row) => typeof row[i] === "number") && rows.every((row) => row[i] === null || typeof row[i] === "number"),
      })),
    });
    behind.replaceChildren(...this.grid.elements);
    this.grid.restyle();
  }

  spec() {
    const { specs } = this.payload;
    const wanted = `${this.engine.lang}${this.width < NARROW ? "-narrow" : ""}`;
    return wanted in specs ? wanted : this.engine.lang;
  }

  fit(width) {
    const before = this.width;
    this.width = Math.floor(width);
    if (!this.width || this.width === before) return;
    if (this.view && this.drawn === this.variant()) {
      if (this.names.has("width")) this.view.signal("width", this.width);
      this.run();
    } else if (this.view) this.draw();
    else this.wake();
  }

  /** A picture is drawn at once where its room in sight is empty, else when nothing else is to be done: till then its first look stands for it. */
  wake() {
    if (this.view || (this.visible && !this.chart.firstChild)) this.show();
    else idle(() => this.view || this.show(), this.visible ? { timeout: SOON } : undefined);
  }

  /** Put the scenario into the picture; it is drawn by then, unless its first look still has its place. */
  show() {
    if (this.view) this.run();
    else if (!this.chart.matches(".wb-arriving .wb-first-chart")) this.draw();
  }

  variant() {
    return `${this.spec()} ${this.engine.scheme}`;
  }

  draw() {
    if (!this.width) return;
    const { engine, payload, chart } = this;
    const spec = repaint(payload.specs[this.spec()], engine.palettes, engine.scheme);
    this.drawn = this.variant();
    this.names = new Set((spec.signals ?? []).map(({ name }) => name));
    spec.background = "transparent";
    for (const signal of spec.signals ?? []) if (asksContainer(signal)) fix(signal, this.width);
    if (chart.offsetHeight) chart.style.minBlockSize = `${chart.offsetHeight}px`; // nothing below may jump
    const old = this.view;
    const box = h("div", { "aria-hidden": "true" }); // what it shows is said by the chart's name, and its table
    this.view = view(spec, { renderer: "svg", hover: true, tooltip: (handler, event, item, value) => this.values.told(event, value) });
    this.view.initialize(box);
    chart.classList.remove("wb-first-chart");
    chart.replaceChildren(box);
    this.run();
    this.sayPins();
    old?.finalize();
    requestAnimationFrame(() => (chart.style.minBlockSize = "0"));
  }

  /** Put the scenario into the picture. */
  run() {
    if (!this.view) return;
    this.dirty = false;
    const { signals, pinned, trail } = this.engine;
    for (const name in signals) if (this.names.has(name)) this.view.signal(name, signals[name]);
    if (this.names.has("pinned")) this.view.signal("pinned", pinned.map((pin) => pin.signals));
    if (this.names.has("trail")) this.view.signal("trail", [...trail, signals]);
    this.view.run();
    this.values.stale();
  }

  update(engine) {
    const { payload } = this;
    say(this.title, engine.text(payload.title));
    say(this.say, engine.text(payload.say));
    say(this.source, engine.text(payload.source));
    this.chart.setAttribute("aria-label", engine.text(payload.alt));
    if (!this.behind.hidden) this.grid.draw();
    this.sayQuoted();
    this.sayPins();
    this.sayWhole();
    this.dirty = true;
    if (!engine.fresh) this.leaveFirst();
    if (this.visible) this.show();
  }

  /** A first look that no longer holds goes, but its room stays. */
  leaveFirst() {
    const { chart } = this;
    if (!chart.classList.contains("wb-first-chart")) return;
    chart.style.minBlockSize = `${Math.max(chart.offsetHeight, this.payload.height)}px`;
    chart.classList.remove("wb-first-chart");
    chart.replaceChildren();
  }

  settled() {
    if (this.dirty && this.view) this.run();
  }

  restyle(engine) {
    for (const [name, button] of Object.entries(this.tools)) say(button, engine.label(`board.${name}`));
    this.bar.setAttribute("aria-label", engine.label("board.tools"));
    if (this.badge) say(this.badge, engine.label("board.illustrative"));
    if (this.links) say(this.links.firstChild, engine.label("board.links"));
    if (this.view && this.drawn !== this.variant()) this.draw();
    this.restyleTable();
  }

  remove(engine) {
    engine.figures.delete(this);
    this.width = 0; // what is still to be drawn, isn't
    for (const moment of MOMENTS) globalThis.removeEventListener?.(moment, this.paper);
    this.resize.disconnect();
    this.sight.disconnect();
    this.view?.finalize();
  }
}

/** The publications behind a figure, folded away; null where none has an address. */
function linksTo(links) {
  if (!links.length) return null;
  const items = links.map(({ title, url }) => h("li", {}, h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title)));
  return h("details", { class: "wb-links" }, h("summary"), h("ul", {}, ...items));
}

/** Vega-Lite's width="container" asks the element; we tell it instead, so that resizing is ours alone. */
const asksContainer = ({ init }) => typeof init === "string" && init.includes("containerSize()[0]");

function fix(signal, width) {
  delete signal.init;
  delete signal.on;
  signal.value = width;
}
