"""A process that another one forked, as seen from this one, and the line to it."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import sys
from typing import Any

#: Forking a kernel from an executed notebook needs what only Linux has.
CAN_FORK = sys.platform == "linux" and hasattr(os, "pidfd_open")


class ForkedProcess:
    """A process that is not our child, with the part of Popen that a provisioner uses.

    A pidfd names the process itself: a later process of the same number is never hit.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._fd: int | None = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return None while it lives, then 0: its exit code is its parent's to know."""
        if self._fd is not None and not self._look(0):
            return None
        self.close()
        return 0

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        self._look(timeout)
        return self.poll() or 0

    def _look(self, seconds: float | None) -> bool:
        """Say whether it ends in so many seconds; a crowd's descriptors are beyond select()'s."""
        if self._fd is None:
            return True
        ends = select.poll()
        ends.register(self._fd, select.POLLIN)
        return bool(ends.poll(None if seconds is None else seconds * 1000))

    def send_signal(self, number: int) -> None:
        """Send a signal; nothing happens if it has ended."""
        if self._fd is None:
            return
        try:
            signal.pidfd_send_signal(self._fd, number)
        except ProcessLookupError:
            return

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Give the descriptor back."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


async def read_line(line: socket.socket) -> dict[str, Any] | None:
    """Return the next JSON text of a line that speaks when asked; None if it was hung up."""
    loop = asyncio.get_running_loop()
    pieces = []
    while True:
        piece = await loop.sock_recv(line, 1 << 20)
        if not piece:
            return None
        pieces.append(piece)
        if piece.endswith(b"\n"):
            return dict(json.loads(b"".join(pieces)))
