"""A figure as a chart that an Office program can edit: what its marks show, from its table.

Only what bars, lines and bands say plainly is read. A figure whose marks draw anything that its
table has no column for, or one place more than once, stays a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from analysis.board.columns import is_number, written
from analysis.documents.document import Cell, Figure, Table

#: Scales of categories: a mark's other axis is the one of its numbers.
ORDERED = frozenset({"band", "point"})
#: What stands behind the name of a column that bars are drawn from.
ENDS = re.compile("_(end|start)$")
#: A filter that leaves out what is no number, and one that ends at a month.
KNOWN = re.compile(r"is(Valid|Finite)\(\+?datum(\.\w+|\[\"\w+\"\])\)")
#: Columns that say of a number what no plain chart of it would: a bound, an inference.
QUALIFIED = frozenset({"bound", "mark", "sign"})
UNTIL = re.compile(r"datum\.(\w+) <= (\w+)")


@dataclass(frozen=True, slots=True)
class Native:
    """Numbers by category and series.

    kind : "bar" (lying), "column" or "line"
    series : its name with the unit -> a number a category, None where there is none
    colours : its name -> its colour in the picture, if all of it has one
    """

    kind: str
    categories: tuple[str, ...]
    series: dict[str, tuple[float | None, ...]]
    colours: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a mark draws: along which axis categories stand, and a field of numbers.

    split : the field that sets bars of one category side by side, or ""
    until : field -> the most that is drawn of it
    colour : as "#rrggbb", or ""
    """

    shape: str
    axis: str
    category: str
    number: str
    split: str
    until: tuple[tuple[str, float], ...]
    colour: str


class _Unreadable(Exception):
    """A mark is of such as no chart of an Office program has."""


def native(figure: Figure, lang: str) -> Native | None:
    """Return a figure's numbers as its marks show them; None if the table can't say."""
    try:
        drawn = list(dict.fromkeys(_drawn(figure.spec)))
    except _Unreadable:
        return None
    same = {(one.shape, one.axis, one.category, one.split) for one in drawn}
    if figure.table is None or len(same) != 1 or _qualified(figure.table):
        return None
    found = _series(drawn, figure.table, lang)
    known = {one for of in found.values() for one, number in of.items() if number is not None}
    categories = tuple(one for one in dict.fromkeys(c for of in found.values() for c in of)
                       if one in known)  # fmt: skip
    shape, axis, *_ = same.pop()
    kind = "line" if shape == "line" else "bar" if axis == "y" else "column"
    if kind == "line" and not _even(categories):
        return None
    series = {name: tuple(map(of.get, categories)) for name, of in found.items()}
    colours = {} if drawn[0].split else dict(
        zip(found, (one.colour for one in drawn), strict=False))  # fmt: skip
    return Native(kind, categories, series, colours) if len(categories) > 1 else None


def _even(categories: tuple[str, ...]) -> bool:
    """Say whether years or months follow each other with none left out, as a chart sets them."""
    if not all(one.isdecimal() for one in categories):
        return False
    return len({int(b) - int(a) for a, b in pairwise(categories)}) == 1


def _qualified(table: Table) -> bool:
    """Say whether a number is a bound or inferred, which no plain chart would say of it."""
    at = [i for i, column in enumerate(table.columns) if column.key in QUALIFIED]
    return any(row[i] not in (None, "", "exact") for row in table.rows for i in at)


def _heading(table: Table, number: int, lang: str) -> str:
    """Return a column's heading with the unit that all rows name, if each names its own."""
    column = table.columns[number]
    units = {row[i] for i, one in enumerate(table.columns) if one.key == "unit"
             for row in table.rows}  # fmt: skip
    if column.of_row and len(units) == 1:
        return replace(column, unit=written(units.pop(), "unit", lang)).heading
    return column.heading


def _series(drawn: list[_Drawn], table: Table, lang: str) -> dict[str, dict[str, float | None]]:
    """Return each series; none where a column lacks, or a category stands twice in one."""
    at = {column.key.removesuffix(f"_{lang}"): i for i, column in enumerate(table.columns)}
    found: dict[str, dict[str, float | None]] = {}

    def said(row: tuple[Cell, ...], key: str) -> str:
        return written(row[at[key]], table.columns[at[key]].key, lang)

    for one in drawn:
        if not {one.category, one.number, one.split or one.number} <= set(at):
            return {}
        for row in table.rows:
            name = said(row, one.split) if one.split else _heading(table, at[one.number], lang)
            of = found.setdefault(name, {})
            if (category := said(row, one.category)) in of:
                return {}
            cell = row[at[one.number]]
            shown = all(row[at[field]] <= most for field, most in one.until)  # type: ignore[operator]
            of[category] = float(cell) if shown and is_number(cell) and cell == cell else None  # type: ignore[arg-type]
    return found


def _drawn(spec: Mapping[str, Any]) -> Iterator[_Drawn]:
    """Yield what the marks draw; words, rules and the dots of a line say nothing more."""
    scales = {one["name"]: one["type"] for one in spec.get("scales", [])}
    found: list[_Drawn] = []
    for mark in spec.get("marks", []):
        if mark["type"] == "group":
            raise _Unreadable
        if mark["type"] in ("rect", "line", "area"):
            found += _of_mark(mark, scales, spec)
    yield from found
    for mark in spec.get("marks", []):
        if mark["type"] == "symbol" and not {
            mark["encode"]["update"].get(axis, {}).get("field") for axis in ("x", "y")
        } <= {field for one in found for field in (one.category, one.number)}:
            raise _Unreadable


def _of_mark(
    mark: Mapping[str, Any], scales: Mapping[str, str], spec: Mapping[str, Any]
) -> Iterator[_Drawn]:
    update = mark["encode"]["update"]
    fields = {}
    for channel in ("x", "xc", "y", "yc"):
        given = update.get(channel)
        if isinstance(given, Mapping) and isinstance(given.get("field"), str):
            fields[channel[0]] = given
    ordered = [axis for axis, one in fields.items() if scales.get(one["scale"]) in ORDERED]
    line = mark["type"] != "rect"
    if len(fields) != 2 or len(ordered) > 1 or not (ordered or line):
        raise _Unreadable
    axis = ordered[0] if ordered else "x"
    other = "y" if axis == "x" else "x"
    offset = fields[axis].get("offset")
    split = offset.get("field", "") if isinstance(offset, Mapping) else ""
    until = tuple(_until(spec, mark["from"]["data"]))
    ink = update.get("stroke" if mark["type"] == "line" else "fill", {})
    # A thin tick's dark ink would be a black bar.
    thin = mark["type"] == "rect" and f"{other}c" in update
    colour = str(ink.get("value") or "") if isinstance(ink, Mapping) and not thin else ""
    numbers = [fields[other], update.get(f"{other}2", {})] if mark["type"] == "area" else [
        fields[other]]  # fmt: skip
    for number in numbers:
        if "field" not in number:
            raise _Unreadable
        yield _Drawn("line" if line else "rect", axis, fields[axis]["field"],
                     ENDS.sub("", number["field"]), split, until, colour)  # fmt: skip


def _until(spec: Mapping[str, Any], name: str) -> Iterator[tuple[str, float]]:
    """Yield how far the rows of some data go; a filter of another kind can't be read."""
    data = {one["name"]: one for one in spec.get("data", [])}
    signals = {one["name"]: one.get("value") for one in spec.get("signals", [])}
    while name:
        for step in data[name].get("transform", []):
            for part in str(step["expr"]).split(" && ") if step["type"] == "filter" else ():
                if found := UNTIL.fullmatch(part):
                    most = signals.get(found[2])
                    if most is None or not is_number(most):
                        raise _Unreadable
                    yield found[1], float(most)
                elif not KNOWN.fullmatch(part):
                    raise _Unreadable
        name = data[name].get("source", "")
