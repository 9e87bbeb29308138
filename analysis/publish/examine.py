"""What is in a ledger that a reader brings: run on its own, within bounds, for one file.

    python -m analysis.publish.examine NAME < FILE

Tells what is found as JSON, the quarantine file in it as base 64. The file lies in this
process's memory alone, with no name on any disk. The process gives itself bounds of
memory and time, starts no other, and speaks to no machine.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.process import begin_worker
from analysis.publish.bounds import stay_alone
from analysis.publish.lifeline import end_with_parent
from analysis.text import LANGUAGES, Text

#: Address space, and the file itself, bytes; seconds of computing.
MOST_MEMORY, MOST_WRITTEN, MOST_SECONDS = 2 << 30, 24 << 20, 20
#: Faults that are shown; all of them stand in the quarantine file.
SHOWN = 200
#: Databases by kind, which are not opened here, and what they are called.
ENGINES = {
    "sqlite": {"zh": "SQLite 数据库", "en": "a SQLite database"},
    "duckdb": {"zh": "DuckDB 数据库", "en": "a DuckDB database"},
}
#: Stored amounts are in 1e4 CNY, floors in 1e8.
PER_FLOOR_UNIT = 10_000


def bounded() -> None:
    """Bound this process, for a file may ask for more than it weighs."""
    import resource

    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    stay_alone(offline=True)


@contextmanager
def held(content: bytes) -> Iterator[Path]:
    """Give a path to bytes that no disk holds, where the system can; else a file for a while."""
    if sys.platform == "linux":
        with os.fdopen(os.memfd_create("ledger"), "wb") as file:
            file.write(content)
            file.flush()
            yield Path(f"/proc/self/fd/{file.fileno()}")
        return
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder:
        path = Path(folder) / "ledger"
        path.write_bytes(content)
        yield path


def examine(content: bytes, name: str) -> dict[str, Any]:
    """Return what a file holds: tables, faults, totals, districts; or why it can't be read."""
    from analysis.ledger.containers import kind_of
    from analysis.ledger.limits import Limits
    from analysis.ledger.problems import LedgerFileError
    from analysis.ledger.quarantine import workbook
    from analysis.ledger.reading import read_ledger
    from analysis.plan import load_plan, plan_year

    try:
        if (kind := kind_of(content, name)) in ENGINES:
            # An engine that opens a stranger's database is much to trust, for nobody who asked.
            raise LedgerFileError("container", name, found=ENGINES[kind])
        with held(content) as path:
            readings = read_ledger(path, limits=Limits(file_bytes=MOST_WRITTEN), name=name)
    except LedgerFileError as error:
        return {"refused": {lang: list(error.say(lang)) for lang in ("zh", "en")},
                "place": [error.sheet, error.row, error.column]}  # fmt: skip
    found: dict[str, Any] = {
        "tables": [_table(reading) for reading in readings],
        "districts": districts(readings),
        "year": plan_year(load_plan()),
    }
    if (kept := workbook(readings)) is not None:
        found["quarantine"] = base64.b64encode(kept).decode()
    return found


def _table(reading: Any) -> dict[str, Any]:
    from analysis.ledger.imports import warning_lines

    columns = ["row", "column", "value", "reason", "hint", "reason_zh", "hint_zh"]
    faults = reading.quarantine
    controls = ["row", "label", "column", "stated", "summed", "difference", "agrees"]
    return {
        "kind": reading.kind,
        "sheet": reading.sheet,
        "unit": reading.unit,
        "counts": dict(reading.counts),
        "faults": _rows(faults, columns),
        "more": max(0, len(faults) - SHOWN),
        "warnings": {lang: warning_lines(reading, Text(lang)) for lang in LANGUAGES},
        "controls": _rows(reading.controls, controls),
        "sums": {name: f"{value:,.2f}" for name, value in reading.sums.items()},
    }


def _rows(frame: Any, columns: list[str]) -> list[dict[str, str]]:
    kept = frame.reindex(columns=columns).head(SHOWN)
    return [{k: "" if v is None else str(v) for k, v in row.items()}
            for row in kept.to_dict("records")]  # fmt: skip


def districts(readings: Sequence[Any]) -> list[dict[str, Any]]:
    """Return capital in place in the plan's year by district, beside its floor, as written.

    An arrival's district is its own, else that of its project in the same file; one
    with neither stands in the last row. Empty if the file holds no arrivals.
    """
    import pandas as pd

    from analysis.plan import load_plan, plan_year

    by_kind = {kind: [r.rows for r in readings if r.kind == kind and len(r.rows)]
               for kind in ("arrivals", "projects")}  # fmt: skip
    if not by_kind["arrivals"]:
        return []
    plan = load_plan()
    arrivals = pd.concat(by_kind["arrivals"])
    known = pd.concat(by_kind["projects"]) if by_kind["projects"] else pd.DataFrame()
    homes = dict(zip(known["project_id"], known["district"], strict=True)) if len(known) else {}
    arrivals = arrivals.assign(
        district=arrivals["district"].where(
            arrivals["district"].notna(), arrivals["project_id"].map(homes)
        ),
        year=[date.year for date in arrivals["date"]],
    )
    arrivals = arrivals[arrivals["year"] == plan_year(plan)]
    sums = arrivals.assign(amount=arrivals["amount"].astype(float)).groupby(
        arrivals["district"].fillna("")
    )["amount"].sum() / PER_FLOOR_UNIT  # fmt: skip
    floors = plan.floors[["district", "name_zh", "name_en", "capital_floor"]].to_dict("records")
    rows: list[dict[str, Any]] = [
        {
            "name": {"zh": floor["name_zh"], "en": floor["name_en"]},
            "capital": _amount(arrived, 2),
            "floor": _amount(floor["capital_floor"], 0),
            "left": _amount(max(floor["capital_floor"] - arrived, 0), 2),
        }
        for floor in floors
        for arrived in [sums.get(floor["district"], 0.0)]
    ]
    if "" in sums:
        rows.append({"name": None, "capital": _amount(sums[""], 2), "floor": None})
    return rows


def _amount(value: float, decimals: int) -> dict[str, str]:
    """Write an amount of 1e8 CNY in the unit of each language; English has one ten times it."""
    from analysis.amounts import in_unit

    digits = {"zh": decimals, "en": decimals + 1}
    return {lang: f"{in_unit(value, '1e8 CNY', lang):,.{n}f}" for lang, n in digits.items()}


def main(name: str) -> None:
    """Examine the file that comes in, and tell what is found."""
    begin_worker()
    end_with_parent()
    bounded()
    try:
        found = examine(sys.stdin.buffer.read(), name)
    except MemoryError:
        sys.exit(3)
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode())


if __name__ == "__main__":
    main(sys.argv[1])
