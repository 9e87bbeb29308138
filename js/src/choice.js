// One thing chosen among several, a district or a period: texts and figures know what belongs to it.
import { h, say } from "./dom.js";

export function choice(engine, { el, payload }) {
  const { key, options } = payload;
  const name = h("span");
  const select = h("select", { change: () => choose(select.value) }, ...options.map((option) => h("option", { value: option.key })));
  el.append(h("div", { class: "wb-panel wb-choice" }, h("label", {}, name, select)));
  const asked = engine.askedFor(key);
  const known = options.some((option) => option.key === asked);
  select.value = known ? asked : payload.first;
  if (known) choose(asked);
  engine.choice = {
    offers: (wanted) => options.some((one) => one.key === wanted),
    choose(wanted) {
      select.value = wanted;
      choose(wanted);
    },
  };

  function choose(wanted) {
    const option = options.find((one) => one.key === wanted);
    engine.choose(key, wanted, { [key]: wanted, ...option.facts });
  }

  return {
    update() {
      const { lang } = engine;
      say(name, payload.name[lang]);
      options.forEach((option, i) => say(select.options[i], option.name[lang]));
    },
  };
}
