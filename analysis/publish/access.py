"""What is known and written down of a reader: enough to see an attack, too little to know them."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import secrets
from collections.abc import Iterable
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher
from tornado.web import HTTPError, RequestHandler

from analysis.publish.logs import failures
from analysis.publish.metrics import REQUESTS

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


class ForeignHost(Matcher):
    """Whatever is asked under another name than the site's, against DNS rebinding.

    A browser may write a name in capitals or with a dot at its end.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = {name.lower().rstrip(".") for name in names}

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Return what a matcher returns that matches, if the name is none of ours."""
        name = request.host_name.strip("[]").rstrip(".").lower()
        try:
            ours = ipaddress.ip_address(name).is_loopback
        except ValueError:
            ours = False
        return None if ours or name in self.names else {}


def log_failure(handler: RequestHandler, error: BaseException | None) -> None:
    """Log what went wrong inside, with no address; a refusal has its own line already."""
    if error is not None and not isinstance(error, HTTPError):
        asked = f"{handler.request.method} {handler.request.path[:200]}"
        failures.note_error(kind_of(handler), error, asked)


def kind_of(handler: RequestHandler) -> str:
    """Return what a handler serves, in one word."""
    return type(handler).__name__.removesuffix("Handler").lower()


class AnyReader(IdentityProvider):
    """Every reader alike: nobody is named, and no cookie says who they are."""

    def get_user(self, handler: RequestHandler) -> User:
        """Return the one reader that the site knows."""
        return User("reader")


class AccessLog:
    """Measures each request, and writes a line for those that were refused or failed, or for all.

    The address is hashed with a key that dies with the server: lines of one
    reader can be told to belong together, the reader can't be told from them.
    """

    def __init__(self, behind_proxy: bool = False, every: bool = False) -> None:
        self.behind_proxy, self.every = behind_proxy, every
        log.setLevel(logging.INFO if every else logging.WARNING)
        self._key = secrets.token_bytes(16)

    def __call__(self, handler: RequestHandler) -> None:
        """Measure it, and write the line."""
        status, took = handler.get_status(), handler.request.request_time()
        REQUESTS.labels(kind_of(handler), f"{status // 100}xx").observe(took)
        if (status < 400 and not self.every) or getattr(handler, "asked_often", False):
            return
        reader = address(handler, self.behind_proxy).encode()
        line = {
            "status": status,
            "method": handler.request.method,
            "path": handler.request.path[:200],
            "ms": round(1000 * took, 1),
            "reader": hashlib.blake2b(reader, key=self._key, digest_size=6).hexdigest(),
        }
        level = (logging.ERROR if status >= 500 and status != 503
                 else logging.WARNING if status >= 400 else logging.INFO)  # fmt: skip
        log.log(level, line)
