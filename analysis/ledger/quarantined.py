"""The rows in quarantine, and what settles them.

An entry is settled when the same file, read again, no longer has it; when its corrected row
is imported, or a row of its key from another file; when a row that only repeats another is left
out of the quarantine file that comes back; or when a later edition of its file is imported,
whose own entries then count. Nothing is deleted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.ledger import marks
from analysis.ledger.form import KEYS, choices, form, plain
from analysis.ledger.merge import Database, quoted
from analysis.ledger.numbers import tidy
from analysis.ledger.report import QUARANTINE
from analysis.ledger.units import headed

if TYPE_CHECKING:
    from analysis.ledger.reading import Reading

STORED = ("import_id", "file_sha", *QUARANTINE)
#: What makes two entries the same one.
SAME = ("sheet", "row", "column", "code")


@dataclass(frozen=True, slots=True)
class Settled:
    """Entries that came into the quarantine, and that were settled."""

    added: int = 0
    resolved: int = 0

    def __add__(self, other: Settled) -> Settled:
        return Settled(self.added + other.added, self.resolved + other.resolved)


def entries(group: Sequence[Reading]) -> pd.DataFrame:
    """Return what one file puts into quarantine."""
    together = pd.concat([reading.quarantine for reading in group], ignore_index=True)
    return together.assign(kind=group[0].kind, file=group[0].file, file_sha=group[0].sha256)


#: File, sheet and row that a row in quarantine first stood in.
Origin = tuple[str, str, int]


def corrected(rows: pd.DataFrame, found: pd.DataFrame) -> frozenset[Origin]:
    """Return where the rows of a quarantine file came from; empty for any other file.

    Those that are wrong still are among them: their new entries take the old ones' place.
    """
    raws = [*rows["raw"], *found["raw"]]
    return frozenset(filter(None, map(marks.origin, raws)))


def settle_corrected(
    database: Database, first: Reading, rows: pd.DataFrame, origins: frozenset[Origin], number: int
) -> Settled:
    """Settle the entries of other files whose rows came back, or stand right in this one.

    rows : what this file gives the ledger
    origins : `corrected`
    """
    held = database.run(
        "SELECT file_sha, file, coalesce(sheet, ''), \"row\", raw, min(code) FROM quarantine"
        " WHERE resolved_by IS NULL AND kind = ? AND file_sha <> ? GROUP BY 1, 2, 3, 4, 5",
        [first.kind, first.sha256],
    )
    keys = {_key(first.kind, raw) for raw in rows["raw"]} if held else set()
    files = {file for file, *_ in origins}
    resolved = 0
    for sha, file, sheet, row, raw, code in held:
        origin = marks.origin(raw) or (file, sheet, row)
        left_out = code == "duplicate" and origin[0] in files
        if origin in origins or left_out or _key(first.kind, raw) in keys:
            where = (
                "resolved_by IS NULL AND kind = ? AND file_sha = ?"
                " AND coalesce(sheet, '') = ? AND \"row\" = ?"
            )
            resolved += _close(database, where, [first.kind, sha, sheet, row], number)
    return Settled(0, resolved)


def _key(kind: str, raw: str) -> tuple[str, ...] | object:
    """Return what identifies a row by its text: its id, else its other keys; itself if it has none.

    raw : JSON of a row, as in a reading
    """
    known = form(kind).names
    texts = {
        known[name]: tidy(str(text))
        for head, text in json.loads(raw).items()
        for name in headed(head).names
        if name in known
    }
    own, others = KEYS[kind]
    if texts.get(own):
        return (own, texts[own])
    cells = [texts.get(name, "") for name in others]
    places = choices("district")
    return tuple(str(places.get(plain(cell), cell)) for cell in cells) if any(cells) else object()


def _close(database: Database, where: str, values: Sequence[object], number: int) -> int:
    count = database.run(f"SELECT count(*) FROM quarantine WHERE {where}", values)[0][0]
    database.run(f"UPDATE quarantine SET resolved_by = {number} WHERE {where}", values)
    return int(count)


def settle(
    database: Database,
    group: Sequence[Reading],
    found: pd.DataFrame,
    number: int,
    earlier: Sequence[str],
) -> Settled:
    """Add a file's entries that are new, and settle those that its reading no longer has.

    earlier : digests of the file's earlier editions
    """
    first = group[0]
    known = database.run(
        f"SELECT {quoted(SAME)}, resolved_by FROM quarantine WHERE file_sha = ? AND kind = ?",
        [first.sha256, first.kind],
    )
    held = {_identity(row[:-1]) for row in known}
    identities = [_identity(row) for row in found[list(SAME)].itertuples(index=False, name=None)]
    new = found[[identity not in held for identity in identities]]
    if len(new):
        database.load("quarantine", new.assign(import_id=number), STORED)
    sheets = {str(reading.sheet or "") for reading in group}
    gone = [
        row[:-1]
        for row in known
        if row[-1] is None and (row[0] or "") in sheets and _identity(row[:-1]) not in identities
    ]
    resolved = sum(
        _close(
            database,
            "resolved_by IS NULL AND kind = ? AND file_sha = ? AND coalesce(sheet, '') = ?"
            ' AND "row" = ? AND coalesce("column", \'\') = ? AND code = ?',
            [first.kind, first.sha256, sheet or "", row, column or "", code],
            number,
        )
        for sheet, row, column, code in gone
    )
    edition = "resolved_by IS NULL AND kind = ? AND file_sha = ?"
    resolved += sum(_close(database, edition, [first.kind, sha], number) for sha in earlier)
    return Settled(len(new), resolved)


def earlier_editions(database: Database, first: Reading, rows: pd.DataFrame) -> list[str]:
    """Return the digests of files of the same name and table that this one is an edition of.

    A name alone proves nothing: two districts may both send `ledger.xlsx`. So they must share
    a row's key, or the earlier file had no good row at all.
    """
    shas = database.run(
        "SELECT DISTINCT file_sha FROM files WHERE file = ? AND kind = ? AND file_sha <> ?",
        [first.file, first.kind, first.sha256],
    )
    keys = set(rows["row_key"])
    found = []
    for (sha,) in shas:
        held = database.run(f"SELECT row_key FROM {first.kind}_versions WHERE file_sha = ?", [sha])
        if not held or any(key in keys for (key,) in held):
            found.append(str(sha))
    return sorted(found)


def open_entries(database: Database) -> pd.DataFrame:
    """Return the entries that nothing has settled, in the order of their files."""
    columns = ("file_sha", *QUARANTINE)
    found = database.run(
        f"SELECT {quoted(columns)} FROM quarantine WHERE resolved_by IS NULL"
        ' ORDER BY import_id, file, kind, sheet, "row", "column", code'
    )
    return pd.DataFrame(found, columns=list(columns), dtype=object)


def count_open(database: Database) -> int:
    """Return how many entries nothing has settled."""
    return int(database.run("SELECT count(*) FROM quarantine WHERE resolved_by IS NULL")[0][0])


def _identity(values: Sequence[object]) -> tuple[str, ...]:
    return tuple("" if value is None or value != value else str(value) for value in values)
