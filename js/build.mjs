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
const page = await build({
  ...common,
  entryPoints: [here("src/live.js"), here("src/single.js")],
  outdir: app,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  splitting: true,
  loader: { ".svg": "dataurl" },
  plugins: [withoutDefine, withoutEval],
});
report(page);
const whole = await build({
  ...common,
  entryPoints: { whole: here("src/single.js") },
  outdir: app,
  entryNames: "[name]-[hash]",
  loader: { ".svg": "dataurl" },
  plugins: [withoutDefine],
});
report(whole);
const front = await build({ ...common, entryPoints: [here("src/front.js")], outdir: app, entryNames: "[name]-[hash]" });
report(front);
const named = (result, part, end) => basename(Object.keys(result.metafile.outputs).find((name) => basename(name).startsWith(part) && name.endsWith(end)));
const manifest = {
  live: named(page, "live-", ".js"),
  static: named(page, "single-", ".js"),
  single: named(whole, "whole-", ".js"),
  style: named(whole, "whole-", ".css"),
  front: named(front, "front-", ".js"),
};
await writeFile(`${app}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
await writeFile(`${app}/../notices.txt`, await notices([board, page, whole, front].map(({ metafile }) => metafile)));
