"""Which published annual levels may serve as a base year?

Only exact annual figures of one scope: a lower bound is no base, because a
growth rate on it would be an upper bound in disguise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.evidence.tables import Evidence, Line

CITY = "Wuhan"
CAPITAL = ("capital_in_place", CITY)
FOREIGN_CAPITAL = ("foreign_capital_utilised", CITY)
FDI = ("fdi_mofcom_scope", CITY)
EXCHANGE_RATE = ("exchange_rate", "China")


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


def published_levels(evidence: Evidence, plan_year: int) -> Published:
    """Pick the annual levels before the plan year that may serve as a base."""
    capital = evidence.line(*CAPITAL)
    known = {
        "capital_total": {one.year: one.value for one in capital},
        "foreign_capital_growth": _growth(evidence.line(*FOREIGN_CAPITAL, growth=True)),
        "fdi_growth": _growth(evidence.line(*FDI, growth=True)),
    }
    return Published(
        plan_year=plan_year,
        reported={key: years[plan_year] for key, years in known.items() if plan_year in years},
        capital={year: value for year, value in _exact(capital).items() if year < plan_year},
        foreign_capital=_exact(evidence.line(*FOREIGN_CAPITAL)),
        fdi=_exact(evidence.line(*FDI)),
        exchange_rate=_exact(evidence.line(*EXCHANGE_RATE)),
    )


def _growth(line: Line) -> dict[int, float]:
    return {one.year: one.growth_pct for one in line}


def _exact(line: Line) -> dict[int, float]:
    return {one.year: one.value for one in line if one.bound == "exact"}
