"""Where what was computed once, and would cost seconds again, is kept."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock


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
        return text if held["digest"] == digest(text) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(path: Path, text: str) -> None:
    """Keep a text, whole or not at all."""
    held = json.dumps({"digest": digest(text), "text": text}, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    except OSError:
        return
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(held)
        Path(name).replace(path)
    except OSError:  # a full disk most of all must not keep the half that went onto it
        Path(name).unlink(missing_ok=True)


def digest(text: str) -> str:
    """Return what names a text and no other."""
    return hashlib.sha256(text.encode()).hexdigest()
