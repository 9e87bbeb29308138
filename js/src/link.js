// The scenario as short text, "v1;key=value;key=value": only what differs from the default.

export const VERSION = "v1";
const MOST = 2000; // characters; a longer link is none of ours
const NUMBER = /^-?\d+(\.\d+)?(e-?\d+)?$/i;

export function toLink(levers, definitions) {
  const changed = definitions.filter(({ key, default: usual }) => levers[key] !== usual);
  return [VERSION, ...changed.map(({ key }) => `${key}=${round(levers[key])}`)].join(";");
}

/** {levers} or {fault: {key, name}}: a link is taken whole or not at all. */
export function fromLink(text, definitions) {
  const [version, ...parts] = text.slice(0, MOST).split(";").filter(Boolean);
  if (version !== VERSION) return fault("version", version ?? "");
  const known = new Map(definitions.map((lever) => [lever.key, lever]));
  const levers = {};
  for (const part of parts) {
    const [key, raw = ""] = part.split("=");
    if (key === "name") continue; // a scenario's own name, which Python writes
    const lever = known.get(key);
    if (!lever) return fault("unknown", key);
    if (key in levers || !allowed(lever, raw)) return fault("value", part);
    levers[key] = Number(raw);
  }
  return { levers };
}

const fault = (kind, name) => ({ fault: { key: `board.link_${kind}`, name: name.slice(0, 40) } });

function allowed({ low, high, choices = [] }, raw) {
  const value = NUMBER.test(raw) ? Number(raw) : NaN;
  return value >= low && value <= high && (!choices.length || choices.includes(value));
}

/** The scenario in an address: `?s=`, which a server hears too, or `#s=` as in older links. */
export function scenarioIn({ search = "", hash = "" }) {
  const found = /^#(?:.*&)?s=([^&]*)/.exec(hash) ?? /[?&]s=([^&]*)/.exec(search);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return "?";
  }
}

/** An address with a link's scenario in it, the default's with none; nothing else is changed. */
export function withScenario(address, link) {
  const url = new URL(address);
  const others = url.search.slice(1).split("&").filter((part) => part && !part.startsWith("s="));
  url.search = [...others, ...(link === VERSION ? [] : [`s=${link}`])].join("&");
  if (/^#(?:.*&)?s=/.test(url.hash)) url.hash = "";
  return url;
}

const round = (value) => Number(value.toPrecision(12));
