"""A table that readers search, filter and sort, as the browser and documents need it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.board.columns import is_number
from analysis.text import both, fill
from analysis.words import number_format

Cell = Any
#: Rows that stand on a page at once, as in `js/src/records.js`.
AT_ONCE = 25
#: A text of so many characters needs no second line; one as wide as so many Latin letters gets a
#: wider column: as in `js/src/grid.js`.
BRIEF, LONG = 12, 50


def records(
    key: str, page: str, fields: Mapping[str, tuple[bool, bool]], rows: Sequence[Mapping[str, Cell]]
) -> dict[str, Any]:
    """Return a part of a page: the rows, each word of a column written down once.

    Parameters
    ----------
    page : whose texts name the columns
    fields : a column -> whether numbers stand in it, and whether readers filter by it
    rows : column -> a text, a pair of languages, which may have an address `url` and a number `by`
        that it is sorted by, or nothing
    """
    columns: list[dict[str, Any]] = []
    cells: list[list[Cell]] = []
    for name, (number, filtered) in fields.items():
        held = [_cell(row[name]) for row in rows]
        column: dict[str, Any] = {
            "key": name,
            **both(f"{page}.column.{name}"),
            "number": number,
            "filter": filtered,
        }
        if number:
            cells.append(held)
        else:
            words = {_identity(one): one for one in held if one is not None}
            at = {identity: i for i, identity in enumerate(words)}
            column["words"] = list(words.values())
            cells.append([None if one is None else at[_identity(one)] for one in held])
        columns.append(column)
    return {
        "part": "records",
        "key": key,
        "columns": columns,
        "rows": [list(row) for row in zip(*cells, strict=True)],
        "illustrative": False,
    }


def decoded(payload: Mapping[str, Any], most: int | None = None) -> Iterator[list[Cell]]:
    """Yield the first rows with words in place of their numbers, as the browser reads them."""
    words = [column.get("words") for column in payload["columns"]]
    for row in payload["rows"][:most]:
        yield [
            cell if cell is None or of is None else of[cell]
            for cell, of in zip(row, words, strict=True)
        ]


def amount(value: float, unit: str, decimals: int, sign: str = "") -> Cell:
    """Return a number as a cell, in the unit that each language has; nothing if it isn't known."""
    if value != value:
        return None
    said = {
        lang: f"{sign}{fill(f'{{x:{form}}}', {'x': value}, lang)}"
        for lang, form in number_format(unit, decimals).items()
    }
    return {**said, "by": float(value)}


def length(text: str) -> str:
    """Return the classes that a cell's text has for its length."""
    if len(text) + len(re.findall("[\u2e80-\uffff]", text)) > LONG:
        return "wb-long wb-longer"
    return "wb-long" if len(text) > BRIEF else "wb-brief"


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, Mapping):
        return dict(cell)
    if cell is None or cell == "" or (is_number(cell) and cell != cell):
        return None
    return str(cell)


def _identity(cell: Cell) -> Cell:
    return tuple(cell.items()) if isinstance(cell, dict) else cell
