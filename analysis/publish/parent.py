"""A process that has run a notebook, what it told, and how it is asked for forks."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from analysis.errors import WorkbookError
from analysis.publish.fork import ForkedProcess, read_line
from analysis.publish.surroundings import surroundings


class ParentError(WorkbookError, RuntimeError):
    """A notebook did not come to its end, or its parent is gone."""


@dataclass
class Parent:
    """A process that has run a notebook, and what it told of it.

    page : cells with their outputs, widgets' state, first looks by language; its `number` names
        what it says, so that the same data give the same one
    stamp : what notebook and data were when it ran
    heir : the surroundings of one that runs the notebook again, from what is kept now, and forks
        the kernels; None if this one can fork them
    """

    notebook: Path
    stamp: tuple[float, ...]
    process: ForkedProcess
    control: socket.socket
    page: dict[str, Any] = field(default_factory=dict)
    heir: dict[str, str] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def line(self) -> dict[str, Any]:
        """Return what it says next.

        Raises
        ------
        ParentError : if it is gone
        """
        told = await read_line(self.control)
        if told is None:
            raise ParentError(f"{self.notebook.name} did not run to its end")
        return told

    async def fork(self, connection_file: str, env: dict[str, str]) -> int:
        """Fork a kernel that will listen as its connection file says; return its process's id."""
        request = {"connection_file": connection_file, "env": env,
                   "cwd": str(self.notebook.parent)}  # fmt: skip
        return await asyncio.shield(asyncio.ensure_future(self._forked(request)))

    async def drawer(self) -> tuple[int, socket.socket]:
        """Fork a process that draws this page's charts: its id, and the line to it."""
        ours, theirs = socket.socketpair()
        request = {"views": list(next(iter(self.page["first"].values())))}
        try:
            pid = await asyncio.shield(asyncio.ensure_future(self._forked(request, theirs)))
        except BaseException:
            ours.close()  # whoever draws at the other end ends with it
            raise
        ours.setblocking(False)
        return pid, ours

    async def _forked(self, request: dict[str, Any], hand: socket.socket | None = None) -> int:
        """Ask for a fork and hear its id; never stop in between, or the next would hear it."""
        line = json.dumps(request).encode() + b"\n"
        try:
            async with self._turn:
                if hand is None:
                    await asyncio.get_running_loop().sock_sendall(self.control, line)
                else:
                    socket.send_fds(self.control, [line], [hand.fileno()])
                return int((await self.line())["pid"])
        except OSError as error:
            raise ParentError(str(error)) from error
        finally:
            if hand is not None:
                hand.close()

    @property
    def alive(self) -> bool:
        """Whether it can still fork."""
        return self.heir is None and self.process.poll() is None

    @property
    def asked(self) -> bool:
        """Whether a fork is under way."""
        return self._turn.locked()

    def retire(self) -> None:
        """Hang up: no fork any more; it ends, and its kernels with it."""
        self.control.close()

    def end(self) -> None:
        """End it at once, whatever it does."""
        self.retire()
        self.process.kill()
        self.process.close()


def hollow(page: Mapping[str, Any]) -> bool:
    """Say whether a cell is missing from a page, as it failed."""
    return any(cell.get("failed") for cell in page.get("cells", ()))


def run_each(
    notebooks: Sequence[Path], errors: IO[bytes] | None = None
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Run notebooks, as many at a time as there are processors; no kernel is forked from them.

    Parameters
    ----------
    errors : where their standard error goes, by default to ours

    Yields
    ------
    of each in turn its page, and a sentence for each cell that failed

    Raises
    ------
    ParentError : if one does not run to its end
    """
    # They are forked from one process, which imports what all need; where none forks, one by one.
    for part in [notebooks] if hasattr(os, "fork") else [[one] for one in notebooks]:
        with tempfile.TemporaryDirectory() as folder:
            told = {one: Path(folder) / f"{number}.json" for number, one in enumerate(part)}
            asked = [str(path.resolve()) for pair in told.items() for path in pair]
            with subprocess.Popen(
                [sys.executable, "-m", "analysis.publish.warm", *asked],
                stdin=subprocess.DEVNULL, stderr=errors, env=os.environ | surroundings(),
            ) as running:  # fmt: skip
                try:
                    for notebook, page in told.items():
                        while not page.exists() and running.poll() is None:
                            time.sleep(0.02)
                        if not page.exists():
                            raise ParentError(f"{notebook.name} did not run to its end")
                        found = json.loads(page.read_text("utf-8"))
                        yield found["page"], found["failures"]
                except BaseException:
                    running.terminate()
                    raise
