"""Whose notebook runs next: as many at a time as there are cores, those that readers want first."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

#: Seconds after the first asks in which one place stays free for what a reader wants.
HEAD_START = 1.0


class Turns:
    """Places to run notebooks in.

    Parameters
    ----------
    later : says of a notebook whether it may wait for others, as its page is there already
    places : how many run at a time; one that a reader waits for runs beside them
    """

    def __init__(self, later: Callable[[str], bool], places: int | None = None) -> None:
        self.later, self.free = later, places or os.cpu_count() or 1
        self._spare: int | None = None
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._wanted: set[str] = set()

    def want(self, stem: str) -> None:
        """A reader waits for it."""
        self._wanted.add(stem)
        self._grant()

    @asynccontextmanager
    async def of(self, stem: str) -> AsyncIterator[None]:
        """Hold a place."""
        loop = asyncio.get_running_loop()
        self._waiting[stem] = turn = loop.create_future()
        if self._spare is None:
            self._spare = min(1, self.free - 1)
            loop.call_later(HEAD_START, self._spend)
        loop.call_soon(self._grant)  # when all who begin to wait now can be compared
        try:
            await turn
            yield
        finally:
            self._wanted.discard(stem)
            if self._waiting.pop(stem, None) is None:
                self.free += 1
                self._grant()

    def _spend(self) -> None:
        self._spare = 0
        self._grant()

    def _grant(self) -> None:
        for stem in sorted(self._waiting, key=lambda s: (s not in self._wanted, self.later(s))):
            if self.free <= (self._spare or 0) and stem not in self._wanted:
                return
            self.free -= 1
            turn = self._waiting.pop(stem)
            if not turn.done():
                turn.set_result(None)
