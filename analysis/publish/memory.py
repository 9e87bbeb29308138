"""How much memory this process and its children may still take, and what it gives back."""

from __future__ import annotations

import ctypes
import gc
import linecache
import sys
from pathlib import Path

import psutil

CGROUPS, OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
#: Where a group's limit and its use stand: version 2, and version 1 in a folder of its own.
FILES = {"": ("memory.max", "memory.current"),
         "memory": ("memory.limit_in_bytes", "memory.usage_in_bytes")}  # fmt: skip


def give_back() -> None:
    """Return to the system what is needed no more: Linux's malloc would keep it for later.

    Python keeps the source of each line that a failure's trace has named.
    """
    linecache.clearcache()
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)


def at_hand() -> int:
    """Return bytes: what the machine has free, or less where a unit or a container is bounded."""
    return min([psutil.virtual_memory().available, *_left_in_groups()])


def _left_in_groups() -> list[int]:
    """Return what each control group that this process is in, and each above it, has left."""
    left = []
    for line in OWN.read_text().splitlines() if OWN.is_file() else ():
        _, kinds, place = line.split(":", 2)
        if kinds not in FILES:
            continue
        group = CGROUPS / kinds
        # A container may see its own group as the root, whatever its name is outside.
        for part in ("", *Path(place).parts[1:]):
            group = group / part
            left += [max(0, most - used) for most, used in _read(group, *FILES[kinds])]
    return left


def _read(group: Path, limit: str, use: str) -> list[tuple[int, int]]:
    """Return a group's limit and use, bytes; nothing if it has no limit."""
    try:
        return [(int((group / limit).read_text()), int((group / use).read_text()))]
    except (OSError, ValueError):  # no such group here, or "max"
        return []
