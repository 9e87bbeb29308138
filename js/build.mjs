// Builds analysis/board/static/board.js: one ES module, no eval, no foreign host.
// `node build.mjs OUTFILE` writes elsewhere, so that a test can compare.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

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

const result = await build({
  entryPoints: [here("src/index.js")],
  outfile: process.argv[2] ?? here("../analysis/board/static/board.js"),
  bundle: true,
  format: "esm",
  target: "es2020",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
  plugins: [withoutEval],
  metafile: true,
});
const [[name, { bytes }]] = Object.entries(result.metafile.outputs);
console.log(`${name} ${Math.round(bytes / 1000)} kB`);
