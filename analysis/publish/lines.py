"""How many lines to the server may be open, how long one may be silent, and what it may send."""

from __future__ import annotations

import socket
import sys
from collections import Counter
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application

from analysis.publish.access import counted

#: Seconds that a line may take to ask, or be kept for another question; to send what it said;
#: and to take anything of what it is sent.
SILENT, SENDING, TAKING = 75.0, 60.0, 60.0
#: Bytes of a question's head and body; whoever takes more says so itself, as the desk does.
MOST_HEAD, MOST_BODY = 16 << 10, 64_000
#: Lines that a browser has at most, for each place of an address.
A_PLACE = 16
#: Descriptors that the server asks the system for; and that a kernel takes, with its lines.
MOST_FILES, OF_A_KERNEL = 16_384, 30


class BoundedServer(HTTPServer):
    """A server that hangs up on those who open more lines than readers do, or leave them silent.

    A line that has become a kernel's is none of these: each kernel has two at most.
    """

    @classmethod
    def of(cls, app: Application, per_address: int, behind_proxy: bool) -> BoundedServer:
        """Return the server of a site.

        Parameters
        ----------
        per_address : places that one address may have
        behind_proxy : whether all readers' lines are the proxy's
        """
        most = files() // 2
        return cls(
            app, most=most, of_one=most if behind_proxy else per_address * A_PLACE,
            idle_connection_timeout=SILENT, body_timeout=SENDING,
            max_header_size=MOST_HEAD, max_body_size=MOST_BODY,
        )  # fmt: skip

    def initialize(  # type: ignore[override]
        self, *given: Any, most: int, of_one: int, **named: Any
    ) -> None:
        """Begin with no lines; there may be `most` in all, `of_one` from one address."""
        super().initialize(*given, **named)
        self.most, self.of_one = most, of_one
        self.lines: Counter[str] = Counter()

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Serve a line, or close it."""
        reader = counted(str(address[0]))
        if self.lines.total() >= self.most or self.lines[reader] >= self.of_one:
            stream.close()
            return
        self.lines[reader] += 1
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # The system hangs up on who takes nothing of what was sent, or is gone.
            waits = int(TAKING * 1000)
            stream.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, waits)
        super().handle_stream(stream, address)

    def on_close(self, server_conn: Any) -> None:
        """Count a line no more."""
        super().on_close(server_conn)
        reader = counted(str(server_conn.context.address[0]))
        self.lines[reader] -= 1
        if not self.lines[reader]:
            del self.lines[reader]


def files() -> int:
    """Return how many files this process may have open, after asking for more."""
    if sys.platform == "win32":
        return 1024
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return MOST_FILES if soft == resource.RLIM_INFINITY else soft
