// The live site's page: Python is loaded when it is first asked for.
import { start } from "./page.js";

start(async (...about) => (await import("./python.js")).attach(...about));
