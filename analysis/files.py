"""Files written whole or not at all, the same for the same content; the folders of the data."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

#: The time that stands in every file that has one inside: it depends on its content alone.
WRITTEN = datetime(2021, 1, 1)
#: What describes the shared tables, and what a plan's own folder says of it.
DESCRIPTOR, PLAN = "datapackage.json", "plan.json"
#: Describes the tables of a plan, some of which it may lack.
PLAN_TABLES = Path(__file__).with_name("plan_tables.json")
Given = ParamSpec("Given")
Found = TypeVar("Found")
#: The folder of the plan that is shown; the process's own if none.
_SHOWN: ContextVar[Path | None] = ContextVar("shown", default=None)


class OverwriteError(FileExistsError):
    """A file is there already, and nobody said that it may go."""

    def __init__(self, paths: list[Path]) -> None:
        self.path = paths[0]
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        super().__init__(
            f"{self.path}{more}: there already; name another place, or --force to write over it"
        )


def refuse_to_overwrite(paths: Iterable[Path], force: bool = False) -> None:
    """Raise if one of the files is there already and nobody said that it may go.

    Raises
    ------
    OverwriteError : naming the file, and what to do
    """
    there = [] if force else [path for path in paths if path.exists()]
    if there:
        raise OverwriteError(there)


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file; a reader, and a machine that stops, has the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync(path.parent)
    return path


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write files that are there already: all, or each is as it was."""
    before = {path: path.read_bytes() for path in contents}
    written: list[Path] = []
    try:
        for path, content in contents.items():
            written.append(write_whole(path, content))
    except BaseException:
        for path in written:
            write_whole(path, before[path])
        raise


class Record:
    """Which files of a folder were written by us, what each was made of, and its digest.

    path : the file that holds this, in the folder
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._held: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            self._held = {}

    def holds(self, path: Path, stamp: str) -> bool:
        """Say whether a file is there, as it was written, and made of the same."""
        return self._known(path)[0] == stamp and self.ours(path)

    def ours(self, path: Path) -> bool:
        """Say whether a file is there and still as it was written."""
        return path.is_file() and self._known(path)[1] == _digest(path.read_bytes())

    def add(self, path: Path, content: bytes, stamp: str = "") -> None:
        """Note a file that is written."""
        self._held[self._name(path)] = [stamp, _digest(content)]

    def save(self) -> None:
        """Write it all down, whole."""
        write_whole(self.path, json.dumps(self._held, indent=1, sort_keys=True).encode())

    def _known(self, path: Path) -> list[str]:
        return self._held.get(self._name(path), ["", ""])

    def _name(self, path: Path) -> str:
        return path.relative_to(self.path.parent).as_posix()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a new folder to fill, which takes the place of `folder` when all in it is made."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"
    ) as beside:
        made = Path(beside) / "new"
        made.mkdir()
        yield made
        if folder.exists():
            folder.rename(Path(beside) / "old")
        made.rename(folder)


def sync(folder: Path) -> None:
    """Bring a folder's own entries to the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def same_bytes(package: bytes) -> bytes:
    """Return an Office file whose members carry no time of their own."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made,
    ):
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            made.writestr(entry, given.read(name))
    return out.getvalue()


@contextmanager
def shown(plan: Path) -> Iterator[None]:
    """Let all that names no plan be of this one: words, model, evidence, ledger.

    plan : its folder; the evidence is that of the data that it lies in
    """
    token = _SHOWN.set(plan.absolute())
    try:
        yield
    finally:
        _SHOWN.reset(token)


def of_plan(make: Callable[Given, Found]) -> Callable[Given, Found]:
    """Keep what a function makes, for each plan that is shown."""

    @cache
    def kept(_: object, given: tuple[object, ...], named: tuple[tuple[str, object], ...]) -> Found:
        return make(*given, **dict(named))  # type: ignore[arg-type]

    @wraps(make)
    def found(*given: Given.args, **named: Given.kwargs) -> Found:
        return kept(spoken_of(), given, tuple(sorted(named.items())))

    found.cache_clear = kept.cache_clear  # type: ignore[attr-defined]
    return found


def spoken_of() -> tuple[object, ...]:
    """Return what tells which plan and data are meant where none is named."""
    plan, data = os.environ.get("WORKBOOK_PLAN"), os.environ.get("WORKBOOK_DATA")
    return _SHOWN.get() or (None if plan else _usual(data)), plan, data


@cache
def _usual(_: str | None) -> Path | None:
    """Return the plan that data show: what is kept of it is the same whether or not it is named."""
    try:
        return usual_plan(data_dir()).absolute()
    except (OSError, ValueError, KeyError):  # whoever needs it says what is wrong with it
        return None


def data_dir() -> Path:
    """Return the folder of the data: of the plan that is shown, $WORKBOOK_DATA, else ours."""
    if (plan := _SHOWN.get()) and (plan.parent.parent / DESCRIPTOR).is_file():
        return plan.parent.parent
    if chosen := os.environ.get("WORKBOOK_DATA"):
        return Path(chosen)
    package = Path(__file__).resolve().parent
    for folder in (package.parent / "data", package / "_bundled" / "data"):
        if (folder / DESCRIPTOR).is_file():
            return folder
    raise FileNotFoundError("No data folder: reinstall the package, or clone it whole.")


def plan_dir(named: Path | str | None = None) -> Path:
    """Return the folder of a plan.

    Parameters
    ----------
    named : its folder, or its id among those in `plans/` of the data; if None the one that is
        shown, $WORKBOOK_PLAN, else the one that the data's own description names
    """
    chosen = named or _SHOWN.get() or os.environ.get("WORKBOOK_PLAN")
    if not chosen:
        return usual_plan(data_dir())
    shipped = data_dir() / "plans" / chosen
    return shipped if shipped.is_dir() else Path(chosen)


def descriptor(path: Path = PLAN_TABLES) -> dict[str, Any]:
    """Return what describes tables: those of any plan, with the lines of its document."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def usual_plan(data: Path) -> Path:
    """Return the folder of the plan that data's own description names."""
    with (data / DESCRIPTOR).open(encoding="utf-8") as stream:
        return data / "plans" / str(json.load(stream)["plan"])


def data_of(plan: Path) -> Path:
    """Return the data that a plan lies in, or that is used beside a plan elsewhere."""
    around = plan.absolute().parent.parent
    return around if (around / DESCRIPTOR).is_file() else data_dir()
