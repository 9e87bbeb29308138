// Bundles the test page's widget manager: `node test/page.mjs OUTFILE`.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

await build({
  entryPoints: [fileURLToPath(new URL("manager.js", import.meta.url))],
  outfile: process.argv[2],
  bundle: true,
  format: "iife",
  minify: true,
  loader: { ".svg": "dataurl", ".png": "dataurl" },
  logLevel: "error",
});
