"""Frames and numbers of the page on projects: quotas, shares, sizes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.briefing import capital_inflow, ledger
from analysis.evidence import Evidence
from analysis.ledger.dimensions import SIZE_CLASSES
from analysis.model import Model
from analysis.plan import Plan, floor_share
from analysis.structure import Report
from analysis.text import LANGUAGES, Message, Text, both, enumerated

levers = capital_inflow.levers
NAME = "project_structure"


def required(plan: Plan) -> dict[str, Any]:
    """Return what the quotas add up to, and what outward projects leave.

    Returns
    -------
    named (each quota with its number, in words); outward, outward_left, outward_places (those
    that have a number) where the plan has such, and outward_said, a clause on them
    """
    rows = plan.quotas[plan.quotas["required"]]
    totals = rows.groupby("quota")["total"].sum()
    items = [
        both(
            "publish.answer.quota",
            name={lang: row[f"name_{lang}"] for lang in LANGUAGES},
            number=float(totals[row["quota"]]),
        )
        for row in rows.drop_duplicates("quota").to_dict("records")
    ]
    told = {lang: enumerated((one[lang] for one in items), lang, "; ") for lang in LANGUAGES}
    abroad = plan.outward.set_index("place")["projects"]
    if "others" not in abroad:
        return {"named": told, "outward_said": dict.fromkeys(LANGUAGES, "")}
    left = {"outward": float(abroad["city"]), "outward_left": float(abroad["others"])}
    return {
        "named": told,
        **left,
        "outward_places": float(len(abroad) - len(left)),
        "outward_said": both("publish.answer.outward", **left),
    }


def started(evidence: Evidence) -> dict[str, Any]:
    """Return what one ceremony started: in what year, how many projects, how many of the largest.

    Returns
    -------
    started_in, started, started_low (of the largest class, 1e8), started_large; nothing of none
    """
    rows = classes(evidence)
    if rows.empty:
        return {}
    largest = rows.sort_values("class_low").iloc[-1]
    day = evidence.ceremonies.set_index("id").at[largest["ceremony"], "date"]
    return {
        "started_in": float(str(day)[:4]),
        "started": float(rows["projects"].sum()),
        "started_low": float(largest["class_low"]),
        "started_large": float(largest["projects"]),
    }


def unknown(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Message | None]:
    """Return the pictures that a plan without outward-oriented projects, or a year without any
    project signed, has nothing for."""
    lacking = {} if "outward" in required(plan) else {"outward": ""}
    if not signed(ledger.current())["projects"].gt(0).any():
        lacking["ledger_sizes"] = "structure.nothing_signed"
    return ledger.unknown(lacking, values(plan, evidence, model))


def values(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return the numbers that the page's sentences name beside levers and outcomes."""
    assert plan.share is not None  # or there is no such page
    report, share = ledger.current(), plan[plan.share.key]
    projects = signed(report)
    large = float(plan.quotas["min_size"].min())
    return {
        **required(plan),
        "floor_share": floor_share(plan.floors),
        **capital_inflow.by_level("asked", share),
        **ledger.basis(report),
        **started(evidence),
        "signed": float(projects["projects"].sum()),
        "large": large,
        "large_signed": float(projects.loc[projects["size_class"].ge(large), "projects"].sum()),
    }


def group_shares(plan: Plan, model: Model) -> pd.DataFrame:
    """Return the share of each group and of the whole, and what is asked of it.

    Returns
    -------
    place ("whole" for all), name_zh, name_en, level, signal (of its share), asked_for (%): a row a
    floor, and one a level for the whole
    """
    assert plan.share is not None
    target, groups = plan[plan.share.key], plan.tiers.set_index("tier")
    floor = next(iter(plan.levels.loc[plan.levels["floor"], "level"]), "floor")
    parts = [
        {"place": key, **{f"name_{lang}": row[f"short_{lang}"] for lang in LANGUAGES},
         "level": floor, "signal": f"share_{key}", "asked_for": row[f"{plan.share.key}_floor"]}
        for key, row in groups.iterrows()
    ]  # fmt: skip
    named = {f"name_{lang}": name for lang, name in both("place.whole").items()}
    whole = [
        {"place": "whole", **named, "level": level, "signal": plan.share.key, "asked_for": asked}
        for level, asked in target.levels.items()
    ]
    return pd.DataFrame([*parts, *whole])


def share_words(shares: pd.DataFrame, plan: Plan, text: Text) -> pd.DataFrame:
    """Return these named, what is asked of each in words on its first row."""
    levels = plan.levels.set_index("level")[f"short_{text.lang}"]
    words = shares["level"].map(levels) + shares["asked_for"].map(" {:g}%".format)
    between = {"zh": "、", "en": ", "}[text.lang]
    said = words.groupby(shares["place"]).agg(between.join)
    first = ~shares.duplicated("place")
    return shares.assign(
        name=shares[f"name_{text.lang}"], said=shares["place"].map(said).where(first, None)
    )


def signed(report: Report) -> pd.DataFrame:
    """Return the projects signed in the report's year so far: tier, size_class, projects, size."""
    period = report.period
    rows = ledger.ledger().ask("sizes", by=("tier",), since=period.year_start, until=period.until)
    return rows.dropna(subset=["tier", "size_class"])


def quotas(plan: Plan, text: Text) -> pd.DataFrame:
    """Return the projects that each tier owes, by quota."""
    rows = plan.quotas[plan.quotas["required"]]
    order = list(dict.fromkeys(rows["quota"]))
    rows = rows.sort_values("quota", key=lambda keys: keys.map(order.index), kind="stable")
    return rows.assign(row=rows[f"name_{text.lang}"], value=rows["total"])[["row", "tier", "value"]]


def with_wholes(rows: pd.DataFrame, by: str, numbers: list[str]) -> pd.DataFrame:
    """Return rows a group, and below them what the groups have together, its tier "whole".

    What differs from group to group is left empty there.
    """
    groups = rows.dropna(subset=numbers).groupby(by, sort=False)
    same = groups.first().where(groups.nunique(dropna=False).eq(1))
    wholes = same.assign(tier="whole", **groups[numbers].sum()).reset_index()
    return pd.concat([rows, wholes], ignore_index=True)


def outward(plan: Plan, text: Text) -> pd.DataFrame:
    """Return outward-oriented projects by place, and those that no district has."""
    rows = plan.outward[plan.outward["place"].ne("city")]
    return pd.DataFrame(
        {
            "row": rows[f"name_{text.lang}"],
            "value": rows["projects"],
            "left": rows["place"].eq("others"),
        }
    )


def classes(evidence: Evidence) -> pd.DataFrame:
    """Return the size classes of one ceremony of the city's own, all sectors together."""
    rows = evidence.size_classes
    rows = rows[rows["ceremony"].isin(evidence.ceremonies["id"]) & rows["sector"].eq("all")]
    return rows[rows["ceremony"].eq(rows["ceremony"].max())]


def class_rows(sizes: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return size classes by the names that a picture has for them."""
    ordered = sizes.sort_values("class_low")
    names = [
        _class_name(low, high, text)
        for low, high in zip(ordered["class_low"], ordered["class_high"], strict=True)
    ]
    return ordered[["class_low", "projects"]].assign(
        row=names, value=ordered["projects"], left=False
    )


def _class_name(low: float, high: float, text: Text) -> str:
    if high != high:
        return text(f"{NAME}.class.open", low=low)
    return text(f"{NAME}.class.closed", low=low, high=high)


def ledger_rows(signed: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return signed projects by size class and tier, named."""
    signed = signed.sort_values("size_class")
    lows = SIZE_CLASSES
    names = {
        low: _class_name(low, high, text)
        for low, high in zip(lows, [*lows[1:], float("nan")], strict=True)
    }
    return signed[["size_class", "tier"]].assign(
        row=signed["size_class"].map(names), value=signed["projects"]
    )
