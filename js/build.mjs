// Builds the board's module and the page's manager: ES modules, no eval, no foreign host.
// `node build.mjs FOLDER` writes below another folder, so that a test can compare.
import { build } from "esbuild";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { notices } from "./notices.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Vega compiles expressions with Function(); we interpret them, so that code is cut out. */
const withoutEval = {
  name: "without-eval",
  setup({ onLoad }) {
    onLoad({ filter: /vega-runtime[\\/]build[\\/]vega-runtime\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/var expressionCodegen = \{[\s\S]*?\n\};/, "var expressionCodegen = {};");
      if (contents === source) throw new Error("vega-runtime has changed: its code generator was not found");
      return { contents };
    });
    onLoad({ filter: /d3-dsv[\\/]dist[\\/]d3-dsv.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(
        /return new Function\("d",[\s\S]*?\}\)\.join\(","\) \+ "\}"\);/,
        "return (d) => Object.fromEntries(columns.map((name, i) => [name, d[i] || '']));",
      );
      if (contents === source) throw new Error("d3-dsv has changed: its code generator was not found");
      return { contents };
    });
  },
};

/** anywidget is made for a page's define(); we take what it would define. */
const withoutDefine = {
  name: "without-define",
  setup({ onLoad }) {
    onLoad({ filter: /anywidget[\\/]dist[\\/]index\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/define\(\["@jupyter-widgets\/base"\], (\w+)\);\s*$/, "export default $1;");
      if (contents === source) throw new Error("anywidget has changed: what it defines was not found");
      return { contents };
    });
  },
};

/** A widget manager holds what cleans HTML, which few pages have: it comes when it is asked for. */
const withoutSanitizer = {
  name: "without-sanitizer",
  setup({ onResolve }) {
    onResolve({ filter: /^sanitize-html$/ }, ({ importer }) => (importer.includes("base-manager") ? { path: here("src/sanitize.js") } : null));
  },
};

const common = {
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
  metafile: true,
};
const folder = process.argv[2] ?? here("../analysis");
const report = ({ metafile }) => {
  for (const [name, { bytes }] of Object.entries(metafile.outputs)) console.log(`${name} ${Math.round(bytes / 1000)} kB`);
};

const board = await build({
  ...common,
  target: "es2020",
  entryPoints: [here("src/index.js")],
  outfile: `${folder}/board/static/board.js`,
  plugins: [withoutEval],
});
report(board);

// The page's manager: hashed files, so that a browser keeps them for ever.
const app = `${folder}/publish/static/app`;
await rm(app, { recursive: true, force: true });
const files = { ...common, outdir: app, entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", loader: { ".svg": "dataurl" } };
const plugins = [withoutDefine, withoutEval, withoutSanitizer];
const page = await build({ ...files, plugins, entryPoints: [here("src/live.js"), here("src/single.js")], splitting: true });
const whole = await build({ ...files, plugins, entryPoints: { whole: here("src/single.js") } });
const rest = await build({ ...files, entryPoints: [here("src/front.js"), here("src/widgets.css")] });
for (const made of [page, whole, rest]) report(made);
const named = (result, part, end) => basename(Object.keys(result.metafile.outputs).find((name) => basename(name).startsWith(part) && name.endsWith(end)));

/** A script and all that it loads, of one kind or whenever. */
const { outputs } = page.metafile;
function loaded(name, kinds, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const { path, kind } of outputs[name].imports) if (kinds.includes(kind)) loaded(path, kinds, found);
  return found;
}
const path = (part) => Object.keys(outputs).find((name) => basename(name).startsWith(part));
const names = (paths) => [...paths].map((one) => basename(one));

const manifest = {
  live: named(page, "live-", ".js"),
  static: named(page, "single-", ".js"),
  single: named(whole, "whole-", ".js"),
  style: named(rest, "widgets-", ".css"),
  front: named(rest, "front-", ".js"),
  // What makes a page alive, to be fetched before its script asks for it; and all that a page without a server may ask for.
  parts: names(loaded(path("page-"), ["import-statement"], loaded(path("live-"), ["import-statement"]))).slice(1),
  site: names(loaded(path("single-"), ["import-statement", "dynamic-import"])),
};
await writeFile(`${app}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
await writeFile(`${app}/../notices.txt`, await notices([board, page, whole, rest].map(({ metafile }) => metafile)));
