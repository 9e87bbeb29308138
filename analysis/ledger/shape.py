"""Where in a sheet the table stands: its header, its data, its totals and its notes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.ledger import marks
from analysis.ledger.form import KINDS, form
from analysis.ledger.grids import Box, Grid
from analysis.ledger.headers import Header, find_header, incomplete, refuse_twice
from analysis.ledger.sorting import Sorter
from analysis.ledger.units import Headed, Unit, units_in

#: Names of the columns of a quarantine file that hold what a row has beyond its header.
OVERFLOW = re.compile(r"\+\d+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of data: its number, and its cells in the header's order, extra ones behind."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row of totals.

    position : how many rows of data stand above it
    kind : total, subtotal or of_which
    scope : of foreign capital, as the row says it; "" if it says none
    """

    number: int
    label: str
    stated: str
    position: int
    kind: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the ledger as it stands in a sheet.

    names : header names as the file has them, one a cell
    places : column of the form -> place of its cell
    units : what the header says of each column of the form
    title_units : units that the lines above the table name
    counts : rows by what they are: header, note, total, blank
    merged : (row, place) of cells that a merged one covers over several rows
    marks : places of what a quarantine file adds, empty in any other
    examples : rows that say of themselves that they are examples
    """

    kind: str
    grid: Grid
    names: tuple[str, ...]
    places: Mapping[str, int]
    heads: Mapping[str, Headed]
    title_units: tuple[Unit, ...]
    header_rows: tuple[int, ...]
    rows: list[Row]
    totals: tuple[TotalRow, ...]
    notes: tuple[tuple[int, str], ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    merged: frozenset[tuple[int, int]] = frozenset()
    marks: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[int, ...] = ()


def find_table(grid: Grid, kind: str | None, file: str) -> Table | None:
    """Return the table of a sheet, or None if nothing in it looks like one.

    Raises
    ------
    LedgerFileError : schema (a required column is missing) or header_duplicate
    """
    header = find_header(grid, kind)
    if header is None:
        return None
    marked = marks.places(header.names)
    if marked and kind is None:
        # The file says itself which table its rows are of.
        row = next((c for _, c in grid.rows[header.start + header.depth :]), [])
        said = row[marked[marks.TABLE]] if marked[marks.TABLE] < len(row) else ""
        if said in KINDS and said != header.kind:
            return find_table(grid, said, file)
    number = grid.rows[header.start][0]
    if header.missing:
        raise incomplete(header, grid, file, number)
    refuse_twice(header, grid, file, number)
    return _split(grid, header)


def letters(place: int) -> str:
    """Return how a spreadsheet calls a column, counted from 0."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _split(grid: Grid, header: Header) -> Table:
    """Tell the rows of a sheet apart: titles, header, data, totals, notes and blanks."""
    end = header.start + header.depth
    above, below = grid.rows[: header.start], grid.rows[end:]
    places = {name: where[0] for name, where in header.found.items()}
    width = len(header.names)
    used = max(
        (place for _, cells in below for place, cell in enumerate(cells) if cell.strip()),
        default=width,
    )
    names = tuple(name or letters(place) for place, name in enumerate(header.names))
    while len(names) > used + 1 and not header.names[len(names) - 1]:
        names = names[:-1]
    marked = marks.places(names)
    if marked:
        names = tuple(map(marks.restored, names))
        below = [(number, list(map(marks.restored, cells))) for number, cells in below]
    title = [(number, " ".join(filter(None, map(str.strip, cells)))) for number, cells in above]
    notes, totals, rows = list(title), [], []
    repeats, examples = 0, []
    sort = Sorter(header.kind, places, len(names))
    for number, cells in below:
        what, label = ("data", "") if marked else sort(cells)
        if what == "data":
            rows.append(Row(number, cells))
        elif what == "header":
            repeats += 1
        elif what in ("note", "example"):
            examples += [number] * (what == "example")
            notes.append((number, " ".join(filter(None, map(str.strip, cells)))))
        else:
            stated, scope = (
                cells[place] if 0 <= place < len(cells) else ""
                for place in (places[form(header.kind).amount.name], places.get("scope", -1))
            )
            totals.append(TotalRow(number, label, stated, len(rows), what, scope))
    header_rows = tuple(number for number, _ in grid.rows[header.start : end])
    counts = {
        "read": grid.last,
        "blank": grid.last - len(grid.rows),
        "header": len(header_rows) + repeats,
        "total": len(totals),
        "note": len(notes),
    }
    heads = {name: header.heads[place] for name, place in places.items()}
    units = tuple(unit for _, line in title for unit in units_in(line))
    return Table(
        kind=header.kind, grid=grid, names=names, places=places, heads=heads, title_units=units,
        header_rows=header_rows, rows=rows, totals=tuple(totals), notes=tuple(notes),
        counts=counts, merged=_fill_down(rows, grid.boxes), marks=marked,
        examples=tuple(examples),
    )  # fmt: skip


def _fill_down(rows: list[Row], boxes: tuple[Box, ...]) -> frozenset[tuple[int, int]]:
    """Give each row of data what a merged cell says for all of them; return where."""
    tall = [box for box in boxes if box.bottom > box.top]
    held = {row.number: row.cells for row in rows} if tall else {}
    filled = set()
    for box in tall:
        first = held.get(box.top, [])
        value = first[box.left - 1] if box.left <= len(first) else ""
        for number in range(box.top, box.bottom + 1):
            if value.strip() and (cells := held.get(number)) is not None:
                cells.extend([""] * (box.left - len(cells)))
                cells[box.left - 1] = value
                filled.add((number, box.left - 1))
    return frozenset(filled)
