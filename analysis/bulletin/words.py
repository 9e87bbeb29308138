"""What does a bulletin call its period, its place and its ledger, and which facts do texts name?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.plan import Plan
from analysis.structure import Period, Report
from analysis.text import Text, marked

PREFIX = "document.bulletin"


def period_name(period: Period, text: Text) -> str:
    """Return e.g. "2021 年 9 月"."""
    number = {"month": period.month, "quarter": period.month // 3, "year": period.year}
    kind = period.assessment
    return text(f"structure.period.{kind}", year=period.year, number=number[kind])


def place_name(report: Report, text: Text) -> str:
    """Return the city's name or the district's."""
    if report.district is None:
        return text(f"{PREFIX}.city")
    return str(short(report.place[[f"name_{text.lang}"]]).iloc[0])


def ledger_name(report: Report, text: Text) -> str:
    """Return where the rows come from."""
    return text(f"structure.source.{report.kind}")


def facts(report: Report, plan: Plan, text: Text) -> dict[str, Any]:
    """Return the numbers and names that a bulletin's sentences use; money in 1e8 CNY."""
    place, period = report.place, report.period
    named = report.districts[report.districts["floor"].notna()].set_index("place")
    peak = report.months.sort_values("flow", ascending=False, kind="stable").iloc[0]
    ranks = report.ranks.sort_values("rank")
    first = named.loc[ranks["place"].iloc[0]]
    own = ranks[ranks["place"].eq(report.district or "")]
    return {
        "ledger": ledger_name(report, text),
        "place": place_name(report, text),
        "period": period_name(period, text),
        "until": text("structure.period.until", year=period.year, month=period.month),
        "flow": float(place["in_period"]),
        "capital": float(place["capital"]),
        "floor": float(place["floor"]),
        "of_floor": float(place["of_floor"]),
        "off": abs(float(place["ahead_seasonal"])),
        "growth": float(place["growth"]),
        "share": marked(float(place["share"]), report.share_kind),
        "share_floor": float(place["share_floor"]),
        "peak_month": float(peak["month"]),
        "peak": float(peak["flow"]),
        "ahead": float(named["ahead_seasonal"].ge(0).sum()),
        "behind": float(named["ahead_seasonal"].lt(0).sum()),
        "met": float(named["of_floor"].ge(100).sum()),
        "share_short": float(named["share_gap"].lt(0).sum()),
        "first": str(short(first[[f"name_{text.lang}"]]).iloc[0]),
        "rank": float(own["rank"].iloc[0]) if len(own) else 0.0,
        "rank_low": float(own["low"].iloc[0]) if len(own) else 0.0,
        "rank_high": float(own["high"].iloc[0]) if len(own) else 0.0,
        "districts": float(len(named)),
    }


def short(names: pd.Series) -> pd.Series:
    """Return places' names without what stands in brackets."""
    return names.str.replace(r"\s*[（(].*[)）]", "", regex=True)


def ahead(report: Report) -> str:
    """Return "ahead" or "behind": on which side of the seasonal schedule the place is."""
    return "ahead" if report.place["ahead_seasonal"] >= 0 else "behind"
