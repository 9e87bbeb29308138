"""Numbers of what is done to a ledger: the next, the published, and an act's conclusion."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from analysis.ledger import controls, quarantined
from analysis.ledger.form import KINDS
from analysis.ledger.imports import Import, Note, Part
from analysis.ledger.lock import who
from analysis.ledger.merge import Database


def next_number(database: Database) -> int:
    """Return the number of the next import."""
    return int(database.run("SELECT coalesce(max(import_id), 0) + 1 FROM imports")[0][0])


def published(database: Database) -> int:
    """Return the last import that readers see, 0 if none."""
    return int(database.run("SELECT published FROM state")[0][0])


def changed_by(database: Database, number: int) -> bool:
    """Whether an import left a mark: a file, a row, an entry, a total."""
    asked = [
        *(
            f"SELECT 1 FROM {kind}_versions WHERE {number} IN (import_id, superseded_by)"
            for kind in KINDS
        ),
        f"SELECT 1 FROM files WHERE import_id = {number}",
        f"SELECT 1 FROM quarantine WHERE {number} IN (import_id, resolved_by)",
        f"SELECT 1 FROM controls WHERE {number} IN (import_id, accepted_by, superseded_by)",
    ]
    return any(database.run(f"{sql} LIMIT 1") for sql in asked)


def concluded(
    database: Database,
    number: int,
    parts: Sequence[Part],
    settled: quarantined.Settled,
    notes: Sequence[Note],
    *,
    changed: bool,
    act: str = "import",
) -> Import:
    """Number the act, show it to readers if nothing speaks against it, and say what came of it."""
    wrong = controls.mismatches(database)
    if changed:
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)
        database.run("INSERT INTO imports VALUES (?, ?, ?, ?)", [number, now, who(), act])
        if wrong.empty:
            database.run(f"UPDATE state SET published = {number}")
    return Import(
        number=number if changed else None,
        parts=tuple(parts),
        quarantined=settled.added,
        resolved=settled.resolved,
        open_entries=quarantined.count_open(database),
        mismatches=wrong,
        published=wrong.empty,
        notes=tuple(notes),
    )
