"""The file that is an embedded ledger's present state, and whether it is whole.

A folder holds immutable snapshots, each a DuckDB file named by its number and digest, and
a pointer that names the present one. A new state is written under another name, brought
to the disk and renamed; then the pointer is replaced by a rename. So there is the old state
or the new one, and readers never wait.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from analysis.files import sync
from analysis.ledger.errors import DamagedError

POINTER, COPY = "pointer.json", "pointer.copy.json"
SNAPSHOTS, ORIGINALS = "snapshots", "originals"
SUFFIX, DRAFT = ".duckdb", "draft-"
#: How many earlier states stay beside the present one.
EARLIER = 2


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the ledger.

    number : of the import that made it
    published : the last import in it that readers see
    """

    file: str
    sha256: str
    size: int
    number: int
    published: int
    ledger_id: str
    at: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The file to read from. damaged : the present state, if this is an earlier one."""

    path: Path
    snapshot: Snapshot
    damaged: Snapshot | None = None

    @property
    def error(self) -> DamagedError | None:
        """What a reader must be told, None if all is well."""
        if self.damaged is None:
            return None
        return DamagedError(
            "state", place=self.path.parent.parent, number=self.damaged.number, at=self.damaged.at,
            earlier=self.snapshot.number, then=self.snapshot.at,
        )  # fmt: skip


def is_store(folder: Path) -> bool:
    """Whether a folder is an embedded ledger's."""
    return (folder / SNAPSHOTS).is_dir()


def published(folder: Path) -> Opened | None:
    """Return the newest state that is whole, or None if there was none yet.

    Raises
    ------
    DamagedError : states were written, and none is whole
    """
    states = _pointed(folder)
    if states is None:
        raise DamagedError("pointer", place=folder / POINTER)
    if states and not whole(folder / SNAPSHOTS / states[0].file, states[0]):
        # A writer may have gone on and swept since the pointer was read.
        states = _pointed(folder) or states
    for place, state in enumerate(states):
        path = folder / SNAPSHOTS / state.file
        if whole(path, state):
            damaged = states[0] if place else None
            return Opened(path, state, damaged)
    if states:
        raise DamagedError("no_state", place=folder)
    return None


def whole(path: Path, state: Snapshot) -> bool:
    """Whether a snapshot is what was written, by its size and digest."""
    try:
        found = path.stat()
        return found.st_size == state.size and (
            _digest(path, found.st_size, found.st_mtime_ns, found.st_ino) == state.sha256
        )
    except OSError:
        return False


@lru_cache(maxsize=16)
def _digest(path: Path, size: int, changed: int, inode: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pointed(folder: Path) -> list[Snapshot] | None:
    """Return the states that the pointer or its copy names, newest first; None if both are bad."""
    missing = 0
    for name in (POINTER, COPY):
        try:
            held = json.loads((folder / name).read_text(encoding="utf-8"))
            states = [Snapshot(**state) for state in held["states"]]
            if held["digest"] == _sealed(states):
                return states
        except FileNotFoundError:
            missing += 1
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return [] if missing == len((POINTER, COPY)) else None


def _sealed(states: list[Snapshot]) -> str:
    text = json.dumps([asdict(state) for state in states], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def draft(folder: Path) -> Path:
    """Return the path of a new state, a copy of the present one if there is any.

    Raises
    ------
    DamagedError : the present state is not whole, so nothing may be built on it unasked
    """
    path = folder / SNAPSHOTS / f"{DRAFT}{os.getpid()}{SUFFIX}"
    present = published(folder)
    if present is not None:
        if present.error:
            raise present.error
        shutil.copyfile(present.path, path)
    return path


def publish(folder: Path, path: Path, number: int, published: int, ledger_id: str, at: str) -> None:
    """Make a draft the present state."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    name = f"{number:06d}-{digest[:12]}{SUFFIX}"
    state = Snapshot(name, digest, path.stat().st_size, number, published, ledger_id, at)
    path.chmod(0o444)
    path.rename(folder / SNAPSHOTS / name)
    sync(folder / SNAPSHOTS)
    point(folder, [state, *(_pointed(folder) or [])][: EARLIER + 1])


def point(folder: Path, states: list[Snapshot]) -> None:
    """Replace the pointer: the one moment at which a new state becomes the present one."""
    held = {"states": [asdict(state) for state in states], "digest": _sealed(states)}
    for name in (POINTER, COPY):
        part = folder / f"{name}.part"
        with part.open("w", encoding="utf-8") as file:
            json.dump(held, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / name)
        sync(folder)


def restore(folder: Path) -> Opened | None:
    """Make the newest state that is whole the present one; return it if that changed anything."""
    found = published(folder)
    if found is None or not found.damaged:
        return None
    states = _pointed(folder) or []
    point(folder, states[states.index(found.snapshot) :])
    return found


def keep_original(folder: Path, digest: str, content: bytes) -> None:
    """Keep a file as it came, under its digest, never to be written again."""
    kept = folder / ORIGINALS / digest
    if kept.is_file() and kept.stat().st_size == len(content):
        return
    part = folder / ORIGINALS / f"{digest}.part"
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(0o444)
    part.replace(kept)
    sync(folder / ORIGINALS)


def sweep(folder: Path, originals: frozenset[str] | None = None) -> None:
    """Remove what killed writers left and states that nothing names any more.

    Only the writer may: it holds the lock. Windows keeps files that a reader has open
    until the next time.

    originals : digests of the files that the ledger knows; others go too
    """
    named = {state.file for state in _pointed(folder) or []}
    for name in (POINTER, COPY):
        (folder / f"{name}.part").unlink(missing_ok=True)
    if _pointed(folder) is not None:
        for path in (folder / SNAPSHOTS).iterdir():
            if path.name not in named:
                with suppress(OSError):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in (folder / ORIGINALS).iterdir():
        if path.suffix == ".part" or (originals is not None and path.name not in originals):
            with suppress(OSError):
                path.unlink()
