"""Bad rows on their way back to the person who can correct them.

A quarantine file is a table as the original was, with its own columns, and beside each row
what is wrong and what would be right. Corrected in place it is read as any other file.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.files import WRITTEN, write_whole
from analysis.ledger import marks
from analysis.ledger.report import Reading
from analysis.text import LANGUAGES, Text

ENDINGS = (".xlsx", ".csv")
_WIDEST = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows in quarantine that share a header.

    kind : table of the ledger, "" if not known
    names : marks and the original header
    rows : as written, formulas neutralised
    faulty : (row, place) of the cells that are wrong, counted from 0 below the header
    """

    kind: str
    names: tuple[str, ...]
    rows: list[list[str]]
    faulty: frozenset[tuple[int, int]]


def write(
    readings: Reading | Sequence[Reading] | pd.DataFrame, path: Path | str, *, keep: bool = False
) -> list[Path]:
    """Write the rows in quarantine as a workbook or as CSV, by the path's ending.

    Parameters
    ----------
    readings : what was read; or a table of entries with the columns of a reading's quarantine
    path : ends in .xlsx (a sheet for each header) or .csv (a file for each header, numbered
        from the second on)
    keep : never write over a file that says something else, which may be half corrected, but
        beside it under the next free number

    Returns
    -------
    The files written, whole or not at all; none if nothing is in quarantine

    Raises
    ------
    ValueError : the path ends in neither
    """
    path = Path(path)
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(f"{path.name}: a quarantine file ends in {' or '.join(ENDINGS)}")
    sheets = arranged(_entries(readings))
    if not sheets:
        return []
    if path.suffix.lower() == ".xlsx":
        contents = [_workbook(sheets, "constant_memory")]
    else:
        contents = [_delimited(sheet) for sheet in sheets]
    written: list[Path] = []
    for number, content in enumerate(contents, start=1):
        one = _numbered(path, number)
        while keep and (one in written or (one.exists() and one.read_bytes() != content)):
            number += 1
            one = _numbered(path, number)
        write_whole(one, content)
        written.append(one)
    return written


def workbook(readings: Sequence[Reading]) -> bytes | None:
    """Return the rows in quarantine as a workbook's bytes, None if there are none."""
    sheets = arranged(_entries(readings))
    return _workbook(sheets, "in_memory") if sheets else None


def _entries(readings: Reading | Sequence[Reading] | pd.DataFrame) -> pd.DataFrame:
    if isinstance(readings, pd.DataFrame):
        return readings
    if isinstance(readings, Reading):
        readings = [readings]
    frames = [reading.quarantine for reading in readings if len(reading.quarantine)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _numbered(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def arranged(entries: pd.DataFrame) -> list[Sheet]:
    """Return entries as rows to be corrected: one a row of the file, with all its faults."""
    if entries.empty:
        return []
    told: dict[tuple[Any, ...], list[Any]] = {}  # a table's own grouping takes milliseconds a row
    usual = {name: "" for name in ("kind", "sheet", "column", "reason_zh", "hint_zh")
             if name in entries}  # fmt: skip
    for entry in entries.fillna(usual).itertuples(index=False):
        kind = str(getattr(entry, "kind", ""))
        told.setdefault((kind, entry.file, entry.sheet, entry.row, entry.raw), []).append(entry)
    layouts: dict[tuple[str, tuple[str, ...]], list[tuple[list[str], set[str]]]] = {}
    for (kind, file, sheet, row, written), faults in told.items():
        raw = {str(name): str(cell) for name, cell in json.loads(written).items()}
        origin = [raw.pop(mark, "") for mark in marks.ORIGIN]
        if not any(origin):
            origin = [file, sheet, str(row)]
        codes = [marks.BETWEEN.join(str(getattr(one, name)) for one in faults)
                 for name in ("code", "value")]  # fmt: skip
        cells = [*origin, kind, *codes, *_said(faults), ""]
        names = (*marks.MARKS, *raw)
        faulty = {str(one.column) for one in faults}
        layouts.setdefault((kind, names), []).append(([*cells, *raw.values()], faulty))
    return [_sheet(kind, names, lines) for (kind, names), lines in _joined(layouts).items()]


def _place(line: tuple[list[str], set[str]]) -> tuple[str, str, int]:
    file, sheet, row = line[0][: len(marks.ORIGIN)]
    return file, sheet, int(row) if row.isdecimal() else 0


def _joined(
    layouts: dict[tuple[str, tuple[str, ...]], list[tuple[list[str], set[str]]]],
) -> dict[tuple[str, tuple[str, ...]], list[tuple[list[str], set[str]]]]:
    """Put rows that only have cells beyond the header under the header of the others."""
    joined: dict[tuple[str, tuple[str, ...]], list[tuple[list[str], set[str]]]] = {}
    for (kind, names), lines in sorted(layouts.items(), key=lambda item: -len(item[0][1])):
        host = next(
            ((k, n) for k, n in joined if k == kind and n[: len(names)] == names
             and all(name.startswith("+") for name in n[len(names) :])),
            (kind, names),
        )  # fmt: skip
        padding = [""] * (len(host[1]) - len(names))
        joined.setdefault(host, []).extend(([*cells, *padding], faulty) for cells, faulty in lines)
    return joined


def _said(faults: list[Any]) -> list[str]:
    """Say a row's faults in both languages, each with its column."""
    said = []
    for end in ("_zh", ""):
        for what in ("reason", "hint"):
            texts = [(one.column, getattr(one, f"{what}{end}", None) or getattr(one, what))
                     for one in faults]  # fmt: skip
            parts = [
                f"{column}: {text}" if column and what == "reason" else str(text)
                for column, text in texts
            ]
            said.append(marks.BETWEEN.join(dict.fromkeys(parts)))
    return said


def _sheet(kind: str, names: tuple[str, ...], lines: list[tuple[list[str], set[str]]]) -> Sheet:
    rows, faulty = [], set()
    for number, (cells, columns) in enumerate(sorted(lines, key=_place)):
        rows.append(list(map(marks.neutral, cells)))
        for place in range(len(marks.MARKS), len(names)):
            # The file calls a column so; its name here may have gained a unit.
            if names[place] in columns or names[place].partition("（")[0] in columns:
                faulty.add((number, place))
    return Sheet(kind, tuple(map(marks.neutral, names)), rows, frozenset(faulty))


def _delimited(sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([sheet.names, *sheet.rows])
    # With its mark, for Excel takes a file without one for the system's own encoding.
    return text.getvalue().encode("utf-8-sig")


def _workbook(sheets: list[Sheet], how: str) -> bytes:
    """Return sheets as a workbook, made row by row with files beside it, or with none at all."""
    import xlsxwriter

    held = io.BytesIO()
    options = {how: True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties({"created": WRITTEN})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        plain = book.add_format({"num_format": "@", "valign": "top"})
        wrong = book.add_format({"num_format": "@", "valign": "top", "bg_color": "#FFE3B3"})
        for number, sheet in enumerate(sheets, start=1):
            page = book.add_worksheet(f"{sheet.kind or 'ledger'} {number}")
            page.freeze_panes(1, 0)
            for place, name in enumerate(sheet.names):
                longest = max(len(name), *(len(row[place]) for row in sheet.rows))
                page.set_column(place, place, min(longest + 4, _WIDEST))
                page.write_string(0, place, name, head)
            for line, row in enumerate(sheet.rows):
                for place, cell in enumerate(row):
                    style = wrong if (line, place) in sheet.faulty else plain
                    page.write_string(line + 1, place, cell, style)
            confirm = sheet.names.index(marks.CONFIRMED)
            page.data_validation(
                1, confirm, max(len(sheet.rows), 1), confirm,
                {"validate": "list", "source": [Text(lang)("reading.yes") for lang in LANGUAGES]},
            )  # fmt: skip
    return held.getvalue()
