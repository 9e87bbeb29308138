"""What is said on a kernel's line, and what is heard."""

from __future__ import annotations

import json
import time
from contextlib import suppress

from websocket import WebSocket, WebSocketException
from world import SLUG, message, visitor

from analysis.publish.connection import parsed

#: Seconds that are listened on after the answer.
AFTER = 0.4


def heard(line: WebSocket, seconds: float = 10) -> list[dict]:
    """Return what the kernel says until it has answered a request for its info, and a little on.

    Its channels are separate: what it says on one may come after the answer on the other.
    """
    found: list[dict] = []
    end = time.monotonic() + seconds
    with suppress(WebSocketException, OSError):
        line.send_binary(message("kernel_info_request", {}))
        line.settimeout(seconds)
        while time.monotonic() < end and isinstance(raw := line.recv(), bytes) and raw:
            if (told := parsed(raw)) is None:
                continue
            found.append(told)
            if told["header"]["msg_type"] == "kernel_info_reply":
                end = min(end, time.monotonic() + AFTER)
                line.settimeout(AFTER)
    return found


def widget(site: str, kind: str) -> tuple[str, dict]:
    """Return a widget of the page: its id and state."""
    body = visitor(site).get(f"briefing/{SLUG}")[1].decode()
    data = json.loads(body.split('id="wb-data">')[1].split("</script>")[0])
    found = data["state"]["state"].items()
    return next((k, v["state"]) for k, v in found if kind in v["state"] or v["model_name"] == kind)


def update(model: str, state: dict) -> bytes:
    """Return the message by which a page sets a widget's values."""
    data = {"method": "update", "state": state, "buffer_paths": []}
    return message("comm_msg", {"comm_id": model, "data": data})


def reached(line: WebSocket, sent: bytes) -> bool:
    """Say whether the kernel worked on a message: its status names it as the reason."""
    told = parsed(sent)
    assert told is not None
    found = heard(line)
    line.close()
    return any(m["parent_header"].get("msg_id") == told["header"]["msg_id"] for m in found)


def answers(line: WebSocket) -> bool:
    """Say whether the kernel still answers on a line."""
    return any(m["header"]["msg_type"] == "kernel_info_reply" for m in heard(line))
