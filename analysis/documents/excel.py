"""A document's tables as Excel: one sheet a table, with its units, and a sheet of sources."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import xlsxwriter

from analysis.board.columns import PLAIN, Column, is_number, widths, written
from analysis.charts.theme import COLOUR
from analysis.documents.cells import neutral, printable
from analysis.documents.document import Cards, Document, Table
from analysis.files import WRITTEN
from analysis.text import Text

#: Rows above a table's own: its title, its source, its label, and one that stays empty.
ABOVE = 4
FONT = "Microsoft YaHei"


def excel(document: Document) -> bytes:
    """Return the document's tables as an Excel file; the same document gives the same bytes."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held,
        # Texts are texts: no formula, no link is made of what a ledger holds.
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False, "nan_inf_to_errors": False},
    )  # fmt: skip
    book.set_properties({"title": document.title, "comments": document.label, "created": WRITTEN})
    formats = _formats(book)
    tables = [*_targets(document), *(table.named() for table in document.tables())]
    names = sheet_names([table.title for table in tables])
    for name, table in zip(names, tables, strict=True):
        _sheet(book.add_worksheet(name), table, document, formats)
    _sources(book, names, tables, document, formats)
    book.close()
    return held.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"font_name": FONT, "font_size": 10}
    looks: dict[str, dict[str, Any]] = {
        "text": {}, "whole": {"num_format": "#,##0"}, "number": {"num_format": "#,##0.00"},
        "plain": {"num_format": "0"}, "wrapped": {"text_wrap": True, "valign": "top"},
        "title": {"bold": True, "font_size": 13},
        "muted": {"font_color": COLOUR["muted"]},
        "label": {"bold": True, "font_color": COLOUR["missing"]},
        "head": {"bold": True, "bottom": 1, "bg_color": COLOUR["ground"], "text_wrap": True,
                 "valign": "top"},
    }  # fmt: skip
    return {name: book.add_format(base | look) for name, look in looks.items()}


def _targets(document: Document) -> Iterator[Table]:
    """Return the cards as tables."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Cards):
                yield block.table(document.lang)


def _number(shown: str) -> float | str:
    plain = shown.replace(",", "").replace("−", "-")
    return float(plain) if re.fullmatch(r"[+-]?\d+(\.\d+)?", plain) else shown


def _sheet(sheet: Any, table: Table, document: Document, formats: dict[str, Any]) -> None:
    label = document.label
    if table.illustrative:
        label = label or Text(document.lang)("document.illustrative")
    sheet.write_string(0, 0, neutral(table.title), formats["title"])
    sheet.write_string(1, 0, neutral(table.source), formats["muted"])
    sheet.write_string(2, 0, label or document.about, formats["label" if label else "muted"])
    for j, column in enumerate(table.columns):
        sheet.write_string(ABOVE, j, neutral(column.heading), formats["head"])
    kinds = [_kind(table, j) for j in range(len(table.columns))]
    for i, row in enumerate(table.rows, start=ABOVE + 1):
        for j, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            kind = formats[kinds[j]]
            _cell(
                sheet, (i, j), _value(value, column), document.lang, column, kind, formats["text"]
            )
    sheet.freeze_panes(ABOVE + 1, 1)
    if table.rows and table.columns:
        sheet.autofilter(ABOVE, 0, ABOVE + len(table.rows), len(table.columns) - 1)
    for j, width in enumerate(widths(table.columns, table.texts(document.lang, 200))):
        sheet.set_column(j, j, width + 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(ABOVE)
    sheet.set_footer("&L" + (label or document.about).replace("&", "&&") + "&R&P / &N")


def _value(cell: Any, column: Column) -> Any:
    """Return a cell's value; a number that stands as text in a column of numbers is one."""
    return _number(cell) if column.number and isinstance(cell, str) else cell


def _kind(table: Table, j: int) -> str:
    """Return the format of a column's numbers: with decimals if any of them has some."""
    column = table.columns[j]
    if column.key in PLAIN:
        return "plain"
    values = [_value(row[j], column) for row in table.rows]
    return "whole" if all(float(v).is_integer() for v in values if is_number(v)) else "number"


def _cell(sheet: Any, at: tuple[int, int], value: Any, lang: str, column: Column, number: Any,
          text: Any) -> None:  # fmt: skip
    """Write a cell in the format of its column's numbers, or of texts."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(*at, value, text)
    elif is_number(value):
        # Sums of binary fractions end in 0000001: a cell holds what is known of them.
        sheet.write_number(*at, float(f"{value:.12g}"), number)
    else:
        sheet.write_string(*at, neutral(written(value, column.key, lang)), text)


def _sources(
    book: Any, names: list[str], tables: list[Table], document: Document, formats: dict[str, Any]
) -> None:
    """Add the sheet that says of each other one what it holds and where that comes from."""
    text = Text(document.lang)
    sheet = book.add_worksheet(text("document.sources"))
    sheet.write_string(0, 0, neutral(document.title), formats["title"])
    sheet.write_string(
        1, 0, " · ".join(filter(None, (document.about, document.subtitle))), formats["muted"]
    )
    if document.label:
        sheet.write_string(2, 0, document.label, formats["label"])
    heads = ("sheet", "table", "source")
    for j, key in enumerate(heads):
        sheet.write_string(ABOVE, j, text(f"document.{key}"), formats["head"])
    for i, (name, table) in enumerate(zip(names, tables, strict=True), start=ABOVE + 1):
        sheet.write_url(i, 0, f"internal:'{name}'!A1", formats["wrapped"], name)
        sheet.write_string(i, 1, neutral(table.title), formats["wrapped"])
        sheet.write_string(i, 2, neutral(table.source), formats["wrapped"])
    for j, width in enumerate((24, 60, 90)):
        sheet.set_column(j, j, width)
    sheet.freeze_panes(ABOVE + 1, 0)


def sheet_names(names: list[str]) -> list[str]:
    r"""Return names that Excel allows: 31 characters, none of []:*?/\', and none twice."""
    found: list[str] = []
    for name in names:
        base = " ".join(re.sub(r"[\[\]:*?/\\]", " ", printable(name)).split()) or "sheet"
        base = base.replace("'", "’")
        base = base if len(base) <= 28 else f"{base[:27].rstrip()}…"
        unique, number = base, 2
        while unique.lower() in {other.lower() for other in found}:
            unique, number = f"{base[:25]} {number}", number + 1
        found.append(unique)
    return found
