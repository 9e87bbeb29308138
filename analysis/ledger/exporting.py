"""A ledger on its way out of the store: a workbook to read, or Parquet for other engines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.files import of_plan, refuse_to_overwrite, whole_folder, write_whole
from analysis.ledger.dates import format_date
from analysis.ledger.errors import StoreError
from analysis.ledger.form import KEYS, KINDS, Column, Form, choice_names, choices, form, plain
from analysis.ledger.stored import parquet_writer, stored_columns
from analysis.ledger.template import header
from analysis.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

    from analysis.ledger.store import Store

#: Digits that a spreadsheet's number keeps; an amount with more is written as text.
EXACT = 15
#: Rows of a workbook's sheet beside its header.
MOST_ROWS = 1_048_575
LABEL = "ledger.json"
#: Types whose values have names in both languages.
NAMED = ("district", "tier", "chain")


def write_workbook(store: Store, path: Path, lang: str) -> None:
    """Write what readers see as a workbook that the reader takes back with equal values.

    Amounts are in the ledger's unit, so what they were given in isn't written. Texts that a
    spreadsheet would run are marked as texts.

    Raises
    ------
    StoreError : a table has more rows than a sheet
    """
    import xlsxwriter

    held = BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(held, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@", "quote_prefix": True})
        for kind in KINDS:
            rows = store.rows(kind)
            if len(rows) > MOST_ROWS:
                raise StoreError("sheet_full", table=kind, rows=len(rows))
            page = book.add_worksheet(Text(lang)(f"reading.template.{kind}"))
            page.freeze_panes(1, 0)
            columns = exported(form(kind))
            for place, column in enumerate(columns):
                page.write_string(0, place, header(column, lang), head)
            for line, row in enumerate(rows.to_dict("records"), start=1):
                for place, column in enumerate(columns):
                    _write_cell(page, line, place, cell(column, row, form(kind), lang), text)
    write_whole(path, held.getvalue())


def exported(table: Form) -> list[Column]:
    """Return the columns of a workbook: all but the unit that an amount was given in."""
    return [column for column in table.columns if column.type != "unit"]


def cell(column: Column, row: Mapping[Any, Any], table: Form, lang: str) -> Any:
    """Return what a workbook says of a stored value: a number or a text, None if missing."""
    value = row[column.name]
    if value is None:
        # Without its currency, which isn't written, a row without an id would be another thing.
        own = column.name == KEYS[table.kind][0] and row.get("currency") not in (
            None,
            table.currency,
        )
        return row["row_key"] if own else None
    if column.type == "date":
        said = format_date(value, row[f"{column.name}_precision"])
        return f"计划{said}" if row.get(f"{column.name}_planned") else said
    if column.type == "amount":
        digits = len(value.normalize().as_tuple().digits)
        return value if digits <= EXACT else f"{value:f}"
    if column.name == "currency":
        # Amounts are in the table's own currency by now, whatever they were given in.
        return table.currency
    if name := column.choices or (column.type if column.type in NAMED else ""):
        return _names(name, lang).get(str(value).lower(), value)
    return value


@of_plan
def _names(name: str, lang: str) -> Mapping[str, str]:
    """Return choice -> what a drop-down calls it."""
    return {choices(name)[plain(said)]: said for said in choice_names(name, lang)}


def _write_cell(page: Any, line: int, place: int, value: Any, text: Any) -> None:
    if isinstance(value, Decimal | float):
        page.write_number(line, place, value)
    elif value is not None:
        page.write_string(line, place, str(value), text)


def write_folder(store: Store, folder: Path, force: bool = False) -> None:
    """Write what readers see as a folder of Parquet files, with a label beside them.

    The folder is written beside its place and then renamed, so it is whole or not there.

    Raises
    ------
    OverwriteError : something lies there already, and nobody said that it may go
    """
    import pyarrow as pa
    from tqdm import tqdm

    refuse_to_overwrite([folder], force)
    with whole_folder(folder) as part:
        stamp = store.stamp
        for kind in KINDS:
            schema = pa.schema([(name, _arrow(sql)) for name, sql in stored_columns(kind).items()])
            with parquet_writer(part / f"{kind}.parquet", schema) as writer:
                bar = tqdm(desc=f"Writing {kind}", unit=" rows", disable=None, leave=False)
                for batch in _batches(store, kind, schema):
                    writer.write_table(batch)
                    bar.update(len(batch))
                bar.close()
        if store.stamp != stamp:
            raise StoreError("moved", place=folder)
        label = json.dumps({"kind": "reported", "stamp": stamp})
        (part / LABEL).write_text(label, encoding="utf-8")
        for path in part.iterdir():
            with path.open("r+b") as file:
                os.fsync(file.fileno())


def _batches(store: Store, kind: str, schema: pa.Schema) -> Iterator[pa.Table]:
    import pyarrow as pa

    for rows in store.batches(kind):
        columns = list(zip(*rows, strict=True))
        yield pa.table(
            [pa.array(said, each.type) for said, each in zip(columns, schema, strict=True)],
            schema=schema,
        )


def _arrow(sql: str) -> pa.DataType:
    import pyarrow as pa

    return {
        "VARCHAR": pa.string(), "DECIMAL(18,6)": pa.decimal128(18, 6), "FLOAT8": pa.float64(),
        "BOOLEAN": pa.bool_(), "DATE": pa.date32(), "INTEGER": pa.int32(),
    }[sql]  # fmt: skip
