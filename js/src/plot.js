// A notebook's own chart: Vega-Lite compiled and drawn in the browser, with no code made from text.
import { transforms } from "vega-dataflow";
import * as geo from "vega-geo";
import { compile } from "vega-lite";
import * as regression from "vega-regression";
import { view } from "./vega.js";

Object.assign(transforms, geo, regression);

/** Draw a chart into an element. */
export async function plot(element, chart) {
  await view(compile(chart).spec, { renderer: "svg", container: element, hover: true }).runAsync();
}
