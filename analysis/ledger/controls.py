"""The totals that files state, and those that the rows don't come to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from analysis.ledger.merge import Database, quoted

if TYPE_CHECKING:
    from analysis.ledger.reading import Reading

OPEN = "NOT agrees AND accepted_by IS NULL AND superseded_by IS NULL"
SHOWN = ("file", "sheet", "row", "column", "label", "stated", "summed", "difference", "tolerance")
#: What is kept of a total: a tolerance is finer than the amounts.
STEP = Decimal("1e-10")
STORED = ("import_id", "file_sha", "kind", *SHOWN, "agrees")


def take(database: Database, group: Sequence[Reading], number: int, earlier: Sequence[str]) -> None:
    """Add the totals of a file; those of its earlier editions no longer count."""
    first = group[0]
    came = pd.concat([reading.controls for reading in group], ignore_index=True)
    came = came.assign(import_id=number, file_sha=first.sha256, kind=first.kind, file=first.file)
    sums = ["stated", "summed", "difference", "tolerance"]
    came[sums] = came[sums].map(_kept)
    known = database.run(
        'SELECT sheet, "row", "column", stated, summed FROM controls'
        " WHERE file_sha = ? AND kind = ?",
        [first.sha256, first.kind],
    )
    held = {(sheet or "", row, column or "", *sums) for sheet, row, column, *sums in known}
    new = [
        (row["sheet"] or "", int(row["row"]), row["column"] or "", row["stated"], row["summed"])
        not in held
        for row in came.to_dict("records")
    ]
    if any(new):
        read = {str(sheet or "") for sheet in came["sheet"]}
        for sheet in sorted(read):
            database.run(
                f"UPDATE controls SET superseded_by = {number} WHERE superseded_by IS NULL"
                " AND file_sha = ? AND kind = ? AND coalesce(sheet, '') = ?",
                [first.sha256, first.kind, sheet],
            )
        database.load("controls", came, STORED)
    for sha in earlier:
        database.run(
            f"UPDATE controls SET superseded_by = {number} WHERE superseded_by IS NULL"
            " AND file_sha = ? AND kind = ?",
            [sha, first.kind],
        )


def _kept(value: object) -> Decimal | None:
    return value.quantize(STEP) if isinstance(value, Decimal) and value.is_finite() else None


def accept(database: Database, number: int) -> None:
    """Accept all stated totals as they are."""
    database.run(f"UPDATE controls SET accepted_by = {number} WHERE {OPEN}")


def mismatches(database: Database) -> pd.DataFrame:
    """Return the stated totals that don't agree and that nobody has accepted."""
    found = database.run(
        f"SELECT {quoted(SHOWN)} FROM controls WHERE {OPEN}"
        ' ORDER BY import_id, file, sheet, "row", "column"'
    )
    return pd.DataFrame(found, columns=list(SHOWN), dtype=object)
