"""Do the districts' floors reach the city's target for capital in place?"""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from analysis.charts import capital
from analysis.charts.picture import Picture
from analysis.evidence import Evidence
from analysis.model import Model
from analysis.pacing import path, readings, seasonal_profile
from analysis.plan import Plan, coverage, floor_share
from analysis.text import Message

LEVERS = (
    "uplift_central", "uplift_outer", "uplift_zone", "capital_unfloored",
    "share_central", "share_outer", "share_zone", "share_unfloored", "base_year",
)  # fmt: skip
NAME = "capital_inflow"
CITY = {"series": "capital_in_place", "place": "Wuhan"}


def _facts(plan: Plan, evidence: Evidence, model: Model) -> dict[str, float]:
    """Return the numbers that the page's sentences name beside levers and outcomes."""
    target, share = plan["capital_in_place"], plan["industrial_share"]
    floors = coverage(plan.floors, target)
    growth = {
        level: float(model.evaluate({"capital_unfloored": gap})["capital_growth_on_base"])
        for level, gap in (("expected", floors.gap_expected), ("stretch", floors.gap_stretch))
    }
    figures = evidence.figures.set_index("id")["value"]
    return {
        "target_expected": target.expected,
        "target_stretch": target.stretch,
        "floors": floors.guaranteed,
        "gap_expected": floors.gap_expected,
        "gap_stretch": floors.gap_stretch,
        "covered": 100 * floors.ratio,
        "floor_share": floor_share(plan.floors),
        "share_expected": share.expected,
        "share_stretch": share.stretch,
        "growth_expected": growth["expected"],
        "growth_stretch": growth["stretch"],
        "last_year": float(figures["capital_in_place_wuhan_2020"]),
        "above_floors": float(figures["capital_in_place_wuhan_2020"]) - floors.guaranteed,
    }


def messages(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Message]:
    """Return the page's texts by the keys that its notebook names."""
    facts = _facts(plan, evidence, model)
    keys = ("structure", "structure.text", "past", "past.text", "signed", "signed.text")
    fixed = {key: Message.fixed(f"{NAME}.{key}", **facts) for key in ("title", *keys)}
    return {**fixed, "answer": _by_margin("answer", "capital_margin_expected", facts)}


def _by_margin(key: str, margin: str, facts: dict[str, float]) -> Message:
    """Say one thing while the margin is negative, another once it is met."""
    cases = ((f"{margin} < 0", f"{NAME}.{key}.short"), ("true", f"{NAME}.{key}.met"))
    return Message(cases, facts)


def pictures(plan: Plan, evidence: Evidence, model: Model) -> list[Picture]:
    """Return the page's pictures in their order."""
    facts = _facts(plan, evidence, model)
    values = {**{key: lever.default for key, lever in model.levers.items()}, **model.evaluate({})}
    money, share = plan["capital_in_place"], plan["industrial_share"]
    past, season, told = _past(evidence), _profile(evidence), _ceremonies(evidence)
    profile, dots = season

    def texts(key: str, **extra: float) -> dict[str, Any]:
        return {
            part: Message.fixed(f"{NAME}.{key}.{part}", **{**facts, **extra})
            for part in ("say", "alt", "source")
        }

    def fixed(key: str, **values: float) -> dict[str, Any]:
        return {
            "title": Message.fixed(f"{NAME}.{key}.title", **{**facts, **values}),
            **texts(key, **values),
        }

    return [
        Picture(
            key="floors_to_target",
            chart=partial(capital.floors_to_target, values, money),
            title=_by_margin("floors_to_target.title", "capital_margin_expected", facts),
            formula=model.formula("capital_total"),
            data=plan.floors,
            **texts("floors_to_target"),
        ),
        Picture(
            key="share_mosaic",
            chart=partial(capital.share_mosaic, values, share),
            title=_by_margin("share_mosaic.title", "industrial_margin_expected", facts),
            formula=model.formula("industrial_share"),
            data=plan.tiers,
            **texts("share_mosaic"),
        ),
        Picture(
            key="past_years",
            chart=partial(capital.past_years, past, money),
            formula=model.formula("capital_growth_on_base"),
            data=past,
            **fixed("past_years"),
        ),
        Picture(
            key="season",
            chart=partial(capital.season, profile, dots),
            formula=None,
            data=path(money.expected, profile),
            **fixed("season", **_season_facts(profile, money.expected)),
        ),
        Picture(
            key="ceremonies",
            chart=lambda text, narrow: capital.ceremonies(_named(told, text.lang), text, narrow),
            formula=None,
            data=told,
            **fixed("ceremonies", signed=float(told["amount"].max())),
        ),
    ]


def _past(evidence: Evidence) -> pd.DataFrame:
    """Return the surest annual figure of each year, lower bounds as such."""
    rows = evidence.figures
    rows = rows[rows["series"].eq(CITY["series"]) & rows["place"].eq(CITY["place"])]
    rows = rows[rows["period_type"].eq("annual") & rows["stage"].eq("in_place")].copy()
    rows = rows.assign(year=rows["period_start"].str[:4]).sort_values(["year", "bound"])
    rows = rows.drop_duplicates("year")
    sign = rows["bound"].map({"exact": "", "lower": "≥ "})
    mark = rows["kind"].map({"stated": ""}).fillna("*")
    label = sign + rows["value"].map("{:,.0f}".format) + mark
    columns = ["year", "value", "bound", "unit", "label", "note", "source_title", "kind"]
    return rows.assign(label=label)[columns]


def _profile(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return past years' profile, and the readings within years whose total is exact."""
    found = readings(evidence.figures)
    totals = found[found["month"].eq(12)].set_index("year")
    within = found[found["month"].lt(12) & found["bound"].eq("exact")].copy()
    within["share"] = 100 * within["value"] / within["year"].map(totals["value"])
    # Over a total that is a lower bound, the share is an upper bound.
    sign = within["year"].map(totals["bound"]).map({"exact": "", "lower": "≤ "})
    within["label"] = (
        within["year"].astype(str) + ": " + sign + within["share"].map("{:.1f}%".format)
    )
    return seasonal_profile(found), within[["year", "month", "share", "label"]]


def _season_facts(profile: pd.DataFrame, target: float) -> dict[str, float]:
    share = profile.set_index("month")["share"]
    return {"june": target * share[6] / 100, "september": target * share[9] / 100}


def _ceremonies(evidence: Evidence) -> pd.DataFrame:
    """Return signing ceremonies with an amount, their inferred ones marked."""
    rows = evidence.ceremonies
    rows = rows[rows["amount"].notna() & ~rows["id"].str.startswith("start_")]
    mark = rows["kind"].map({"stated": ""}).fillna("*")
    label = rows["amount"].map("{:,.0f}".format) + mark
    columns = ["date", "name_zh", "name_en", "projects", "amount", "unit", "label", "note", "kind"]
    return rows.assign(label=label)[columns]


def _named(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    month = frame["date"].str[:7]
    return frame.assign(month=month, name=month + "  " + frame[f"name_{lang}"])
