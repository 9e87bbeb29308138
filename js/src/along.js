// The scenario of one page on the next: this tab remembers it, and the reader takes it along or drops it.
import { h, say } from "./dom.js";
import { same } from "./history.js";
import { fromLink, scenarioIn, VERSION } from "./link.js";

/** Where this tab keeps it, as the shell says, which keeps that of a page left before it lived. */
const place = () => document.documentElement.dataset.kept;

/** A store may be closed to a page that is framed or a file. */
const store = {
  read: () => { try { return sessionStorage.getItem(place()) ?? VERSION; } catch { return VERSION; } },
  write: (link) => { try { link === VERSION ? sessionStorage.removeItem(place()) : sessionStorage.setItem(place(), link); } catch { /* kept nowhere */ } },
};

/** A kept link's levers that this page has, and the parts of it that are of other pages. */
export function known(link, definitions) {
  const levers = {};
  const others = [];
  let name = "";
  for (const part of link.split(";").slice(1)) {
    const found = fromLink(`${VERSION};${part}`, definitions);
    if (found.levers) Object.assign(levers, found.levers);
    else others.push(part);
    name ||= found.name ?? "";
  }
  return { levers, others, name };
}

export function along(engine) {
  const found = known(store.read(), engine.definitions);
  const { levers } = found;
  let { others } = found;
  // What a link brings goes before what was kept, and so do its levers before those of other pages.
  const linked = scenarioIn(globalThis.location) !== null;
  if (linked && engine.link() !== VERSION) {
    if (!same(engine.levers(), { ...engine.defaults(), ...levers })) others = [];
    keep();
  }
  // A name is of all that it was given to: what this page has a part of alone goes without.
  if (!others.length) engine.names.bring(engine.link({ ...engine.defaults(), ...levers }, ""), found.name);
  const text = h("p");
  const take = h("button", { type: "button", class: "wb-preset", click: () => answer(() => engine.set({ ...engine.defaults(), ...levers })) });
  const drop = h("button", { type: "button", class: "wb-tool", click: () => answer(forget) });
  const chip = h("div", { class: "wb-along", role: "group", hidden: linked || !Object.keys(levers).length }, text, h("span", {}, take, drop));
  document.body.append(chip);

  function keep() {
    store.write([engine.link(), ...others].join(";"));
  }

  function forget() {
    others = [];
    store.write(VERSION);
  }

  function answer(act) {
    chip.hidden = true;
    act();
  }

  return {
    update() {},
    settled() {
      chip.hidden = true;
      keep();
    },
    restyle() {
      const said = engine.scenario(false, { ...engine.defaults(), ...levers });
      const left = others.length ? engine.label("board.along_left", { count: others.length }) : "";
      say(text, `${engine.label("board.along", { scenario: said })}${left}`);
      chip.setAttribute("aria-label", engine.label("board.along_name"));
      say(take, engine.label("board.along_take"));
      say(drop, engine.label("board.along_drop"));
    },
    remove: () => chip.remove(),
  };
}
