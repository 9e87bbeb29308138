"""What a file holds before anybody knows what it means: sheets of text cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from analysis.ledger.dates import EPOCH_1900
from analysis.ledger.limits import Limits
from analysis.ledger.problems import Finding, LedgerFileError

#: Wraps what a long loop goes through: (rows, how many or None, what) -> rows.
Progress = Callable[[Iterable[Any], int | None, str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Box:
    """Cells merged into one: first and last row and column, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet, or a table of a database, as text.

    sheet : its name, "" in a file that has only one
    rows : (number, cells) of the rows that hold anything
    last : number of the last of them
    boxes : merged cells; only the first holds a value
    padded : whether short rows are usual, as in workbooks
    """

    sheet: str
    rows: list[tuple[int, list[str]]]
    last: int
    boxes: tuple[Box, ...] = ()
    epoch: date = EPOCH_1900
    padded: bool = True
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """All sheets of a file.

    container : csv, xlsx, parquet, sqlite, duckdb or postgresql
    encoding : of a text file, else ""
    """

    container: str
    grids: list[Grid]
    encoding: str = ""
    warnings: tuple[Finding, ...] = field(default=())

    def only(self, sheet: str | None, file: str) -> Contents:
        """Return the contents with one sheet alone, if one is asked for.

        Raises
        ------
        LedgerFileError : sheet; there is none of that name
        """
        if sheet is None:
            return self
        chosen = [grid for grid in self.grids if grid.sheet == sheet]
        if not chosen:
            names = ", ".join(grid.sheet or "-" for grid in self.grids)
            raise LedgerFileError("sheet", file, sheet=sheet, names=names)
        return replace(self, grids=chosen)


def as_text(value: Any) -> str:
    """Return a typed value of a workbook or database as the text a reader would see."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else str(Decimal(value))
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date | time) else str(value)


def float_text(value: float) -> str:
    """Return a float with the 15 digits that a spreadsheet keeps: 0.1 + 0.2 is 0.3."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    text = f"{value:.15g}"
    if abs(value) >= 1e15:
        return text.replace("e", "E") if "e" in text else f"{value:.14E}"
    return f"{Decimal(text):f}" if "e" in text else text


def bounded(
    rows: Iterable[tuple[int, list[str]]], file: str, sheet: str, limits: Limits
) -> Iterable[tuple[int, list[str]]]:
    """Pass rows on as long as they keep within bounds.

    Raises
    ------
    LedgerFileError : limits
    """
    widest = 1
    for number, cells in rows:
        widest = max(widest, len(cells))
        for what, has, most in (
            ("rows", number, limits.rows),
            ("columns", widest, limits.columns),
            ("cells", number * widest, limits.cells),
        ):
            if has > most:
                raise beyond(what, most, file, sheet=sheet, row=number)
        yield number, cells


_WHAT = {
    "rows": {"zh": "行数", "en": "rows"},
    "columns": {"zh": "列数", "en": "columns"},
    "cells": {"zh": "单元格数", "en": "cells"},
    "file": {"zh": "文件字节数", "en": "bytes of the file"},
    "inflated": {"zh": "解压后字节数", "en": "bytes when unpacked"},
    "ratio": {"zh": "压缩比", "en": "ratio of packing"},
    "cell": {"zh": "单元格字符数", "en": "characters of a cell"},
}


def beyond(what: str, most: float, file: str, **place: Any) -> LedgerFileError:
    """Return the error of a file that is beyond a bound."""
    return LedgerFileError("limits", file, what=_WHAT[what], most=f"{most:,.0f}", **place)


def numbered(header: list[str], rows: Iterable[Iterable[Any]]) -> Iterator[tuple[int, list[str]]]:
    """Number rows as a spreadsheet would, the names being row 1."""
    yield 1, header
    for number, row in enumerate(rows, start=2):
        yield number, [as_text(value) for value in row]
