"""What is written down of a request: enough to see an attack, too little to know a reader."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from datetime import UTC, datetime

from tornado.web import RequestHandler

log = logging.getLogger("workbook.access")


def address(handler: RequestHandler, behind_proxy: bool) -> str:
    """Return the reader's address: the peer's, or what a proxy on this machine tells."""
    peer = handler.request.remote_ip or ""
    told = handler.request.headers.get("X-Real-IP", "")
    return told if behind_proxy and told and peer in ("127.0.0.1", "::1") else peer


class AccessLog:
    """Writes a line of JSON for each request that was refused or failed.

    The address is hashed with a key that dies with the server: lines of one
    reader can be told to belong together, the reader can't be told from them.
    """

    def __init__(self, behind_proxy: bool = False) -> None:
        self.behind_proxy = behind_proxy
        self._key = secrets.token_bytes(16)

    def __call__(self, handler: RequestHandler) -> None:
        """Write the line."""
        status = handler.get_status()
        if status < 400 or handler.request.path.endswith("/readyz"):
            return
        reader = address(handler, self.behind_proxy).encode()
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "status": status,
            "method": handler.request.method,
            "path": handler.request.path[:200],
            "ms": round(1000 * handler.request.request_time(), 1),
            "reader": hashlib.blake2b(reader, key=self._key, digest_size=6).hexdigest(),
        }
        (log.error if status >= 500 and status != 503 else log.warning)(json.dumps(line))
