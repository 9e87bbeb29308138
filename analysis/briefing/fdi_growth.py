"""What do the two growth targets for foreign capital ask, and from which base?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from analysis.charts import fdi
from analysis.charts.picture import Picture
from analysis.evidence import Evidence
from analysis.model import Model
from analysis.plan import Plan
from analysis.text import Message

LEVERS = ("foreign_capital_growth", "fdi_growth", "base_year", "exchange_rate")
NAME = "fdi_growth"
Chart = Callable[..., Any]


def _facts(plan: Plan, evidence: Evidence) -> dict[str, float]:
    """Return the numbers that the page's sentences name beside levers and outcomes."""
    used, narrow = plan["foreign_capital_growth"], plan["fdi_growth"]
    index = _base_effect(evidence).set_index("year")["value"]
    last, bop = _china(evidence, "fdi_unctad"), _china(evidence, "fdi_bop_net")
    peak, end = float(bop["value"].max()), float(bop["value"].iloc[-1])
    return {
        "used_expected": used.expected,
        "used_stretch": used.stretch,
        "fdi_expected": narrow.expected,
        "fdi_stretch": narrow.stretch,
        "one_year": 100 * (index[2021] / index[2020] - 1),
        "compound": 100 * ((index[2021] / index[2019]) ** 0.5 - 1),
        "unctad": float(last["value"].iloc[-1]),
        "unctad_year": float(last["year"].iloc[-1]),
        "bop_peak": peak,
        "bop_last": end,
        "wuhan_share": float(_pairs(evidence)["share"].iloc[-1]),
    }


def messages(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Message]:
    """Return the page's texts by the keys that its notebook names."""
    facts = _facts(plan, evidence)
    keys = ("title", "levels", "levels.text", "scopes", "scopes.text")
    met = "foreign_capital_margin_expected >= 0 && fdi_margin_expected >= 0"
    answer = Message(((met, f"{NAME}.answer.met"), ("true", f"{NAME}.answer.short")), facts)
    return {**{key: Message.fixed(f"{NAME}.{key}", **facts) for key in keys}, "answer": answer}


def pictures(plan: Plan, evidence: Evidence, model: Model) -> list[Picture]:
    """Return the page's pictures in their order."""
    facts = _facts(plan, evidence)

    def picture(
        key: str, chart: Chart, data: pd.DataFrame, formula: str | None = None, margin: str = ""
    ) -> Picture:
        fixed: dict[str, Any] = {
            part: Message.fixed(f"{NAME}.{key}.{part}", **facts)
            for part in ("say", "alt", "source")
        }
        title = Message.fixed(f"{NAME}.{key}.title", **facts)
        if margin:
            short, met = f"{NAME}.{key}.title.short", f"{NAME}.{key}.title.met"
            title = Message(((f"{margin} < 0", short), ("true", met)), facts)
        return Picture(key=key, chart=chart, title=title, formula=formula, data=data, **fixed)

    grown = []
    for key, series, margin in (
        ("foreign_capital_growth", "foreign_capital_utilised", "foreign_capital_margin_expected"),
        ("fdi_growth", "fdi_mofcom_scope", "fdi_margin_expected"),
    ):
        past = _past_growth(evidence, series)
        chart = partial(fdi.growth_rows, past, key, model.levers[key].default, plan[key])
        grown.append(picture(key, chart, past, model.formula(margin), margin))
    city, pairs, base = _levels(evidence), _pairs(evidence), _base_effect(evidence)
    unctad, bop = _china(evidence, "fdi_unctad"), _china(evidence, "fdi_bop_net")
    return [
        *grown,
        picture("base_effect", partial(fdi.line, base, f"{NAME}.axis.index"), base),
        picture("city_levels", partial(fdi.levels, city), city),
        picture("within_hubei", partial(fdi.pairs, pairs), pairs),
        picture("china_unctad", partial(fdi.line, unctad, f"{NAME}.axis.usd"), unctad),
        picture("china_bop", partial(fdi.line, bop, f"{NAME}.axis.usd"), bop),
    ]


def _of(evidence: Evidence, series: str, place: str) -> pd.DataFrame:
    rows = evidence.figures
    return rows[rows["series"].eq(series) & rows["place"].eq(place)]


def _period(rows: pd.DataFrame) -> pd.Series:
    """Return 2017 for a year, 2019-01/10 for a part of it."""
    year, month = rows["period_end"].str[:4], rows["period_end"].str[5:7]
    return year.where(rows["period_type"].eq("annual"), year + " 01–" + month)


def _past_growth(evidence: Evidence, series: str) -> pd.DataFrame:
    rows = _of(evidence, series, "Wuhan")
    rows = rows[rows["growth_pct"].notna()].sort_values("period_end")
    columns = ["period", "growth_pct", "scope", "source_title", "kind", "confidence"]
    return rows.assign(period=_period(rows))[columns]


def _levels(evidence: Evidence) -> pd.DataFrame:
    """Return the city's own count by year to the plan's, holes as rows without a value."""
    rows = _of(evidence, "foreign_capital_utilised", "Wuhan")
    rows = rows[rows["period_type"].eq("annual") & rows["bound"].eq("exact")]
    rows = rows.assign(year=rows["period_start"].str[:4]).set_index("year")
    years = [str(year) for year in range(int(rows.index.min()), 2022)]
    frame = rows[["value", "unit", "kind", "source_title"]].reindex(years)
    mark = frame["kind"].map({"derived": "*"}).fillna("")
    label = frame["value"].map("{:,.1f}".format) + mark
    return frame.assign(label=label.where(frame["value"].notna(), "")).reset_index()


def _pairs(evidence: Evidence) -> pd.DataFrame:
    """Join Wuhan to Hubei where both are published in one count for one period."""
    series, keys = "foreign_capital_utilised_provincial", ["period_start", "period_end"]
    part, whole = (_of(evidence, series, place) for place in ("Wuhan", "Hubei"))
    both = part.merge(whole, on=[*keys, "period_type", "unit"], suffixes=("_wuhan", "_hubei"))
    both = both.sort_values("period_end")
    share = 100 * both["value_wuhan"] / both["value_hubei"]
    return pd.DataFrame(
        {
            "period": _period(both),
            "whole": both["value_hubei"],
            "part": both["value_wuhan"],
            "share": share,
            "unit": both["unit"],
            "label": share.map("{:.1f}%".format),
        }
    )


def _china(evidence: Evidence, series: str) -> pd.DataFrame:
    rows = _of(evidence, series, "China").sort_values("period_start")
    frame = rows[["value", "unit", "source_title"]].assign(
        year=rows["period_start"].str[:4].astype(int)
    )
    said = frame["value"].map("{:,.0f}".format)
    return frame.assign(label=said.where(frame["year"].eq(frame["year"].max()), ""))


def _base_effect(evidence: Evidence) -> pd.DataFrame:
    """Return the ministry's CNY series as an index, the year before the low base being 100."""
    rows = _of(evidence, "fdi_mofcom_cny", "China")
    rows = rows[rows["scope"].eq("mofcom")].sort_values("period_start")
    frame = rows[["value", "unit"]].assign(year=rows["period_start"].str[:4].astype(int))
    base = float(frame.loc[frame["year"].eq(2019), "value"].iloc[0])
    frame = frame.assign(level=frame["value"], value=100 * frame["value"] / base)
    return frame.assign(label=frame["value"].map("{:.0f}".format)).drop_duplicates("year")
