"""Readings made by hand, for tests of the store."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.ledger.report import QUARANTINE, Reading
from analysis.ledger.stored import value_columns

CONTROLS = (
    "sheet", "row", "column", "label", "stated", "summed", "difference", "tolerance", "agrees",
)  # fmt: skip


def arrival(project: str, day: str, amount: str, **others: Any) -> dict[str, Any]:
    """A row of arrivals."""
    return {
        "project_id": project,
        "date": datetime.date.fromisoformat(day),
        "date_precision": "day",
        "amount": Decimal(amount),
        **others,
    }


def project(number: str, size: str, **others: Any) -> dict[str, Any]:
    """A row of projects."""
    given = {"project_id": number, "name": f"项目{number}", "district": "jiangan"}
    return {**given, "sector": "industrial", "size": Decimal(size), **others}


def reading(
    folder: Path,
    kind: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    file: str = "ledger.xlsx",
    quarantine: Iterable[Mapping[str, Any]] = (),
    controls: Iterable[Mapping[str, Any]] = (),
    sheet: str = "Sheet1",
) -> tuple[Reading, Path]:
    """A reading and the file that it was read from, whose bytes follow from what it holds."""
    rows, quarantine, controls = list(rows), list(quarantine), list(controls)
    content = json.dumps([kind, rows, quarantine, controls], default=str).encode()
    sha = hashlib.sha256(content).hexdigest()
    path = folder / sha[:8] / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    frame = pd.DataFrame(rows, columns=list(value_columns(kind)), dtype=object)
    frame = frame.astype(object).where(frame.notna(), None)
    places = [row.get("row", place) for place, row in enumerate(rows, start=2)]
    frame = frame.assign(
        sheet=sheet, row=places, raw=[json.dumps(row, default=str) for row in rows]
    )
    held = pd.DataFrame(quarantine, columns=list(QUARANTINE), dtype=object)
    held = held.assign(kind=kind, file=file, sheet=sheet)
    counts = {
        "read": len(frame) + held["row"].nunique(),
        "accepted": len(frame),
        "quarantined": held["row"].nunique(),
    }
    totals = pd.DataFrame(controls, columns=list(CONTROLS), dtype=object).assign(sheet=sheet)
    made = Reading(
        kind=kind, file=file, sha256=sha, importer="test", rows=frame, quarantine=held,
        warnings=(), counts=counts, controls=totals, sums={}, sheet=sheet, names=(),
        header_rows=(1,), unit="万元", container="xlsx", encoding="",
    )  # fmt: skip
    return made, path


def bad(
    row: int, code: str = "range", column: str = "到位资金", value: str = "-5"
) -> dict[str, Any]:
    """An entry of the quarantine."""
    return {
        "row": row, "column": column, "value": value, "code": code,
        "reason": "below 0", "hint": "0 or more", "reason_zh": "小于 0", "hint_zh": "不小于 0",
        "raw": json.dumps({column: value}),
    }  # fmt: skip


def stated(row: int, total: str, summed: str) -> dict[str, Any]:
    """A total that a file states."""
    difference = Decimal(total) - Decimal(summed)
    return {
        "row": row, "column": "到位资金", "label": "合计", "stated": Decimal(total),
        "summed": Decimal(summed), "difference": difference, "tolerance": Decimal("0.5"),
        "agrees": abs(difference) <= Decimal("0.5"),
    }  # fmt: skip
