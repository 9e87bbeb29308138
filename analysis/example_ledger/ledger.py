"""The example ledger: in memory, as Parquet, or instead of a user's own."""

from __future__ import annotations

import json
import os
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.example_ledger.parameters import load_parameters
from analysis.files import of_plan, refuse_to_overwrite, whole_folder
from analysis.ledger.engine import ILLUSTRATIVE, LABEL, LEDGER, Ledger, in_memory, open_ledger
from analysis.ledger.form import ARRIVALS, FOREIGN, PROJECTS
from analysis.ledger.stored import parquet_writer
from analysis.plan import load_plan

if TYPE_CHECKING:
    from analysis.example_ledger.tables import Made

#: Raise it when the same seed and assumptions begin to give another ledger.
VERSION = 1
#: Signed a year.
PROJECTS_A_YEAR = 500
SEED = 2021


def made(projects: int = PROJECTS_A_YEAR, rows: int | None = None, seed: int = SEED) -> Made:
    """Draw an example ledger; the same numbers give the same ledger always.

    projects : signed each year
    rows : arrivals in all; what is drawn is split into so many payments
    """
    from analysis.example_ledger.tables import Made

    return Made(load_plan(), load_parameters(), projects, rows, seed)


def stamp(projects: int = PROJECTS_A_YEAR, rows: int | None = None, seed: int = SEED) -> str:
    """Return what names an example ledger: it needs no engine and no drawing."""
    digest = load_parameters().digest
    return f"example-{VERSION}-{seed}-{projects}-{rows or 'natural'}-{digest[:16]}"


@of_plan
def example(projects: int = PROJECTS_A_YEAR, rows: int | None = None, seed: int = SEED) -> Ledger:
    """Return an example ledger, held in memory by DuckDB."""
    import pyarrow as pa

    drawn = made(projects, rows, seed)
    tables = {
        PROJECTS: drawn.projects(),
        ARRIVALS: pa.concat_tables(list(drawn.arrivals())),
        FOREIGN: drawn.foreign_capital(),
    }
    return in_memory(tables, ILLUSTRATIVE, stamp(projects, rows, seed))


def ledger_or_example(source: str | Path | None = None) -> Ledger:
    """Return the ledger that is named, or that $WORKBOOK_LEDGER names, else the example."""
    if source or os.environ.get(LEDGER):
        return open_ledger(source)
    return example()


def write(
    folder: Path,
    projects: int = PROJECTS_A_YEAR,
    rows: int | None = None,
    seed: int = SEED,
    progress: Any = None,
    force: bool = False,
) -> Path:
    """Write an example ledger as a folder of Parquet, whole or not at all.

    progress : called with the arrivals written so far

    Raises
    ------
    OverwriteError : the folder is there already, and nobody said that it may go
    """
    refuse_to_overwrite([folder], force)
    with whole_folder(folder) as part:
        drawn = made(projects, rows, seed)
        for kind, one in ((PROJECTS, drawn.projects()), (FOREIGN, drawn.foreign_capital())):
            with parquet_writer(part / f"{kind}.parquet", one.schema) as writer:
                writer.write_table(one)
        done, each = 0, iter(drawn.arrivals())
        first = next(each)
        with parquet_writer(part / f"{ARRIVALS}.parquet", first.schema) as writer:
            for table in chain([first], each):
                writer.write_table(table)
                done += table.num_rows
                if progress:
                    progress(done)
        label = {"kind": ILLUSTRATIVE, "stamp": stamp(projects, rows, seed)}
        (part / LABEL).write_text(json.dumps(label), encoding="utf-8")
    return folder
