"""Who gets a kernel, and for how long."""

from __future__ import annotations

import asyncio
from collections import ChainMap, Counter
from datetime import UTC, datetime
from typing import Any

import zmq
from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web
from traitlets import Int

from analysis.publish import kernels, memory
from analysis.publish.lines import OF_A_KERNEL, files
from analysis.publish.metrics import REFUSED, STARTED
from analysis.publish.parent import Parent

#: What a forked kernel in use is reckoned to take; a warm parent, or a kernel that starts anew.
KERNEL_BYTES, PARENT_BYTES = 32 << 20, 200 << 20
#: The part of the memory at hand, less what parents take, that all kernels may have.
PART = 0.5
#: Seconds that a kernel may stay without a reader at its line.
UNATTENDED = 20.0
#: Lines that a kernel may have.
LINES = 2
#: Seconds after the last kernel's end at which memory is given back: some of what a line needed
#: is dropped at once, some when its server has forgotten it.
QUIET = (5.0, 100.0)
#: Seconds that a line may be gone, as when a phone changes its network.
GONE = 1.0


def kernels_that_fit(parents: int) -> int:
    """Return how many kernels memory and descriptors hold beside so many warm parents, if any."""
    left = memory.at_hand() - parents * PARENT_BYTES
    each = KERNEL_BYTES if parents else PARENT_BYTES
    return max(4, min(400, int(left * PART / each), files() // 2 // OF_A_KERNEL))


class LimitedKernels(AsyncMappingKernelManager):
    """Kernels up to a limit, each for the one visit that asked for it.

    visits : kernel -> the visit's token
    pages : kernel -> the notebook that it is forked from
    may_set : kernel -> model -> traits that its reader may set; first those of widgets made later
    """

    max_kernels = Int(24, config=True, help="Most kernels running or starting at a time.")
    max_per_address = Int(6, config=True, help="Most kernels of one address at a time.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # A kernel in use has five or six sockets: ZeroMQ's own bound of 1,023 is that of 180.
        self.context.set(zmq.MAX_SOCKETS, files())
        self.starting = 0
        self.visits: dict[str, bytes] = {}
        self.pages: dict[str, str] = {}
        self.may_set: dict[str, ChainMap[str, Any]] = {}
        self._addresses: dict[str, str] = {}
        self._asking: Counter[str] = Counter()
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        self._lines: dict[str, list[Any]] = {}
        self._fresh: dict[str, KernelManager] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._events: Any = None

    def full(self, address: str = "") -> bool:
        """Say whether one more kernel, for this address, is one too many."""
        running = list(self.list_kernel_ids())
        if len(running) + self.starting >= self.max_kernels:
            return True
        theirs = sum(self._addresses.get(key) == address for key in running)
        return bool(address) and theirs + self._asking[address] >= self.max_per_address

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start a kernel, or refuse with 503 at the limit."""
        if self.full():
            REFUSED.inc()
            raise web.HTTPError(503, "All places are taken; try again in a minute.")
        key = kwargs["kernel_id"] = kwargs.get("kernel_id") or self.new_kernel_id(**kwargs)
        self.starting += 1
        try:
            await super().start_kernel(**kwargs)
            STARTED.inc()
            return key
        except BaseException:
            await self._give_back(key)
            raise
        finally:
            self._fresh.pop(key, None)
            self.starting -= 1

    def pre_start_kernel(self, *args: Any) -> tuple[KernelManager, str, str]:
        """Know whose start may fail, half of it done, and let all write to one log of events.

        Each made one of its own, which `logging` keeps for ever, and read its schemas anew.
        """
        made = super().pre_start_kernel(*args)
        manager: Any = made[0]
        self._events = manager.event_logger = self._events or manager.event_logger
        manager.last_activity = datetime.now(UTC)  # who looks for idle kernels may look at once
        self._fresh[made[2]] = manager
        return made

    async def _give_back(self, key: str) -> None:
        """End a kernel whose start failed: its place, process, descriptors and files."""
        self._pending_kernels.pop(key, None)
        if key in self:
            await self.shutdown_kernel(key, now=True)
        elif (fresh := self._fresh.get(key)) is not None:
            if fresh.provisioner is not None and fresh.has_kernel:
                await fresh.provisioner.kill()
                await fresh.provisioner.wait()
            await ensure_async(fresh.cleanup_resources())

    async def admit(self, parent: Parent, visit: bytes, address: str) -> str:
        """Fork a kernel for a visit; it goes again if nobody takes up its line."""
        if self.full(address):
            REFUSED.inc()
            raise web.HTTPError(503)
        name = f"{parent.notebook.stem}-{parent.process.pid}"
        kernels.parents[name] = parent
        self._asking[address] += 1
        try:
            key = await self.start_kernel(env={kernels.PARENT: name})
        finally:
            self._asking[address] -= 1
            if not self._asking[address]:
                del self._asking[address]
        self.visits[key] = visit
        self.pages[key] = parent.notebook.stem
        self.may_set[key] = ChainMap({}, parent.page["may_set"])
        self._addresses[key] = address
        self._end_after(key, UNATTENDED)
        return key

    def attended(self, key: str, line: Any) -> None:
        """A reader is at the kernel's line; the oldest of too many gives way.

        A phone that changed its network comes back on another line before the first is known
        to be gone: nobody needs more.
        """
        lines = self._lines.setdefault(key, [])
        if len(lines) >= LINES:
            lines.pop(0).hang_up(1008, "too many lines")
        lines.append(line)
        self._stay(key)

    def abandon(self, key: str, line: Any) -> None:
        """The reader has left one line of the kernel's, the last one perhaps."""
        lines = self._lines.get(key, [])
        if line not in lines:
            return  # it gave way, or was never theirs
        lines.remove(line)
        if not lines:
            del self._lines[key]
            if key in self:
                self._end_after(key, GONE)

    def _stay(self, key: str) -> None:
        timer = self._leaving.pop(key, None)
        if timer is not None:
            timer.cancel()

    def _end_after(self, key: str, seconds: float) -> None:
        self._stay(key)
        self._leaving[key] = asyncio.get_running_loop().call_later(seconds, self._ended, key)

    def _ended(self, key: str) -> None:
        task = asyncio.get_running_loop().create_task(self._end(key))
        self._ending.add(task)  # a task that nobody holds may vanish before it is done
        task.add_done_callback(self._ending.discard)

    async def _end(self, key: str) -> None:
        self._leaving.pop(key, None)
        if key in self:
            await self.shutdown_kernel(key, now=True)

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget all that was known of a kernel that is gone."""
        self._stay(kernel_id)
        for known in (self.visits, self.pages, self.may_set, self._addresses):
            known.pop(kernel_id, None)
        removed = super().remove_kernel(kernel_id)
        if not len(self):
            for after in QUIET:
                asyncio.get_running_loop().call_later(after, self._rest)
        return removed

    def _rest(self) -> None:
        """Give memory back, unless a reader has come meanwhile."""
        if not len(self):
            memory.give_back()
