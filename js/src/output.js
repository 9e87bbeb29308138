// Output widgets: what the notebook's Python shows in one, which comes cleaned, as charts or as views.
import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import { Widget } from "@lumino/widgets";
import { h } from "./dom.js";

export class OutputModel extends DOMWidgetModel {
  defaults() {
    return { ...super.defaults(), _model_name: "OutputModel", _view_name: "OutputView", _model_module: "@jupyter-widgets/output", _view_module: "@jupyter-widgets/output", outputs: [] };
  }
}

/** The view, given how a page writes that something failed and how a chart is drawn where Python answers. */
export const outputView = ({ failed, plot }) =>
  class OutputView extends DOMWidgetView {
    render() {
      super.render();
      this.el.classList.add("wb-output");
      this.listenTo(this.model, "change:outputs", () => this.fill());
      return this.fill();
    }

    /** Show all at once, when it is drawn: the page must not jump. What comes meanwhile makes it vain. */
    async fill() {
      const outputs = this.model.get("outputs");
      const parts = await Promise.all(outputs.map((output) => this.part(output)));
      if (outputs !== this.model.get("outputs")) return;
      this.el.replaceChildren(...parts.map(({ part }) => part));
      // What is drawn before it stands in the page is attached when it does.
      this.displayed.then(() => {
        for (const { part, view } of parts) if (view && part.isConnected) Widget.attach(view.luminoWidget, part);
      });
    }

    async part(output) {
      const part = h("div", { class: "wb-shown" });
      const manager = this.model.widget_manager;
      if (output.view && manager.has_model(output.view))
        return { part, view: await this.create_child_view(await manager.get_model(output.view)) };
      if (output.failed) part.append(failed());
      else if (output.html === undefined) await plot?.(part, output.chart);
      else part.append(...new DOMParser().parseFromString(output.html, "text/html").body.childNodes); // cleaned where it was made
      return { part };
    }
  };
