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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

import psutil

from analysis import cache
from analysis.publish.inputs import content_key, place, stamp

log = logging.getLogger(__name__)
#: Forking a kernel from an executed notebook needs what only Linux has.
CAN_FORK = sys.platform == "linux" and hasattr(os, "pidfd_open")
#: Seconds that a notebook may take before its page counts as failed.
DEADLINE = 300
#: Seconds before a notebook that failed, and has not changed, is tried again.
AGAIN = 60.0
#: Seconds that notebook and data must have rested: who is still writing is not read. But who
#: writes without end is not waited for: a log beside a ledger must not keep its page away.
QUIET, MOST_WAITING = 1.0, 20.0
#: Seconds between two looks whether a replaced parent is still needed.
SWEEP = 15.0
#: What a parent's surroundings may hold: no token or password of the server's goes to a kernel.
_SURROUNDINGS = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH",
                 "WORKBOOK_DATA", "WORKBOOK_PLAN", "WORKBOOK_CACHE", "WORKBOOK_LEDGER",
                 "WORKBOOK_BOUNDARIES", "WORKBOOK_LISTS", "XDG_CACHE_HOME")  # fmt: skip
_PATHS = {"PYTHONPATH", "TMPDIR"} | {key for key in _SURROUNDINGS if key.startswith("WORKBOOK_")}
#: Libraries that compute with threads of their own are told not to: a fork would lose them.
#: pyarrow, which pandas loads when it is there, brings an allocator that starts one by itself.
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "ARROW_IO")} | {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


class ParentError(RuntimeError):
    """A notebook did not come to its end, or its parent is gone."""


@dataclass
class Parent:
    """A process that has run a notebook, and what it told of it.

    page : cells with their outputs, widgets' state, first looks by language; its `number` names
        what it says, so that the same data give the same one
    stamp : what notebook and data were when it ran
    """

    notebook: Path
    stamp: tuple[float, ...]
    process: subprocess.Popen
    control: socket.socket
    page: dict[str, Any] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def _line(self) -> dict[str, Any]:
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
        request = {"views": list(self.page["first"]["zh"])}
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
                return int((await self._line())["pid"])
        except OSError as error:
            raise ParentError(str(error)) from error
        finally:
            if hand is not None:
                hand.close()

    @property
    def alive(self) -> bool:
        """Whether it can still fork."""
        return self.process.poll() is None

    @property
    def asked(self) -> bool:
        """Whether a fork is under way."""
        return self._turn.locked()

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
        self._sweeping: asyncio.TimerHandle | None = None
        #: What did not run to its end, and when: it is tried again when it changes, or later.
        self._failed: dict[str, tuple[tuple[float, ...], float]] = {}
        self._stamps: dict[str, tuple[float, tuple[float, ...]]] = {}
        #: Pages of an earlier process, read when a notebook does not run now.
        self._kept: dict[str, Mapping[str, Any] | None] = {}
        #: What names the content that a page is made of, and the stamp that it had then.
        self._keys: dict[str, tuple[tuple[float, ...], str | None]] = {}

    async def page(self, stem: str) -> Mapping[str, Any]:
        """Return what a notebook's page says: of memory, kept from the same inputs, or run now.

        A page at hand waits for no parent: one that is gone or replaced is raised beside it.

        Raises
        ------
        ParentError : if the notebook did not come to its end, and never has
        """
        known = self._parents.get(stem)
        if known is not None:
            if not known.alive or known.stamp != self._stamp(stem):
                self._start(stem)
            return known.page
        if self._current(stem):
            return cast(Mapping[str, Any], self.kept(stem))
        try:
            return (await self.of(stem)).page
        except ParentError:
            told = self.kept(stem)
            if told is None:
                raise
            return told

    async def of(self, stem: str) -> Parent:
        """Return a notebook's parent: the one there is, or a new one if what it ran has changed.

        While a new one runs its notebook, readers go on with the old.

        Raises
        ------
        ParentError : if the notebook did not come to its end
        """
        known = self.standing(stem)
        if known is not None and known.stamp == self._stamp(stem):
            return known
        task = self._start(stem)
        if known is not None:
            return known
        if task is None:
            raise ParentError(f"{stem} did not run to its end")
        return await asyncio.shield(task)

    def standing(self, stem: str) -> Parent | None:
        """Return the parent that lives now, if one does."""
        known = self._parents.get(stem)
        return known if known is not None and known.alive else None

    def _start(self, stem: str) -> asyncio.Task[Parent] | None:
        """Have a parent raised; None if its notebook, as it is, has failed just now."""
        failed, when = self._failed.get(stem, ((), 0.0))
        if failed == self._stamp(stem) and time.monotonic() - when < AGAIN:
            return None
        task = self._raising.get(stem)
        if task is None:
            task = self._raising[stem] = asyncio.create_task(self._raise(stem))
            task.add_done_callback(lambda done: self._raised(stem, done))
        return task

    def _raised(self, stem: str, task: asyncio.Task[Parent]) -> None:
        self._raising.pop(stem, None)
        if not task.cancelled():
            task.exception()  # is logged already, also if nobody waits for it

    def kept(self, stem: str) -> Mapping[str, Any] | None:
        """Return what was told when it last ran well, also before this process began."""
        if stem in self._parents:
            return self._parents[stem].page
        if stem not in self._kept:
            text = cache.read(place(self.notebooks[stem]))
            self._kept[stem] = json.loads(text) if text is not None else None
        return self._kept[stem]

    def current(self, stem: str) -> Mapping[str, Any] | None:
        """Return what a page that is at hand says if it is made of what there is now."""
        known = self._parents.get(stem)
        if known is not None:
            return known.page if known.stamp == self._stamp(stem) else None
        return self.kept(stem) if self._current(stem) else None

    def _current(self, stem: str) -> bool:
        """Say whether the page of an earlier process was made of what there is now."""
        told, now = self.kept(stem), self._stamp(stem)
        if told is None:
            return False
        if self._keys.get(stem, ((), None))[0] != now:
            self._keys[stem] = (now, content_key(self.notebooks[stem]))
        return told.get("key") is not None and told["key"] == self._keys[stem][1]

    def stale(self, stem: str) -> str | None:
        """Return when a page was made that is not of the notebook and data as they are now."""
        told = self.kept(stem)
        return None if told is None or self.current(stem) is not None else str(told["made"])

    def state(self, stem: str) -> str:
        """Return "ready", "page" (Python comes yet), "earlier" (page), "starting" or "failed".

        A parent that is gone, or failed, is raised again: no reader may come to ask for it, where
        a balancer sends none to a site that is not ready. The first ones are raised in turn.
        """
        standing = self.standing(stem) is not None
        coming = standing or (stem not in self._parents and stem not in self._failed)
        coming = coming or self._start(stem) is not None
        if self.current(stem) is not None:
            return "ready" if standing else "page"
        if self.kept(stem) is not None:
            return "earlier"
        return "starting" if coming else "failed"

    def _stamp(self, stem: str) -> tuple[float, ...]:
        """Return the notebook's stamp, looked up once a second at most."""
        when, known = self._stamps.get(stem, (0.0, ()))
        if time.monotonic() - when > 1:
            known = stamp(self.notebooks[stem])
            self._stamps[stem] = (time.monotonic(), known)
        return known

    async def _raise(self, stem: str) -> Parent:
        notebook = self.notebooks[stem]
        end = time.monotonic() + MOST_WAITING
        while 0 <= (age := time.time() - max(stamp(notebook)[::2], default=0.0)) < QUIET:
            if time.monotonic() > end:
                break
            await asyncio.sleep(QUIET - age)
        log.info("running %s", notebook.name)
        key = content_key(notebook)
        fresh = launch(notebook)
        try:
            told = (await asyncio.wait_for(fresh._line(), DEADLINE))["page"]
            if any(cell.get("failed") for cell in told["cells"]) and self.kept(stem) is not None:
                raise ParentError("a cell failed, and an earlier page is whole")
            if stamp(notebook) != fresh.stamp:
                raise ParentError("notebook or data changed while it ran")
        except (TimeoutError, ParentError) as error:
            fresh.process.kill()
            fresh.retire()
            self._failed[stem] = (fresh.stamp, time.monotonic())
            log.error("%s did not run to its end: %s", notebook.name, error)
            raise ParentError(f"{notebook.name} did not run to its end") from error
        number = cache.digest(json.dumps(told, sort_keys=True))[:32]
        fresh.page = told | {"made": _now(), "number": number, "key": key}
        self._failed.pop(stem, None)
        if not any(cell.get("failed") for cell in told["cells"]):
            text = json.dumps(fresh.page, ensure_ascii=False)
            await asyncio.to_thread(cache.write, place(notebook), text)
        old = self._parents.get(stem)
        self._parents[stem] = fresh
        if old is not None:
            self._retired.append(old)
        self._sweep()
        return fresh

    def _sweep(self) -> None:
        """End replaced parents that no kernel needs any more; look again while there are some."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        self._retired = [parent for parent in self._retired if not _ended(parent)]
        loop = asyncio.get_running_loop()
        self._sweeping = loop.call_later(SWEEP, self._sweep) if self._retired else None

    def close(self) -> None:
        """End every parent, and with it its kernels."""
        if self._sweeping is not None:
            self._sweeping.cancel()
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


def _ended(parent: Parent) -> bool:
    """Say whether a replaced parent is gone; let it go if no kernel was forked or is to be."""
    if parent.alive and not parent.asked and not psutil.Process(parent.process.pid).children():
        parent.retire()
    return not parent.alive


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


def _now() -> str:
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")


def surroundings() -> dict[str, str]:
    """Return what of the server's surroundings a process that it starts may know.

    Paths are whole: a notebook runs in its own folder, from where others would lead elsewhere.
    """
    known = {key: os.environ[key] for key in _SURROUNDINGS if os.environ.get(key)}
    for key in known.keys() & _PATHS:
        if "://" not in known[key]:
            places = [str(Path(p).expanduser().absolute()) for p in known[key].split(os.pathsep)]
            known[key] = os.pathsep.join(places)
    return known


def launch(notebook: Path) -> Parent:
    """Start a parent; it tells its page when the notebook has run."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "analysis.publish.warm",
            str(notebook.resolve()),
            f"fd:{theirs.fileno()}",
        ],
        pass_fds=[theirs.fileno()],
        env=surroundings() | ONE_THREAD,
        stdin=subprocess.DEVNULL,
    )
    theirs.close()
    return Parent(notebook, stamp(notebook), process, ours)


def run_once(notebook: Path, errors: IO[bytes] | None = None) -> dict[str, Any]:
    """Run a notebook in a process of its own and return its page; no kernel is forked from it.

    Parameters
    ----------
    errors : where its standard error goes, by default to ours

    Raises
    ------
    ParentError : if it does not run to its end
    """
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "page.json"
        ran = str(notebook.resolve())
        command = [sys.executable, "-m", "analysis.publish.warm", ran, str(written)]
        known = os.environ | surroundings()
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stderr=errors, check=False, env=known
        )
        if done.returncode != 0 or not written.exists():
            raise ParentError(f"{notebook.name} did not run to its end")
        return dict(json.loads(written.read_text("utf-8")))
