// A scenario's name: whose word it is, what one may hold, and where a reader gives it.
import { h, say } from "./dom.js";

const MOST = 40; // characters
const DIGITS = 8; // in all: no telephone number is a name
/** Letters of the two languages, digits, and signs that no address, formula, tag or path is made of. */
const LETTER = "A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u3400-\u4dbf\u4e00-\u9fff";
const WHOLE = new RegExp(`^[${LETTER}](?: ?(?:[${LETTER}\\-\u2013,\uff0c\u3001\u00b7()\uff08\uff09+\uff1a]|%(?![${LETTER}])))*$`);

/** A name as it may be shown, "" if it may not; the rule is `analysis.scenario.naming`'s. */
export function nameIn(text) {
  if (text.length > 4 * MOST) return "";
  const name = text.normalize("NFC").replace(/^ +| +$/g, "");
  return name.length <= MOST && WHOLE.test(name) && name.replace(/[^0-9]/g, "").length <= DIGITS ? name : "";
}

/** Names that this tab's reader gave, so that after a reload they aren't taken for a sender's. */
const OWN = "workbook.names";
const read = () => { try { return JSON.parse(sessionStorage.getItem(OWN)) ?? []; } catch { return []; } };
const keep = (name) => { try { sessionStorage.setItem(OWN, JSON.stringify([name, ...read()].slice(0, 20))); } catch { /* kept nowhere */ } };

/** The names of a page's scenarios, each by the link of exactly its levers: other levers have none. */
export class Names {
  constructor() {
    this.given = new Map();
  }

  /** A link brought a name: its sender's, unless it was given here. */
  bring(link, name) {
    if (name) this.given.set(link, { name, own: read().includes(name) });
  }

  /** The reader gives one, or takes it away with "". */
  give(link, name) {
    if (!name) return this.given.delete(link);
    keep(name);
    this.given.set(link, { name, own: true });
  }

  of(link) {
    return this.given.get(link);
  }
}

/** What the scenario changes, and a field for its name. */
export function naming(engine) {
  const field = h("input", { type: "text", maxlength: String(MOST), autocomplete: "off" });
  const label = h("span");
  const give = h("button", { type: "submit", class: "wb-tool" });
  const told = h("p", { role: "status" });
  const changes = h("p");
  const form = h("form", { submit }, h("label", {}, label, field), give);
  const element = h("div", { class: "wb-naming", hidden: true }, changes, form, told);

  function submit(event) {
    event.preventDefault();
    const name = nameIn(field.value);
    const refused = field.value.trim() && !name;
    field.setAttribute("aria-invalid", String(Boolean(refused)));
    if (!refused) engine.name(name);
    say(told, engine.label(refused ? "board.name_refused" : name ? "board.named" : "board.unnamed", { name }));
  }

  return {
    element,
    update() {
      if (element.hidden) return;
      const levers = engine.levers();
      const link = engine.link(levers, "");
      if (link !== this.link) {
        field.value = engine.names.of(link)?.name ?? "";
        field.removeAttribute("aria-invalid");
        say(told, "");
      }
      this.link = link;
      const known = engine.known(levers);
      form.hidden = known !== null;
      say(changes, known ?? engine.label("board.changes", { count: engine.moved(levers).length, levers: engine.changes(levers) }));
      say(label, engine.label("board.name"));
      say(give, engine.label("board.give_name"));
    },
  };
}
