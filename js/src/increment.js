// Least increment for the targets chosen: answers were computed with the page, for every combination.
import { h, say } from "./dom.js";
import { fill } from "./messages.js";

const LEVELS = ["none", "expected", "stretch"];

export function increment(engine, { el, payload }) {
  const first = payload.first.split(" ");
  const choices = payload.choices.map((choice, i) => {
    const select = h("select", { change: show }, ...LEVELS.map((value) => h("option", { value })));
    select.value = first[i];
    return { choice, select, name: h("span") };
  });
  const said = h("p", { class: "wb-answer", "aria-live": "polite" });
  const use = h("button", { type: "button", class: "wb-tool", click: () => engine.set(answer().levers) });
  el.append(
    h("div", { class: "wb-panel wb-increment" }, h("div", { class: "wb-asked" }, ...choices.map(({ name, select }) => h("label", {}, name, select)), use), said),
  );

  function answer() {
    return payload.answers[choices.map(({ select }) => select.value).join(" ")];
  }

  /** Two times "any" asks nothing: the choice that was not touched goes to expected. */
  function show(event) {
    if (!answer()) choices.find(({ select }) => select !== event?.target).select.value = "expected";
    engine.know(answer().facts);
  }

  return {
    update: () => say(said, engine.signals.added_said?.[engine.lang] ?? ""),
    restyle() {
      const { lang } = engine;
      for (const { choice, select, name } of choices) {
        say(name, engine.label("board.increment.at_least", { name: choice.name[lang] }));
        const amount = (level) => (choice[level] ? fill(choice.amount[lang], { value: choice[level] }, lang) : "");
        LEVELS.forEach((level, i) => say(select.options[i], engine.label(`board.increment.${level}`, { level: amount(level) })));
      }
      say(use, engine.label("board.increment.use"));
    },
  };
}
