"""What each language calls a period, the months up to its end, and its last day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.structure.period import QUARTER, Period
from analysis.structure.schedule import month_names
from analysis.text import both, clause


def alone(period: Period, place: Any, *, fine: bool = False) -> Mapping[str, str]:
    """Return what came in a period alone; nothing where the year so far is no more than that.

    place : a row of `progress.progress`
    fine : with the decimals of a district
    """
    came = float(place["in_period"]) if period.month > period.length else float("nan")
    key = "structure.alone.fine" if fine else "structure.alone"
    return clause(key, period=names(period)["period"], flow=came)


def names(period: Period) -> dict[str, dict[str, str]]:
    """Return period (2021 年 9 月), until (2021 年 1–9 月) and as_of (2021 年 9 月底)."""
    month = {"year": period.year, **month_names(period.month)}
    number = period.month // QUARTER
    return {
        "period": both(f"structure.period.{period.assessment}", **{**month, "number": number}),
        "until": both(f"structure.period.{'until' if period.month > 1 else 'month'}", **month),
        "as_of": both("structure.period.end", **month),
    }
