"""A few figures of a ledger, from its engine to pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.ledger.engine import LedgerError

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

#: Most rows that a frame may have: what is larger belongs in the engine.
MOST_ROWS = 50_000


def frame(table: ibis.Table) -> pd.DataFrame:
    """Bring a small table to pandas: the only way from an engine to a frame.

    Returns
    -------
    Rows sorted by their columns from left to right, missing last, if the table names no order
    of its own, so that all engines give the same; counts int64, money float64, text str with
    missing as None, dates datetime64[s]

    Raises
    ------
    LedgerError : more than `MOST_ROWS` rows
    """
    from ibis.expr import operations

    rows = table.limit(MOST_ROWS + 1).to_pyarrow()
    if rows.num_rows > MOST_ROWS:
        raise LedgerError(
            f"more than {MOST_ROWS:,} rows would leave the engine; group them, or ask for fewer"
        )
    found = framed(rows, table.schema())
    if isinstance(table.op(), operations.Sort | operations.Limit):
        return found
    return found.sort_values(list(found.columns), kind="stable", ignore_index=True)


def framed(rows: pa.Table, schema: ibis.Schema) -> pd.DataFrame:
    """Return fetched rows with the dtypes that every engine's frames have."""
    return pd.DataFrame(
        {name: _typed(rows.column(name).to_pylist(), kind) for name, kind in schema.items()}
    )


def _typed(values: list[Any], dtype: Any) -> pd.Series:
    """Return values in the one dtype that their kind has in every frame."""
    if dtype.is_string():
        return pd.Series(values, dtype="str")
    if dtype.is_temporal():
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="object"))).astype("datetime64[s]")
    if dtype.is_boolean():
        return pd.Series(values, dtype="boolean" if None in values else "bool")
    if dtype.is_integer():
        return pd.Series(values, dtype="Int64" if None in values else "int64")
    return pd.Series([None if v is None else float(v) for v in values], dtype="float64")
