"""A figure as a chart that an Office program can edit, where its table alone says what is drawn."""

from __future__ import annotations

from typing import Any

from analysis.board.columns import is_number, written
from analysis.documents.document import Table
from analysis.documents.native import Native, heading, qualified

#: The column that names rows, those drawn together with their colours, and how.
DRAWN = (
    ("lever", {"at_low": "band", "at_high": "group_1"}, "bar_about"),
    ("name", {"share": "group_1", "share_floor": "ink"}, "dots"),
    ("name", {"signed": "band", "arrived": "group_1", "due_at_lever": "grey"}, "bar"),
    ("name", {"ratio": "group_1"}, "bar"),
)


def of_table(table: Table | None, lang: str) -> Native | None:
    """Return a table's numbers as the chart that its columns are of; None if they are of none."""
    if table is None or len(table.rows) < 2 or qualified(table):
        return None
    at = {column.key.removesuffix(f"_{lang}"): i for i, column in enumerate(table.columns)}
    if {"name", "level", "asked_for", "value"} <= set(at):
        return _asked(table, at, lang)
    for name, columns, kind in DRAWN:
        if not {name, *columns} <= set(at):
            continue
        categories = tuple(written(row[at[name]], name, lang) for row in table.rows)
        names = {key: heading(table, at[key], lang) for key in columns}
        series = {names[key]: tuple(_number(row[at[key]]) for row in table.rows) for key in columns}
        base = _number(table.rows[0][at["base"]]) if kind == "bar_about" else None
        return Native(kind, categories, series, {names[key]: columns[key] for key in columns}, base)
    return None


def _asked(table: Table, at: dict[str, int], lang: str) -> Native:
    """Return what each place has, and beside it what each level asks of it."""
    has = heading(table, at["value"], lang)
    series: dict[str, dict[str, float | None]] = {has: {}}
    for row in table.rows:
        name, level = (written(row[at[key]], key, lang) for key in ("name", "level"))
        series[has][name] = _number(row[at["value"]])
        series.setdefault(level, {})[name] = _number(row[at["asked_for"]])
    numbers = {key: tuple(map(of.get, series[has])) for key, of in series.items()}
    return Native("bar", tuple(series[has]), numbers, {has: "group_1"})


def _number(cell: Any) -> float | None:
    return float(cell) if is_number(cell) and cell == cell else None
