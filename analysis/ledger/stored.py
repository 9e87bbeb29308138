"""The columns of the store's tables, their types, and how a value is written there.

The columns follow from the form; `migrations/` spells them out for the databases, and a
test holds the two together.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.ledger.errors import UnstorableError
from analysis.ledger.form import KEYS, form
from analysis.ledger.problems import place

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

TEXT, AMOUNT, RATIO, BOOLEAN, DATE, WHOLE = (
    "VARCHAR",
    "DECIMAL(18,6)",
    "FLOAT8",
    "BOOLEAN",
    "DATE",
    "INTEGER",
)
#: The same as Ibis names them.
IBIS_TYPES = {
    TEXT: "string", AMOUNT: "decimal(18,6)", RATIO: "float64", BOOLEAN: "boolean", DATE: "date",
}  # fmt: skip
TYPES = {"amount": AMOUNT, "ratio": RATIO, "boolean": BOOLEAN, "date": DATE}
#: Where a row comes from and which of its versions it is.
PROVENANCE: Mapping[str, str] = {
    "row_key": TEXT,
    "import_id": WHOLE,
    "file_sha": TEXT,
    "file": TEXT,
    "sheet": TEXT,
    "row": WHOLE,
    "version": WHOLE,
    "raw": TEXT,
}
#: The finest step of an amount and the first that no longer fits.
STEP, LIMIT = Decimal("0.000001"), Decimal(10) ** 12


@cache
def value_columns(kind: str) -> Mapping[str, str]:
    """Return what a row of a table says, column -> SQL type, in the form's order.

    A date has its precision beside it (day, month, quarter, half or year), and one that
    may lie ahead has whether it is planned.
    """
    columns: dict[str, str] = {}
    for column in form(kind).columns:
        columns[column.name] = TYPES.get(column.type, TEXT)
        if column.type == "date":
            columns[f"{column.name}_precision"] = TEXT
            if column.future == "planned":
                columns[f"{column.name}_planned"] = BOOLEAN
    return columns


def compared_columns(kind: str) -> list[str]:
    """Return the columns in which two versions of a row may differ.

    An id isn't one, being the row's key. Nor is what an amount was given in: it is kept in the
    table's unit and currency, so the ledger's own export, which says it in these, changes nothing.
    """
    same = {column.name for column in form(kind).columns if column.type == "unit"}
    same |= {"currency", KEYS[kind][0]}
    return [name for name in value_columns(kind) if name not in same]


def stored_columns(kind: str) -> Mapping[str, str]:
    """Return all columns of a table of the store, column -> SQL type."""
    return {**value_columns(kind), **PROVENANCE}


def is_missing(value: Any) -> bool:
    """Whether a cell of a frame holds nothing."""
    return value is None or value is pd.NaT or value is pd.NA or value != value


def written(value: Any) -> str | None:
    """Return a value as both databases read it back without loss; None stays None."""
    if is_missing(value):
        return None
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return str(value.date()) if isinstance(value, pd.Timestamp) else value.isoformat(" ")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def check_amounts(rows: pd.DataFrame, column: str) -> None:
    """See that all amounts fit, for an engine would round those that don't.

    Raises
    ------
    UnstorableError : an amount has too many digits; its place is named
    """
    for file, sheet, row, amount in zip(
        rows["file"], rows["sheet"], rows["row"], rows[column], strict=True
    ):
        if is_missing(amount):
            continue
        if not amount.is_finite() or abs(amount) >= LIMIT or amount != amount.quantize(STEP):
            where = place(file, sheet, row)
            raise UnstorableError("unstorable", where=where, column=column, amount=amount)


def parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Open a Parquet file to write a table of a ledger to.

    Amounts are whole numbers inside, which engines read in half the time of decimals' bytes.
    """
    import pyarrow.parquet as pq

    return pq.ParquetWriter(path, schema, store_decimal_as_integer=True)


def storable(text: str) -> str:
    """Return a text that any database takes: NUL is shown as ␀, a lone surrogate by its code."""
    return text.replace("\x00", "␀").encode("utf-8", "backslashreplace").decode("utf-8")


def texts(frame: pd.DataFrame, columns: Iterable[str]) -> dict[str, list[str | None]]:
    """Return columns of a frame as written; a column that it lacks is all None."""
    return {
        name: [written(value) for value in frame[name]] if name in frame else [None] * len(frame)
        for name in columns
    }


def lines(frame: pd.DataFrame, columns: Iterable[str]) -> list[tuple[str | None, ...]]:
    """Return the same row by row."""
    return list(zip(*texts(frame, columns).values(), strict=True))
