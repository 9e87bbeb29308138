"""Who gets a kernel, and for how long?"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web
from traitlets import Int

from analysis.publish import kernels, memory
from analysis.publish.parents import Parent

#: What a forked kernel in use is reckoned to take; a warm parent, or a kernel that starts anew.
KERNEL_BYTES, PARENT_BYTES = 32 << 20, 200 << 20
#: The part of the memory at hand, less what parents take, that all kernels may have.
PART = 0.5
#: Seconds that a kernel may stay without a reader at its line.
UNATTENDED = 20.0
#: Seconds that a line may be gone, as when a phone changes its network.
GONE = 1.0


def kernels_that_fit(parents: int) -> int:
    """Return how many kernels the memory at hand holds beside so many warm parents, if any."""
    left = memory.at_hand() - parents * PARENT_BYTES
    each = KERNEL_BYTES if parents else PARENT_BYTES
    return max(4, min(400, int(left * PART / each)))


class LimitedKernels(AsyncMappingKernelManager):
    """Kernels up to a limit, each for the one visit that asked for it.

    visits : kernel -> the visit's token
    may_set : kernel -> model -> traits that its reader may set
    """

    max_kernels = Int(24, config=True, help="Most kernels running or starting at a time.")
    max_per_address = Int(6, config=True, help="Most kernels of one address at a time.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.starting = 0
        self.refused = 0
        self.started = 0
        self.visits: dict[str, bytes] = {}
        self.may_set: dict[str, Mapping[str, Any]] = {}
        self._addresses: dict[str, str] = {}
        self._asking: Counter[str] = Counter()
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        self._lines: Counter[str] = Counter()
        self._ending: set[asyncio.Task[None]] = set()

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
            self.refused += 1
            raise web.HTTPError(503, "All places are taken; try again in a minute.")
        self.starting += 1
        try:
            self.started += 1
            return await super().start_kernel(**kwargs)
        finally:
            self.starting -= 1

    async def admit(self, parent: Parent, visit: bytes, address: str) -> str:
        """Fork a kernel for a visit; it goes again if nobody takes up its line."""
        if self.full(address):
            self.refused += 1
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
        self.may_set[key] = parent.page["may_set"]
        self._addresses[key] = address
        self._end_after(key, UNATTENDED)
        return key

    def attended(self, key: str) -> None:
        """A reader is at the kernel's line."""
        self._lines[key] += 1
        self._stay(key)

    def abandon(self, key: str) -> None:
        """The reader has left one line of the kernel's, the last one perhaps."""
        self._lines[key] -= 1
        # A line that broke may be noticed only after the reader has come back on another.
        if self._lines[key] <= 0:
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
        for known in (self.visits, self.may_set, self._addresses):
            known.pop(kernel_id, None)
        return super().remove_kernel(kernel_id)
