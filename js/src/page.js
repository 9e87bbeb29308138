// The page's own widget manager: widgets live from the state in the page, with no kernel.
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets.css";
import { Widget } from "@lumino/widgets";
import makeAnywidget from "anywidget";
import { arriving, takeOver } from "./arrive.js";
import { PYTHON } from "./python-symbol.js";
import { rail } from "./rail.js";

const MODULES = { "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls, anywidget: makeAnywidget(base) };

class Manager extends ManagerBase {
  async loadClass(name, module) {
    const found = MODULES[module]?.[name];
    if (!found) throw new Error(`this page has no widget ${module} ${name}`);
    return found;
  }

  async _create_comm() {
    throw new Error("a page's widgets are made by its notebook");
  }

  async _get_comm_info() {
    return {};
  }
}

/** Make the page alive; `attach` is how Python is reached, null where there is none. */
export async function start(attach) {
  const data = JSON.parse(document.getElementById("wb-data").textContent);
  for (const { state } of Object.values(data.state.state)) {
    if (state._esm?.startsWith("asset:")) state._esm = new URL(`app/${state._esm.slice(6)}`, siteOf(data)).href;
  }
  const manager = new Manager();
  globalThis[PYTHON] = data.python && attach ? { attach: () => attach(manager, data, siteOf(data)) } : { absent: true };
  await manager.set_state(data.state);
  const places = [...document.querySelectorAll(".wb-view")];
  await takeOver(await Promise.all(places.map((place) => show(manager, place))));
  rail();
  document.documentElement.dataset.alive = "";
}

/** Draw a view unseen over its first look. */
async function show(manager, place) {
  const host = arriving(place);
  const model = await manager.get_model(place.dataset.model);
  Widget.attach((await manager.create_view(model)).luminoWidget, host);
  return host;
}

/** The address where the site begins, from any page of it. */
const siteOf = (data) => new URL(data.base, document.baseURI);
