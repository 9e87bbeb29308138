"""Which warm parents run, and what page did each make?"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from analysis.datapackage import data_dir

log = logging.getLogger(__name__)
#: Forking a kernel from an executed notebook needs what only Linux has.
CAN_FORK = sys.platform == "linux" and hasattr(os, "pidfd_open")
#: Seconds that a notebook may take before its page counts as failed.
DEADLINE = 120
#: Seconds before a notebook that failed, and has not changed, is tried again.
AGAIN = 60.0
#: What a parent's surroundings may hold: no token or password of the server's goes to a kernel.
_SURROUNDINGS = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH",
                 "WORKBOOK_DATA", "WORKBOOK_CACHE", "XDG_CACHE_HOME")  # fmt: skip
#: Libraries that compute with threads of their own are told not to: a fork would lose them.
_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "ARROW_IO")}


class ParentError(RuntimeError):
    """A notebook did not come to its end, or its parent is gone."""


@dataclass
class Parent:
    """A process that has run a notebook, and what it told of it.

    page : cells with their outputs, widgets' state, first looks by language
    stamp : what notebook and data were when it ran
    """

    notebook: Path
    stamp: tuple[float, ...]
    process: subprocess.Popen
    control: socket.socket
    page: dict[str, Any] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def _line(self) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        pieces = []
        while True:
            piece = await loop.sock_recv(self.control, 1 << 20)
            if not piece:
                raise ParentError(f"{self.notebook.name} did not run to its end")
            pieces.append(piece)
            if piece.endswith(b"\n"):
                return dict(json.loads(b"".join(pieces)))

    async def fork(self, connection_file: str, env: dict[str, str]) -> int:
        """Fork a kernel that will listen as its connection file says; return its process's id."""
        request = {"connection_file": connection_file, "env": env,
                   "cwd": str(self.notebook.parent)}  # fmt: skip
        async with self._turn:
            loop = asyncio.get_running_loop()
            try:
                await loop.sock_sendall(self.control, json.dumps(request).encode() + b"\n")
                return int((await self._line())["pid"])
            except OSError as error:
                raise ParentError(str(error)) from error

    @property
    def alive(self) -> bool:
        """Whether it can still fork."""
        return self.process.poll() is None

    def retire(self) -> None:
        """Hang up: no fork any more; it ends, and its kernels with it."""
        self.control.close()


class Parents:
    """The warm parents of a site, one a notebook, each raised when first needed."""

    def __init__(self, notebooks: Iterable[Path]) -> None:
        self.notebooks = {path.stem: path for path in notebooks}
        self._parents: dict[str, Parent] = {}
        self._raising: dict[str, asyncio.Task[Parent]] = {}
        #: Replaced by a newer one, kept while kernels of theirs live.
        self._retired: list[Parent] = []
        #: What did not run to its end, and when: it is tried again when it changes, or later.
        self._failed: dict[str, tuple[tuple[float, ...], float]] = {}
        self._stamps: dict[str, tuple[float, tuple[float, ...]]] = {}

    async def of(self, stem: str) -> Parent:
        """Return a notebook's parent: the one there is, or a new one if what it ran has changed.

        While a new one runs its notebook, readers go on with the old.

        Raises
        ------
        ParentError : if the notebook did not come to its end
        """
        now = self._stamp(stem)
        known = self._parents.get(stem)
        if known is not None and known.alive and known.stamp == now:
            return known
        failed, when = self._failed.get(stem, ((), 0.0))
        if failed == now and time.monotonic() - when < AGAIN:
            if known is not None and known.alive:
                return known
            raise ParentError(f"{stem} did not run to its end")
        task = self._raising.get(stem)
        if task is None:
            task = self._raising[stem] = asyncio.create_task(self._raise(stem))
            task.add_done_callback(lambda _: self._raising.pop(stem, None))
        if known is not None and known.alive:
            return known
        return await asyncio.shield(task)

    def _stamp(self, stem: str) -> tuple[float, ...]:
        """Return the notebook's stamp, looked up once a second at most."""
        when, known = self._stamps.get(stem, (0.0, ()))
        if time.monotonic() - when > 1:
            known = stamp(self.notebooks[stem])
            self._stamps[stem] = (time.monotonic(), known)
        return known

    async def _raise(self, stem: str) -> Parent:
        notebook = self.notebooks[stem]
        log.info("running %s", notebook.name)
        fresh = launch(notebook)
        try:
            answer = await asyncio.wait_for(fresh._line(), DEADLINE)
        except (TimeoutError, ParentError) as error:
            fresh.process.kill()
            fresh.retire()
            self._failed[stem] = (fresh.stamp, time.monotonic())
            log.error("%s did not run to its end", notebook.name)
            raise ParentError(f"{notebook.name} did not run to its end") from error
        fresh.page = answer["page"]
        old = self._parents.get(stem)
        self._parents[stem] = fresh
        if old is not None:
            self._retired.append(old)
        self._sweep()
        return fresh

    def _sweep(self) -> None:
        """End replaced parents that no kernel needs any more."""
        for parent in list(self._retired):
            if not parent.alive or not psutil.Process(parent.process.pid).children():
                parent.retire()
                parent.process.wait(timeout=5)
                self._retired.remove(parent)

    def close(self) -> None:
        """End every parent, and with it its kernels."""
        for task in list(self._raising.values()):
            task.cancel()
        for parent in [*self._parents.values(), *self._retired]:
            parent.retire()
        for parent in [*self._parents.values(), *self._retired]:
            try:
                parent.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                parent.process.kill()
        self._parents.clear()
        self._retired.clear()


def stamp(notebook: Path) -> tuple[float, ...]:
    """Return what changes when a notebook or the data change: their times of writing."""
    files = [notebook, *sorted(data_dir().glob("*.csv")), *sorted(data_dir().glob("*.json"))]
    return tuple(path.stat().st_mtime for path in files if path.exists())


def launch(notebook: Path) -> Parent:
    """Start a parent; it tells its page when the notebook has run."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis.publish.warm", str(notebook), f"fd:{theirs.fileno()}"],
        pass_fds=[theirs.fileno()],
        env={key: os.environ[key] for key in _SURROUNDINGS if key in os.environ} | _ONE_THREAD,
        stdin=subprocess.DEVNULL,
    )
    theirs.close()
    return Parent(notebook, stamp(notebook), process, ours)


def run_once(notebook: Path) -> dict[str, Any]:
    """Run a notebook in a process of its own and return its page; no kernel is forked from it.

    Raises
    ------
    ParentError : if it does not run to its end
    """
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "page.json"
        command = [sys.executable, "-m", "analysis.publish.warm", str(notebook), str(written)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0 or not written.exists():
            raise ParentError(f"{notebook.name} did not run to its end")
        return dict(json.loads(written.read_text("utf-8")))
