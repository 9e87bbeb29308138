"""A ledger in a folder, written in one step and read without waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from analysis.ledger import snapshots
from analysis.ledger.acts import next_number, published
from analysis.ledger.errors import DamagedError, ReconciliationError, StoreError
from analysis.ledger.form import KINDS
from analysis.ledger.lock import writer_lock
from analysis.ledger.merge import Database, quoted
from analysis.ledger.store import Store, check_form, prepare
from analysis.ledger.stored import texts

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")
#: Rows that are handed to the engine at once.
CHUNK = 50_000
#: The engine has no business outside the ledger's folder.
CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
}


class EmbeddedDatabase:
    """A DuckDB connection as the store uses it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.connection, self.folder = connection, folder

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, list(values)).fetchall()

    def stream(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        result = self.connection.execute(sql)
        while rows := result.fetchmany(size):
            yield rows

    def load(self, table: str, frame: pd.DataFrame, columns: Sequence[str]) -> None:
        import pyarrow as pa

        said = quoted(columns)
        for part in chunks(frame, table, CHUNK):
            text = {
                name: pa.array(said, pa.string()) for name, said in texts(part, columns).items()
            }
            self.connection.register("part", pa.table(text))
            self.connection.execute(f"INSERT INTO {table} ({said}) SELECT {said} FROM part")
            self.connection.unregister("part")

    def keep(self, digest: str, path: Path) -> None:
        snapshots.keep_original(self.folder, digest, path.read_bytes())


@dataclass(frozen=True, slots=True)
class Facts:
    """What a state says of itself. originals : digests of the files that it was read from."""

    number: int
    published: int
    ledger_id: str
    originals: frozenset[str]


class EmbeddedStore(Store):
    """A ledger in a folder: immutable DuckDB snapshots, a pointer, the files as they came."""

    engine = "duckdb"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def shown(self) -> str:
        return str(self.folder)

    def change(self, act: Callable[[Database], tuple[T, bool]], wait: float = 0) -> T:
        _own(self.folder)
        with _writing(self.folder), writer_lock(self.folder, wait):
            snapshots.sweep(self.folder)
            known = None
            try:
                draft = snapshots.draft(self.folder)
                result, changed, facts = self._write(draft, act)
                known = facts.originals
                if changed:
                    now = datetime.now().astimezone().isoformat(timespec="seconds")
                    snapshots.publish(
                        self.folder, draft, facts.number, facts.published, facts.ledger_id, now
                    )
                return result
            finally:
                with suppress(OSError):
                    snapshots.sweep(self.folder, known)

    def ready(self, database: Database) -> bool:
        return bool(prepare(database, self.engine))

    def _write(
        self, draft: Path, act: Callable[[Database], tuple[T, bool]]
    ) -> tuple[T, bool, Facts]:
        import duckdb

        spill = {"temp_directory": f"{draft}.spill"}
        connection = duckdb.connect(draft, config={**CLOSED, **spill})
        try:
            database = EmbeddedDatabase(connection, self.folder)
            database.run("BEGIN TRANSACTION")
            result, changed = act(database)
            facts = _facts(database)
            if changed:
                _check_keys(database)
                database.run("COMMIT")
                database.run("CHECKPOINT")
        except duckdb.Error as error:
            raise StoreError("unwritten", place=self.folder, why=error) from error
        finally:
            connection.close()
        return result, changed, facts

    @contextmanager
    def reading(self) -> Iterator[EmbeddedDatabase]:
        opened = snapshots.published(self.folder) if self.folder.is_dir() else None
        if opened is None:
            raise StoreError("empty", place=self.folder)
        with self._opened(opened.path) as database:
            check_form(database, self.engine, str(self.folder))
            yield database

    @contextmanager
    def _opened(self, path: Path) -> Iterator[EmbeddedDatabase]:
        import duckdb

        connection = duckdb.connect(path, read_only=True, config=CLOSED)
        try:
            yield EmbeddedDatabase(connection, self.folder)
        finally:
            connection.close()

    @property
    def notice(self) -> DamagedError | None:
        opened = snapshots.published(self.folder)
        return opened.error if opened else None

    def restore(self, wait: float = 0) -> DamagedError | None:
        """Make the newest state that is whole the present one; return what was said of it."""
        _own(self.folder)
        with writer_lock(self.folder, wait):
            found = snapshots.restore(self.folder)
        return found.error if found else None


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError("unwritten", place=folder, why=error) from error


def _facts(database: Database) -> Facts:
    return Facts(
        number=next_number(database) - 1,
        published=published(database),
        ledger_id=database.run("SELECT ledger_id FROM state")[0][0],
        originals=frozenset(sha for (sha,) in database.run("SELECT file_sha FROM files")),
    )


def _own(folder: Path) -> None:
    """Create a ledger's folder, or take one that is empty or a ledger's already."""
    if folder.is_dir() and not snapshots.is_store(folder) and any(folder.iterdir()):
        raise StoreError("other_things", place=folder)
    if folder.is_file():
        raise StoreError("a_file", place=folder)
    for name in (snapshots.SNAPSHOTS, snapshots.ORIGINALS):
        (folder / name).mkdir(parents=True, exist_ok=True)


def _check_keys(database: Database) -> None:
    for kind in KINDS:
        if twice := database.run(
            f"SELECT row_key FROM {kind}_versions WHERE superseded_by IS NULL"
            " GROUP BY row_key HAVING count(*) > 1 LIMIT 1"
        ):
            raise ReconciliationError("key_twice", table=kind, key=twice[0][0])


def chunks(frame: pd.DataFrame, what: str, size: int) -> Iterator[pd.DataFrame]:
    """Yield a frame in pieces, with a progress bar if there are several and a person looks on."""
    from tqdm import tqdm

    starts = range(0, len(frame), size)
    bar = tqdm(starts, desc=f"Storing {what}", unit=f"x{size} rows", leave=False, disable=None)
    for start in bar if len(starts) > 1 else starts:
        yield frame.iloc[start : start + size]
