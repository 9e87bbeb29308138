"""Tables of a small ledger that a test writes out row by row."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from analysis.ledger.form import form

TYPES = {"amount": pa.decimal128(18, 6), "ratio": pa.float64(), "boolean": pa.bool_(),
         "date": pa.date32()}  # fmt: skip


def table(kind: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows as a table of a ledger's form; what a row doesn't say is missing."""
    fields = []
    for column in form(kind).columns:
        fields.append(pa.field(column.name, TYPES.get(column.type, pa.string())))
        if column.type == "date":
            fields.append(pa.field(f"{column.name}_precision", pa.string()))
            if column.future == "planned":
                fields.append(pa.field(f"{column.name}_planned", pa.bool_()))
    schema = pa.schema(fields)
    return pa.Table.from_pylist([{n: row.get(n) for n in schema.names} for row in rows], schema)
