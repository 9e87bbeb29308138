// What only Python can answer: presets' answers came with the page, any other scenario's on request.
import { h, say } from "./dom.js";
import { same } from "./history.js";
import { PYTHON } from "./python-symbol.js";

export function ask(engine, { el, payload }) {
  const known = payload.known.map((answer) => ({ ...answer }));
  let shown = known[0];
  let waiting = false;
  let failure = null;
  const state = h("p", { class: "wb-answer-of", role: "status" });
  const said = h("p", { class: "wb-answer" });
  const button = h("button", { type: "button", class: "wb-tool wb-ask", click: question });
  const absent = h("p", { class: "wb-answer-of" });
  const elsewhere = h("a", { class: "wb-elsewhere", hidden: true });
  el.append(h("div", { class: "wb-panel" }, h("div", { class: "wb-asked" }, button, state, elsewhere), said, absent));

  const match = () => known.find(({ levers }) => same(levers, engine.levers()));

  function take(answer) {
    shown = answer;
    engine.know(answer.facts);
  }

  async function question() {
    waiting = true;
    failure = null;
    update();
    try {
      const reply = await engine.ask();
      if (!reply.facts) throw new Error("");
      const answer = { levers: reply.levers, facts: reply.facts, said: reply.said, name: null };
      known.push(answer);
      waiting = false;
      take(answer);
    } catch (error) {
      waiting = false;
      failure = { reason: error.message, levers: engine.levers() };
      if (error.elsewhere) elsewhere.href = error.elsewhere;
      update();
    }
  }

  function where() {
    if (waiting) return engine.label("board.ask.waiting");
    if (failure !== null) return engine.label("board.ask.failed", { reason: failure.reason });
    const here = same(shown.levers, engine.levers());
    const name = shown.name?.[engine.lang] ?? engine.label("board.ask.yours");
    if (here) return engine.label(shown.name ? "board.ask.known" : "board.ask.current", { name });
    return engine.label("board.ask.earlier", { name });
  }

  function update() {
    const here = same(shown.levers, engine.levers());
    say(state, where());
    say(said, shown.said[engine.lang]);
    said.toggleAttribute("data-earlier", !here);
    button.disabled = waiting || Boolean(match());
    elsewhere.hidden = failure === null || !elsewhere.href;
  }

  return {
    update,
    settled() {
      const answer = match();
      if (answer && answer !== shown) take(answer);
      // A change made before the question may settle after it has failed: the reason stands.
      if (failure && !same(failure.levers, engine.levers())) failure = null;
      update();
    },
    restyle() {
      const away = Boolean(globalThis[PYTHON]?.absent);
      say(button, engine.label("board.ask.button"));
      say(elsewhere, engine.label("board.ask.elsewhere"));
      button.hidden = away;
      absent.hidden = !away;
      say(absent, away ? engine.label("board.ask.absent") : "");
    },
  };
}
