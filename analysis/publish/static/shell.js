// What every page does before it is drawn: its language and title, and whether what stands in it
// is what its address asks for. A file of its own, so that a page may run no script in its HTML.
(() => {
  const root = document.documentElement;
  // The script's element tells the titles by language, the language that the address is in unless
  // it says `?lang=`, the plan's first one, and of a briefing also the language written and whether a link's scenario is.
  const told = document.currentScript.dataset;
  const titles = { zh: told.zh, en: told.en };
  const { own, first } = told;
  const key = "workbook.lang";
  // Only another language than the first is a choice: another plan here may open in another.
  const store = {
    get: () => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (lang) => {
      try {
        if (lang === first) localStorage.removeItem(key);
        else localStorage.setItem(key, lang);
      } catch { /* private */ }
    },
  };
  const current = () => (root.lang.startsWith("en") ? "en" : "zh");
  const address = () => new URL(location.href);
  // The address wins over what this browser remembers, so that a link shows what its sender saw.
  // A file by itself, and an address of another language than the first, are in their own.
  const fixed = location.protocol === "file:" || own !== first;
  const asked = address().searchParams.get("lang") ?? (fixed ? own : store.get());
  speak(Object.hasOwn(titles, asked) ? asked : own);
  if (told.written) {
    // What a link or another language asks for is not what stands here yet: show it once it lives.
    const linked = told.linked === "yes" || !/[?&]s=/.test(location.search);
    root.classList.toggle("wb-not-yet", current() !== told.written || !linked || /[#&]s=/.test(location.hash));
  }

  function speak(lang) {
    root.lang = lang === "zh" ? "zh-CN" : lang;
  }

  function follow() {
    const lang = current();
    document.title = titles[lang];
    store.set(lang);
    const url = address();
    // Setting a parameter writes the others anew too: only when there is something to set.
    if (lang !== own && url.searchParams.get("lang") !== lang) url.searchParams.set("lang", lang);
    else if (lang === own && url.searchParams.has("lang")) url.searchParams.delete("lang");
    if (url.href !== location.href) history.replaceState(history.state, "", url.href);
    for (const button of document.querySelectorAll("[data-site-lang]"))
      button.setAttribute("aria-pressed", String(button.dataset.siteLang === lang));
  }

  const menu = () => document.querySelector(".wb-export");

  /** Let the links of the menu of documents, where there is one, follow language and scenario. */
  function lead() {
    if (!menu()) return;
    const { base, live } = menu().dataset;
    const lang = current();
    const found = /^#(?:.*&)?s=([^&]*)/.exec(location.hash) ?? /[?&]s=([^&]*)/.exec(location.search);
    const scenario = found?.[1];
    const asks = scenario ? `&s=${encodeURIComponent(decodeURIComponent(scenario.replaceAll("+", "%20")))}` : "";
    for (const link of menu().querySelectorAll("[data-form]")) {
      const { form } = link.dataset;
      link.href = live === "yes" ? `${base}${form}?lang=${lang}${asks}` : `${base}${lang}.${form}`;
    }
  }

  // Each by itself: a scenario that nobody can read must not keep the page from its language.
  for (const act of [follow, lead])
    new MutationObserver(act).observe(root, { attributes: true, attributeFilter: ["lang"] });
  follow();
  addEventListener("hashchange", lead);
  document.addEventListener("DOMContentLoaded", () => {
    follow();
    // The board writes the scenario into the address without a word.
    for (const kind of ["toggle", "pointerdown", "focusin"]) menu()?.addEventListener(kind, lead);
    lead();
  });
  document.addEventListener("click", (event) => {
    if (menu() && !menu().contains(event.target)) menu().open = false;
    const button = event.target.closest?.("[data-site-lang]");
    if (!button) return;
    const lang = button.dataset.siteLang;
    // The board speaks its own widgets' language; it sets <html lang>, and the page follows.
    const board = document.querySelector(`.wb-lang button[data-lang="${lang}"]`);
    if (board) board.click();
    else speak(lang);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu()?.open) return;
    menu().open = false;
    menu().querySelector("summary").focus();
  });
})();
