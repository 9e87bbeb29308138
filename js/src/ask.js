// What only Python can answer: presets' answers came with the page, any other scenario's on request.
import { h, say } from "./dom.js";
import { same } from "./history.js";
import { fill } from "./messages.js";
import { PYTHON } from "./python-symbol.js";

export function ask(engine, { el, payload }) {
  const known = payload.known.map((answer) => ({ ...answer }));
  let shown = known[0];
  let waiting = false;
  let failure = null;
  let named = null; // how sentences and figures call the scenario that the answer is of
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

  /** A scenario of the reader's own is "this" one only while it stands. */
  function name() {
    if (shown.name) return shown.name;
    const key = same(shown.levers, engine.levers()) ? "board.ask.here" : "board.ask.before";
    return engine.labels[key];
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
      failure = { reason: error.reason, levers: engine.levers() };
      if (error.elsewhere) elsewhere.href = error.elsewhere;
      update();
    }
  }

  function where() {
    if (waiting) return engine.label("board.ask.waiting");
    const here = same(shown.levers, engine.levers());
    const of = engine.label(here ? "board.ask.current" : "board.ask.earlier", { name: name()[engine.lang] });
    if (failure === null) return of;
    return engine.label("board.ask.failed", { reason: failure.reason?.[engine.lang] ?? "", of });
  }

  function update() {
    const here = same(shown.levers, engine.levers());
    const asked_of = name();
    if (asked_of !== named) {
      named = asked_of;
      return engine.know({ asked_of }); // comes back here, as all parts are told
    }
    say(state, where());
    say(said, fill(shown.said[engine.lang], { asked_of }, engine.lang));
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
