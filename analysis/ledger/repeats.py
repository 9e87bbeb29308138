"""Which rows of one file claim to be the same, though they stand on different sheets?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.ledger.checks import repeats
from analysis.ledger.form import KEYS, form
from analysis.ledger.keys import row_keys
from analysis.ledger.problems import say
from analysis.ledger.report import QUARANTINE
from analysis.ledger.stored import lines, value_columns


@dataclass(frozen=True)
class Parted:
    """Rows of one file, each key once, and the entries of those that stood in the way of that.

    rows : with `row_key`
    entries : columns of a reading's quarantine
    """

    rows: pd.DataFrame
    entries: pd.DataFrame


def part(kind: str, file: str, rows: pd.DataFrame) -> Parted:
    """Part the rows of all sheets of one file as the reading does those of one sheet.

    The first stays of rows that are equal. Of rows that share a key and differ nobody can say
    which is right, so none of them stays.
    """
    rows = rows.reset_index(drop=True)
    found = list(repeats(kind, rows))
    column = form(kind)[KEYS[kind][0]].name_zh
    place = rows[["sheet", "row", "raw"]].to_dict("index")
    entries = [
        _entry(kind, file, place[label], column, code, place[other]) for label, code, other in found
    ]
    good = rows.drop(index=[label for label, *_ in found]).reset_index(drop=True)
    return Parted(
        good.assign(row_key=row_keys(kind, good)),
        pd.DataFrame(entries, columns=list(QUARANTINE), dtype=object),
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


def content_digest(kind: str, rows: pd.DataFrame) -> str:
    """Return what names the rows as they were read, whatever their order."""
    said = lines(rows, [*value_columns(kind), "sheet", "row"])
    text = "\n".join(sorted(json.dumps(values, ensure_ascii=False) for values in said))
    return hashlib.sha256(text.encode()).hexdigest()
