"""Where what was computed once, and would cost seconds again, is kept."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock

#: Most bytes on the disk of each kind of file: beyond them what was longest not used goes. Each
#: period that a reader asks for leaves answers, each state of the data all kinds.
MOST_BYTES = 128 << 20
#: What a file takes beside its text, and seconds in which no use of it is noted again.
BLOCK, NOTED = 4096, 3600
#: Bytes of each kind that this process may yet write before it looks what the folder holds.
_room: Counter[str] = Counter()


def cache_dir() -> Path:
    """Return the folder of the cache; WORKBOOK_CACHE overrides it."""
    override = os.environ.get("WORKBOOK_CACHE")
    if override:
        return Path(override)
    from platformdirs import user_cache_path

    return user_cache_path("investment-workbook")


def kept(path: Path, make: Callable[[], str]) -> str:
    """Return the text that a file of the cache holds, or make it and keep it.

    A file that is cut or edited is noticed by its digest and made anew; a
    folder that can't be written to costs only time.
    """
    found = read(path)
    if found is None:
        with _turn(path):
            found = read(path)  # another process may have made it meanwhile
            if found is None:
                found = make()
                write(path, found)
    return found


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    """Wait for whoever makes a file just now; where no lock can be had, make it beside them."""
    mark = path.with_suffix(".lock")
    with ExitStack() as held:
        with suppress(OSError, NotImplementedError):
            path.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(FileLock(mark))
        yield
    with suppress(OSError):  # who waits at it has it open, and looks for what is kept next
        mark.unlink()


def read(path: Path) -> str | None:
    """Return what was kept, or None if there is nothing or it isn't what was written."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        text = str(held["text"])
        if held["digest"] != digest(text):
            return None
        with suppress(OSError):  # in another's folder it can't be noted that it is used
            if time.time() - path.stat().st_mtime > NOTED:
                os.utime(path)
        return text
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(path: Path, text: str) -> None:
    """Keep a text, whole or not at all."""
    held = json.dumps({"digest": digest(text), "text": text}, ensure_ascii=False).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_room(path, len(held))
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(held)
        Path(name).replace(path)
    except OSError:  # a full disk most of all must not keep the half that went onto it
        Path(name).unlink(missing_ok=True)


def _make_room(path: Path, length: int) -> None:
    """Let what was longest not used of a file's kind go if there is too much; it is made anew.

    A process looks before it writes at all, and again after each sixteenth of the room.
    """
    kind = path.stem.partition("-")[0]
    _room[kind] -= length + BLOCK
    if _room[kind] >= 0:
        return
    _room[kind] = MOST_BYTES // 16
    # The folder may be one that the user has more in.
    ours = re.compile(rf"{re.escape(kind)}-[0-9a-f]{{32}}(\.json|\.lock|\w*\.part)")
    found = []
    for one in path.parent.iterdir():
        with suppress(FileNotFoundError):  # another process has cleared it away
            if ours.fullmatch(one.name):
                looked = one.lstat()
                found.append((looked.st_mtime, looked.st_size + BLOCK, one))
    over = sum(size for _, size, _ in found) - MOST_BYTES
    if over > 0:
        over += MOST_BYTES // 4
    for _, size, one in sorted(found):
        if over <= 0:
            return
        one.unlink(missing_ok=True)
        over -= size


def digest(text: str) -> str:
    """Return what names a text and no other."""
    return hashlib.sha256(text.encode()).hexdigest()
