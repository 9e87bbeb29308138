"""Who writes to an embedded ledger just now.

The lock is the operating system's, on an open file: it ends with the process that holds it,
however that ends, so a lock file that is left behind locks nothing.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.ledger.errors import BusyError
from analysis.text import TextError, both

LOCK, OWNER = "writer.lock", "writer.json"


@contextmanager
def writer_lock(folder: Path, wait: float = 0) -> Iterator[None]:
    """Hold the one writer's place of a ledger.

    wait : how long to wait for another writer, seconds

    Raises
    ------
    BusyError : another writer had the place all that time; it is named
    """
    lock = FileLock(folder / LOCK, timeout=max(wait, 0))
    try:
        lock.acquire()
    except Timeout:
        raise BusyError("busy", place=folder, owner=_owner(folder)) from None
    try:
        said = {"process": os.getpid(), "host": socket.gethostname(), "user": who()}
        said["since"] = datetime.now().astimezone().isoformat(timespec="seconds")
        (folder / OWNER).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            (folder / OWNER).unlink(missing_ok=True)
        lock.release()


def who() -> str:
    """Return the name of the user, or his number where he has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _owner(folder: Path) -> dict[str, str]:
    try:
        said = json.loads((folder / OWNER).read_text(encoding="utf-8"))
        return both("ledger.owner", **{name: str(cell) for name, cell in said.items()})
    except (OSError, ValueError, TextError):
        return both("ledger.owner.unknown")
