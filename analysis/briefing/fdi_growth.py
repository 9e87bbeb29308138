"""What do the two growth targets for foreign capital ask, and from which base?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from analysis.charts import fdi
from analysis.charts.picture import Live, Picture
from analysis.evidence import Evidence, Figure, Line, Reckoned, share, yearly_growth
from analysis.model import Model
from analysis.plan import Plan, plan_year
from analysis.text import MARK, Message, both, marked

LEVERS = ("foreign_capital_growth", "fdi_growth", "base_year", "exchange_rate")
NAME = "fdi_growth"
CITY = ("foreign_capital_utilised", "Wuhan")
Chart = Callable[..., Any]


def _facts(plan: Plan, evidence: Evidence) -> dict[str, float]:
    """Return the numbers that the page's sentences name beside levers and outcomes."""
    used, narrow = plan["foreign_capital_growth"], plan["fdi_growth"]
    china, unctad, bop = _ministry(evidence), _unctad(evidence), _bop(evidence)
    peak, end = max(bop, key=lambda one: one.value), bop[-1]
    return {
        "used_expected": used.expected,
        "used_stretch": used.stretch,
        "fdi_expected": narrow.expected,
        "fdi_stretch": narrow.stretch,
        "one_year": marked(china[-1].growth_pct, china[-1].kind),
        "compound": yearly_growth(china[-3], china[-1]).said,
        "china_year": china[-1].year,
        "unctad": unctad[-1].said,
        "unctad_year": unctad[-1].year,
        "bop_peak": peak.said,
        "bop_peak_year": peak.year,
        "bop_last": end.said,
        "bop_last_year": end.year,
        "wuhan_share": _shares(evidence)[-1].said,
    }


def messages(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Message]:
    """Return the page's texts by the keys that its notebook names."""
    facts = _facts(plan, evidence)
    keys = ("title", "answer", "levels", "levels.text", "scopes", "scopes.text")
    return {key: Message.fixed(f"{NAME}.{key}", **facts) for key in keys}


def pictures(plan: Plan, evidence: Evidence, model: Model) -> list[Picture]:
    """Return the page's pictures in their order."""
    facts = _facts(plan, evidence)

    def picture(key: str, chart: Chart, data: pd.DataFrame, formula: str | None = None) -> Picture:
        texts: dict[str, Any] = {
            part: Message.fixed(f"{NAME}.{key}.{part}", **facts)
            for part in ("title", "say", "alt", "source")
        }
        return Picture(key=key, chart=chart, formula=formula, data=data, **texts)

    grown = []
    for key, series, scope, margin in (
        ("foreign_capital_growth", CITY[0], "city_full", "foreign_capital_margin_expected"),
        ("fdi_growth", "fdi_mofcom_scope", "mofcom", "fdi_margin_expected"),
    ):
        past = _past_growth(evidence, series, scope)
        chart = partial(fdi.growth_rows, past, key, model.levers[key].default, plan[key])
        scenario = {"period": both(f"{NAME}.scenario"), "growth_pct": Live(key)}
        shown = pd.concat([past, pd.DataFrame([scenario])], ignore_index=True)
        grown.append(picture(key, chart, shown, model.formula(margin)))
    city, pairs = _levels(evidence, plan_year(plan)), _pairs(evidence)
    base, unctad, bop = (
        _base_effect(evidence),
        _by_year(_unctad(evidence)),
        _by_year(_bop(evidence)),
    )
    return [
        *grown,
        picture("base_effect", partial(fdi.line, base, f"{NAME}.axis.index", False), base),
        picture("city_levels", partial(fdi.levels, city), city),
        picture("within_hubei", partial(fdi.pairs, pairs), pairs),
        picture("china_unctad", partial(fdi.line, unctad, f"{NAME}.axis.usd", True), unctad),
        picture("china_bop", partial(fdi.line, bop, f"{NAME}.axis.usd", True), bop),
    ]


def _period(one: Figure) -> str:
    """Return 2017 for a year, 2019 01–10 for a part of it."""
    return str(one.year) if one.period_type == "annual" else f"{one.year} 01–{one.ends.month:02}"


def _past_growth(evidence: Evidence, series: str, scope: str) -> pd.DataFrame:
    """Return growth that was published in one count, years and parts of years."""
    types = ["annual", "ytd"]
    line = evidence.line(series, CITY[1], growth=True, period_type=types, scope=scope)
    names = ("growth_pct", "scope", "source_title", "kind", "confidence")
    return pd.DataFrame(
        {"period": _period(one), **{name: getattr(one, name) for name in names}} for one in line
    )


def _levels(evidence: Evidence, last: int) -> pd.DataFrame:
    """Return the city's own count by year to the plan's, holes as rows without a value."""
    known = {one.year: one for one in evidence.line(*CITY) if one.bound == "exact"}
    return pd.DataFrame(
        {
            "year": str(year),
            "value": known[year].value if year in known else float("nan"),
            "unit": known[year].unit if year in known else "",
            "kind": known[year].kind if year in known else "",
            "source_title": known[year].source_title if year in known else "",
            "mark": _mark(known[year]) if year in known else "",
        }
        for year in range(min(known), last + 1)
    )


def _mark(one: Figure) -> str:
    return "" if one.kind == "stated" else MARK


def _shares(evidence: Evidence) -> list[Reckoned]:
    """Return Wuhan's shares in Hubei where both are published in one count for one period."""
    lines = [
        evidence.line("foreign_capital_utilised_provincial", place, period_type=["annual", "ytd"])
        for place in ("Wuhan", "Hubei")
    ]
    whole = {(one.starts, one.ends): one for one in lines[1]}
    return [share(one, whole[at]) for one in lines[0] if (at := (one.starts, one.ends)) in whole]


def _pairs(evidence: Evidence) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": _period(of.parts[0]),
            "whole": of.parts[1].value,
            "part": of.parts[0].value,
            "share": of.value,
            "unit": of.parts[0].unit,
            "label": f"{of.value:.1f}%" + ("" if of.kind == "derived" else MARK),
        }
        for of in _shares(evidence)
    )


def _by_year(line: Line) -> pd.DataFrame:
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
    return evidence.line("fdi_mofcom_cny", "China", scope="mofcom")


def _unctad(evidence: Evidence) -> Line:
    """Return UNCTAD's count since it holds the financial sector."""
    return evidence.line("fdi_unctad", "China", scope="unctad")


def _bop(evidence: Evidence) -> Line:
    return evidence.line("fdi_bop_net", "China")


def _base_effect(evidence: Evidence) -> pd.DataFrame:
    """Return the ministry's CNY series as an index, two years before its last being 100."""
    line = _ministry(evidence)
    return pd.DataFrame(
        {
            "value": 100 * one.value / line[-3].value,
            "unit": one.unit,
            "year": one.year,
            "level": one.value,
            "said": True,
            "mark": "",
        }
        for one in line
    )
