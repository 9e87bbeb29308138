"""Rows of one file that claim to be the same though they stand on different sheets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis.ledger.checks import repeats
from analysis.ledger.form import KEYS, form
from analysis.ledger.keys import row_keys
from analysis.ledger.problems import say
from analysis.ledger.report import QUARANTINE, Reading
from analysis.ledger.stored import is_missing, lines, value_columns


def parted(readings: Sequence[Reading]) -> list[Reading]:
    """Part the rows of all sheets of one file as the reading does those of one sheet.

    The first stays of rows that are equal. Of rows that share a key and differ nobody can say
    which is right, so none of them stays.
    """
    found = list(readings)
    for kind in dict.fromkeys(reading.kind for reading in readings):
        places = [place for place, one in enumerate(readings) if one.kind == kind]
        if len(places) > 1:
            for place, reading in zip(places, _parted([found[n] for n in places]), strict=True):
                found[place] = reading
    return found


def _parted(group: list[Reading]) -> list[Reading]:
    kind = group[0].kind
    counted = [one.rows.assign(_reading=n, _row=one.rows.index) for n, one in enumerate(group)]
    rows = pd.concat(counted, ignore_index=True)
    again = list(repeats(kind, rows.drop(columns=["_reading", "_row"])))
    column = form(kind)[KEYS[kind][0]].name_zh
    held: dict[int, list[tuple[int, dict[str, Any]]]] = {}
    for label, code, other in again:
        row, first = rows.loc[label].to_dict(), rows.loc[other].to_dict()
        entry = _entry(kind, group[0].file, row, column, code, first)
        held.setdefault(row["_reading"], []).append((row["_row"], entry))
    return [_without(one, held.get(n, [])) for n, one in enumerate(group)]


def _without(reading: Reading, held: list[tuple[int, dict[str, Any]]]) -> Reading:
    """Move rows of a reading into its quarantine."""
    if not held:
        return reading
    labels = [label for label, _ in held]
    entries = pd.DataFrame([entry for _, entry in held], columns=list(QUARANTINE), dtype=object)
    amounts = reading.rows.loc[labels, form(reading.kind).amount.name]
    moved = sum((value for value in amounts if not is_missing(value)), Decimal(0))
    shift = {"accepted": -1, "quarantined": 1}
    return replace(
        reading,
        rows=reading.rows.drop(index=labels).reset_index(drop=True),
        quarantine=pd.concat([reading.quarantine, entries], ignore_index=True),
        counts={n: c + shift.get(n, 0) * len(labels) for n, c in reading.counts.items()},
        sums={n: value + shift.get(n, 0) * moved for n, value in reading.sums.items()},
    )


def _entry(
    kind: str, file: str, row: Mapping[Any, Any], column: str, code: str, other: Mapping[Any, Any]
) -> dict[str, Any]:
    place = {"row": f"{other['sheet']} {other['row']}".strip()}
    said = {
        f"{what}{end}": say(f"{code}{key}", lang, place)
        for what, key in (("reason", ""), ("hint", ".hint"))
        for end, lang in (("", "en"), ("_zh", "zh"))
    }
    where = {"sheet": row["sheet"], "row": row["row"], "column": column, "value": ""}
    return {"kind": kind, "file": file, **where, "code": code, **said, "raw": row["raw"]}


def shared_keys(before: Sequence[Reading], came: Sequence[Reading]) -> int:
    """Return how many rows of one file have keys that files before it have too."""
    return sum(
        int(row_keys(one.kind, one.rows).isin(keys).sum())
        for one in came
        if (keys := {key for b in before if b.kind == one.kind for key in row_keys(b.kind, b.rows)})
    )


def content_digest(kind: str, rows: pd.DataFrame) -> str:
    """Return what names the rows as they were read, whatever their order."""
    said = lines(rows, [*value_columns(kind), "sheet", "row"])
    text = "\n".join(sorted(json.dumps(values, ensure_ascii=False) for values in said))
    return hashlib.sha256(text.encode()).hexdigest()
