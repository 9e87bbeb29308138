// A page with no server behind it: a static host's, or one file from a disk.
import { painted } from "./painted.js";

await painted();
(await import("./page.js")).start(null);
