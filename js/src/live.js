// The live site's page: Python, and what draws the charts that it makes, is loaded when it is first asked for.
import { start } from "./page.js";

start(
  async (...about) => (await import("./python.js")).attach(...about),
  async (...chart) => (await import("./plot.js")).plot(...chart),
);
