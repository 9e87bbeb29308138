"""Frames and numbers of the page on foreign capital: growth, levels, shares, scopes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.charts.picture import Live
from analysis.evidence import Evidence, Figure, Line, Reckoned, share, yearly_growth
from analysis.model import Model
from analysis.plan import Plan
from analysis.plan_package import CITY_COUNT, MINISTRY_COUNT
from analysis.text import MARK, both, fill, marked

NAME = "fdi_growth"
#: What the province counts.
PROVINCIAL = "foreign_capital_utilised_provincial"


def levers(model: Model) -> tuple[str, ...]:
    """Return the page's sliders: the growths, and what levels follow from."""
    return (*(one.key for one in model.inputs.of_type("growth")), "base_year", "exchange_rate")


def targets(plan: Plan) -> dict[str, float]:
    """Return what the plan asks of both counts, which are of different series and never meet."""
    asked = {"used": plan.growth(CITY_COUNT), "fdi": plan.growth(MINISTRY_COUNT)}
    return {
        f"{name}_{level}": value
        for name, one in asked.items() if one
        for level, value in plan[one.key].levels.items()
    }  # fmt: skip


def possible(plan: Plan, evidence: Evidence) -> bool:
    """Return whether the plan asks for growth in both counts, and all that is drawn is published.

    The province's count is drawn beside that of what the place lies in.
    """
    place, used, narrow = (
        plan.about.evidence_place,
        plan.growth(CITY_COUNT),
        plan.growth(MINISTRY_COUNT),
    )
    if used is None or narrow is None:
        return False
    there = set(evidence.figures[["series", "place"]].itertuples(index=False, name=None))
    wanted = {(used.series, place), (narrow.series, place), (PROVINCIAL, place),
              (PROVINCIAL, plan.about.parent)}  # fmt: skip
    return there >= wanted


def values(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return the numbers that the page's sentences name beside levers and outcomes."""
    china, traded, net = _ministry(evidence), unctad(evidence), bop(evidence)
    peak, end = max(net, key=lambda one: one.value), net[-1]
    most = max(traded, key=lambda one: one.value)
    return {
        **targets(plan),
        "one_year": marked(china[-1].growth_pct, china[-1].kind),
        "compound": yearly_growth(china[-3], china[-1]).said,
        "china_year": china[-1].year,
        "index_year": china[-3].year,
        "unctad_peak": most.said,
        "unctad_peak_year": most.year,
        "unctad": traded[-1].said,
        "unctad_year": traded[-1].year,
        "bop_peak": peak.said,
        "bop_peak_year": peak.year,
        "bop_last": end.said,
        "bop_last_year": end.year,
        "own_share": _shares(plan, evidence)[-1].said,
    }


def past_growth(plan: Plan, evidence: Evidence, scope: str) -> pd.DataFrame:
    """Return growth that was published in one count, years and parts of years."""
    measure = plan.growth(scope)
    assert measure is not None  # or there is no such page
    line = evidence.line(measure.series, plan.about.evidence_place, growth=True,
                         period_type=["annual", "ytd"], scope=scope)  # fmt: skip
    names = ("growth_pct", "scope", "source_title", "kind", "confidence")
    return pd.DataFrame(
        {"period": _period(one), **{name: getattr(one, name) for name in names}} for one in line
    )


def with_scenario(past: pd.DataFrame, lever: str) -> pd.DataFrame:
    """Return past growth with the scenario's as the last row."""
    scenario = {"period": both(f"{NAME}.scenario"), "growth_pct": Live(lever)}
    return pd.concat([past, pd.DataFrame([scenario])], ignore_index=True)


def _period(one: Figure) -> str:
    """Return 2017 for a year, 2019 01–10 for a part of it."""
    return str(one.year) if one.period_type == "annual" else f"{one.year} 01–{one.ends.month:02}"


def levels(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return the city's own count by year to the plan's, holes as rows without a value."""
    measure = plan.growth(CITY_COUNT)
    assert measure is not None  # or there is no such page
    line = evidence.line(measure.series, plan.about.evidence_place)
    known = {one.year: one for one in line if one.bound == "exact"}
    return pd.DataFrame(
        {
            "year": str(year),
            "value": known[year].value if year in known else float("nan"),
            "unit": known[year].unit if year in known else "",
            "kind": known[year].kind if year in known else "",
            "source_title": known[year].source_title if year in known else "",
            "mark": _mark(known[year]) if year in known else "",
        }
        for year in range(min(known), plan.about.year + 1)
    )


def _mark(one: Figure) -> str:
    return "" if one.kind == "stated" else MARK


def _shares(plan: Plan, evidence: Evidence) -> list[Reckoned]:
    """Return the city's shares in its province where one count gives both for one period."""
    lines = [
        evidence.line(PROVINCIAL, place, period_type=["annual", "ytd"])
        for place in (plan.about.evidence_place, plan.about.parent)
    ]
    whole = {(one.starts, one.ends): one for one in lines[1]}
    return [share(one, whole[at]) for one in lines[0] if (at := (one.starts, one.ends)) in whole]


def pairs(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return the city beside its province in the province's own count, and its share."""
    return pd.DataFrame(
        {
            "period": _period(of.parts[0]),
            "whole": of.parts[1].value,
            "part": of.parts[0].value,
            "share": of.value,
            "unit": of.parts[0].unit,
            "label": fill("{x:.1f}%", {"x": of.value}, "en")
            + ("" if of.kind == "derived" else MARK),
        }
        for of in _shares(plan, evidence)
    )


def by_year(line: Line) -> pd.DataFrame:
    """Return a line of figures as rows, its last one to be said."""
    return pd.DataFrame(
        {
            "value": one.value,
            "unit": one.unit,
            "source_title": one.source_title,
            "year": one.year,
            "said": one is line[-1],
            "mark": _mark(one),
        }
        for one in line
    )


def _ministry(evidence: Evidence) -> Line:
    """Return what the ministry counted without the financial sector, in CNY."""
    return evidence.line("fdi_mofcom_cny", "China", scope=MINISTRY_COUNT)


def unctad(evidence: Evidence) -> Line:
    """Return UNCTAD's count since it holds the financial sector."""
    return evidence.line("fdi_unctad", "China", scope="unctad")


def bop(evidence: Evidence) -> Line:
    """Return China's net inflow in the balance of payments."""
    return evidence.line("fdi_bop_net", "China")


def base_effect(evidence: Evidence) -> pd.DataFrame:
    """Return the ministry's CNY series as an index, two years before its last being 100."""
    line = _ministry(evidence)
    return pd.DataFrame(
        {
            "value": 100 * one.value / line[-3].value,
            "unit": "index",
            "year": one.year,
            "level": one.value,
            "said": True,
            "mark": "",
        }
        for one in line
    )
