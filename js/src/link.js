// The scenario as short text, "v1;key=value;key=value": only what differs from the default.

import { nameIn } from "./naming.js";
import { readLever, rounded } from "./number.js";

export const VERSION = "v1";
const MOST = 4000; // characters; a longer link is none of ours

export function toLink(levers, definitions, name = "") {
  const changed = definitions.filter(({ key, default: usual }) => levers[key] !== usual);
  const parts = changed.map(({ key }) => `${key}=${rounded(levers[key])}`);
  return [VERSION, ...parts, ...(name && parts.length ? [`name=${encodeURIComponent(name)}`] : [])].join(";");
}

/**
 * {levers, name} or {fault: {key, name}}: a link's levers are taken whole or not at all. Its name is
 * left out, and that is told as a fault beside the levers, where it holds what no name may.
 */
export function fromLink(text, definitions) {
  if (text.length > MOST) return fault("long", "");
  const [version, ...parts] = text.trim().split(";");
  if (version !== VERSION) return fault("version", version);
  const known = new Map(definitions.map((lever) => [lever.key, lever]));
  const levers = {};
  const seen = new Set();
  let name = "";
  for (const part of parts.filter(Boolean)) {
    const [, key, said] = /^([^=]*)=?(.*)$/s.exec(part);
    const lever = known.get(key);
    if (!lever && key !== "name") return fault("unknown", key);
    if (seen.has(key) || !part.includes("=")) return fault("value", part);
    seen.add(key);
    if (!lever) {
      name = decoded(said, said);
      continue;
    }
    const { value } = readLever(lever, said);
    if (value === undefined) return fault("value", part);
    levers[key] = value;
  }
  const kept = nameIn(name);
  return { levers, ...(kept && { name: kept }), ...(name && !kept && fault("name", "")) };
}

const fault = (kind, name) => ({ fault: { key: `board.link_${kind}`, name: name.slice(0, 40) } });

/** The scenario in an address: `?s=`, which a server hears too, or `#s=` as in older links. */
export function scenarioIn({ search = "", hash = "" }) {
  const found = /^#(?:.*&)?s=([^&]*)/.exec(hash) ?? /[?&]s=([^&]*)/.exec(search);
  return found && unformed(found[1]);
}

/** The scenarios that an address has pinned, `?p=` each, {levers, name}; one that can't be read is left out. */
export function pinsIn({ search = "" }, definitions) {
  const said = search.slice(1).split("&").filter((part) => part.startsWith("p="));
  return said.map((part) => fromLink(unformed(part.slice(2)), definitions)).filter(({ levers }) => levers);
}

/** What an address says, where "+" is a form's way of writing a space. */
const unformed = (text) => decoded(text.replaceAll("+", "%20"));

function decoded(text, otherwise = "?") {
  try {
    return decodeURIComponent(text);
  } catch {
    return otherwise;
  }
}

/** An address with a link's scenario in it, the default's with none, and those pinned; nothing else is changed. */
export function withScenario(address, link, pins = []) {
  const url = new URL(address);
  const others = url.search.slice(1).split("&").filter((part) => part && !/^[sp]=/.test(part));
  url.search = [...others, ...(link === VERSION ? [] : [`s=${link}`]), ...pins.map((pin) => `p=${pin}`)].join("&");
  if (/^#(?:.*&)?s=/.test(url.hash)) url.hash = "";
  return url;
}
