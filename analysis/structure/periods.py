"""What each language calls a period, the months up to its end, and its last day."""

from __future__ import annotations

from analysis.structure.period import QUARTER, Period
from analysis.structure.schedule import month_names
from analysis.text import both


def names(period: Period) -> dict[str, dict[str, str]]:
    """Return period (2021 年 9 月), until (2021 年 1–9 月) and as_of (2021 年 9 月底)."""
    month = {"year": period.year, **month_names(period.month)}
    number = period.month // QUARTER
    return {
        "period": both(f"structure.period.{period.assessment}", **{**month, "number": number}),
        "until": both(f"structure.period.{'until' if period.month > 1 else 'month'}", **month),
        "as_of": both("structure.period.end", **month),
    }
