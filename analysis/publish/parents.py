"""The warm parents of a site, and the page that each made."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import psutil

from analysis import cache
from analysis.publish.inputs import content_key, place, stamp
from analysis.publish.parent import Parent, ParentError, hollow
from analysis.publish.turns import Turns
from analysis.publish.zygote import Zygote

log = logging.getLogger(__name__)
#: Seconds that a notebook may take before its page counts as failed.
DEADLINE = 300
#: Seconds before a notebook that failed, and has not changed, is tried again.
AGAIN = 60.0
#: Seconds that notebook and data must have rested: who is still writing is not read. But who
#: writes without end is not waited for: a log beside a ledger must not keep its page away.
QUIET, MOST_WAITING = 1.0, 20.0
#: Seconds between two looks whether a replaced parent is still needed.
SWEEP = 15.0


class Parents:
    """The warm parents of a site, one a notebook, each raised when first needed.

    Parameters
    ----------
    zygote : who forks them, if it was begun before
    """

    def __init__(self, notebooks: Iterable[Path], zygote: Zygote | None = None) -> None:
        self.notebooks = {path.stem: path for path in notebooks}
        self.zygote = zygote or Zygote()
        self._turns = Turns(later=lambda stem: self.kept(stem) is not None)
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

    async def page(self, stem: str, wanted: bool = False) -> Mapping[str, Any]:
        """Return what a notebook's page says: of memory, kept from the same inputs, or run now.

        A page at hand waits for no parent: one that is gone or replaced is raised beside it.
        wanted : whether a reader waits for it

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
            return (await self.of(stem, wanted)).page
        except ParentError:
            told = self.kept(stem)
            if told is None:
                raise
            return told

    async def of(self, stem: str, wanted: bool = False) -> Parent:
        """Return a notebook's parent: the one there is, or a new one if what it ran has changed.

        While a new one runs its notebook, readers go on with the old.
        wanted : whether a reader waits for it

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
        if wanted:
            self._turns.want(stem)
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

        A page that a cell is missing from is "hollow".
        A parent that is gone, or failed, is raised again: no reader may come to ask for it, where
        a balancer sends none to a site that is not ready. The first ones are raised in turn.
        """
        standing = self.standing(stem) is not None
        coming = standing or (stem not in self._parents and stem not in self._failed)
        coming = coming or self._start(stem) is not None
        if (page := self.current(stem)) is not None:
            return "hollow" if hollow(page) else "ready" if standing else "page"
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
        now = stamp(notebook)
        try:
            await self.zygote.ready()
            async with self._turns.of(stem):
                fresh = await self._ran(stem)
        except (TimeoutError, ParentError) as error:
            self._failed[stem] = (now, time.monotonic())
            log.error("%s did not run to its end: %s", notebook.name, error)
            raise ParentError(f"{notebook.name} did not run to its end") from error
        self._failed.pop(stem, None)
        if not hollow(fresh.page):
            text = json.dumps(fresh.page, ensure_ascii=False)
            await asyncio.to_thread(cache.write, place(notebook), text)
        old = self._parents.get(stem)
        self._parents[stem] = fresh
        if old is not None:
            self._retired.append(old)
        self._sweep()
        return fresh

    async def _ran(self, stem: str) -> Parent:
        """Fork a parent and hear the page that it makes."""
        notebook = self.notebooks[stem]
        log.info("running %s", notebook.name)
        key, now = content_key(notebook), stamp(notebook)
        before = self._parents.get(stem)
        heir = before.heir if before is not None and before.stamp == now else None
        fresh = await self.zygote.parent(notebook, heir)
        try:
            told = await asyncio.wait_for(fresh.line(), DEADLINE)
            for failure in told["failures"]:
                log.error(failure)
            page = told["page"]
            if hollow(page) and (whole := self.kept(stem)) is not None and not hollow(whole):
                raise ParentError("a cell failed, and an earlier page is whole")
            if stamp(notebook) != now:
                raise ParentError("notebook or data changed while it ran")
        except BaseException:
            fresh.end()
            raise
        number = cache.digest(json.dumps(page, sort_keys=True))[:32]
        fresh.page = page | {"made": _now(), "number": number, "key": key}
        fresh.heir = told["heir"]
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
        self.zygote.close()
        self._parents.clear()
        self._retired.clear()


def _ended(parent: Parent) -> bool:
    """Say whether a replaced parent is gone; let it go if no kernel was forked or is to be."""
    with suppress(psutil.NoSuchProcess):
        if parent.alive and not parent.asked and not psutil.Process(parent.process.pid).children():
            parent.retire()
    return not parent.alive


def _now() -> str:
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
