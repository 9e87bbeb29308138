// A view of a board: waits for the board of its key, then lets it draw the part.
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
  async render({ model, el }) {
    const board = await place(model.get("board_key"));
    return board.show(model.get("part"), { model, el, payload: model.get("payload") });
  },
};
