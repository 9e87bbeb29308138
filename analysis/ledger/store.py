"""The store of a bureau's own ledger, which takes in what was read and keeps it.

Everything that an import does is one transaction. `embedded` keeps the ledger in a folder
(DuckDB), `shared` in a PostgreSQL; both do here what this module says.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from analysis.ledger import controls, quarantined
from analysis.ledger.acts import changed_by, concluded, next_number, published
from analysis.ledger.errors import DamagedError, MigrationError
from analysis.ledger.form import KEYS, KINDS
from analysis.ledger.imports import Import, history_changed
from analysis.ledger.intake import by_table, originals_of, orphans, take
from analysis.ledger.merge import Database, quoted
from analysis.ledger.migrate import migrate, pending
from analysis.ledger.stored import stored_columns

if TYPE_CHECKING:
    from analysis.ledger.reading import Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Status:
    """What a ledger holds.

    rows, sums : by table, as readers see them
    open_entries : None, and no mismatches, for a user who may not see them
    broken : imports whose part of the history is no longer what they wrote
    """

    published: int
    latest: int
    rows: Mapping[str, int]
    sums: Mapping[str, Any]
    open_entries: int | None
    mismatches: pd.DataFrame
    imports: pd.DataFrame
    notice: DamagedError | None = None
    broken: tuple[int, ...] = ()


class Store(ABC):
    """A ledger that is written by one at a time and read by many."""

    engine: str

    @property
    @abstractmethod
    def shown(self) -> str:
        """The ledger's place, without a password."""

    @abstractmethod
    def change(self, act: Callable[[Database], tuple[T, bool]], wait: float = 0) -> T:
        """Do something to the ledger in one transaction, as its only writer.

        act : returns its result, and whether anything was changed; if not, nothing is written
        wait : how long to wait for another writer, seconds

        Raises
        ------
        BusyError : there is another writer
        """

    @abstractmethod
    def reading(self) -> AbstractContextManager[Database]:
        """Open the ledger as readers see it; nothing can be written."""

    @abstractmethod
    def ready(self, database: Database) -> bool:
        """See that a database has the present form; return whether that changed it."""

    @property
    def notice(self) -> DamagedError | None:
        """What a reader must be told of the ledger's state, None if all is well."""
        return None

    def sees_all(self, database: Database) -> bool:
        """Whether this user may see more than what is published."""
        return True

    def broken(self, database: Database) -> tuple[int, ...]:
        """Return the imports whose part of the history is no longer what they wrote.

        A folder's states have their digests instead, which are looked at before they are read.
        """
        return ()

    def import_readings(
        self,
        readings: Sequence[Reading],
        paths: Iterable[Path] = (),
        *,
        replace: bool = False,
        accept_mismatch: bool = False,
        wait: float = 0,
    ) -> Import:
        """Take in what was read, all of it or nothing.

        Parameters
        ----------
        readings : of one file or more, in the order in which later ones count
        paths : the files themselves, which are kept as they came
        replace : each file is the whole table; what the ledger holds beside it is withdrawn
        accept_mismatch : totals that don't agree keep nothing from readers

        Raises
        ------
        StoreError : a file is no longer what was read, or `replace` with rows in quarantine
        BusyError, ReconciliationError, OSError : the ledger is as it was
        """
        originals = originals_of(readings, paths)

        def act(database: Database) -> tuple[Import, bool]:
            formed = self.ready(database)
            number = next_number(database)
            broken = self.broken(database)
            for digest, path in originals.items():
                database.keep(digest, path)
            parts, settled = [], quarantined.Settled()
            notes = [history_changed(broken)] if broken else []
            for group in by_table(readings):
                part, found, said = take(database, group, number, originals, replace=replace)
                parts.append(part)
                settled += found
                notes += said
            if accept_mismatch:
                controls.accept(database, number)
            changed = changed_by(database, number)
            if changed:
                notes += orphans(database)
            done = concluded(database, number, parts, settled, notes, changed=changed)
            return done, changed or formed

        return self.change(act, wait)

    def publish(self, *, accept_mismatch: bool = False, wait: float = 0) -> Import:
        """Show readers the latest state, unless a stated total speaks against it."""

        def act(database: Database) -> tuple[Import, bool]:
            self.ready(database)
            number = next_number(database)
            if accept_mismatch:
                controls.accept(database, number)
            behind = published(database) < number - 1 and controls.mismatches(database).empty
            changed = changed_by(database, number) or behind
            settled = quarantined.Settled()
            return concluded(
                database, number, [], settled, [], changed=changed, act="publish"
            ), changed

        return self.change(act, wait)

    def migrate(self, wait: float = 0) -> list[str]:
        """Bring the ledger to its present form; return the names of the steps taken."""

        def act(database: Database) -> tuple[list[str], bool]:
            steps = prepare(database, self.engine)
            return steps, bool(steps)

        return self.change(act, wait)

    def rows(self, kind: str) -> pd.DataFrame:
        """Return the rows of a table that readers see, in stored columns, sorted by key."""
        return self._frame(kind, stored_columns(kind), "row_key")

    def history(self, kind: str) -> pd.DataFrame:
        """Return the rows that others have replaced, with `superseded_by`, by key and version."""
        columns = [*stored_columns(kind), "superseded_by"]
        return self._frame(f"{kind}_history", columns, "row_key, version")

    def versions(self, kind: str, number: str) -> pd.DataFrame:
        """Return all versions of the rows with a number, their own or their project's."""
        columns = [*stored_columns(kind), "superseded_by"]
        numbers = dict.fromkeys([KEYS[kind][0], "project_id"])
        where = " OR ".join(f'"{name}" = ?' for name in numbers)
        with self.reading() as database:
            found = database.run(
                f"SELECT {quoted(columns)} FROM {kind}_versions WHERE {where}"
                " ORDER BY row_key, version",
                [number] * len(numbers),
            )
        return pd.DataFrame(found, columns=columns, dtype=object)

    def batches(self, kind: str, size: int = 50_000) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a table that readers see, in stored columns, `size` at a time."""
        said = quoted(stored_columns(kind))
        with self.reading() as database:
            yield from database.stream(f"SELECT {said} FROM {kind} ORDER BY row_key", size)

    @property
    def stamp(self) -> str:
        """What names the rows that readers see: changes when any of them does."""
        with self.reading() as database:
            ledger, number = database.run("SELECT ledger_id, published FROM state")[0]
            return f"{ledger}-{number}"

    def quarantine(self) -> pd.DataFrame:
        """Return the open entries of the quarantine, in the order of their files."""
        with self.reading() as database:
            return quarantined.open_entries(database)

    def status(self) -> Status:
        """Return what the ledger holds."""
        from analysis.ledger.form import form

        with self.reading() as database:
            found = {
                kind: database.run(
                    f'SELECT count(*), coalesce(sum("{form(kind).amount.name}"), 0) FROM {kind}'
                )[0]
                for kind in KINDS
            }
            columns = ["import_id", "imported_at", "imported_by", "act"]
            imports = database.run(
                f"SELECT {', '.join(columns)} FROM imports ORDER BY import_id DESC LIMIT 10"
            )
            whole = self.sees_all(database)
            return Status(
                published=published(database),
                latest=next_number(database) - 1,
                rows={kind: rows for kind, (rows, _) in found.items()},
                sums={kind: amount for kind, (_, amount) in found.items()},
                open_entries=quarantined.count_open(database) if whole else None,
                mismatches=controls.mismatches(database) if whole else pd.DataFrame(),
                imports=pd.DataFrame(imports, columns=columns),
                notice=self.notice,
                broken=self.broken(database) if whole else (),
            )

    def _frame(self, table: str, columns: Iterable[str], order: str) -> pd.DataFrame:
        named = list(columns)
        with self.reading() as database:
            found = database.run(f"SELECT {quoted(named)} FROM {table} ORDER BY {order}")
        return pd.DataFrame(found, columns=named, dtype=object)


def open_store(place: str | Path) -> Store:
    """Return the store at a place: a folder, or the URL of a PostgreSQL database."""
    if str(place).startswith(("postgresql://", "postgres://")):
        from analysis.ledger.shared import SharedStore

        return SharedStore(str(place))
    from analysis.ledger.embedded import EmbeddedStore

    return EmbeddedStore(Path(place).expanduser())


def prepare(database: Database, engine: str) -> list[str]:
    """Bring a database to the present form and give a new one its name."""
    steps = migrate(database, engine)
    if not database.run("SELECT 1 FROM state"):
        database.run("INSERT INTO state VALUES (?, 0)", [uuid.uuid4().hex[:12]])
    return [f"{step.number:04d} {step.name}" for step in steps]


def check_form(database: Database, engine: str, place: str) -> None:
    """Raise MigrationError if a database lacks steps."""
    if missing := pending(database, engine):
        raise MigrationError(
            "older", place=place, step=f"{missing[0].number:04d} {missing[0].name}"
        )
