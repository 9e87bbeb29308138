// The least increment from the scenario for targets that the reader chooses.
import { h, say } from "./dom.js";
import { levelSaid, met } from "./goal.js";

const FINE = 0.0001; // the step to which levers are set together: to their own, each would add to what is least

export function increment(engine, { el, payload }) {
  const { answers } = engine;
  const choices = payload.choices.map((choice) => {
    const options = ["none", ...choice.levels.map(({ key }) => key)].map((value) => h("option", { value }));
    const select = h("select", { change: choose }, ...options);
    select.value = choice.levels.find(({ value }) => value === answers.targets[choice.key]).key;
    return { choice, select, name: h("span") };
  });
  const said = h("p", { class: "wb-answer", "aria-live": "polite" });
  const use = h("button", { type: "button", class: "wb-tool", click: take });
  el.append(
    h("div", { class: "wb-panel wb-increment" }, h("div", { class: "wb-asked" }, ...choices.map(({ name, select }) => h("label", {}, name, select)), use), said),
  );

  /** "Any" everywhere asks nothing: the target that was not touched goes to its lowest level. */
  function choose(event) {
    const asked = choices.filter(({ select }) => select.value !== "none");
    if (!asked.length) choices.find(({ select }) => select !== event.target).select.selectedIndex = 1;
    const chosen = choices.filter(({ select }) => select.selectedIndex > 0);
    answers.targets = Object.fromEntries(chosen.map(({ choice, select }) => [choice.key, choice.levels[select.selectedIndex - 1].value]));
    engine.update();
  }

  function take() {
    const levers = Object.entries(answers.found.levers).map(([key, value]) => [key, met(value, { ...engine.definition(key), step: FINE }, [0, 1])]);
    engine.set(Object.fromEntries(levers));
  }

  return {
    update() {
      say(said, engine.signals.added_said[engine.lang]);
      use.disabled = !answers.found.levers;
    },
    restyle() {
      const { lang } = engine;
      for (const { choice, select, name } of choices) {
        say(name, engine.label("board.increment.at_least", { name: choice.name[lang] }));
        say(select.options[0], engine.label("board.increment.none"));
        choice.levels.forEach((level, i) => say(select.options[i + 1], levelSaid(engine, choice, level)));
      }
      say(use, engine.label("board.increment.use"));
    },
  };
}
