// Python, asked for late: a kernel that holds this page's widgets under the same ids.
import { shims } from "@jupyter-widgets/base";
import * as services from "@jupyterlab/services";
import { PYTHON } from "./python-symbol.js";
import { cleaner } from "./sanitize.js";

const { KernelConnection, ServerConnection } = services.default ?? services;
/** Bytes that a message has beside its content. */
const ENVELOPE = 2000;
let attached = null;
let attaching = null;
/** Models of widgets that callbacks have made: they live as long as the kernel that knows them. */
const later = [];

/** Attach a kernel unless there is one; fails with a sentence for the reader. Who asks meanwhile waits for the same. */
export function attach(...about) {
  attaching ??= attachOne(...about).finally(() => (attaching = null));
  return attaching;
}

async function attachOne(manager, data, site) {
  if (attached && attached.status !== "dead" && !attached.isDisposed && attached.connectionStatus !== "disconnected") return;
  attached = null;
  const [{ id, ...bounds }] = await Promise.all([ask(data, site), cleaner()]);
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: site.href,
    wsUrl: site.href.replace(/^http/, "ws"),
    appendToken: false,
  });
  const kernel = new KernelConnection({ model: { id, name: "python3" }, serverSettings });
  try {
    await within(10_000, kernel.info);
    kernel.registerCommTarget("jupyter.widget", (comm, opening) => made(manager, line(comm, bounds), opening));
    await Promise.all(Object.keys(data.state.state).map((key) => connect(manager, kernel, key, bounds)));
  } catch (error) {
    kernel.dispose(); // it would keep trying, and take a place that nobody uses
    throw error;
  }
  attached = kernel;
  kernel.connectionStatusChanged.connect((_, status) => status !== "connected" && forget(kernel));
  kernel.statusChanged.connect((_, status) => ["dead", "autorestarting", "restarting"].includes(status) && forget(kernel));
}

/** The kernel is gone: whoever waits for its answer is told, and the next question gets a new one. */
function forget(kernel) {
  if (attached !== kernel) return;
  attached = null;
  for (const model of later.splice(0)) if (model.has("disabled")) model.set("disabled", true);
  globalThis[PYTHON].lost?.();
  globalThis[PYTHON].gone?.();
  if (!kernel.isDisposed) kernel.dispose();
}

async function ask(data, site) {
  const token = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
  const address = new URL(`kernel/${data.slug}?page=${data.number}`, site);
  const answer = await fetch(address, { method: "POST", headers: { "X-XSRFToken": decodeURIComponent(token) } });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  throw Object.assign(new Error(""), { reason: told.reason });
}

async function made(manager, comm, opening) {
  later.push(await manager.handle_comm_open(comm, opening));
}

/** A line to the kernel's widget on which nothing too long goes. */
function line(opened, { most, long }) {
  const comm = new shims.services.Comm(opened);
  const send = comm.send.bind(comm);
  comm.send = (content, ...rest) => {
    if (size(content) <= most - ENVELOPE) return send(content, ...rest);
    // Sent, it would end the line, and the reader would not know why. Thrown: the model waits for no answer.
    globalThis[PYTHON].lost?.(long);
    throw new Error(long.en);
  };
  return comm;
}

/** Give a model its line to the kernel's widget of the same id. */
async function connect(manager, kernel, key, bounds) {
  const model = await manager.get_model(key);
  const comm = line(kernel.createComm("jupyter.widget", key), bounds);
  // What an earlier kernel never answered must not hold this one's messages back.
  model._pending_msgs = 0;
  model._msg_buffer = null;
  model.comm = comm;
  comm.on_close(() => (model.comm_live = false));
  comm.on_msg(model._handle_comm_msg.bind(model));
  model.comm_live = true;
}

const size = (content) => new TextEncoder().encode(JSON.stringify(content)).length;

function within(ms, promise) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("")), ms));
  return Promise.race([promise, late]);
}
