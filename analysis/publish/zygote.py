"""The one process that imports what every notebook needs, and forks their parents."""

from __future__ import annotations

import asyncio
import json
import logging
import select
import socket
import subprocess
import sys
from pathlib import Path

from analysis.publish.fork import CAN_FORK, ForkedProcess, read_line
from analysis.publish.inputs import stamp
from analysis.publish.parent import Parent, ParentError
from analysis.publish.surroundings import LEDGER, ONE_THREAD, surroundings

log = logging.getLogger(__name__)


def begun() -> Zygote:
    """Return one that imports while this process does, where processes can be forked."""
    made = Zygote()
    if CAN_FORK:
        made.start()
    return made


class Zygote:
    """It is started when first needed, and again should it be gone."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._loaded = False
        self._turn = asyncio.Lock()

    def start(self) -> socket.socket:
        """Have it import what it needs; return the line to it."""
        if self._control is not None and self._process and self._process.poll() is None:
            return self._control
        if self._process is not None:
            log.warning("the process that forks the notebooks' parents is gone, and they with it")
        self.close()
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        # An address may hold a password: it goes to who reads the ledger, and no further.
        known = {key: text for key, text in surroundings().items()
                 if key != LEDGER or "://" not in text}  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-m", "analysis.publish.warm", f"fd:{theirs.fileno()}"],
            pass_fds=[theirs.fileno()], env=known | ONE_THREAD, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        theirs.close()
        return self._control

    def wait(self) -> None:
        """Wait until it has said whether it can fork, which is heard later."""
        select.select([self.start()], [], [])

    async def ready(self) -> None:
        """Wait until it can fork.

        Raises
        ------
        ParentError : if it ended before
        """
        async with self._turn:
            await self._ready()

    async def _ready(self) -> socket.socket:
        control = self.start()
        if not self._loaded:
            await self._hear(control)
            self._loaded = True
        return control

    async def parent(self, notebook: Path, known: dict[str, str] | None = None) -> Parent:
        """Return the parent of a notebook, forked now; it tells its page when that has run.

        Parameters
        ----------
        known : its surroundings, where it is to be another's heir

        Raises
        ------
        ParentError : if nothing can be forked
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        then = stamp(notebook)
        task = {"notebook": str(notebook.resolve()), "heir": known is not None,
                "surroundings": known or surroundings()}  # fmt: skip
        try:
            process = ForkedProcess(await asyncio.shield(self._forked(theirs)))
            line = json.dumps(task).encode() + b"\n"
            await asyncio.get_running_loop().sock_sendall(ours, line)
        except OSError as error:
            ours.close()
            raise ParentError(f"{notebook.name} can't be run: {error}") from error
        except BaseException:
            ours.close()  # who was forked meanwhile hears of no task, and ends
            raise
        return Parent(notebook, then, process, ours)

    async def _forked(self, hand: socket.socket) -> int:
        """Hand a socket to a new process; return its id."""
        try:
            async with self._turn:
                control = await self._ready()
                socket.send_fds(control, [b"\n"], [hand.fileno()])
                return await self._hear(control)
        finally:
            hand.close()

    async def _hear(self, control: socket.socket) -> int:
        told = await read_line(control)
        if told is None:
            self.close()
            raise ParentError("the process that forks the notebooks' parents has ended")
        return int(told["pid"])

    def close(self) -> None:
        """End it, and with it whatever it forked; it holds nothing that could be left half-made."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None
        self._loaded = False
