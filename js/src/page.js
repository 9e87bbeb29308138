// The page's own widget manager: widgets live from the state in the page, with no kernel.
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import { Widget } from "@lumino/widgets";
import makeAnywidget from "anywidget";
import { arriving, takeOver } from "./arrive.js";
import { listen } from "./callbacks.js";
import { h } from "./dom.js";
import { OutputModel, outputView } from "./output.js";
import { PYTHON } from "./python-symbol.js";
import { rail } from "./rail.js";
import { cleaner } from "./sanitize.js";

const WHILE = 16; // ms

const MODULES = { "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls, anywidget: makeAnywidget(base) };

class Manager extends ManagerBase {
  async loadClass(name, module) {
    const known = MODULES[module] ?? { [name]: name.endsWith("Model") ? base.DOMWidgetModel : MODULES.unknown };
    if (!known[name]) throw new Error(`this page has no widget ${module} ${name}`);
    return known[name];
  }

  async _create_comm() {
    throw new Error("a page's widgets are made by its notebook");
  }

  async _get_comm_info() {
    return {};
  }
}

/** Make the page alive; `attach` is how Python is reached and `plot` how its charts are drawn, none where there is no Python. */
export async function start(attach, plot) {
  const data = JSON.parse(document.getElementById("wb-data").textContent);
  MODULES["@jupyter-widgets/output"] = { OutputModel, OutputView: outputView({ failed: () => h("p", { class: "wb-note" }, ...spoken(data.failed)), plot }) };
  MODULES.unknown = saying(data.unknown);
  for (const { state } of Object.values(data.state.state)) {
    if (state._esm?.startsWith("asset:")) state._esm = new URL(`app/${state._esm.slice(6)}`, siteOf(data)).href;
  }
  if (Object.values(data.state.state).some(({ state }) => state.description_allow_html)) await cleaner();
  const manager = new Manager();
  globalThis[PYTHON] = data.python && attach ? { attach: () => attach(manager, data, siteOf(data)) } : { absent: true };
  const turn = turns();
  await manager.set_state(data.state);
  await turn();
  const heard = Object.keys(data.heard);
  if (data.python && attach && heard.length) await listen(manager, data.heard, globalThis[PYTHON], noting(data.failed));
  else for (const key of heard) (await manager.get_model(key)).set("disabled", true);
  const places = [...document.querySelectorAll(".wb-view")];
  const hosts = [];
  for (const place of places) {
    hosts.push(await show(manager, place));
    await turn();
  }
  await takeOver(hosts);
  rail();
  document.documentElement.dataset.alive = "";
}

/** After each while of work, let the browser do what else is to be done, e.g. paint, or hear the reader. */
function turns() {
  let since = performance.now();
  return async () => {
    if (document.hidden || performance.now() - since < WHILE) return;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  };
}

/** Draw a view unseen over its first look. */
async function show(manager, place) {
  const host = arriving(place);
  const model = await manager.get_model(place.dataset.model);
  Widget.attach((await manager.create_view(model)).luminoWidget, host);
  return host;
}

/** The view of a widget whose package the page does not hold. */
const saying = (words) =>
  class extends base.DOMWidgetView {
    render() {
      super.render();
      this.el.append(h("p", { class: "wb-note" }, ...spoken(words)));
    }
  };

/** Each language's words; the style sheet shows those of the page's. */
const spoken = ({ zh, en }) => [h("span", { lang: "zh-CN" }, zh), h("span", { lang: "en" }, en)];

/** What tells a reader why Python does not answer, in words of its own or the usual ones; null once it does. */
function noting(usual) {
  const note = h("p", { class: "wb-note wb-unanswered", role: "status", hidden: true });
  document.querySelector("main").prepend(note);
  return (reason) => {
    note.hidden = reason === null;
    note.replaceChildren(...(note.hidden ? [] : spoken(reason ?? usual)));
  };
}

/** The address where the site begins, from any page of it. */
const siteOf = (data) => new URL(data.base, document.baseURI);
