// A page with no server behind it: a static host's, or one file from a disk.
import { start } from "./page.js";

start(null);
