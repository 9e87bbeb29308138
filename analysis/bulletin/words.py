"""What a bulletin calls its period, its place and its ledger, and the facts that its texts name."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.plan import Plan
from analysis.structure import Report, periods
from analysis.structure.funnel import reached
from analysis.structure.ranking import CONCENTRATION
from analysis.structure.schedule import clauses, counts, month_names
from analysis.structure.standing import season_begins
from analysis.text import Text, both, clause, marked

PREFIX = "document.bulletin"


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
    ranks = report.ranks
    own = ranks[ranks["place"].eq(report.district or "")]
    told = periods.names(period) | clauses(place, period.month)
    return {
        "ledger": ledger_name(report, text),
        "place": place_name(report, text),
        "earliest": both("structure.month", **month_names(season_begins())),
        **{key: said[text.lang] for key, said in told.items()},
        "alone": periods.alone(period, place, fine=bool(report.district)),
        "capital": float(place["capital"]),
        "floor": float(place["floor"]),
        "of_floor": float(place["of_floor"]),
        "ahead": float(place["ahead_linear"]),
        "growth": clause("structure.growth", growth=float(place["growth"])),
        "share": marked(float(place["share"]), report.share_kind),
        "share_floor": float(place["share_floor"]),
        "peak_month": both("structure.month", **month_names(max(1, int(peak["month"])))),
        "peak": float(peak["flow"]),
        "reached": reached(report.funnel),
        **counts(named),
        "met": float(named["of_floor"].ge(100).sum()),
        "share_short": float(named["share_gap"].lt(0).sum()),
        "leader": leader(report, ranks, text),
        "rank": float(own["rank"].iloc[0]) if len(own) else 0.0,
        "rank_low": float(own["low"].iloc[0]) if len(own) else 0.0,
        "rank_high": float(own["high"].iloc[0]) if len(own) else 0.0,
        "range": _range(own),
        "concentration": CONCENTRATION,
        "districts": float(len(named)),
    }


def short(names: pd.Series) -> pd.Series:
    """Return places' names without what stands in brackets."""
    return names.str.replace(r"\s*[（(].*[)）]", "", regex=True)


def _range(own: pd.DataFrame) -> dict[str, str]:
    """Return the clause on a district's ranks under other weights; nothing where none moves it."""
    low, high = own[["low", "high"]].iloc[0].astype(float) if len(own) else (0.0, 0.0)
    return clause("districts.range", low=low if low < high else float("nan"), high=high)


def leader(report: Report, ranks: pd.DataFrame, text: Text) -> str:
    """Return who ranks first, alone; nothing where several share the place."""
    first = report.districts[report.districts["place"].isin(ranks["place"][ranks["rank"].eq(1)])]
    if len(first) > 1:
        return ""
    return text("structure.leader", first=str(short(first[f"name_{text.lang}"]).iloc[0]))
