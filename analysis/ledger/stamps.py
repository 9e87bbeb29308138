"""What names a state of a ledger's rows: its files, its imports, or its contents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.ledger.form import KINDS, form

if TYPE_CHECKING:
    import ibis


def of_files(engine: str, files: list[Path]) -> str:
    """Return what names the state of some files: their names, sizes and times of writing."""
    told = [(str(f), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
    return hashlib.sha256(json.dumps([engine, told]).encode()).hexdigest()


def of_imports(
    backend: Any, names: Collection[str], place: tuple[str, str] | None = None
) -> str | None:
    """Return what names the rows that an imported ledger shows its readers; None if it's not one.

    Each import that is published has a number of its own.
    """
    if "state" not in names:
        return None
    state = backend.table("state", database=place).to_pyarrow().to_pylist()
    return f"{state[0]['ledger_id']}-{state[0]['published']}" if state else None


def of_contents(tables: Mapping[str, ibis.Table]) -> str:
    """Return what names the state of tables that no import numbers: rows, versions, sums."""
    told = []
    for name in KINDS:
        table = tables[name]
        row = table.aggregate(
            rows=table.count(),
            imports=table.import_id.sum(),
            last=table.import_id.max(),
            versions=table.version.sum(),
            amounts=table[form(name).amount.name].sum(),
        )
        told.append({k: str(v[0]) for k, v in row.to_pyarrow().to_pydict().items()})
    return hashlib.sha256(json.dumps(["postgresql", told]).encode()).hexdigest()
