"""The rows of one reading as part of a ledger, with nothing lost of what was there.

The SQL is written once for DuckDB and PostgreSQL. A row whose values are new becomes a
version of its own, and the one before is marked as superseded; nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from analysis.ledger.errors import ReconciliationError
from analysis.ledger.form import PROJECTS, form
from analysis.ledger.running import refuse_counts
from analysis.ledger.stored import (
    PROVENANCE,
    check_amounts,
    compared_columns,
    value_columns,
    written,
)


class Database(Protocol):
    """What the store asks of an engine, inside one transaction."""

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement; `?` stands for a value. Return its rows, [] if it has none."""

    def stream(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Run a query and yield its rows, `size` at a time."""

    def load(self, table: str, frame: pd.DataFrame, columns: Sequence[str]) -> None:
        """Add rows to a table, in bulk."""

    def keep(self, digest: str, path: Path) -> None:
        """Keep a file as it came."""


#: Capital that follows its project to another district: project, from, to, month, amount.
Moves = Sequence[tuple[str, str | None, str | None, date, Decimal]]


@dataclass(frozen=True, slots=True)
class Tally:
    """What an import did to one table: rows, and sums of its amounts in its stored unit.

    outdated : rows of a file that was read before and whose values others have since replaced
    explained : sum_before + what was added and changed - what was withdrawn
    """

    kind: str
    added: int
    changed: int
    unchanged: int
    outdated: int
    withdrawn: int
    sum_before: Decimal
    sum_accepted: Decimal
    sum_after: Decimal
    explained: Decimal
    changes: pd.DataFrame = field(repr=False, compare=False, default_factory=pd.DataFrame)
    moves: Moves = field(repr=False, compare=False, default=())

    @property
    def touched(self) -> int:
        """Rows that are not as they were."""
        return self.added + self.changed + self.withdrawn


def quoted(names: Sequence[str] | Mapping[str, str], alias: str = "") -> str:
    """Return column names for SQL: some are words of its own."""
    return ", ".join(f'{alias}"{name}"' for name in names)


def merge(
    database: Database, kind: str, rows: pd.DataFrame, number: int, *, replace: bool = False
) -> Tally:
    """Merge rows into a table as import `number`.

    rows : with `row_key`, each key once, and file_sha, file, sheet, row, raw
    replace : the rows are the whole table; what it holds beside them is withdrawn

    Raises
    ------
    ReconciliationError : the sums don't come out equal; the caller rolls back
    TakenError : an id is a mere count, and the ledger has it for another thing; likewise
    """
    table = f"{kind}_versions"
    before = total(database, kind)
    check_amounts(rows, form(kind).amount.name)
    stage(database, kind, rows)
    judge(database, kind, replace=replace)
    if not replace:
        refuse_counts(database, kind)
    sums = {
        verdict: (rows, new, old)
        for verdict, rows, new, old in database.run(
            "SELECT verdict, count(*), coalesce(sum(new), 0), coalesce(sum(old), 0)"
            " FROM verdicts GROUP BY verdict"
        )
    }
    columns = [*value_columns(kind), *(name for name in PROVENANCE if name != "version")]
    incoming = ", ".join(str(number) if name == "import_id" else f'i."{name}"' for name in columns)
    database.run(
        f"UPDATE {table} SET superseded_by = {number} WHERE superseded_by IS NULL AND row_key IN"
        " (SELECT row_key FROM verdicts WHERE verdict IN ('changed', 'withdrawn'))"
    )
    database.run(
        f"INSERT INTO {table} ({quoted(columns)}, version)"
        f" SELECT {incoming}, v.next FROM incoming i JOIN verdicts v ON i.row_key = v.row_key"
        " WHERE v.verdict IN ('added', 'changed')"
        ' ORDER BY i."row"'
    )
    changes = changed_cells(database, kind) if "changed" in sums else pd.DataFrame()
    moves = moved(database) if kind == PROJECTS and "changed" in sums else ()
    for leftover in ("incoming", "verdicts"):
        database.run(f"DROP TABLE {leftover}")
    count = {verdict: row[0] for verdict, row in sums.items()}
    names = ("added", "changed", "unchanged", "outdated", "withdrawn")
    tally = Tally(
        kind,
        **{name: count.get(name, 0) for name in names},
        sum_before=before,
        sum_accepted=sum((v for v in rows[form(kind).amount.name] if v is not None), Decimal(0)),
        sum_after=total(database, kind),
        explained=before
        + sum((new - old for v, (_, new, old) in sums.items() if v in NEWS), Decimal(0)),
        changes=changes,
        moves=moves,
    )
    if not len(rows) == sum(count.get(name, 0) for name in names[:-1]):
        raise ReconciliationError("unmerged", table=kind, came=len(rows), merged=count)
    read = sum((new for v, (_, new, _) in sums.items() if v != "withdrawn"), Decimal(0))
    if tally.sum_after != tally.explained or tally.sum_accepted != read:
        raise ReconciliationError(
            "unreconciled", table=kind, before=before, came=tally.sum_accepted, merged=read,
            after=tally.sum_after, explained=tally.explained,
        )  # fmt: skip
    return tally


NEWS = ("added", "changed", "withdrawn")


def total(database: Database, kind: str) -> Decimal:
    """Return the sum of the amounts of a table as it stands, published or not."""
    found = database.run(
        f'SELECT coalesce(sum("{form(kind).amount.name}"), 0) FROM {kind}_versions'
        " WHERE superseded_by IS NULL"
    )
    return Decimal(found[0][0])


def stage(database: Database, kind: str, rows: pd.DataFrame) -> None:
    """Load the rows into a table `incoming` of this transaction."""
    columns = [
        *value_columns(kind),
        *(name for name in PROVENANCE if name not in ("import_id", "version")),
    ]
    database.run(
        f"CREATE TEMPORARY TABLE incoming AS SELECT {quoted(columns)} FROM {kind}_versions LIMIT 0"
    )
    database.load("incoming", rows, columns)


def judge(database: Database, kind: str, *, replace: bool) -> None:
    """Say of each row what it is to the ledger, in a table `verdicts`."""
    table, amount = f"{kind}_versions", f'"{form(kind).amount.name}"'
    compared = compared_columns(kind)
    differs = " OR ".join(f'c."{name}" IS DISTINCT FROM i."{name}"' for name in compared)
    same = " AND ".join(f'o."{name}" IS NOT DISTINCT FROM i."{name}"' for name in compared)
    database.run(
        f"""CREATE TEMPORARY TABLE verdicts AS
        SELECT i.row_key, i.{amount} AS new, c.{amount} AS old,
            coalesce((SELECT max(o.version) FROM {table} o WHERE o.row_key = i.row_key), 0) + 1
                AS next,
            CASE
                WHEN c.row_key IS NOT NULL AND NOT ({differs}) THEN 'unchanged'
                WHEN EXISTS (
                    SELECT 1 FROM {table} o
                    WHERE o.row_key = i.row_key AND o.file_sha = i.file_sha
                        AND o.superseded_by IS NOT NULL AND {same}
                ) THEN 'outdated'
                WHEN c.row_key IS NULL THEN 'added'
                ELSE 'changed'
            END AS verdict
        FROM incoming i
        LEFT JOIN (SELECT * FROM {table} WHERE superseded_by IS NULL) c ON c.row_key = i.row_key"""
    )
    if replace:
        database.run(
            f"INSERT INTO verdicts (row_key, new, old, next, verdict)"
            f" SELECT row_key, 0, {amount}, 0, 'withdrawn' FROM {table}"
            " WHERE superseded_by IS NULL AND row_key NOT IN (SELECT row_key FROM incoming)"
        )


def moved(database: Database) -> Moves:
    """Return what has arrived, without a district of its own, of projects that change theirs."""
    found = database.run(
        "SELECT i.project_id, o.district, i.district, a.date, a.amount FROM incoming i"
        " JOIN verdicts v ON v.row_key = i.row_key AND v.verdict = 'changed'"
        f" JOIN {PROJECTS}_versions o ON o.row_key = i.row_key AND o.version = v.next - 1"
        " JOIN arrivals_versions a ON a.project_id = i.project_id"
        " AND a.superseded_by IS NULL AND a.district IS NULL"
        " WHERE i.district IS DISTINCT FROM o.district ORDER BY i.project_id, a.date"
    )
    return [(key, old, new, day, value) for key, old, new, day, value in found]


def changed_cells(database: Database, kind: str, most: int = 10) -> pd.DataFrame:
    """Return the changed cells of the first changed rows: row_key, column, before, after."""
    names = list(value_columns(kind))
    found = database.run(
        f"SELECT i.row_key, {quoted(names, 'o.')}, {quoted(names, 'i.')} FROM incoming i"
        " JOIN verdicts v ON v.row_key = i.row_key AND v.verdict = 'changed'"
        f" JOIN {kind}_versions o ON o.row_key = i.row_key AND o.version = v.next - 1"
        f" ORDER BY i.row_key LIMIT {most}"
    )
    cells = [
        (key, name, written(old), written(new))
        for key, *values in found
        for name, old, new in zip(names, values[: len(names)], values[len(names) :], strict=True)
        if old != new
    ]
    return pd.DataFrame(cells, columns=["row_key", "column", "before", "after"])
