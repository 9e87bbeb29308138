"""What readers who are gone needed goes back to the system."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from analysis.publish import admission, memory
from analysis.publish.admission import LimitedKernels

BLOCK, BLOCKS = 4096, 20_000


def test_memory_that_malloc_would_keep_is_given_back() -> None:
    held = [bytearray(BLOCK) for _ in range(BLOCKS)]
    last = bytearray(BLOCK)  # above them in the heap, whose end it holds up
    del held
    before = psutil.Process().memory_info().rss
    memory.give_back()
    assert before - psutil.Process().memory_info().rss > BLOCK * BLOCKS / 2
    assert len(last) == BLOCK


def test_it_is_given_back_once_the_last_kernel_is_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, alone: Callable[[Any], Any]
) -> None:
    given: list[int] = []
    monkeypatch.setattr(admission, "QUIET", (0.0,))
    monkeypatch.setattr(memory, "give_back", lambda: given.append(1))

    async def leave(*readers: str, comes: bool = False) -> int:
        kernels = LimitedKernels(root_dir=str(tmp_path))
        kernels._kernels = dict.fromkeys(("one", "other"))
        for reader in readers:
            kernels.remove_kernel(reader)
        if comes:
            kernels._kernels["third"] = None
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return len(given)

    assert alone(leave("one")) == 0
    assert alone(leave("one", "other", comes=True)) == 0
    assert alone(leave("one", "other")) == 1
