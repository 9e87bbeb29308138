"""How do a few figures of a ledger come from its engine to pandas?"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.ledger.engine import LedgerError

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

#: Most rows that a frame may have: what is larger belongs in the engine.
MOST_ROWS = 50_000
#: How many questions of one ledger DuckDB works on side by side.
AT_ONCE = 2


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
    return _told(table, table.limit(MOST_ROWS + 1).to_pyarrow())


def frames(
    tables: Mapping[str, ibis.Table], after: Future[None] | None = None
) -> dict[str, pd.DataFrame]:
    """Bring several small tables of one ledger to pandas, as `frame` does, by their names.

    DuckDB works on several at once, while the next is still put into its words.

    Parameters
    ----------
    after : what has to be done before the engine can be asked
    """
    backend: Any = next(iter(tables.values())).get_backend()
    if backend.name != "duckdb":
        if after:
            after.result()
        return {name: frame(table) for name, table in tables.items()}

    def fetched(sql: str) -> pa.Table:
        if after:
            after.result()
        with backend.con.cursor() as line:
            return line.sql(sql).limit(MOST_ROWS + 1).to_arrow_table()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = {
            name: (table, pool.submit(fetched, backend.compile(table)))
            for name, table in tables.items()
        }
        return {name: _told(table, rows.result()) for name, (table, rows) in asked.items()}


def _told(table: ibis.Table, rows: pa.Table) -> pd.DataFrame:
    """Return what came of a table, if it is small, in its order."""
    from ibis.expr import operations

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
