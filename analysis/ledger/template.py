"""The blank workbook of a ledger for a bureau to fill in, with drop-downs and notes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.files import write_whole
from analysis.ledger.form import KINDS, Column, choice_names, form
from analysis.plan import load_plan
from analysis.text import Text

#: How far down drop-downs and bounds reach.
_ROWS = 10_000
_LINES_ABOUT = ("fill", "unit", "dates", "ids", "nothing", "example", "totals", "quarantine")
_WIDTHS = {"text": 24, "id": 16, "amount": 18, "district": 22, "chain": 30, "date": 16}


@dataclass(frozen=True, slots=True)
class _Page:
    """What the sheets of one template share.

    lists : name of a list -> the range that holds its choices
    """

    book: Any
    text: Text
    lists: Mapping[str, str]
    formats: Mapping[str, Any]


def write(path: Path | str, lang: str) -> Path:
    """Write the blank template of a ledger.

    A sheet a table: headers with units, notes on them, drop-downs, an example row that is
    passed over when the workbook is read; and a sheet that explains.

    Parameters
    ----------
    path : of the .xlsx file; written whole or not at all
    lang : "zh" or "en"
    """
    path = Path(path)
    write_whole(path, content(lang))
    return path


def content(lang: str) -> bytes:
    """Return the bytes of the template in a language."""
    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        text = Text(lang)
        pages = [book.add_worksheet(text(f"reading.template.{kind}")) for kind in KINDS]
        about = book.add_worksheet(text("reading.template.about"))
        lists = _write_about(book, about, text)
        formats = {
            "head": book.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
            ),
            "needed": book.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2,
                 "bg_color": "#E3EDF7"}
            ),
            "example": book.add_format({"italic": True, "font_color": "#6B6B6B"}),
            "text": book.add_format({"num_format": "@"}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
            "ratio": book.add_format({"num_format": "0.00%"}),
        }  # fmt: skip
        shared = _Page(book, text, lists, formats)
        for kind, page in zip(KINDS, pages, strict=True):
            _write_table(shared, page, kind)
        book.set_properties({"title": text("reading.template.title")})
    return held.getvalue()


def header(column: Column, lang: str) -> str:
    """Return what the template calls a column, with the unit of its numbers."""
    name = str(getattr(column, f"name_{lang}"))
    if column.type != "amount":
        return name
    unit = Text(lang)(f"reading.template.unit.{column.unit.split()[-1]}")
    return f"{name}（{unit}）" if lang == "zh" else f"{name} ({unit})"


def _write_table(shared: _Page, page: Any, kind: str) -> None:
    lang = shared.text.lang
    page.freeze_panes(1, 2)
    page.set_row(0, 32)
    for place, column in enumerate(form(kind).columns):
        style = shared.formats["needed" if column.required else "head"]
        page.write_string(0, place, header(column, lang), style)
        page.write_comment(0, place, _note(column, shared.text), {"x_scale": 2, "y_scale": 1.2})
        body = shared.formats.get(column.type, shared.formats["text"])
        page.set_column(place, place, _WIDTHS.get(column.type, 14), body)
        _write_example(shared, page, place, column)
        if rule := _rule(shared, column):
            page.data_validation(1, place, _ROWS, place, rule)


def _note(column: Column, text: Text) -> str:
    needed = text("reading.template.needed" if column.required else "reading.template.optional")
    return " ".join(filter(None, (needed, str(getattr(column, f"note_{text.lang}")))))


def _write_example(shared: _Page, page: Any, place: int, column: Column) -> None:
    """Write the example's cell; its first one says that it is an example, and so it is skipped."""
    style, text = shared.formats["example"], shared.text
    if place == 0:
        page.write_string(1, 0, text("reading.template.example"), style)
    elif column.type == "amount":
        page.write_number(1, place, 10_000, style)
    elif column.type in ("date", "text", "id"):
        page.write_string(1, place, text(f"reading.template.example.{column.type}"), style)
    elif column.required or column.type == "boolean":
        name = column.choices or column.type
        page.write_string(1, place, choice_names(name, text.lang)[0], style)


def _rule(shared: _Page, column: Column) -> dict[str, Any] | None:
    """Return what Excel allows in a column: a list, or a number within bounds."""
    text = shared.text
    name = column.choices or column.type
    if column.name == "link":
        # A suggestion: other links than the plan's may be written.
        return {"validate": "list", "source": shared.lists["link"], "show_error": False}
    if name in shared.lists:
        return {
            "validate": "list", "source": shared.lists[name],
            "error_title": text("reading.template.choose"),
            "error_message": text("reading.template.choose.say"),
        }  # fmt: skip
    if column.type == "ratio":
        return {
            "validate": "decimal", "criteria": "between",
            "minimum": column.minimum or 0, "maximum": column.maximum or 1,
        }  # fmt: skip
    if column.type == "amount":
        least = column.minimum
        criteria = ">=" if least is not None else "between"
        bounds = {"value": least} if least is not None else {"minimum": -1e12, "maximum": 1e12}
        return {"validate": "decimal", "criteria": criteria, **bounds}
    return None


def _write_about(book: Any, page: Any, text: Text) -> dict[str, str]:
    """Write the sheet that explains, and the lists; return list -> its range."""
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 90)
    page.write_string(0, 0, text("reading.template.title"), title)
    for line, name in enumerate(_LINES_ABOUT, start=1):
        page.write_string(line, 0, text(f"reading.template.about.{name}"), wrap)
    ranges = {}
    sheet = text("reading.template.about").replace("'", "''")
    for place, (name, names) in enumerate(_lists(text.lang).items(), start=2):
        page.set_column(place, place, max(map(len, names)) + 6)
        page.write_string(0, place, text("reading.template.list", name=_titles(name, text)), head)
        for line, choice in enumerate(names, start=1):
            page.write_string(line, place, choice)
        column = chr(ord("A") + place)
        ranges[name] = f"='{sheet}'!${column}$2:${column}${len(names) + 1}"
    return ranges


def _lists(lang: str) -> dict[str, list[str]]:
    """Return list -> choices, of every list that a column of the form uses."""
    names: dict[str, list[str]] = {}
    for kind in KINDS:
        for column in form(kind).columns:
            name = column.choices or column.type
            if column.choices or column.type in ("district", "tier", "chain"):
                names[name] = choice_names(name, lang)
    names["link"] = list(load_plan().chain_links[f"name_{lang}"])
    return names


def _titles(name: str, text: Text) -> str:
    """Return what a list is called: as the first column that uses it."""
    for kind in KINDS:
        for column in form(kind).columns:
            if name in (column.choices or column.type, column.name):
                return str(getattr(column, f"name_{text.lang}"))
    return name
