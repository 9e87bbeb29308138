import assert from "node:assert/strict";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { notices } from "../notices.mjs";

/** What a bundler tells of packages in a folder: how many bytes of each went into its bundle. */
async function bundled(packages) {
  const folder = await mkdtemp(join(tmpdir(), "notices-"));
  const inputs = {};
  for (const { name, license = "MIT", text, bytes = 1 } of packages) {
    const place = join(folder, "node_modules", name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "package.json"), JSON.stringify({ name, version: "1.2.3", license }));
    if (text) await writeFile(join(place, "LICENSE"), text);
    inputs[join(place, "index.js")] = { bytesInOutput: bytes };
  }
  return [{ outputs: { "bundle.js": { inputs } } }];
}

test("each package in a bundle is named with version, licence and text, one text once", async () => {
  const found = await notices(
    await bundled([{ name: "two", text: "Copyright me\r\n" }, { name: "one", text: "Copyright me" }, { name: "left-out", text: "Copyright you", bytes: 0 }]),
  );
  assert.ok(found.includes("one 1.2.3, MIT\ntwo 1.2.3, MIT\n\nCopyright me\n"));
  assert.ok(!found.includes("left-out"));
  assert.match(found, /Noto Sans SC \(font\), OFL-1\.1\n\nCopyright 2014-2021 Adobe/);
});

test("a package without a text has its project's, and an unknown one stops the build", async () => {
  assert.match(
    await notices(await bundled([{ name: "@lumino/any", license: "BSD-3-Clause" }])),
    /@lumino\/any 1\.2\.3, BSD-3-Clause\n\nCopyright \(c\) 2019 Project Jupyter[\s\S]*Redistribution and use/,
  );
  await assert.rejects(notices(await bundled([{ name: "strange" }])), /strange comes without the text/);
});
