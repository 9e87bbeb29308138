"""What a page is made of: a stamp that tells a change, a key that names the content."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import unquote

from analysis.cache import cache_dir, digest
from analysis.files import data_dir, plan_dir

#: Seconds after which a page of a database's ledger is made anew when somebody opens it.
ASK_AGAIN = 600.0
#: Files of the user's own that pages are made of.
_OWN = ("WORKBOOK_LEDGER", "WORKBOOK_BOUNDARIES", "WORKBOOK_LISTS")
#: Where a notebook's text names a file that it reads, or an image.
_READ = re.compile(r"""(?:read_\w+\(|\]\(|src=)\s*\\?["']?([^"'()\\\s<>]+)""")
_PACKAGE = Path(__file__).resolve().parents[1]


def stamp(notebook: Path) -> tuple[float, ...]:
    """Return what changes when a notebook, the data or the user's ledger change.

    Of files it is their times of writing and sizes. What a database holds is not asked of it
    here: its pages are made anew now and then, which costs little where its rows are the same.
    """
    times = [*_written([notebook]), *data_stamp()]
    times += [float(int(_content(path, path.stat().st_mtime), 16)) for path in _beside(notebook)]
    for named in _own():
        if "://" in named:
            times += [time.time() // ASK_AGAIN, 0.0]
        elif named:
            times += _written(_with_neighbours(Path(named).expanduser()))
    return tuple(times)


def data_stamp() -> tuple[float, ...]:
    """Return what changes when the data do."""
    return tuple(_written(_data()))


def content_key(notebook: Path) -> str | None:
    """Return what names all that a notebook's page follows from; None if it can't be known.

    That is the content of the notebook, the data, the user's own files and this package, and
    which packages are installed. A database's rows are not known without asking it.
    """
    files = [notebook, *_beside(notebook)]
    for named in _own():
        if "://" in named:
            return None
        if named:
            files += _with_neighbours(Path(named).expanduser())
    return digest(_identity(notebook) + data_key(*files))


def data_key(*more: Path) -> str:
    """Return what names the content of the data and of more files, the plan and this package."""
    files = [f"{path} {_digest(path)}" for path in [*_data(), *more] if path.is_file()]
    return digest("\n".join([str(plan_dir()), _code(), *files]))


def data_place(kind: str) -> Path:
    """Return where it is kept what follows from the data as they are now."""
    return cache_dir() / f"{kind}-{data_key()[:32]}.json"


def place(notebook: Path) -> Path:
    """Return where a notebook's last good page is kept: that of another ledger lies elsewhere."""
    return cache_dir() / f"page-{digest(_identity(notebook))[:32]}.json"


def _identity(notebook: Path) -> str:
    """Return which page it is, whatever its inputs hold now."""
    # Another version's page doesn't fit the browser's half of this one.
    from analysis.publish.assemble import code_digest

    return " ".join(
        [
            str(notebook.resolve()),
            str(data_dir()),
            str(plan_dir()),
            *map(str, _own()),
            code_digest(),
        ]
    )


def _own() -> list[str]:
    """Return the user's own files as they are named; a path as a whole one."""
    named = [os.environ.get(name, "") for name in _OWN]
    return [
        str(Path(one).expanduser().absolute()) if one and "://" not in one else one for one in named
    ]


def _data() -> list[Path]:
    with suppress(FileNotFoundError):
        return [path for folder in (data_dir(), plan_dir()) for ending in ("csv", "json")
                for path in sorted(folder.rglob(f"*.{ending}"))]  # fmt: skip
    return []


@cache
def _code() -> str:
    """Return what names this package as it was when the process began, and those it stands on."""
    files = [path for path in sorted(_PACKAGE.rglob("*")) if path.is_file()]
    ours = [f"{path} {_digest(path)}" for path in files if "__pycache__" not in path.parts]
    folders = [Path(one) for one in sys.path if Path(one).is_dir()]
    installed = sorted(path.name for folder in folders for path in folder.glob("*.dist-info"))
    return digest("\n".join([sys.version, *ours, *installed]))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@lru_cache(256)
def _content(path: Path, written: float) -> str:
    """Return what names a file's content: a notebook that writes it as it was changes nothing."""
    return _digest(path)[:12]


def _beside(notebook: Path) -> list[Path]:
    """Return the files that a notebook reads from its folder, or shows: tables, images."""
    folder = notebook.parent.resolve()
    named = _named(notebook, notebook.stat().st_mtime) if notebook.is_file() else ()
    paths = [(folder / unquote(name)).resolve() for name in named]
    return [path for path in paths if path.is_file() and path.is_relative_to(folder)]


@lru_cache(256)
def _named(notebook: Path, written: float) -> tuple[str, ...]:
    return tuple(sorted(set(_READ.findall(notebook.read_text("utf-8", "replace")))))


def _written(files: Iterable[Path]) -> list[float]:
    looked = [path.stat() for path in files if path.exists()]
    return [number for one in looked for number in (one.st_mtime, float(one.st_size))]


def _with_neighbours(path: Path) -> list[Path]:
    """Return a file or a folder with its files, and what lies beside it under the same name.

    A store is published by a rename beside it, which its own time of writing does not tell.
    """
    beside = path.parent.glob(f"{path.stem}*") if path.parent.is_dir() else ()
    inside = path.rglob("*") if path.is_dir() else ()
    return sorted({path, *beside, *inside})
