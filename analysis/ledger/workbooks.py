"""What an Excel workbook holds, sheet by sheet, as a reader sees it."""

from __future__ import annotations

import io
import re
import warnings as python_warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from analysis.ledger.containers import DAMAGED, check_zip, mended
from analysis.ledger.dates import EPOCH_1900, EPOCH_1904
from analysis.ledger.grids import (
    Box,
    Contents,
    Grid,
    Progress,
    as_text,
    beyond,
    bounded,
    float_text,
)
from analysis.ledger.limits import Limits
from analysis.ledger.numbers import SCALED
from analysis.ledger.problems import Finding, LedgerFileError

#: What stands in the place of a formula whose value the workbook doesn't hold.
NO_VALUE = "#VALUE!"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
#: What a reader may not see though it is read: a finding's code -> what stands for one in a sheet.
_UNSEEN = {
    "hidden_rows": re.compile(rb'<(?:\w+:)?row [^>]*?hidden="(?:1|true)"'),
    "hidden_columns": re.compile(rb'<(?:\w+:)?col [^>]*?hidden="(?:1|true)"'),
    "filtered": re.compile(rb"<(?:\w+:)?filterColumn "),
}
#: How a workbook writes the end of a line in a cell, lest XML change it; the library leaves it.
_RETURN = re.compile(r"_x000[Dd]_\n?|\r\n?")
_UNVALUED = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)"
)


def read_workbook(
    path: Path, file: str, limits: Limits, progress: Progress, sheet: str | None
) -> Contents:
    """Return the sheets of a workbook; formulas by the value they had when it was saved.

    Raises
    ------
    LedgerFileError : container, limits, macro, entities or sheet
    """
    check_zip(path, file, limits)
    for source in (lambda: path.open("rb"), lambda: io.BytesIO(mended(path))):
        try:
            with python_warnings.catch_warnings():
                python_warnings.simplefilter("ignore")
                return _contents(source, file, limits, progress, sheet)
        except LedgerFileError:
            raise
        except Exception as error:
            # A workbook may be broken in any place, and the library raises what it meets there.
            broken = error
    raise LedgerFileError("container", file, found=DAMAGED) from broken


#: Opens a workbook's bytes: of a path the library wants to see the ending.
Source = Callable[[], BinaryIO]


@contextmanager
def _opened(source: Source, *, values: bool) -> Iterator[Any]:
    import openpyxl

    with source() as held:
        book = openpyxl.load_workbook(held, read_only=True, data_only=values)
        try:
            yield book
        finally:
            book.close()


def _contents(
    source: Source, file: str, limits: Limits, progress: Progress, wanted: str | None
) -> Contents:
    with _opened(source, values=True) as book:
        return Contents("xlsx", list(_grids(book, source, file, limits, progress, wanted)))


def _grids(
    book: Any, source: Source, file: str, limits: Limits, progress: Progress, wanted: str | None
) -> Iterator[Grid]:
    epoch = EPOCH_1904 if book.epoch.year == EPOCH_1904.year else EPOCH_1900
    names = [sheet.title for sheet in book.worksheets]
    if wanted is not None and wanted not in names:
        raise LedgerFileError("sheet", file, sheet=wanted, names=", ".join(names))
    for sheet in book.worksheets:
        if wanted not in (None, sheet.title):
            continue
        boxes, unseen, unvalued = _scan(sheet)
        lines = bounded(_rows(sheet, file, limits), file, sheet.title, limits)
        rows = [
            (number, cells)
            for number, cells in progress(lines, None, f"{file} {sheet.title}")
            if any(map(str.strip, cells))
        ]
        if unvalued:
            rows = _mark_unvalued(rows, source, sheet.title, limits, file)
        for number, cells in rows:
            if max(map(len, cells)) > limits.cell_chars:
                raise beyond("cell", limits.cell_chars, file, sheet=sheet.title, row=number)
        said = [Finding(code, sheet.title, 0, "", str(count)) for code, count in unseen.items()]
        if sheet.sheet_state != "visible":
            said.append(Finding("hidden_sheet", sheet.title, 0, "", sheet.title))
        last = rows[-1][0] if rows else 0
        yield Grid(sheet.title, rows, last, boxes, epoch, True, tuple(said))


def _rows(sheet: Any, file: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    # The dimension that a workbook states may be a lie, or a bomb; so may a row's number, up
    # to which the library yields one empty row after another.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > limits.rows:
            raise beyond("rows", limits.rows, file, sheet=sheet.title, row=number)
        texts = [_text(cell) for cell in cells]
        # Cells that are only formatted are no columns of a table.
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield number, texts


def _text(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return _RETURN.sub("\n", value) if value else ""
    if isinstance(value, bool):
        return as_text(value)
    try:
        shown, dated = _shown(cell.number_format), cell.is_date
    except IndexError:  # a workbook may have no styles
        shown, dated = "", False
    # A number keeps 15 digits, whether or not the file writes a power with it.
    text = float_text(value) if isinstance(value, int) and abs(value) >= 10**15 else as_text(value)
    if dated:
        return text[:shown] if isinstance(shown, int) and " " not in text else text
    if shown == SCALED:
        return f"{text}{SCALED}{cell.number_format}〕"
    if shown == "%" and isinstance(value, int | float):
        return f"{Decimal(text) * 100:f}%" if "E" not in text else text
    if isinstance(shown, str) and shown.startswith("0") and isinstance(value, int) and value >= 0:
        return text.zfill(len(shown))
    return text


@lru_cache(maxsize=1024)
def _shown(number_format: str) -> str | int:
    """Return "%" of a percent format, the zeros of 00000, or how much of a date it shows.

    A format that shows a number divided by a thousand or ten thousand gives SCALED: what
    the reader sees and what the cell holds are in different units.
    """
    if re.search(r"[0#?](?:[!\\]\.|,+(?![0#?,]))", number_format.split(";")[0]):
        return SCALED
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.', "", number_format.split(";")[0]).strip().lower()
    if bare.endswith("%"):
        return "%"
    if re.fullmatch("0{2,}", bare):
        return bare
    if "y" in bare and "d" not in bare and "h" not in bare:
        return 7 if "m" in bare else 4
    return ""


def _scan(sheet: Any) -> tuple[tuple[Box, ...], dict[str, int], bool]:
    """Return merged cells, how much may not be seen, and whether a formula has no value."""
    from openpyxl.utils import column_index_from_string

    with sheet._get_source() as source:
        markup = source.read()
    boxes = tuple(
        Box(int(top), column_index_from_string(left.decode()),
            int(bottom), column_index_from_string(right.decode()))
        for left, top, right, bottom in _MERGED.findall(markup)
    )  # fmt: skip
    unseen = {code: len(found) for code, mark in _UNSEEN.items() if (found := mark.findall(markup))}
    return boxes, unseen, bool(_UNVALUED.search(markup))


def _mark_unvalued(
    rows: list[tuple[int, list[str]]], source: Source, title: str, limits: Limits, file: str
) -> list[tuple[int, list[str]]]:
    """Put an error in the place of each formula that has no value: it isn't an empty cell."""
    held = dict(rows)
    with _opened(source, values=False) as book:
        sheet = book[title]
        sheet.reset_dimensions()
        lines: Any = enumerate(sheet.iter_rows(), start=1)
        cells: Any
        for number, cells in bounded(lines, file, title, limits):
            for place, cell in enumerate(cells):
                if cell.data_type == "f":
                    row = held.setdefault(number, [])
                    row.extend([""] * (place + 1 - len(row)))
                    row[place] = row[place] or NO_VALUE
    return sorted(held.items())
