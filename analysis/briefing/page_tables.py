"""Choices, facts and tables of a page, as a reader sees them and as they are taken away."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis.board.drawing import table as as_table
from analysis.text import both, fill
from analysis.words import number_format

Bilingual = dict[str, str]
Cell = Bilingual | str | None


def together(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the frames of all choices as one, the choice in the column `of`."""
    named = [rows.assign(of=key) for key, rows in frames.items()]
    whole = pd.concat([rows for rows in named if len(rows)] or named[:1], ignore_index=True)
    return whole[["of", *[column for column in whole if column != "of"]]]


def told(value: float | None, unit: str, decimals: int, sign: str = "") -> Bilingual:
    """Return a number in the unit that each language has; a dash where there is none.

    sign : "+" to write it also where the number is positive
    """
    known = math.nan if value is None else value
    return {
        lang: fill(f"{{x:{sign}{form}}}", {"x": known}, lang)
        for lang, form in number_format(unit, decimals).items()
    }


def known(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts that survive JSON: what is no number is a dash."""
    plain = {key: one.item() if hasattr(one, "item") else one for key, one in facts.items()}
    unknown = {key for key, one in plain.items() if isinstance(one, float) and math.isnan(one)}
    return plain | dict.fromkeys(unknown, "–")


def choice(key: str, first: str, options: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the part that lets a reader choose one of several.

    options : key, name (both languages), facts (what texts and figures know of it)
    """
    made = [{**one, "facts": known(one["facts"])} for one in options]
    return {"key": key, "name": both(f"structure.choose.{key}"), "first": first, "options": made}


def table(
    key: str,
    columns: Iterable[tuple[str, bool]],
    rows: Mapping[str, list[list[Cell]]],
    data: pd.DataFrame,
    illustrative: bool,
    by: str | None = None,
) -> dict[str, Any]:
    """Return a table as a part of the page, but for its title and its source.

    Parameters
    ----------
    columns : (key of its name, whether it holds numbers)
    rows : the rows by the choice's key; by "" if the table follows no choice
    data : what a reader takes away: all choices together, numbers unrounded
    """
    return {
        "part": "table",
        "key": key,
        "by": by,
        "columns": [
            {**both(f"structure.column.{name}"), "number": number} for name, number in columns
        ],
        "rows": rows,
        "table": as_table(data, key),
        "illustrative": illustrative,
    }


def measures(frame: pd.DataFrame) -> list[list[Cell]]:
    """Return the rows of 一区一表 or 一链一表: measure, now, asked, missing, before, unit."""
    decimals = {"1e8 CNY": 1, "1e8 USD": 2, "%": 1, "index": 3}
    units: dict[str, Cell] = {
        "1e8 CNY": both("unit.1e8 CNY"), "1e8 USD": both("unit.1e8 USD"), "%": "%",
        "index": both("unit.index"), "projects": both("structure.unit.projects"),
    }  # fmt: skip
    rows: list[list[Cell]] = []
    for row in frame.to_dict("records"):
        unit = str(row["unit"])
        plain = row["measure"] == "capital" and row["asked"] != row["asked"]
        name = both(f"structure.measure.{row['measure']}{'.plain' if plain else ''}")
        numbers = [
            told(row[column], unit, decimals.get(unit, 0))
            for column in ("value", "asked", "missing", "before")
        ]
        rows.append([name, *numbers, units.get(unit, "")])
    return rows


MEASURES = (
    ("measure", False), ("value", True), ("asked", True), ("missing", True), ("before", True),
    ("unit", False),
)  # fmt: skip
