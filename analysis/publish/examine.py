"""What is in a ledger that a reader brings: run on its own, within bounds, for one file.

    python -m analysis.publish.examine FILE FOLDER

Writes FOLDER/found.json and, if rows are in quarantine, FOLDER/quarantine.xlsx. The
process gives itself bounds of memory, time and what it may write; the file is read
nowhere else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.process import begin_worker
from analysis.text import LANGUAGES, Text

#: Address space and what it may write, bytes; seconds of computing.
MOST_MEMORY, MOST_WRITTEN, MOST_SECONDS = 2 << 30, 24 << 20, 20
#: Faults that are shown; all of them stand in the quarantine file.
SHOWN = 200
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


def examine(file: Path, folder: Path) -> dict[str, Any]:
    """Return what a file holds: tables, faults, totals, districts; or why it can't be read."""
    from analysis.ledger.limits import Limits
    from analysis.ledger.problems import LedgerFileError
    from analysis.ledger.quarantine import write
    from analysis.ledger.reading import read_ledger
    from analysis.plan import load_plan, plan_year

    try:
        readings = read_ledger(file, limits=Limits(file_bytes=MOST_WRITTEN))
    except LedgerFileError as error:
        return {"refused": {lang: list(error.say(lang)) for lang in ("zh", "en")},
                "place": [error.sheet, error.row, error.column]}  # fmt: skip
    write(readings, folder / "quarantine.xlsx")
    return {
        "tables": [_table(reading) for reading in readings],
        "districts": districts(readings),
        "year": plan_year(load_plan()),
    }


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
    """Return capital in place in the plan's year by district, beside its floor, 1e8 CNY.

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
            "capital": float(sums.get(floor["district"], 0.0)),
            "floor": float(floor["capital_floor"]),
        }
        for floor in floors
    ]
    if "" in sums:
        rows.append({"name": None, "capital": float(sums[""]), "floor": None})
    return rows


def main(file: Path, folder: Path) -> None:
    """Examine one file and write what is found."""
    begin_worker()
    bounded()
    try:
        found = examine(file, folder)
    except MemoryError:
        sys.exit(3)
    (folder / "found.json").write_text(json.dumps(found, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
