"""What the cells of a filled-in form say, each checked by itself."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date
from urllib.parse import urlsplit

from analysis.gaps.form import labels, readings
from analysis.ledger.dates import format_date, read_date
from analysis.ledger.problems import CellFault
from analysis.numerals import number_in

Parse = Callable[[str], str]


class RowFault(CellFault):
    """Cells that are right each and wrong together; `column` is where to begin."""

    def __init__(self, column: str, code: str, **given: object) -> None:
        super().__init__(code, **given)
        self.column = column


def choice(keys: Iterable[str], column: str) -> Parse:
    """Return what reads a cell of a column that may say one of some keys, in any language."""
    keys = list(keys)
    known = readings(keys, column)

    def parse(cell: str) -> str:
        if cell.casefold() not in known:
            raise CellFault("unknown_choice", near=listed(keys, column))
        return known[cell.casefold()]

    return parse


def listed(keys: Iterable[str], column: str) -> dict[str, str]:
    """Return keys as a form writes them, one after another, in both languages."""
    keys = list(keys)
    return {lang: comma.join(labels(keys, column, lang).values())
            for lang, comma in (("zh", "、"), ("en", ", "))}  # fmt: skip


def number_cell(cell: str) -> str:
    """Return the number of a cell in plain digits."""
    value = number_in(cell)
    if not math.isfinite(value):
        raise CellFault("gap_number")
    return f"{value:.15g}"


def year_cell(cell: str) -> str:
    """Return a year in four digits."""
    if not re.fullmatch(r"(19|20)\d\d", cell, re.ASCII):
        raise CellFault("gap_year")
    return cell


def published_cell(cell: str) -> str:
    """Return the date of a publication, no more precise than it is."""
    when = read_date(cell)
    if when.first is None or when.precision not in ("day", "month", "year"):
        raise CellFault("date_invalid")
    if when.first > date.today():
        raise CellFault("date_future", today=date.today().isoformat())
    return format_date(when.first, when.precision)


def address_cell(cell: str) -> str:
    """Return a web address that may be shown: no user name or password in it."""
    try:
        parts = urlsplit(cell)
        sound = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
        named = parts.username is None and parts.password is None and parts.port != 0
    except ValueError:
        sound = named = False
    if not (sound and named and cell.isprintable() and " " not in cell):
        raise CellFault("gap_address")
    return cell


def bare(url: str) -> str:
    """Return an address without its scheme, as one and the same page may be written."""
    return url.partition("://")[2] or url
