"""Frames and numbers of the page that sets two plans, two years, or places and floors together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.amounts import ratio
from analysis.briefing import page_tables
from analysis.briefing.comparison import pairs
from analysis.briefing.difference import NAME, Asked, Pair, Row, lead
from analysis.evidence import Evidence
from analysis.model import Model
from analysis.plan import Plan
from analysis.text import LANGUAGES, Text, both, enumerated
from analysis.words import begun, begun_in_each

LEVERS = ()
#: Columns of the table, and whether they hold numbers.
COLUMNS = (("measure", False), ("first", False), ("second", False), ("apart", False))
SIDES = ("one", "other")


def values(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return what the page's sentences name: the pairs that there are."""
    named = [called(pair) for pair in pairs(plan, evidence)]
    return {"named": {lang: "；".join(one["zh"] for one in named) if lang == "zh"
                      else enumerated((one["en"] for one in named), lang, "; ")
                      for lang in LANGUAGES}}  # fmt: skip


def called(pair: Pair) -> dict[str, str]:
    """Return what a pair is called."""
    return both(f"{NAME}.pair.name", one=pair.one, other=pair.other)


def facts_of(pair: Pair) -> dict[str, Any]:
    """Return what texts and picture know of a pair."""
    cases = [row.case for row in pair.compared]
    counts = {"p_compared": float(len(cases)), "p_above": float(cases.count("above"))}
    return {"p_lead": lead(pair), "p_one": pair.one, "p_other": pair.other, **counts}


def facts(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return what the page knows at first: the first pair."""
    first = pairs(plan, evidence)[0]
    return {"pair": first.key, **facts_of(first)}


def presets(plan: Plan, evidence: Evidence, model: Model) -> list[Any]:
    """Return no scenario: the page has no lever."""
    return []


def tools(plan: Plan, evidence: Evidence, model: Model) -> dict[str, dict[str, Any]]:
    """Return the choice of a pair, and its table."""
    every = pairs(plan, evidence)
    options = [{"key": pair.key, "name": called(pair), "facts": facts_of(pair)} for pair in every]
    cells = {pair.key: _cells(pair) for pair in every}
    return {
        "choice": page_tables.choice("pair", every[0].key, options),
        "table": page_tables.table("side_by_side", COLUMNS, cells, frame(every), False, by="pair"),
    }


def _cells(pair: Pair) -> list[list[page_tables.Cell]]:
    return [
        [
            dict(row.name),
            *(dict(asked.said()) if asked else None for asked in (row.one, row.other)),
            dict(pair.reason(row) if row.case == "none" else row.difference()),
        ]
        for row in pair.rows
    ]


def frame(every: Sequence[Pair]) -> pd.DataFrame:
    """Return all pairs a row a level, as a reader takes them away.

    Returns
    -------
    of (the pair), name_zh, name_en, set_by, level, value, unit, bound, kind, source; by, row_key,
    mark and x say which mark of the picture it is
    """
    return pd.DataFrame(
        {
            "of": called(pair), **{f"name_{lang}": row.name[lang] for lang in LANGUAGES},
            "set_by": begun_in_each(getattr(pair, side)), "level": dict(level), "value": value,
            "unit": asked.unit, "bound": asked.bound, "kind": asked.kind, "source": asked.source,
            "by": pair.key, "row_key": str(at), "mark": side, "x": place,
        }
        for pair in every
        for at, row in enumerate(pair.rows)
        for side in SIDES
        if (asked := getattr(row, side))
        for place, (level, value) in enumerate(asked.levels)
    )  # fmt: skip


def drawn(every: Sequence[Pair], text: Text, narrow: bool) -> pd.DataFrame:
    """Return the bars of all pairs; in a pair all of one unit share a scale, the longest is one.

    Returns
    -------
    by (the pair), row_key, row (its name), mark (the side), x (the level), end, top (of the
    highest level), words, known
    """
    return pd.DataFrame(
        {"by": pair.key, "row_key": str(pair.rows.index(row)), "mark": side, "x": 0,
         "row": row.name[text.lang].replace("：", "|").replace(": ", "|"),
         **_bar(getattr(row, side), ends, longest[_unit(row)], text, narrow)}
        for pair in every
        if (longest := _longest(pair))
        for row in _shown(pair)
        for side, ends in _ends(row).items()
    )  # fmt: skip


def _shown(pair: Pair) -> list[Row]:
    return [row for row in pair.rows if row.case != "none" or row.why == "unknown"]


def _unit(row: Row) -> str:
    """Return the unit in which a row is drawn."""
    return next(asked.unit for asked in (row.one, row.other) if asked)


def _ends(row: Row) -> dict[str, list[float]]:
    """Return the levels of both sides in the row's unit."""
    return {
        side: [value * (ratio(asked.unit, _unit(row)) or 1.0) for _, value in asked.levels]
        if (asked := getattr(row, side)) else []
        for side in SIDES
    }  # fmt: skip


def _longest(pair: Pair) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in _shown(pair):
        ends = [abs(end) for of in _ends(row).values() for end in of]
        found[_unit(row)] = max(found.get(_unit(row), 0.0), *ends)
    return found


def _bar(
    asked: Asked | None, ends: list[float], longest: float, text: Text, narrow: bool
) -> dict[str, Any]:
    if asked is None:
        words = text(f"{NAME}.why.unknown")
        return {"end": 0.0, "top": None, "known": False, "words": words}
    said = asked.amount(asked.least) if narrow else asked.said()
    scaled = [end / (longest or 1.0) for end in ends]
    return {"end": scaled[0], "top": scaled[-1] if len(scaled) > 1 else None, "known": True,
            "words": said[text.lang]}  # fmt: skip


def side_names(every: Sequence[Pair], text: Text) -> dict[str, dict[str, str]]:
    """Return what each pair's sides are called, for the legend."""
    return {pair.key: {side: begun(getattr(pair, side)[text.lang]) for side in SIDES}
            for pair in every}  # fmt: skip
