"""The example ledger as a bureau would send it, with its forms and faults.

Rows are written as spreadsheets hold them: dates, numbers and districts in many forms, which
the reader takes as they are; some rows twice, and some truly wrong, which it holds back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from analysis.example_ledger.parameters import load_parameters
from analysis.files import write_whole
from analysis.ledger.exporting import cell, exported
from analysis.ledger.form import ARRIVALS, PROJECTS, Column, form
from analysis.ledger.template import header
from analysis.plan import load_plan
from analysis.text import Text

#: A row that is truly wrong has one of these in its first column of the type.
WRONG = (("district", "鄂州市"), ("date", "2021-02-30"), ("amount", "约1200"))
WIDE = {ord(char): chr(ord(char) + 0xFEE0) for char in "0123456789.,"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sheet holds: good rows and their sum (1e4 CNY), rows twice, rows wrong."""

    rows: int
    amount: Decimal
    twice: int
    wrong: int


def write_sheets(path: Path, projects: int, seed: int) -> dict[str, Sent]:
    """Write the example's projects and arrivals as a bureau's workbook, whole or not at all.

    projects : signed each year

    Returns
    -------
    What each table's sheet holds
    """
    import pyarrow as pa
    import xlsxwriter

    from analysis.example_ledger.ledger import made

    drawn = made(projects, None, seed)
    tables = {PROJECTS: drawn.projects(), ARRIVALS: pa.concat_tables(list(drawn.arrivals()))}
    held = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(held, options) as book:
        sent = {
            kind: _write(book, kind, rows.to_pylist(), np.random.default_rng(seed))
            for kind, rows in tables.items()
        }
    write_whole(path, held.getvalue())
    return sent


def _write(book: Any, kind: str, rows: list[dict[str, Any]], random: np.random.Generator) -> Sent:
    """Write a sheet: a title that says what it is, a header, dirty rows, a total, a note."""
    asked, chance = form(kind), load_parameters()
    page = book.add_worksheet(Text("zh")(f"reading.template.{kind}"))
    page.write_string(0, 0, Text("zh")("structure.source.illustrative"))
    columns = exported(asked)
    for place, column in enumerate(columns):
        page.write_string(1, place, header(column, "zh"))
    again = random.random(len(rows)) < chance("dirty_duplicates")
    bad = (random.random(len(rows)) < chance("dirty_bad")) & ~again
    # As a bureau adds: what stands twice counts twice, what can be read counts.
    line, good, told = 2, Decimal(0), Decimal(0)
    for number, row in enumerate(rows):
        said = [_said(column, cell(column, row, asked, "zh"), number) for column in columns]
        amount = row[asked.amount.name]
        good += 0 if bad[number] else amount
        if bad[number]:
            kind_of, value = WRONG[number % len(WRONG)]
            said[_first(columns, kind_of)] = value
            told += 0 if kind_of == "amount" else amount
        else:
            told += amount * (1 + int(again[number]))
        for _ in range(1 + again[number]):
            for place, value in enumerate(said):
                page.write(line, place, value)
            line += 1
    page.write_string(line, 0, "合计")
    page.write_string(line, _first(columns, "amount"), f"{told:,f}")
    page.write_string(line + 1, 0, f"注：{Text('zh')('structure.source.illustrative')}")
    return Sent(len(rows) - int(bad.sum()), good, int(again.sum()), int(bad.sum()))


def _first(columns: list[Column], kind: str) -> int:
    return next(place for place, column in enumerate(columns) if column.type == kind)


def _said(column: Column, value: Any, number: int) -> Any:
    """Return a value in one of the forms that people write it in, by the row's number."""
    if value is None:
        return ("", "—", "/", "")[number % 4] if column.type == "date" else ""
    if column.type == "amount":
        text = f"{value:,f}" if isinstance(value, Decimal) else str(value)
        forms: Mapping[int, Any] = {
            0: text, 1: text.translate(WIDE), 2: f"{text}万元", 3: f" {text} "
        }  # fmt: skip
        return forms[number % 4]
    if column.type == "date":
        return _date(str(value), number)
    if column.type == "district":
        bare = unicodedata.normalize("NFKC", str(value)).partition("(")[0]
        plan = load_plan()
        names = [name for name in plan.aliases if not name.isascii()
                 and plan.aliases[name] == plan.aliases[bare]]  # fmt: skip
        return (bare, f"{plan.about.place_zh}市{bare}", names[number % len(names)])[number % 3]
    return value


def _date(text: str, number: int) -> str:
    """Return 2021-03-05 or 2021-03 in one of their forms."""
    parts = text.removeprefix("计划").split("-")
    plan = "计划" if text.startswith("计划") else ""
    if len(parts) == 1 or not all(part.isdigit() for part in parts):
        return text
    whole = [str(int(part)) for part in parts]
    forms = [text, plan + "年".join(whole[:2]) + "月" + "".join(f"{day}日" for day in whole[2:])]
    if len(whole) == 3:
        forms += [plan + "/".join(whole), plan + ".".join(whole)]
    return forms[number % len(forms)]
