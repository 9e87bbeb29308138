// The page's own widget manager: widgets live from the state in the page, with no kernel.
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets.css";
import { Widget } from "@lumino/widgets";
import makeAnywidget from "anywidget";
import { PYTHON } from "./python-symbol.js";
import { rail } from "./rail.js";

const MODULES = { "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls, anywidget: makeAnywidget(base) };
const DRAWN = 4000; // ms after which the living page is shown, whatever it still draws
const STILL = 2; // frames without a change of any height, after which it may be shown

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
  const hosts = await Promise.all(places.map((place) => show(manager, place)));
  await drawn(hosts);
  for (const place of places) {
    place.querySelector(".wb-first")?.remove();
    place.lastElementChild.className = "wb-living";
  }
  document.documentElement.classList.remove("wb-not-yet");
  rail();
  document.documentElement.dataset.alive = "";
}

/** Draw a view unseen over its first look, at the width that it will have. */
async function show(manager, place) {
  const host = document.createElement("div");
  host.className = "wb-arriving";
  place.append(host);
  const model = await manager.get_model(place.dataset.model);
  Widget.attach((await manager.create_view(model)).luminoWidget, host);
  return host;
}

/** Wait until every part has its content and nothing has moved for two frames. */
function drawn(hosts) {
  const missing = (host) =>
    [...host.querySelectorAll(".jupyter-widgets")].some((part) => !part.childElementCount && !part.textContent) ||
    [...host.querySelectorAll(".wb-figure")].some((figure) => !figure.querySelector("svg")) ||
    [...host.querySelectorAll(".wb-lever")].some((lever) => !lever.querySelector(".wb-unit"));
  const end = performance.now() + DRAWN;
  let [before, still] = ["", 0];
  return new Promise((resolve) => {
    const look = () => {
      const now = hosts.map((host) => (missing(host) ? "?" : host.offsetHeight)).join(" ");
      still = now === before && !now.includes("?") ? still + 1 : 0;
      before = now;
      if (still < STILL && performance.now() < end) requestAnimationFrame(look);
      else resolve();
    };
    look();
  });
}

/** The address where the site begins, from any page of it. */
const siteOf = (data) => new URL(data.base, document.baseURI);
