// The licences of all that the bundles and the documents hold of others, as one text.
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Whose packages come without the text of their licence: the project says it for all of them. */
const HOLDERS = {
  "@jupyter-widgets/": "Copyright (c) 2015 Project Jupyter Contributors",
  "@jupyterlab/": "Copyright (c) 2015-2026 Project Jupyter Contributors",
  "@lumino/": "Copyright (c) 2019 Project Jupyter Contributors\nCopyright (c) 2014-2017 PhosphorJS Contributors",
};
const FONTS = [
  { name: "Noto Sans SC", file: "OFL.txt" },
  { name: "Noto Sans Symbols 2", file: "OFL-symbols.txt" },
];

/** The notices of every package that went into a bundle, and of the fonts, sorted by name. */
export async function notices(metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs)).flatMap(({ inputs }) => Object.entries(inputs));
  const paths = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const folders = [...new Set(paths.map((path) => /^(?:[^(].*)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]).filter(Boolean))];
  const parts = [...(await Promise.all(folders.map(packageNotice))), ...(await Promise.all(FONTS.map(fontNotice)))];
  const texts = new Map(); // many share one licence, word for word
  for (const { title, text } of parts.sort((a, b) => (a.title < b.title ? -1 : 1))) texts.set(text, [...(texts.get(text) ?? []), title]);
  return [...texts].map(([text, titles]) => `${[...new Set(titles)].join("\n")}\n\n${text}\n`).join(`\n${"-".repeat(80)}\n\n`);
}

async function packageNotice(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, "utf8")));
  return { title: `${name} ${version}, ${license}`, text: tidy(texts.join("\n\n")) || (await common(name, license)) };
}

async function common(name, license) {
  const holder = Object.entries(HOLDERS).find(([scope]) => name.startsWith(scope))?.[1];
  if (!holder) throw new Error(`${name} comes without the text of its licence: name its holder in ${import.meta.url}`);
  return tidy(`${holder}\n${await readFile(here(`licences/${license}.txt`), "utf8")}`);
}

async function fontNotice({ name, file }) {
  return { title: `${name} (font), OFL-1.1`, text: tidy(await readFile(here(`../analysis/charts/fonts/${file}`), "utf8")) };
}

const tidy = (text) => text.replace(/\r\n?/g, "\n").replace(/[ \t]+$/gm, "").trim();
