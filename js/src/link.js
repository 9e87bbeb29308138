// The scenario as short text, "v1;key=value;key=value": only what differs from the default.

export const VERSION = "v1";

export function toLink(levers, definitions) {
  const changed = definitions.filter(({ key, default: usual }) => levers[key] !== usual);
  return [VERSION, ...changed.map(({ key }) => `${key}=${round(levers[key])}`)].join(";");
}

/** {levers} or {fault: {key, name}}: a link is taken whole or not at all. */
export function fromLink(text, definitions) {
  const [version, ...pairs] = text.split(";").filter(Boolean);
  if (version !== VERSION) return { fault: { key: "board.link_version", name: version ?? "" } };
  const known = new Map(definitions.map((lever) => [lever.key, lever]));
  const levers = {};
  for (const pair of pairs) {
    const [key, raw = ""] = pair.split("=");
    const lever = known.get(key);
    if (!lever) return { fault: { key: "board.link_unknown", name: key } };
    const value = raw.trim() === "" ? NaN : Number(raw);
    if (!(value >= lever.low && value <= lever.high)) return { fault: { key: "board.link_value", name: pair } };
    levers[key] = value;
  }
  return { levers };
}

/** The part of an address after #s= */
export function scenarioIn(hash) {
  const found = /(?:^#|&)s=([^&]*)/.exec(hash);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return "?";
  }
}

const round = (value) => Number(value.toPrecision(12));
