"""Which published annual levels may serve as a base year?

Only exact annual figures of one scope: a lower bound is no base, because a
growth rate on it would be an upper bound in disguise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

CITY = "Wuhan"
CAPITAL = ("capital_in_place", CITY, "1e8 CNY")
FOREIGN_CAPITAL = ("foreign_capital_utilised", CITY, "1e8 USD")
FDI = ("fdi_mofcom_scope", CITY, "1e8 USD")
EXCHANGE_RATE = ("exchange_rate", "China", "CNY per USD")
_CONFIDENCE = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class Published:
    """Year -> exact published level, and what the plan year itself reported.

    reported : lever or outcome -> value for the plan year, a lower bound
        included: a scenario may stand on it, a growth rate may not
    """

    capital: Mapping[int, float]
    foreign_capital: Mapping[int, float]
    fdi: Mapping[int, float]
    exchange_rate: Mapping[int, float]
    plan_year: int
    reported: Mapping[str, float] = field(default_factory=dict)

    @property
    def plan_year_rate(self) -> float:
        """The average exchange rate of the plan year."""
        known = [year for year in self.exchange_rate if year <= self.plan_year]
        return self.exchange_rate[max(known)]


def published_levels(evidence: Any, plan_year: int) -> Published:
    """Pick the annual levels before the plan year that may serve as a base."""
    figures = evidence.figures
    capital = annual_levels(figures, *CAPITAL)
    year = plan_year
    reported = {
        "capital_total": _of_year(figures, *CAPITAL, year, "value"),
        "foreign_capital_growth": _of_year(figures, *FOREIGN_CAPITAL, year, "growth_pct"),
        "fdi_growth": _of_year(figures, *FDI, year, "growth_pct"),
    }
    return Published(
        plan_year=year,
        reported={key: value for key, value in reported.items() if value is not None},
        capital={known: value for known, value in capital.items() if known < year},
        foreign_capital=annual_levels(figures, *FOREIGN_CAPITAL),
        fdi=annual_levels(figures, *FDI),
        exchange_rate=annual_levels(figures, *EXCHANGE_RATE),
    )


def annual_levels(figures: pd.DataFrame, series: str, place: str, unit: str) -> dict[int, float]:
    """Return year -> value of exact annual figures; the surest of several wins."""
    rows = figures[
        figures["series"].eq(series)
        & figures["place"].eq(place)
        & figures["unit"].eq(unit)
        & figures["period_type"].eq("annual")
        & figures["bound"].eq("exact")
        & figures["value"].notna()
    ]
    rows = rows.assign(
        year=rows["period_start"].astype(str).str[:4].astype(int),
        rank=rows["confidence"].map(_CONFIDENCE),
    ).sort_values(["year", "rank"], kind="stable")
    first = rows.drop_duplicates("year")
    return {
        int(year): float(value) for year, value in zip(first["year"], first["value"], strict=True)
    }


def _of_year(
    figures: pd.DataFrame, series: str, place: str, unit: str, year: int, column: str
) -> float | None:
    """Return the surest annual figure of a year, exact or bound; None if there is none."""
    rows = figures[
        figures["series"].eq(series)
        & figures["place"].eq(place)
        & figures["unit"].eq(unit)
        & figures["period_type"].eq("annual")
        & figures["period_start"].astype(str).str.startswith(str(year))
        & figures[column].notna()
    ]
    if rows.empty:
        return None
    surest = rows.assign(rank=rows["confidence"].map(_CONFIDENCE)).sort_values("rank")
    return float(surest[column].iloc[0])
