// A host's own theme goes before the system's, and gives texts its colours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Window } from "happy-dom";
import { colourHost, currentScheme, watchScheme } from "../src/scheme.js";

const PALETTES = { light: { ink: "#1d2733" }, dark: { ink: "#e8ecf0" } };

function host(theme, system) {
  const window = new Window();
  globalThis.document = window.document;
  globalThis.MutationObserver = window.MutationObserver;
  globalThis.matchMedia = (query) => ({ matches: system === "dark" && query.includes("dark"), addEventListener() {} });
  theme(window.document.body);
  return window;
}

const lab = (light) => (body) => body.setAttribute("data-jp-theme-light", String(light));
const code = (name) => (body) => body.classList.add(name);
const ink = () => document.documentElement.style.getPropertyValue("--wb-ink");

test("JupyterLab's and VS Code's theme are followed, whatever the system has", () => {
  for (const [theme, system, scheme] of [
    [lab(false), "light", "dark"], [lab(true), "dark", "light"],
    [code("vscode-dark"), "light", "dark"], [code("vscode-light"), "dark", "light"],
  ]) {
    host(theme, system);
    assert.equal(currentScheme(), scheme);
    colourHost(PALETTES, currentScheme());
    assert.equal(ink(), PALETTES[scheme].ink);
  }
});

test("elsewhere the system is asked, and the style sheet has the colours", () => {
  host(() => {}, "dark");
  assert.equal(currentScheme(), "dark");
  colourHost(PALETTES, "dark");
  assert.equal(ink(), "");
});

test("a change of the host's theme is heard", async () => {
  host(lab(true), "light");
  const heard = new Promise((resolve) => watchScheme(resolve));
  document.body.setAttribute("data-jp-theme-light", "false");
  assert.equal(await heard, "dark");
});
