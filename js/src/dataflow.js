// The model as one headless Vega dataflow: levers in, outcomes out.
import { view } from "./vega.js";

export class Dataflow {
  /** @param signals [{name, value} | {name, update}], as analysis.model.to_vega() gives them */
  constructor(signals) {
    this.levers = new Set(signals.filter((signal) => "value" in signal).map(({ name }) => name));
    this.names = signals.map(({ name }) => name);
    this.view = view({ signals }, { renderer: "none" });
    this.view.run();
  }

  /** Set levers, run, and give every signal's value. */
  evaluate(levers) {
    for (const [name, value] of Object.entries(levers)) {
      if (this.levers.has(name)) this.view.signal(name, value);
    }
    this.view.run();
    return Object.fromEntries(this.names.map((name) => [name, this.view.signal(name)]));
  }
}
