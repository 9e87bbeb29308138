// The least increment from the scenario for targets that the reader chooses.
import { h, say } from "./dom.js";
import { fill } from "./messages.js";
import { met } from "./goal.js";

export function increment(engine, { el, payload }) {
  const { answers } = engine;
  const two = payload.choices.some((one) => one.stretch !== one.expected);
  const levels = two ? ["none", "expected", "stretch"] : ["none", "expected"];
  const choices = payload.choices.map((choice) => {
    const select = h("select", { change: choose }, ...levels.map((value) => h("option", { value })));
    select.value = levels.find((level) => choice[level] === answers.targets[choice.key]);
    return { choice, select, name: h("span") };
  });
  const said = h("p", { class: "wb-answer", "aria-live": "polite" });
  const use = h("button", { type: "button", class: "wb-tool", click: take });
  el.append(
    h("div", { class: "wb-panel wb-increment" }, h("div", { class: "wb-asked" }, ...choices.map(({ name, select }) => h("label", {}, name, select)), use), said),
  );

  /** "Any" everywhere asks nothing: the target that was not touched goes to expected. */
  function choose(event) {
    const asked = choices.filter(({ select }) => select.value !== "none");
    if (!asked.length) choices.find(({ select }) => select !== event.target).select.value = "expected";
    const chosen = choices.filter(({ select }) => select.value !== "none");
    answers.targets = Object.fromEntries(chosen.map(({ choice, select }) => [choice.key, choice[select.value]]));
    engine.update();
  }

  function take() {
    const levers = Object.entries(answers.found.levers).map(([key, value]) => [key, met(value, engine.definition(key), [0, 1])]);
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
        const amount = (level) => (choice[level] ? fill(choice.amount[lang], { value: choice[level] }, lang) : "");
        levels.forEach((level, i) => say(select.options[i], engine.label(`board.increment.${level}`, { level: amount(level) })));
      }
      say(use, engine.label("board.increment.use"));
    },
  };
}
