// The four targets: value, bar with two target lines, status in words; also as a strip while the cards are out of sight.
import { h, say } from "./dom.js";
import { fill, render } from "./messages.js";

const SIGNS = { short: "✕", expected: "✓", stretch: "✓✓", to_come: "…", so_far: "…", unknown: "" };

export function cards(engine, { el, payload }) {
  const drawn = payload.cards.map((card) => drawCard(engine, card));
  const kind = payload.illustrative ? h("li", { class: "wb-chip-kind" }) : null;
  const strip = h("ul", { class: "wb-strip" }, ...drawn.map(({ chip }) => chip), ...(kind ? [kind] : []));
  const heading = h("h2", { class: "wb-unseen" });
  const badge = payload.illustrative ? h("p", { class: "wb-illustrative" }) : null;
  const live = h("p", { class: "wb-announce", "aria-live": "polite", role: "status" });
  const grid = h("div", { class: "wb-cards" }, ...drawn.map(({ element }) => element));
  el.append(...[heading, badge, grid, strip, live].filter(Boolean));
  const watch = new IntersectionObserver(
    ([entry]) => strip.toggleAttribute("data-shown", entry.intersectionRatio < 1 && entry.boundingClientRect.top < 0),
    // What lies below counts as seen: a leap over the cards, from below them to above, is noticed too.
    { threshold: [0, 1], rootMargin: "0px 0px 1000000px 0px" },
  );
  watch.observe(grid);
  const spoken = () => drawn.map((card) => card.spoken()).join(engine.label("board.list_end"));
  let announced = null;
  return {
    update() {
      drawn.forEach(({ update }) => update());
      announced ??= spoken(); // what the page opens with is read there; the first change is told
    },
    restyle() {
      say(heading, engine.label("board.targets"));
      if (badge) [badge, kind].forEach((one) => say(one, engine.label("board.illustrative")));
    },
    settled() {
      const now = spoken();
      say(live, now === announced ? figuresSaid(engine) || live.textContent : now);
      announced = now;
    },
    remove: () => watch.disconnect(),
  };
}

/** What this change has figures say anew, each its title or, where that stays, what stands below it. */
function figuresSaid(engine) {
  const before = engine.trail.at(-2);
  const moved = (message) => message && render(message, before, engine.lang) !== engine.text(message);
  const changed = [...engine.figures].map(({ payload }) => [payload.title, payload.say].find(moved));
  return changed.filter(Boolean).map((message) => engine.text(message)).join(" ");
}

/** How a value stands against a year's target; in a part of the year nothing is short, but to come. */
export function level(value, { expected, stretch, rate }, part) {
  if (!Number.isFinite(value)) return "unknown";
  if (part && rate) return "so_far";
  if (value >= stretch - 1e-9) return "stretch";
  if (value >= expected - 1e-9) return "expected";
  return part ? "to_come" : "short";
}

/** How far the targets are, in words: distances, so without a sign. */
function statusText(engine, card, state) {
  const margin = (of) => engine.signals[card[`margin_${of}`]];
  const just = (over) => Math.abs(over) < 1e-6; // just met: not 0 above
  const gap = (over) => (just(over) ? "" : fill(card.gap[engine.lang], { value: Math.abs(over) }, engine.lang));
  if (card.levels?.length && ["short", "expected"].includes(state)) {
    const parts = card.levels.map((one) => {
      const over = engine.signals[one.margin];
      return engine.label("board.status.level", { level: one.level[engine.lang], over, gap: gap(over) });
    });
    return parts.join(engine.label("board.between"));
  }
  return engine.label(`board.status.${state}`, {
    expected: gap(margin("expected")),
    stretch: gap(margin("stretch")),
    above: margin("expected"),
    over: margin("stretch"),
    ahead: margin("due"),
  });
}

const small = (text) => h("small", {}, text);

function drawCard(engine, card) {
  const at = (value) => Math.max(0, Math.min(100, (100 * (value - card.low)) / (card.high - card.low)));
  const name = h("h3", { class: "wb-card-name" });
  const number = h("span", { class: "wb-card-number" });
  const amount = h("p", { class: "wb-card-value" });
  const fillBar = h("i", { class: "wb-bar-fill" });
  const between = (card.levels ?? []).slice(1, -1).map(({ value }) => ["stretch", value]);
  const marks = [["expected", card.expected], ...between, ["stretch", card.stretch]].map(([which, value]) => {
    const mark = h("i", { class: `wb-bar-${which}` });
    mark.style.insetInlineStart = `${at(value)}%`;
    return mark;
  });
  const bar = h("div", { class: "wb-bar", "aria-hidden": "true" }, h("i", { class: "wb-bar-ground" }), fillBar, ...marks);
  const sign = h("span", { class: "wb-sign", "aria-hidden": "true" });
  const words = h("span");
  const status = h("p", { class: "wb-status" }, sign, words);
  const element = h(
    "article",
    { class: "wb-card", "data-key": card.key },
    name,
    amount,
    bar,
    status,
  );
  const chipName = h("span", { class: "wb-chip-name" });
  const chipValue = h("span", { class: "wb-chip-value" });
  const chip = h("li", { class: "wb-chip", "data-key": card.key }, chipName, chipValue);
  return {
    element,
    chip,
    spoken: () => `${name.textContent} ${amount.textContent}${engine.label("board.list_end")}${words.textContent}`,
    update() {
      const value = engine.signals[card.outcome];
      const state = level(value, card, Boolean(engine.signals[card.part]));
      const [before, form, after] = card.amount[engine.lang].split(/(\{[^}]*\})/);
      const shown = fill(form, { value }, engine.lang);
      say(name, card.name[engine.lang]);
      say(number, shown);
      amount.replaceChildren(...[before && small(before), number, after && small(after)].filter(Boolean));
      say(sign, SIGNS[state]);
      say(words, statusText(engine, card, state));
      say(chipName, card.short[engine.lang]);
      say(chipValue, `${SIGNS[state]} ${shown}`);
      fillBar.style.inlineSize = `${at(value) || 0}%`;
      for (const place of [element, chip]) place.dataset.state = state;
    },
  };
}
