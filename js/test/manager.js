// A page of embedded widgets with no kernel: what the browser tests run the board in.
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import "@jupyter-widgets/controls/css/widgets-base.css";
import { Widget } from "@lumino/widgets";

const modules = { "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls };
// anywidget's own file asks for AMD
globalThis.define = Object.assign(
  (...parts) => {
    const factory = parts.pop();
    modules.anywidget = typeof factory === "function" ? factory(base) : factory;
  },
  { amd: true },
);

class Manager extends ManagerBase {
  async loadClass(name, module) {
    return modules[module][name];
  }
  async _create_comm() {
    throw new Error("there is no kernel");
  }
  async _get_comm_info() {
    return {};
  }
}

async function start() {
  const manager = new Manager();
  const read = (kind) => JSON.parse(document.getElementById(kind).textContent);
  await manager.set_state(read("state"));
  for (const id of read("views")) {
    const model = await manager.get_model(id);
    const place = document.createElement("div");
    place.className = "place";
    document.querySelector(`[data-place="${id}"]`).append(place);
    Widget.attach((await manager.create_view(model)).luminoWidget, place);
  }
  globalThis.manager = manager;
}
globalThis.startPage = start;
