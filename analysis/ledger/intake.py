"""One file taken into a ledger, inside the one transaction of an import."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.ledger import controls, quarantined
from analysis.ledger.errors import StoreError
from analysis.ledger.form import place_names
from analysis.ledger.imports import Note, Part, amount
from analysis.ledger.keys import row_keys
from analysis.ledger.merge import Database, Moves, Tally, merge, total
from analysis.ledger.repeats import content_digest
from analysis.text import LANGUAGES, Text, both

if TYPE_CHECKING:
    from analysis.ledger.reading import Reading


def originals_of(readings: Sequence[Reading], paths: Iterable[Path]) -> dict[str, Path]:
    wanted = {reading.sha256: reading.file for reading in readings}
    found = {}
    for path in paths:
        with path.open("rb") as file:
            found[hashlib.file_digest(file, "sha256").hexdigest()] = path
    if changed := sorted(file for digest, file in wanted.items() if paths and digest not in found):
        raise StoreError("file_changed", file=changed[0])
    return {digest: path for digest, path in found.items() if digest in wanted}


def by_table(readings: Sequence[Reading]) -> list[list[Reading]]:
    groups: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        groups.setdefault((reading.sha256, reading.kind), []).append(reading)
    return list(groups.values())


def take(
    database: Database,
    group: Sequence[Reading],
    number: int,
    originals: Mapping[str, Path],
    *,
    replace: bool,
) -> tuple[Part, quarantined.Settled, list[Note]]:
    """Take in the sheets of one file that hold one table."""
    first = group[0]
    kind, sha = first.kind, first.sha256
    came = pd.concat([reading.rows for reading in group], ignore_index=True)
    rows = came.assign(row_key=row_keys(kind, came), file_sha=sha, file=first.file)
    entries = quarantined.entries(group)
    corrected = quarantined.corrected(came, entries)
    if replace and len(entries):
        raise StoreError("replace_quarantine", file=first.file, faults=len(entries))
    if replace and corrected:
        raise StoreError("replace_corrected", file=first.file)
    digest = content_digest(kind, rows)
    again = database.run(
        "SELECT max(import_id) FROM files WHERE file_sha = ? AND kind = ? AND digest = ?",
        [sha, kind, digest],
    )[0][0]
    if again is None or replace:
        again = None
        earlier = [] if corrected else quarantined.earlier_editions(database, first, rows)
        tally = merge(database, kind, rows, number, replace=replace)
    else:
        earlier = []
        before = total(database, kind)
        tally = Tally(kind, 0, 0, len(rows), 0, 0, before, before * 0, before, before)
    settled = quarantined.settle_corrected(database, first, rows, corrected, number)
    settled += quarantined.settle(database, group, entries, number, earlier)
    controls.take(database, group, number, earlier)
    notes = [*_moved(tally.moves), *([_edition(first.file, settled)] if earlier else [])]
    counts = _counts(group)
    _record(database, group, tally, counts, digest, number, originals, again=again)
    return Part(first.file, tally, counts, again), settled, notes


def orphans(database: Database, most: int = 5) -> list[Note]:
    """Say which arrivals are of projects that the ledger doesn't hold, if any are."""
    found = database.run(
        "SELECT a.project_id, count(*), sum(a.amount) FROM arrivals_versions a"
        " LEFT JOIN projects_versions p"
        " ON p.project_id = a.project_id AND p.superseded_by IS NULL"
        " WHERE a.superseded_by IS NULL AND p.project_id IS NULL"
        " GROUP BY a.project_id ORDER BY a.project_id"
    )
    if not found:
        return []
    named = ", ".join(str(row[0]) for row in found[:most]) + ", …" * (len(found) > most)
    sums = amount(sum((row[2] for row in found if row[2] is not None), Decimal(0)))
    return [
        both(
            "ledger.orphans", arrivals=sum(row[1] for row in found), sum=sums,
            projects=len(found), named=named,
        )
    ]  # fmt: skip


def _moved(moves: Moves, most: int = 5) -> list[Note]:
    """Say which months' capital goes to another district with its project."""
    by_project: dict[tuple[str, str | None, str | None], list[tuple[str, Decimal]]] = {}
    for key, old, new, day, value in moves:
        by_project.setdefault((key, old, new), []).append((f"{day:%Y-%m}", value))
    said: list[Note] = []
    for (key, old, new), came in list(by_project.items())[:most]:
        months = ", ".join(dict.fromkeys(month for month, _ in came))
        sums = amount(sum((value for _, value in came), Decimal(0)))
        names = {"before": place_names(old), "after": place_names(new)}
        said.append({
            lang: Text(lang)("ledger.moved", project=key, months=months, sum=sums,
                             **{name: told[lang] for name, told in names.items()})
            for lang in LANGUAGES
        })  # fmt: skip
    if len(by_project) > most:
        said.append(both("ledger.moved.more", count=len(by_project) - most))
    return said


def _edition(file: str, settled: quarantined.Settled) -> Note:
    return both("ledger.edition", file=file, closed=settled.resolved, new=settled.added)


def _counts(group: Sequence[Reading]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for reading in group:
        for name, count in reading.counts.items():
            counts[name] = counts.get(name, 0) + count
    return counts


def _record(
    database: Database,
    group: Sequence[Reading],
    tally: Tally,
    counts: Mapping[str, int],
    digest: str,
    number: int,
    originals: Mapping[str, Path],
    *,
    again: int | None,
) -> None:
    """Write down which file was read and what came of it, if that is new."""
    first = group[0]
    if again is None and not _known(database, first, digest):
        path = originals.get(first.sha256)
        database.run(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                number, first.sha256, first.file, path.stat().st_size if path else 0, first.kind,
                ", ".join(filter(None, (reading.sheet for reading in group))) or None,
                first.importer, digest, json.dumps(counts),
                json.dumps([_about(reading) for reading in group], ensure_ascii=False),
            ],
        )  # fmt: skip
    if again is None and (tally.touched or tally.unchanged or tally.outdated):
        database.run(
            "INSERT INTO tallies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                number, first.sha256, tally.kind, tally.added, tally.changed, tally.unchanged,
                tally.outdated, tally.withdrawn, tally.sum_before, tally.sum_accepted,
                tally.sum_after,
            ],
        )  # fmt: skip


def _about(reading: Reading) -> dict[str, Any]:
    return {
        "sheet": reading.sheet,
        "unit": reading.unit,
        "container": reading.container,
        "encoding": reading.encoding,
        "header_rows": reading.header_rows,
        "names": reading.names,
        "notes": reading.notes,
        "rates": [
            [rate.currency, *map(str, (rate.since, rate.until, rate.cny)), rate.source]
            for rate in reading.rates
        ],
        "warnings": Counter(warning.code for warning in reading.warnings),
    }


def _known(database: Database, reading: Reading, digest: str) -> bool:
    return bool(
        database.run(
            "SELECT 1 FROM files WHERE file_sha = ? AND kind = ? AND digest = ?",
            [reading.sha256, reading.kind, digest],
        )
    )
