// The switch between Chinese and English.
import { h } from "./dom.js";

const NAMES = { zh: "中文", en: "English" };

export function language(engine, { el }) {
  const buttons = Object.entries(NAMES).map(([lang, name]) =>
    h("button", { type: "button", "data-lang": lang, lang, click: () => engine.setLanguage(lang) }, name),
  );
  const box = h("div", { class: "wb-lang", role: "group" }, ...buttons);
  el.append(box);
  return {
    update() {
      box.setAttribute("aria-label", engine.label("board.language"));
      for (const button of buttons) {
        button.setAttribute("aria-pressed", String(button.dataset.lang === engine.lang));
      }
    },
  };
}
