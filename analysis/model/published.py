"""Which published annual levels may serve as a base year?

Only exact annual figures of one scope: a lower bound is no base, because a
growth rate on it would be an upper bound in disguise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    """Year -> exact published level."""

    capital: Mapping[int, float]
    foreign_capital: Mapping[int, float]
    fdi: Mapping[int, float]
    exchange_rate: Mapping[int, float]

    @property
    def plan_year_rate(self) -> float:
        """The average exchange rate of the plan year: the year after the last base year."""
        year = max(self.capital) + 1
        known = [y for y in self.exchange_rate if y <= year]
        return self.exchange_rate[max(known)]


def published_levels(evidence: Any) -> Published:
    """Pick the annual levels that may serve as a base."""
    figures = evidence.figures
    return Published(
        capital=annual_levels(figures, *CAPITAL),
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
