// A live sentence, paragraph or heading.
import { h, say } from "./dom.js";

export function prose(engine, { el, payload }) {
  const line = h(payload.tag, { class: "wb-prose" });
  el.append(line);
  return { update: () => say(line, engine.text(payload.message)) };
}
