"""What a place's capital says of the year: beside past years' season, and what is left to bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.pacing import MONTHS
from analysis.text import both, clause

Clauses = dict[str, Mapping[str, str]]


def clauses(place: Any, month: int) -> Clauses:
    """Return the clauses that follow a place's distance to the straight schedule 时序进度.

    Parameters
    ----------
    place : a row of `progress.progress`

    Returns
    -------
    season : whether it lies within past years' range; empty while no past reading is that early
    to_go : what each remaining month must bring, and when the year's figure is met at this pace;
        empty at the year's end, where nothing arrived, and where it is met already
    ends : where past years' course leads to; empty while no past reading is that early
    """
    return {
        "season": _season(place),
        "to_go": _to_go(place, month),
        "ends": clause("structure.ends", low=place["end_low"], high=place["end_high"]),
    }


def counts(districts: pd.DataFrame) -> dict[str, Any]:
    """Return how many districts stand how to the straight schedule.

    Parameters
    ----------
    districts : `progress.progress`; those without a floor count for none

    Returns
    -------
    on, behind : districts with arrivals recorded; silent : a clause on those that have none, since
        none recorded is not none arrived
    """
    rows = districts[districts["floor"].notna()]
    recorded, behind = rows["capital"].ne(0), rows["ahead_linear"].lt(0)
    silent = float((~recorded).sum())
    return {
        "on": float((recorded & ~behind).sum()),
        "behind": float((recorded & behind).sum()),
        "silent": clause("structure.silent", silent=silent or float("nan")),
    }


def _season(place: Any) -> Mapping[str, str]:
    low, high = float(place["due_low"]), float(place["due_high"])
    side = "below" if place["capital"] < low else "above" if place["capital"] > high else "within"
    # At the year's end the range is the year's figure itself, and says nothing more.
    return clause(f"structure.season.{side}", low=low if low < high else float("nan"), high=high)


def _to_go(place: Any, month: int) -> Mapping[str, str]:
    asked, capital = float(place["floor"]), float(place["capital"])
    if month == MONTHS or not 0 < capital < asked:
        return clause("structure.to_go", needed=float("nan"), achieved=float("nan"), met="")
    achieved = capital / month
    enough = asked * (1 - 1e-12)  # whatever is lost in floats
    met = next((m for m in range(month + 1, MONTHS + 1) if achieved * m >= enough), None)
    return clause(
        "structure.to_go",
        needed=(asked - capital) / (MONTHS - month),
        achieved=achieved,
        met=both("structure.to_go.missed") if met is None
        else both("structure.to_go.met", **month_names(met)),
    )  # fmt: skip


def month_names(month: int) -> dict[str, str]:
    """Return how each language names a month: 9, September."""
    return {"month_zh": str(month), "month_en": MONTH_NAMES[month - 1]}


MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
