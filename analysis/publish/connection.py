"""What a reader's browser may say to a kernel, and what it hears.

Only this: what is a control's value now, and that a button was pressed. No code, no
completion, no shutdown, no new widget; no trait but those that the page's widgets let
a reader set; no long text; no flood. Back come values of widgets, those that a callback
makes, and whether the kernel is busy: no stream, no error with its lines of source.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast

from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado import web
from tornado.ioloop import PeriodicCallback
from tornado.iostream import IOStream, StreamBufferFullError
from traitlets import Unicode
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from analysis.publish.access import log_failure
from analysis.publish.bounds import CONTROL_TRAITS
from analysis.publish.logs import failures
from analysis.publish.metrics import CUT

#: Largest message, bytes; a text in it; numbers and texts in one value.
MOST_BYTES, MOST_TEXT, MOST_PARTS = 64_000, 1_000, 100
#: Bytes that a line keeps for a reader who does not take them: many of the largest answers.
MOST_UNREAD = 1 << 20
#: Messages a second that are passed on at once; more wait their turn, up to a queue's length.
RATE, BURST, QUEUE = 40, 80, 400
#: What a button says.
PRESS: dict[str, Any] = {"method": "custom", "content": {"event": "click"}}
PROTOCOL = "v1.kernel.websocket.jupyter.org"
_PARTS = ("header", "parent_header", "metadata", "content")
_HEADER = ("msg_id", "msg_type", "session", "username", "date", "version")
#: How often a line asks whether its kernel lives, ms.
LOOK_MS = 1000
HEARD = frozenset({"status", "comm_open", "comm_msg", "comm_close", "kernel_info_reply"})


def parsed(raw: bytes) -> dict[str, Any] | None:
    """Return a message of the protocol without buffers, or None if it is none."""
    # The count comes first and is believed by whoever reads on: a great one would take for ever.
    if int.from_bytes(raw[:8], "little") != len(_PARTS) + 2:
        return None
    try:
        channel, parts = deserialize_msg_from_ws_v1(raw)
        read = {name: json.loads(bytes(part)) for name, part in zip(_PARTS, parts, strict=True)}
    except (ValueError, IndexError, TypeError, OverflowError, RecursionError):
        return None
    return {"channel": channel, **read}


def permitted(message: Any, may_set: Mapping[str, Collection[str]]) -> bool:
    """Say whether a message only asks for the kernel's info or sets what a reader may set.

    Parameters
    ----------
    message : what came, parsed
    may_set : model -> traits that a reader may set
    """
    if not isinstance(message, dict) or message.get("channel") != "shell":
        return False
    header, content = message.get("header"), message.get("content")
    if not isinstance(header, dict) or not isinstance(content, dict):
        return False
    if header.get("msg_type") == "kernel_info_request":
        return True
    if header.get("msg_type") != "comm_msg":
        return False
    data, model = content.get("data"), content.get("comm_id")
    if not isinstance(data, dict) or not isinstance(model, str):
        return False
    if data == PRESS:
        return PRESS["content"]["event"] in may_set.get(model, ())
    if data.get("method") != "update" or data.get("buffer_paths"):
        return False
    state = data.get("state")
    if not isinstance(state, dict):
        return False
    return set(state) <= set(may_set.get(model, ())) and _modest(state)


def settable(state: Mapping[str, Any]) -> frozenset[str]:
    """Return what a reader may set of a widget that a callback made, given how it begins.

    That is a control's value; a widget that names its own is the notebook's.
    """
    if state.get("_model_name") == "ButtonModel":
        return frozenset({"click"})
    ordinary = state.get("_model_module") == "@jupyter-widgets/controls"
    return CONTROL_TRAITS & state.keys() if ordinary else frozenset()


def _modest(value: Any, depth: int = 4) -> bool:
    """Say whether a value is plain, short and shallow."""
    if isinstance(value, str):
        return len(value) <= MOST_TEXT
    if value is None or isinstance(value, (bool, int, float)):
        return True
    if depth == 0 or not isinstance(value, (list, dict)) or len(value) > MOST_PARTS:
        return False
    parts = value.values() if isinstance(value, dict) else value
    return all(_modest(part, depth - 1) for part in parts)


def judged(message: Mapping[str, Any]) -> Any:
    """Write a permitted message anew: what was judged, and nothing else that came with it."""
    header, content = message["header"], message["content"]
    told = {key: str(header.get(key, ""))[:100] for key in _HEADER}
    if told["msg_type"] == "comm_msg":
        data = content["data"]
        if data != PRESS:
            data = {"method": "update", "state": data["state"], "buffer_paths": []}
        content = {"comm_id": content["comm_id"], "data": data}
    else:
        content = {}
    parts = [json.dumps(part).encode() for part in (told, {}, {}, content)]
    return serialize_msg_to_ws_v1(parts, message["channel"])


class ReaderConnection(ZMQChannelsWebsocketConnection):
    """The line between a reader and their kernel."""

    #: One protocol: what can't be read here isn't passed on.
    kernel_ws_protocol = Unicode(PROTOCOL, allow_none=True)

    _tokens = float(BURST)
    _since = 0.0
    _waiting = 0
    _ended = False

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Pass on what is permitted, in its turn; ignore the rest; end a flood."""
        if self._ended:
            return
        if len(incoming_msg) > MOST_BYTES:
            self._end(1009, "message too large")
            return
        if self.subprotocol != PROTOCOL or not isinstance(incoming_msg, bytes):
            return
        message = parsed(bytes(incoming_msg))
        may_set = getattr(self.multi_kernel_manager, "may_set", {}).get(self.kernel_id, {})
        if not permitted(message, may_set):
            return
        written = judged(cast(dict[str, Any], message))
        wait = self._turn()
        if wait == 0:
            super().handle_incoming_message(written)
        elif self._waiting >= QUEUE:
            self._end(1008, "too many messages")
        else:
            self._waiting += 1
            asyncio.get_running_loop().call_later(wait, self._later, written)

    def _end(self, code: int, reason: str) -> None:
        """Close the line at once; nothing that is under way on it is heard."""
        self._ended = True
        cast(ReaderSocket, self.websocket_handler).hang_up(code, reason)

    def _later(self, message: Any) -> None:
        self._waiting -= 1
        if self.channels and not self._ended and self.subprotocol == PROTOCOL:
            super().handle_incoming_message(message)

    def _turn(self) -> float:
        """Return how long a message has to wait, in seconds."""
        now = time.monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._since) * RATE)
        self._since = now
        self._tokens -= 1
        return max(0.0, -self._tokens / RATE)

    def handle_outgoing_message(self, stream: str, outgoing_msg: list[Any]) -> None:
        """Pass on values and status; an error stays in the server's log."""
        _, parts = self.session.feed_identities(list(outgoing_msg))
        header: Any = parts[1] if len(parts) > 1 else b"{}"
        kind = json.loads(bytes(header)).get("msg_type")
        if kind == "error":
            told = json.loads(bytes(cast(Any, parts[4])))
            page = getattr(self.multi_kernel_manager, "pages", {}).get(self.kernel_id, "")
            failures.note(page, told.get("ename", ""), told.get("traceback", ()))
        if kind in ("comm_open", "comm_close"):
            self._made(kind, json.loads(bytes(cast(Any, parts[4]))))
        if kind in HEARD:
            super().handle_outgoing_message(stream, outgoing_msg)

    def _made(self, kind: str, told: Mapping[str, Any]) -> None:
        """Note what the reader may set of a widget that their kernel has made, or has closed."""
        may_set = getattr(self.multi_kernel_manager, "may_set", {}).get(self.kernel_id)
        if may_set is None:
            return
        if kind == "comm_close":
            may_set.maps[0].pop(told["comm_id"], None)
        elif named := settable(told["data"]["state"]):
            may_set[told["comm_id"]] = named


class ReaderSocket(VoilaKernelWebsocketHandler):
    """A reader's websocket: theirs alone, and the kernel goes when it goes."""

    #: A line is silent for less than a minute: its kernel goes then, and the system closes
    #: one whose other end is gone. A ping would find out no more.
    ping_interval = 0  # type: ignore[assignment]
    watch: PeriodicCallback | None = None
    connection: Any = None
    wire: IOStream | None = None
    kernel_id = ""

    async def pre_get(self) -> None:
        """Refuse whoever did not ask for this kernel."""
        visit = self.get_signed_cookie("wb_visit")
        if not visit or self.kernel_manager.visits.get(self.kernel_id) != visit:
            raise web.HTTPError(403)
        self.wire = getattr(self.request.connection, "stream", None)
        self.kernel_manager.attended(self.kernel_id, self)
        await super().pre_get()

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Log a failure without the reader's address."""
        log_failure(self, value)

    def write_error(self, status_code: int, **_: Any) -> None:
        """Refuse with a status alone; who asks is a script."""
        self.finish()

    async def open(self, kernel_id: str) -> None:  # type: ignore[override]
        """Connect."""
        if self.wire is not None:
            self.wire.max_write_buffer_size = MOST_UNREAD
        self.watch = PeriodicCallback(self.look, LOOK_MS)
        self.watch.start()
        await super().open(kernel_id)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Send, if the reader is there; hang up on one who does not read what they are sent."""
        if self.ws_connection is None or self.ws_connection.is_closing():
            return None
        try:
            sent = super().write_message(message, binary)
        except StreamBufferFullError:
            self.hang_up(1008, "unread")
            return None
        if sent is not None:
            sent.add_done_callback(lambda done: done.cancelled() or done.exception())
        return sent

    def hang_up(self, code: int, reason: str) -> None:
        """Close the line for good, with a word to whoever still listens."""
        CUT.labels(reason).inc()
        with suppress(StreamBufferFullError):
            self.close(code, reason)
        if self.wire is not None:
            asyncio.get_running_loop().call_later(0.1, self.wire.close)

    async def look(self) -> None:
        """Hang up when the kernel has died, so that the page can say so and go on."""
        if self.kernel_id not in self.kernel_manager or not await self.kernel_manager.is_alive(
            self.kernel_id
        ):
            self.close(1011, "the kernel has ended")

    def on_finish(self) -> None:
        """Forget a line that was refused after it was counted: it never opens, so never closes."""
        if self.get_status() != HTTPStatus.SWITCHING_PROTOCOLS:
            self.kernel_manager.abandon(self.kernel_id, self)

    def on_close(self) -> None:
        """Free the kernel: the reader has left, or asks anew when they need it again."""
        if self.watch is not None:
            self.watch.stop()
        if self.connection is not None:
            super().on_close()
        self.kernel_manager.abandon(self.kernel_id, self)
