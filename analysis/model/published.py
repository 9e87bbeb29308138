"""Published annual levels that may serve as a base year: exact figures of one scope, no bounds.

A lower bound is no base: a growth rate on it would be an upper bound in disguise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.datapackage import DataPackageError, Fault
from analysis.evidence.tables import Evidence, Line
from analysis.plan import Plan
from analysis.plan_package import SUMS, Measure

EXCHANGE_RATE = "exchange_rate"


@dataclass(frozen=True)
class Published:
    """Exact published levels, and what the plan year itself reported.

    levels : measure with a published series -> year -> level; of sums those before the plan year
    exchange_rate : year -> average rate of the plan's two moneys
    reported : lever or outcome -> value for the plan year, a lower bound
        included: a scenario may stand on it, a growth rate may not
    """

    levels: Mapping[str, Mapping[int, float]]
    exchange_rate: Mapping[int, float]
    plan_year: int
    reported: Mapping[str, float]

    @property
    def plan_year_rate(self) -> float:
        """The average exchange rate of the plan year."""
        known = [year for year in self.exchange_rate if year <= self.plan_year]
        return self.exchange_rate[max(known)]


def published_levels(plan: Plan, evidence: Evidence) -> Published:
    """Pick the annual levels of the plan's measures that may serve as a base."""
    year, place = plan.about.period[0], plan.about.evidence_place
    levels: dict[str, dict[int, float]] = {}
    reported = {}
    for measure in plan.measures.values():
        if not measure.series:
            continue
        line = evidence.line(measure.series, place)
        _in_unit(plan, measure, line)
        known = {one.year: one.value for one in line}
        if measure.type == "growth":
            grown = evidence.line(measure.series, place, growth=True)
            known = {one.year: one.growth_pct for one in grown}
        if year in known:
            reported[measure.outcome] = known[year]
        before = year if measure.type in SUMS else max((*known, year), default=year) + 1
        levels[measure.key] = {at: value for at, value in _exact(line).items() if at < before}
    rates = evidence.line(EXCHANGE_RATE, plan.about.country) if plan.about.second_money else ()
    return Published(levels, _exact(rates), year, reported)


def _in_unit(plan: Plan, measure: Measure, line: Line) -> None:
    """Refuse a sum or a level that is published in another unit than the plan's.

    Raises
    ------
    DataPackageError : names the measure's row
    """
    units = {one.unit for one in line if one.unit}
    if measure.type in (*SUMS, "level") and units - {measure.unit}:
        row = plan.table("measures").query("measure == @measure.key").index[0]
        published = ", ".join(sorted(units))
        raise DataPackageError(
            [Fault("measures.csv", int(row), "unit", measure.unit,
                   f"its series {measure.series} is published in {published}",
                   f"write it and its targets in {published}, or leave series empty")]
        )  # fmt: skip


def _exact(line: Line) -> dict[int, float]:
    return {one.year: one.value for one in line if one.bound == "exact"}
