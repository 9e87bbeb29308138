"""What a server that was killed leaves behind: no process, and no folder once another starts."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Be killed when the process that started this one is gone; nothing but Linux can that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


#: What says in a folder whose it is: held by its server, free when that has ended.
MARK = ".workbook"


def hold(folder: Path) -> IO[str] | None:
    """Mark a folder as this process's, for as long as what is returned stays open."""
    if sys.platform == "win32":
        return None
    import fcntl

    part = folder / f"{MARK}.part"
    mark = part.open("w")
    fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    part.replace(folder / MARK)  # nobody finds it before it is held
    return mark


def sweep(root: Path, kind: str) -> None:
    """Remove marked folders of ours, named `kind`, that no living process holds."""
    if sys.platform == "win32":
        return
    import fcntl

    for mark in root.glob(f"{kind}/{MARK}"):
        try:
            if mark.lstat().st_uid != os.getuid():
                continue
            with mark.open() as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(mark.parent)
        except OSError:
            continue


def remove(folder: Path) -> None:
    """Remove a folder of ours, its mark last: what can't go now is swept another time.

    A kernel that has not heard of its end yet may still write there.
    """
    mark = folder / MARK
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path != mark:
            path.unlink(missing_ok=True)
    mark.unlink(missing_ok=True)
    try:
        folder.rmdir()
    except FileNotFoundError:
        return
    except OSError:
        mark.touch()
