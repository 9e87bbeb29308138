// The live site's page: Python, and what draws the charts that it makes, is loaded when it is first asked for.
import { painted } from "./painted.js";

await painted();
const { start } = await import("./page.js");
start(
  async (...about) => (await import("./python.js")).attach(...about),
  async (...chart) => (await import("./plot.js")).plot(...chart),
);
