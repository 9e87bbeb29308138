"""What is being made just now, once for all who ask for it at the same time, and for whom."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Making(Generic[Key, Made]):
    """Tasks by what they make.

    Parameters
    ----------
    most : most that are made or wait to be
    of_one : most of them for one reader's address
    """

    def __init__(self, most: int, of_one: int) -> None:
        self.most, self.of_one = most, of_one
        self.whose: dict[Key, str] = {}
        self._tasks: dict[Key, asyncio.Task[Made]] = {}

    def of(
        self, key: Key, make: Callable[[], Coroutine[Any, Any, Made]], reader: str
    ) -> asyncio.Task[Made] | None:
        """Return the task that makes it, begun now if need be; None if that is one too many."""
        if key not in self._tasks:
            theirs = sum(whose == reader for whose in self.whose.values()) if reader else 0
            if len(self._tasks) >= self.most or theirs >= self.of_one:
                return None
            task = self._tasks[key] = asyncio.ensure_future(make())
            self.whose[key] = reader
            task.add_done_callback(lambda _: self._made(key))
        return self._tasks[key]

    def _made(self, key: Key) -> None:
        self._tasks.pop(key, None)
        self.whose.pop(key, None)
