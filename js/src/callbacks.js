// Controls that a notebook's Python listens to: it is asked for at the first touch, and told what is set by then.

/** Stands in for a model's line to Python until there is one. */
class Waiting {
  constructor(model, touched) {
    this.send = (content) => {
      touched(model, content);
      model._pending_msgs = -1; // what is set next is to be noticed, too
      return "";
    };
  }

  close() {}
}

/** Let every control of `heard` (model -> what of it is listened to) reach Python; `fail` tells a reader why it can't. */
export async function listen(manager, heard, python, fail) {
  const models = await Promise.all(Object.keys(heard).map((key) => manager.get_model(key)));
  const begun = new Map(models.map((model) => [model, values(model)]));
  const clicks = [];
  let telling = null;

  function values(model) {
    const names = heard[model.model_id].filter((name) => model.has(name));
    return Object.fromEntries(names.map((name) => [name, model.get(name)]));
  }

  function wait() {
    for (const model of models) {
      model._msg_buffer = null; // nobody will answer what it waits for
      model._pending_msgs = 0;
      model.comm = new Waiting(model, touched);
      model.comm_live = true;
    }
  }

  function touched(model, { method }) {
    if (method === "custom") clicks.push(model);
    telling ??= tell().finally(() => (telling = null));
  }

  /** A new kernel stands where the notebook ended: it is told all that the reader has set since the page opened. */
  async function tell() {
    try {
      await python.attach();
    } catch ({ reason }) {
      clicks.length = 0;
      wait();
      return fail(reason);
    }
    fail(null);
    for (const model of models) {
      const [now, then] = [values(model), begun.get(model)];
      if (JSON.stringify(now) !== JSON.stringify(then)) model.sync("patch", model, { attrs: now });
    }
    for (const model of clicks.splice(0)) model.send({ event: "click" }, {});
  }

  python.gone = wait;
  python.lost = (long) => long && fail(long);
  wait();
}
