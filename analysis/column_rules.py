"""What a column of a table may hold, by the table's schema: each rule with its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

BOOLEANS = {"true": True, "false": False}
#: Resource and rows of each table, by name.
Tables = dict[str, tuple[Mapping[str, Any], pd.DataFrame]]
#: Problem, remedy, test of a cell.
Rule = tuple[str, str, Callable[[str], bool]]


def keys(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return column -> the resource and column at which it points."""
    return {key["fields"][0]: key["reference"] for key in schema.get("foreignKeys", [])}


def pointed_at(reference: Mapping[str, Any], tables: Tables) -> list[str]:
    """Return what a column may point at; nothing if that table could not be read."""
    if reference["resource"] not in tables:
        return []
    others, column = tables[reference["resource"]][1], reference["fields"][0]
    return list(others[column]) if column in others else []


def rules(
    field: Mapping[str, Any], reference: Mapping[str, Any] | None, tables: Tables
) -> list[Rule]:
    """Return (problem, remedy, test) of a column; all but the first pass an empty cell."""
    limits = field.get("constraints", {})
    found: list[Rule] = []
    if limits.get("required"):
        remedy = f"write a value: {field['description']}"
        found.append(("the cell is empty", remedy, lambda cell: cell != ""))
    kind = field["type"]
    if kind in ("number", "integer"):
        found.append(("not a number", "write digits with a point, no unit or comma", _is_number))
    elif kind == "boolean":
        found.append(("not true or false", "write true or false", _optional(BOOLEANS.__contains__)))
    if allowed := limits.get("enum"):
        remedy = f"one of {', '.join(allowed)}"
        found.append(("not an allowed value", remedy, _optional(allowed.__contains__)))
    if pattern := limits.get("pattern"):
        matches = re.compile(pattern).fullmatch
        found.append(("not of the form", f"write {pattern}", _optional(lambda c: bool(matches(c)))))
    for name, beyond in (("minimum", float.__lt__), ("maximum", float.__gt__)):
        if (limit := limits.get(name)) is not None:
            inside = _inside(beyond, float(limit))
            found.append((f"beyond the {name}", f"{name} is {limit}", inside))
    if reference and reference["resource"] in tables:
        there = set(pointed_at(reference, tables))
        remedy = f"name a row of {reference['resource']}.csv, or add one there"
        found.append(("points at nothing", remedy, _optional(there.__contains__)))
        others, key = tables[reference["resource"]][1], reference["fields"][0]
        for column in [one for one in reference.get("needs", ()) if one in others]:
            problem = f"its row of {reference['resource']}.csv has no {column}"
            remedy = "write it there, or move this row to left_out.csv"
            found.append((problem, remedy, _none_of(set(others.loc[others[column].eq(""), key]))))
    return found


def _optional(test: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda cell: cell == "" or test(cell)


def _none_of(lacking: set[str]) -> Callable[[str], bool]:
    return lambda cell: cell not in lacking


def _inside(beyond: Callable[[float, float], bool], limit: float) -> Callable[[str], bool]:
    # What is no number is named by its own rule.
    return lambda cell: cell == "" or not _is_number(cell) or not beyond(float(cell), limit)


def _is_number(cell: str) -> bool:
    return cell == "" or bool(re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", cell))
