"""A link's scenario in a page's first HTML, with no kernel started.

Charts are drawn by a process of its own, forked from the page's parent when a link
is first opened: the server's loop never waits for it, the parent never draws. Who
comes when all are busy gets the page as it is, which shows the scenario once it
lives.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import logging
import socket
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from analysis.publish.fork import ForkedProcess, read_line
from analysis.publish.making import Making
from analysis.publish.metrics import LINKS
from analysis.publish.parent import Parent, ParentError

log = logging.getLogger(__name__)
#: Links that are drawn at a time, of one reader's address, and pages that are kept.
AT_ONCE, OF_ONE, KEPT = 2, 1, 64
#: Seconds that a reader waits for a link's page, and that drawing it may take at all.
PATIENCE, DEADLINE = 3.0, 20.0
#: Seconds after which a process that draws, and is not asked, ends.
IDLE = 60.0
Key = tuple[int, str, tuple[tuple[str, float], ...]]


@dataclass(frozen=True)
class Zipped:
    """A page that is kept compressed only: there are many, and each is asked for seldom."""

    zipped: bytes

    @classmethod
    def of(cls, text: str) -> Zipped:
        """Compress a page."""
        return cls(gzip.compress(text.encode(), 6, mtime=0))

    @property
    def plain(self) -> bytes:
        """The bytes."""
        return gzip.decompress(self.zipped)

    @cached_property
    def etag(self) -> str:
        """What names this page and no other."""
        return f'"{hashlib.sha256(self.zipped).hexdigest()[:32]}"'


@dataclass
class Drawer:
    """A process that draws one notebook's charts, and the line to it."""

    parent: int
    process: ForkedProcess
    line: socket.socket
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    rest: asyncio.TimerHandle | None = None

    def end(self) -> None:
        """Hang up, and end it if it does not listen."""
        if self.rest is not None:
            self.rest.cancel()
        self.line.close()
        self.process.kill()
        self.process.close()


class LinkedPages:
    """Pages in links' scenarios."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Zipped] = OrderedDict()
        self._making: Making[Key, Zipped | None] = Making(AT_ONCE, OF_ONE)
        self._drawers: dict[str, Drawer] = {}

    async def of(
        self,
        parent: Parent,
        lang: str,
        levers: Mapping[str, float],
        make: Callable[[Mapping[str, str]], str],
        reader: str = "",
    ) -> Zipped | None:
        """Return the page in a scenario; None if it is not to be had just now.

        Parameters
        ----------
        levers : checked, only those that differ from their default
        make : writes the page from first looks by view; runs in a thread
        reader : who asks, by address
        """
        key = (parent.process.pid, lang, tuple(sorted(levers.items())))
        if key in self._kept:
            LINKS.labels("kept").inc()
            self._kept.move_to_end(key)
            return self._kept[key]
        task = self._making.of(key, lambda: self._make(key, parent, levers, make), reader)
        if task is None:
            LINKS.labels("busy").inc()
            return None
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        found = task.result() if done else None
        LINKS.labels("late" if found is None else "drawn").inc()
        return found

    async def _make(
        self,
        key: Key,
        parent: Parent,
        levers: Mapping[str, float],
        make: Callable[[Mapping[str, str]], str],
    ) -> Zipped | None:
        stem = parent.notebook.stem
        try:
            first = await asyncio.wait_for(self._looks(parent, key[1], levers), DEADLINE)
        except (TimeoutError, OSError, ParentError, ValueError):
            log.exception("a link's page of %s was not drawn", stem)
            self._end(stem)
            return None
        page = await asyncio.to_thread(lambda: Zipped.of(make(first)))
        self._kept[key] = page
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return page

    async def _looks(
        self, parent: Parent, lang: str, levers: Mapping[str, float]
    ) -> Mapping[str, str]:
        drawer = await self._drawer(parent)
        async with drawer.turn:
            asked = json.dumps({"lang": lang, "levers": dict(levers)}).encode() + b"\n"
            await asyncio.get_running_loop().sock_sendall(drawer.line, asked)
            looks = await read_line(drawer.line)
        if looks is None:
            raise ParentError("the process that draws has ended")
        return looks

    async def _drawer(self, parent: Parent) -> Drawer:
        """Return the process that draws for a parent, forked if there is none."""
        stem = parent.notebook.stem
        known = self._drawers.get(stem)
        if known is None or known.parent != parent.process.pid or known.process.poll() is not None:
            self._end(stem)
            number, line = await parent.drawer()
            known = Drawer(parent.process.pid, ForkedProcess(number), line)
            self._end(stem)  # another may have come meanwhile
            self._drawers[stem] = known
        if known.rest is not None:
            known.rest.cancel()
        loop = asyncio.get_running_loop()
        known.rest = loop.call_later(IDLE, lambda: self._end(stem))
        return known

    def _end(self, stem: str) -> None:
        drawer = self._drawers.pop(stem, None)
        if drawer is not None:
            drawer.end()

    def close(self) -> None:
        """End whoever draws."""
        for stem in list(self._drawers):
            self._end(stem)
