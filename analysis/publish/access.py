"""What is known and written down of a reader: enough to see an attack, too little to know them."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import logging
import secrets
from datetime import UTC, datetime

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import HTTPError, RequestHandler

log = logging.getLogger("workbook.access")
#: What one reader may be given of IPv6's addresses: all that begin alike count as one.
ONE_READER = 64


def address(handler: RequestHandler, behind_proxy: bool) -> str:
    """Return the reader's address: the peer's, or what a proxy on this machine tells."""
    peer = handler.request.remote_ip or ""
    told = handler.request.headers.get("X-Real-IP", "")
    if not (behind_proxy and told and peer in ("127.0.0.1", "::1")):
        return counted(peer) or peer
    return counted(told) or peer


def counted(text: str) -> str:
    """Return the address under which a reader's places are counted, "" if it is none.

    Whoever has one address of IPv6 has a whole network of them.
    """
    try:
        found = ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, ONE_READER), strict=False))


def log_failure(handler: RequestHandler, error: BaseException | None) -> None:
    """Log what went wrong inside, with no address; a refusal has its own line already."""
    if not isinstance(error, HTTPError):
        told = f"{handler.request.method} {handler.request.path[:200]}"
        log.error("failed: %s", json.dumps(told), exc_info=error)


class AnyReader(IdentityProvider):
    """Every reader alike: nobody is named, and no cookie says who they are."""

    def get_user(self, handler: RequestHandler) -> User:
        """Return the one reader that the site knows."""
        return User("reader")


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
        if status < 400 or getattr(handler, "asked_often", False):
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
