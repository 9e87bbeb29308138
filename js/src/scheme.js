// The reader's colour scheme, and its palette put in place of the light one.

const asks = (query) => globalThis.matchMedia?.(query)?.matches ?? false;

/** What asks for high contrast: the reader's wish, or colours of the system's own. */
const CONTRAST = ["(prefers-contrast: more)", "(forced-colors: active)"];

/** Whether the host has a dark theme of its own, as JupyterLab and VS Code do; null elsewhere. */
function hostIsDark() {
  const { dataset, classList } = globalThis.document?.body ?? { dataset: {}, classList: [] };
  if (dataset.jpThemeLight) return dataset.jpThemeLight === "false";
  const theme = [...classList].find((name) => /^vscode-(light|dark|high-contrast)/.test(name));
  return theme ? !theme.endsWith("light") : null;
}

export function currentScheme() {
  if (asks("print")) return "light";
  const dark = hostIsDark() ?? asks("(prefers-color-scheme: dark)");
  if (CONTRAST.some(asks)) return dark ? "contrast_dark" : "contrast";
  return dark ? "dark" : "light";
}

/** Call `changed` when the scheme changes; paper is always light. */
export function watchScheme(changed) {
  for (const query of [...CONTRAST, "(prefers-color-scheme: dark)"]) {
    globalThis.matchMedia?.(query)?.addEventListener("change", () => changed(currentScheme()));
  }
  if (hostIsDark() !== null) {
    new MutationObserver(() => changed(currentScheme())).observe(document.body, { attributes: true });
  }
  globalThis.addEventListener?.("beforeprint", () => changed("light"));
  globalThis.addEventListener?.("afterprint", () => changed(currentScheme()));
}

/** Give texts the scheme's colours where the host has chosen it: the style sheet asks the system. */
export function colourHost(palettes, scheme) {
  if (hostIsDark() === null || !palettes[scheme]) return;
  const { style } = document.documentElement;
  for (const [token, hex] of Object.entries(palettes[scheme])) style.setProperty(`--wb-${token}`, hex);
}

/** A specification with every light hex replaced by the scheme's, wherever it stands. */
export function repaint(spec, palettes, scheme) {
  const text = JSON.stringify(spec);
  if (scheme === "light" || !palettes[scheme]) return JSON.parse(text);
  const swaps = new Map(
    Object.entries(palettes.light).map(([token, hex]) => [hex.toLowerCase(), palettes[scheme][token]]),
  );
  return JSON.parse(text.replace(/#[0-9a-f]{6}\b/gi, (hex) => swaps.get(hex.toLowerCase()) ?? hex));
}
