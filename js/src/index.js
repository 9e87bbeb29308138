// The board's model keeps the engine; views find it by the board's key and mount their part.
import { along } from "./along.js";
import { Engine, ownsAddress } from "./engine.js";
import { embedded } from "./embed.js";
import { basis } from "./basis.js";
import { cards } from "./cards.js";
import { choice } from "./choice.js";
import { increment } from "./increment.js";
import { goal } from "./goal.js";
import { figure } from "./figure.js";
import { language } from "./language.js";
import { leverFoot, leverHead } from "./levers.js";
import { prose } from "./prose.js";
import { records } from "./records.js";
import { table } from "./table.js";
import { tables } from "./tables.js";

const PARTS = { basis, cards, choice, increment, goal, figure, language, leverHead, leverFoot, prose, records, table, tables };

/** A shelf on the page where boards stand: key → promise of a board; `view.js` waits at it. */
function place(key) {
  const shelf = (globalThis[Symbol.for("investment-workbook")] ??= new Map());
  if (!shelf.has(key)) {
    let arrive;
    const promise = new Promise((resolve) => (arrive = resolve));
    shelf.set(key, Object.assign(promise, { arrive }));
  }
  return shelf.get(key);
}

export default {
  initialize({ model }) {
    const engine = new Engine(model);
    const board = {
      engine,
      show: (part, context) => engine.mount(PARTS[part](engine, context)),
    };
    if (ownsAddress() && engine.definitions.length) engine.mount(along(engine));
    if (document.querySelector("[data-embed-page]")) engine.mount(embedded(engine));
    place(model.get("board_key")).arrive(board);
  },
  render({ el }) {
    el.hidden = true; // the board itself shows nothing
  },
};
