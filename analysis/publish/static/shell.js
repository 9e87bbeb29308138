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
  // An edition below another path has another plan's scenarios, maybe.
  root.dataset.kept = `workbook.scenario ${location.pathname.split("/briefing")[0].replace(/(\/(en|zh))?\/?(index\.html)?$/, "")}`;
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
    // A link's scenario goes along to the next page, also where this one is left before it lives.
    addEventListener("pagehide", () => {
      const found = scenario();
      if (found && !("alive" in root.dataset)) try { sessionStorage.setItem(root.dataset.kept, found); } catch { /* closed to a frame */ }
    });
  }

  function speak(lang) {
    root.lang = lang === "zh" ? "zh-CN" : lang;
  }

  /** This address with a parameter set, or without it; the others stay as they are written. */
  function asking(name, value) {
    const url = address();
    const others = url.search.slice(1).split("&").filter((part) => part && part.split("=")[0] !== name);
    url.search = [...(value === null ? [] : [`${name}=${value}`]), ...others].join("&");
    return url.href;
  }

  /** The scenario that this address is in, null where it names none. */
  function scenario() {
    const found = /^#(?:.*&)?s=([^&]*)/.exec(location.hash) ?? /[?&]s=([^&]*)/.exec(location.search);
    return found && decodeURIComponent(found[1].replaceAll("+", "%20"));
  }

  function follow() {
    const lang = current();
    document.title = titles[lang];
    store.set(lang);
    const now = address().searchParams.get("lang");
    if (now !== (lang === own ? null : lang)) history.replaceState(history.state, "", asking("lang", lang === own ? null : lang));
    for (const button of document.querySelectorAll("[data-site-lang]"))
      button.setAttribute("aria-pressed", String(button.dataset.siteLang === lang));
  }

  const menu = () => document.querySelector(".wb-export");

  /** Let the links of the menu of documents, where there is one, follow language and scenario. */
  function lead() {
    if (!menu()) return;
    const { base, live } = menu().dataset;
    const lang = current();
    const found = scenario();
    const asks = found ? `&s=${encodeURIComponent(found)}` : "";
    const period = address().searchParams.get("period");
    const of = period ? `&period=${encodeURIComponent(period)}` : "";
    for (const link of menu().querySelectorAll("[data-form]")) {
      const { form } = link.dataset;
      link.href = live === "yes" ? `${base}${form}?lang=${lang}${form.includes(".") ? of : asks}` : `${base}${lang}.${form}`;
    }
  }

  const picture = address().searchParams.get("figure");

  /** Show one picture alone, for another site's frame, and tell that site its height: a number, and nothing else. */
  function alone() {
    const found = [...document.querySelectorAll(".wb-figure")].find((figure) => figure.dataset.key === picture);
    const shown = found ?? document.querySelector(".wb-no-figure");
    shown?.classList.add("wb-alone");
    root.classList.add("wb-framed");
    if (shown && !found) shown.querySelector("a").href = asking("figure", null);
    if (parent === window) return;
    const tell = () => parent.postMessage({ type: "workbook.height", height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
    new ResizeObserver(tell).observe(document.body);
  }

  // Each by itself: a scenario that nobody can read must not keep the page from its language.
  for (const act of [follow, lead])
    new MutationObserver(act).observe(root, { attributes: true, attributeFilter: ["lang"] });
  follow();
  addEventListener("hashchange", lead);
  document.addEventListener("DOMContentLoaded", () => {
    follow();
    if (picture !== null) alone();
    // The board writes the scenario into the address without a word.
    for (const kind of ["toggle", "pointerdown", "focusin"]) menu()?.addEventListener(kind, lead);
    lead();
  });
  document.addEventListener("click", (event) => {
    if (menu() && !menu().contains(event.target)) menu().open = false;
    const skip = event.target.closest?.(".wb-skip");
    if (skip) {
      event.preventDefault(); // a link that is sent on begins at no part of the page
      const place = document.querySelector(`${skip.hash}, .${skip.hash.slice(1)}`); // widgets have classes, no names
      place.tabIndex = -1;
      place.focus();
    }
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
