"""A figure as a chart that an Office program can edit: what its marks show, from its table.

Only what bars, lines and bands say plainly is read; of bars whose table has other columns, the
rows that they are drawn from. A figure whose marks draw anything else, or one place more than
once, stays a picture.
"""

from __future__ import annotations

import ast
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
#: A filter that leaves the rows of what is chosen, and the names that a legend has for values.
CHOSEN = re.compile(r"datum\.(\w+) === (\w+)")
CALLED = re.compile(r"\((\{.*\})\)\[datum\.value\]")


@dataclass(frozen=True, slots=True)
class Native:
    """Numbers by category and series.

    kind : "bar" (lying), "column", "line" or "dots"; "bar_stacked" where parts of a whole stand
        in a row, "bar_about" where bars stand on `base`
    series : its name with the unit -> a number a category, None where there is none
    colours : its name -> its colour in the picture, if all of it has one
    """

    kind: str
    categories: tuple[str, ...]
    series: dict[str, tuple[float | None, ...]]
    colours: dict[str, str]
    base: float | None = None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a mark draws: along which axis categories stand, and a field of numbers.

    split : the field that sets bars of one category side by side, or ""
    until : field -> the most that is drawn of it
    colour : as "#rrggbb", or ""
    data : the name of the rows that it draws
    hue : the field that a legend tells the colours of, or ""
    """

    shape: str
    axis: str
    category: str
    number: str
    split: str
    until: tuple[tuple[str, float], ...]
    colour: str
    data: str
    hue: str


class _Unreadable(Exception):
    """A mark is of such as no chart of an Office program has."""


def native(figure: Figure, lang: str) -> Native | None:
    """Return a figure's numbers as its marks show them; None if the table can't say."""
    try:
        drawn = list(dict.fromkeys(_drawn(figure.spec)))
    except _Unreadable:
        return None
    same = {(one.shape, one.axis, one.category, one.split) for one in drawn}
    if figure.table is None or len(same) != 1 or qualified(figure.table):
        return None
    if (found := _series(drawn, figure.table, lang)) is None:
        return _from_rows(drawn, figure)
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


def qualified(table: Table) -> bool:
    """Say whether a number is a bound or inferred, which no plain chart would say of it."""
    at = [i for i, column in enumerate(table.columns) if column.key in QUALIFIED]
    return any(row[i] not in (None, "", "exact") for row in table.rows for i in at)


def heading(table: Table, number: int, lang: str) -> str:
    """Return a column's heading with the unit that all rows name, if each names its own."""
    column = table.columns[number]
    units = {row[i] for i, one in enumerate(table.columns) if one.key == "unit"
             for row in table.rows}  # fmt: skip
    if column.of_row and len(units) == 1:
        return replace(column, unit=written(units.pop(), "unit", lang)).heading
    return column.heading


def _series(
    drawn: list[_Drawn], table: Table, lang: str
) -> dict[str, dict[str, float | None]] | None:
    """Return each series; empty where a category stands twice in one, None if a column lacks."""
    at = {column.key.removesuffix(f"_{lang}"): i for i, column in enumerate(table.columns)}
    found: dict[str, dict[str, float | None]] = {}

    def said(row: tuple[Cell, ...], key: str) -> str:
        return written(row[at[key]], table.columns[at[key]].key, lang)

    for one in drawn:
        if not {one.category, one.number, one.split or one.number} <= set(at):
            return None
        for row in table.rows:
            name = said(row, one.split) if one.split else heading(table, at[one.number], lang)
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
    until = tuple(_until(spec, mark["from"]["data"]))
    ink = update.get("stroke" if mark["type"] == "line" else "fill", {})
    split = {**offset, **dict(ink)}.get("field", "") if isinstance(offset, Mapping) else ""
    # A thin tick's dark ink would be a black bar.
    thin = mark["type"] == "rect" and f"{other}c" in update
    colour = str(ink.get("value") or "") if isinstance(ink, Mapping) and not thin else ""
    numbers = [fields[other], update.get(f"{other}2", {})] if mark["type"] == "area" else [
        fields[other]]  # fmt: skip
    stacked = {name for step in _rows(spec, mark["from"]["data"])[1] if step["type"] == "stack"
               for name in step["as"]}  # fmt: skip
    data, legends = mark["from"]["data"], {one.get("fill") for one in spec.get("legends", [])}
    hue = ink.get("field", "") if isinstance(ink, Mapping) and ink.get("scale") in legends else ""
    for number in numbers:
        if "field" not in number:
            raise _Unreadable
        begin = update.get(f"{other}2", {}).get("field", "") if not line else ""
        if begin and not (begin.endswith("_start") or begin in stacked):
            raise _Unreadable
        yield _Drawn("line" if line else "rect", axis, fields[axis]["field"],
                     ENDS.sub("", number["field"]), split, until, colour, data, hue)  # fmt: skip


def _until(spec: Mapping[str, Any], name: str) -> Iterator[tuple[str, float]]:
    """Yield how far the rows of some data go; a filter of another kind can't be read."""
    signals = {one["name"]: one.get("value") for one in spec.get("signals", [])}
    for step in _rows(spec, name)[1]:
        for part in str(step["expr"]).split(" && ") if step["type"] == "filter" else ():
            if found := UNTIL.fullmatch(part):
                most = signals.get(found[2])
                if most is None or not is_number(most):
                    raise _Unreadable
                yield found[1], float(most)
            elif not (KNOWN.fullmatch(part) or CHOSEN.fullmatch(part)):
                raise _Unreadable


def _from_rows(drawn: list[_Drawn], figure: Figure) -> Native | None:
    """Return bars as the rows say that they are drawn from; None where those don't hold them."""
    spec, first = figure.spec, drawn[0]
    axis = next(one for one in spec["axes"] if one["scale"] != first.axis and one.get("title"))
    labels = axis.get("encode", {}).get("labels", {}).get("update", {}).get("text", {})
    ranges = any(mark["type"] == "rule" and {"x", "x2"} <= set(mark["encode"]["update"])
                 for mark in spec["marks"])  # fmt: skip
    # An axis whose labels are other numbers than those that are drawn; lines that tell a range.
    if first.shape != "rect" or "/" in str(labels.get("signal", "")) or ranges:
        return None
    by, stacked = first.split or first.hue, False
    series: dict[str, dict[str, float | None]] = {}
    places: dict[str, None] = {}
    for one in drawn:
        rows, steps = _rows(spec, one.data)
        stack = next((step for step in steps if step["type"] == "stack"
                      and {one.number, f"{one.number}_start"} & set(step["as"])), None)  # fmt: skip
        number = stack["field"] if stack else one.number
        stacked |= bool(stack and by and by not in stack["groupby"])
        for row in _joined(rows, number, figure.table):
            if not {one.category, number} <= set(row) or not is_number(row[number]):
                return None
            places[str(row[one.category])] = None
            of = series.setdefault(_legend(spec, row[by]) if by else str(axis["title"]), {})
            if of.setdefault(str(row[one.category]), float(row[number])) != row[number]:
                return None
    hues = _hues(spec, series)
    categories = tuple(places)
    numbers = {name: tuple(map(series[name].get, categories)) for name in hues or series}
    counted = sum(map(len, series.values()))
    if len(categories) < 2 or counted < len(categories) or (stacked and first.axis != "y"):
        return None
    kind = "bar_stacked" if stacked else "bar" if first.axis == "y" else "column"
    return Native(kind, categories, numbers, hues)


def _rows(spec: Mapping[str, Any], name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows that some data begin with, those left out that a choice leaves out."""
    data = {one["name"]: one for one in spec.get("data", [])}
    signals = {one["name"]: one.get("value") for one in spec.get("signals", [])}
    steps: list[dict[str, Any]] = []
    while source := data[name].get("source"):
        steps, name = [*data[name].get("transform", []), *steps], source
    steps = [*data[name].get("transform", []), *steps]
    rows = list(data[name].get("values", []))
    for step in steps:
        if found := CHOSEN.fullmatch(str(step.get("expr", ""))):
            rows = [row for row in rows if row.get(found[1]) == signals.get(found[2])]
    return rows, steps


def _joined(
    rows: list[dict[str, Any]], number: str, table: Table | None
) -> Iterator[dict[str, Any]]:
    """Yield rows, what follows the scenario taken from the table's one column of numbers."""
    columns = [column.key for column in table.columns] if table else []
    live = [key for i, key in enumerate(columns) if table and table.numeric()[i]]
    for row in rows:
        keys = [key for key in columns if key in row]
        if number in row or table is None or len(live) != 1 or not keys:
            yield row
            continue
        at = {key: columns.index(key) for key in (*keys, live[0])}
        same = [held for held in table.rows if all(held[at[key]] == row[key] for key in keys)]
        yield {**row, number: same[0][at[live[0]]]} if len(same) == 1 else row


def _legend(spec: Mapping[str, Any], value: Any) -> str:
    """Return what the legend calls a value."""
    for one in spec.get("legends", []):
        text = one.get("encode", {}).get("labels", {}).get("update", {}).get("text", {})
        if found := CALLED.fullmatch(str(text.get("signal", ""))):
            return str(ast.literal_eval(found[1]).get(value, value))
    return str(value)


def _hues(spec: Mapping[str, Any], series: Mapping[str, Any]) -> dict[str, str]:
    """Return the colour that the picture's scale gives each series."""
    scale: Mapping[str, Any] = next((o for o in spec["scales"] if o["name"] == "color"), {})
    domain, hues = scale.get("domain"), scale.get("range")
    if not isinstance(domain, list) or not isinstance(hues, list):
        return {}
    named = {_legend(spec, value): hue for value, hue in zip(domain, hues, strict=False)}
    return {name: hue for name, hue in named.items() if name in series}
