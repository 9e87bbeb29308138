"""Frames and numbers of the page on districts: progress, shares, quotas, growth, ranks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.briefing import ledger, page_tables, published_table
from analysis.briefing import published as evident
from analysis.briefing.district_facts import NAME, facts_of, with_names
from analysis.charts import places
from analysis.evidence import Evidence
from analysis.model import Model
from analysis.pacing import MONTHS
from analysis.plan import Plan, load_plan
from analysis.structure import Report, tables
from analysis.structure.boundaries import boundaries, labels
from analysis.structure.places import NONE
from analysis.structure.schedule import clauses
from analysis.text import LANGUAGES, Text, clause
from analysis.text_table import own_texts

LEVERS = ("benefit_share",)
UNPLACED = "unplaced"
WHOLE = "whole"
#: What of the standing is behind a picture.
AGAINST_FLOORS = ("place", "name_zh", "name_en", "tier", "capital", "before", "growth", "floor",
                  "of_floor", "due_linear", "ahead_linear", "due")  # fmt: skip
AGAINST_SHARES = ("place", "name_zh", "name_en", "tier", "capital", "industrial", "assumed",
                  "share", "share_floor", "share_gap")  # fmt: skip


def absent(report: Report) -> dict[str, str]:
    """Return the pictures for which the ledger holds nothing: picture -> key of the reason."""
    found: dict[str, str] = {}
    if not report.known:
        parts = ("ledger", "map", "floors", "shares", "ranks")
        found |= dict.fromkeys(parts, "structure.nothing")
    if not report.quotas["required"].any():
        found["quotas"] = ""  # said in its cell
    if report.contribution is None:
        found["contribution"] = "structure.first_year"
    if not report.sharing["led_out"].gt(0).any():
        found["sharing"] = ""  # said in its cell
    return found


def values(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return the numbers that the page's sentences name."""
    drawn: dict[str, Any] = {"bounded": float(boundaries(plan) is not None)}
    # How zones that are no administrative district are drawn is for the plan to say.
    for key in ("tiles", "bounds"):
        drawn[key] = own_texts().get(f"{NAME}.{key}", dict.fromkeys(LANGUAGES, ""))
    published = evident.values(plan, evidence)
    return page_tables.known(facts_of(plan, ledger.current()) | published | drawn)


def unknown(plan: Plan, evidence: Evidence, model: Model) -> ledger.Messages:
    """Return the parts that have nothing to show, with the reason where all pages share it."""
    lacking = ledger.unknown(absent(ledger.current()), values(plan, evidence, model))
    return {**lacking, **dict.fromkeys(evident.absent(plan, evidence))}


def kinds() -> dict[str, str]:
    """Return the kind of what a choice tells: of shares that may be assumed."""
    return {"d_share": ledger.current().share_kind}


illustrative, rests_on = ledger.illustrative, ledger.assumed


def presets(plan: Plan, evidence: Evidence, model: Model) -> list[Any]:
    """Return no scenario: they say nothing of a ledger."""
    return []


cards = ledger.cards


def facts(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return what the page knows at first: the cards, and the first district."""
    first = _options(ledger.current())[0]
    return page_tables.known(
        {**ledger.card_facts(ledger.current()), "district": first["key"], **first["facts"]}
    )


def ranked(report: Report) -> pd.DataFrame:
    """Return the districts' ranks with their names."""
    return with_names(report, report.ranks).sort_values("rank")


def _options(report: Report) -> list[dict[str, Any]]:
    rows = report.districts[report.districts["floor"].notna()]
    ranked = rows.merge(report.ranks[["place", "rank", "low", "high"]], on="place")
    return [
        {
            "key": row["place"],
            "name": ledger.names(row),
            "facts": {
                "d_name": ledger.names(row),
                "d_capital": row["capital"],
                "d_of_floor": row["of_floor"],
                "d_ahead": row["ahead_linear"],
                **{f"d_{key}": said for key, said in clauses(row, report.period.month).items()},
                "d_share": row["share"],
                "d_share_floor": row["share_floor"],
                "d_rank": float(row["rank"]),
                "d_range": clause(
                    f"{NAME}.range",
                    low=float(row["low"]) if row["low"] < row["high"] else np.nan,
                    high=float(row["high"]),
                ),
            },
        }
        for row in ranked.to_dict("records")
    ]


def tools(plan: Plan, evidence: Evidence, model: Model) -> dict[str, dict[str, Any]]:
    """Return what is published as a table; the choice of a district, its table and its lists."""
    report = ledger.current()
    options = _options(report)
    own = {
        option["key"]: tables.district_table(
            option["key"], report.districts, report.quotas, report.foreign, report.ranks,
            report.sharing,
        )
        for option in options
    }  # fmt: skip
    own_tools = ledger.of_each("district", options, own)
    return own_tools | {"published": published_table.table(plan, evidence)}


def floored(report: Report) -> pd.DataFrame:
    """Return the districts that have a floor, the one nearest to it first."""
    rows = report.districts[report.districts["floor"].notna()]
    ended = report.period.month == MONTHS
    rows = rows.assign(due=rows["due_linear"], short=rows["share_gap"].lt(0) & ended)
    return rows.sort_values("of_floor", ascending=False)


def on_map(plan: Plan, report: Report) -> pd.DataFrame:
    """Return the progress of each district that has a place among the tiles."""
    columns = ["place", "tier", "name_zh", "name_en", "of_floor", "ahead_linear", "floor"]
    rows = report.districts[columns]
    tiles = plan.places[["place", "label_zh", "label_en", "across", "down"]]
    return rows.merge(tiles.dropna(subset=["across", "down"]), on="place")


def map_chart(
    rows: pd.DataFrame,
    rings: pd.DataFrame | None,
    first: str,
    text: Text,
    narrow: bool,
) -> Any:
    """Draw the districts as tiles, or within their bounds where a file of these is named."""
    frame = rows.drop(columns=["name_zh", "name_en", "label_zh", "label_en"])
    frame = frame.assign(label=rows[f"label_{text.lang}"])
    if rings is None:
        return places.tiles(frame, first, text, narrow)
    frame = frame.merge(_beside(rows, labels(rings)), on="place")
    frame["label"] = frame["label"].str.replace("|", "" if text.lang == "zh" else " ")
    return places.regions(frame, rings, first, text, narrow)


def _beside(rows: pd.DataFrame, at: pd.DataFrame) -> pd.DataFrame:
    """Put a district without bounds beside the others: right of them, one below the other."""
    without = [place for place in rows["place"] if place not in set(at["place"])]
    span = max(at["x"].max() - at["x"].min(), at["y"].max() - at["y"].min(), 0.1)
    beside = pd.DataFrame(
        {
            "place": without,
            "x": at["x"].max() + 0.25 * span,
            "y": at["y"].min() + 0.2 * span * np.arange(len(without)),
        }
    )
    return pd.concat([at.assign(bounded=True), beside.assign(bounded=False)], ignore_index=True)


def contributed(report: Report) -> pd.DataFrame:
    """Return each district's points of the city's growth; no row in a ledger's first year."""
    if report.contribution is None:
        return pd.DataFrame()
    return with_names(report, report.contribution).sort_values("points", ascending=False)


def named(rows: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return rows of districts with their short names."""
    known = ledger.place_names(text.lang)
    return rows.assign(name=rows["place"].map(known).fillna(rows[f"name_{text.lang}"]))


def shared(report: Report, text: Text) -> pd.DataFrame:
    """Return what districts lead to others and get led, named."""
    rows = with_names(report, report.sharing)
    order = (rows["led_out"] - rows["led_in"]).sort_values(ascending=False).index
    rows = named(rows.loc[order], text)
    return rows[rows["tier"].ne(NONE)][["place", "name", "tier", "led_out", "led_in"]]


def quotas(report: Report, text: Text) -> pd.DataFrame:
    """Return quotas as cells of a table: met, or short."""
    rows = report.quotas[report.quotas["required"]]
    about = report.districts[["place", "name_zh", "name_en"]]
    rows = rows.drop(columns=["name_zh", "name_en"]).merge(about, on="place")
    asked = dict.fromkeys([*load_plan().quotas["quota"], *rows["quota"]])
    order = {quota: at for at, quota in enumerate(asked)}
    # The first row names the columns' order, so who has most quotas comes first.
    has = rows.groupby("place")["quota"].transform("size")
    rows = rows.assign(at=rows["quota"].map(order), has=-has)
    rows = named(rows.sort_values(["has", "place", "at"], kind="stable"), text)
    state = np.where(rows["met"], "met", "short" if report.period.month == MONTHS else "to_come")
    return rows.assign(
        label=rows["quota"].map(
            {key: text(f"structure.quota.{key}") for key in set(rows["quota"])}
        ),
        state=state,
    )[["place", "name", "quota", "label", "projects", "needed", "state"]]
