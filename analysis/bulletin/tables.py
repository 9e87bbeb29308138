"""The tables of a bulletin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.amounts import unit
from analysis.board.columns import Column, in_units
from analysis.bulletin.words import PREFIX, short
from analysis.documents.document import Table
from analysis.plan import Plan
from analysis.structure import Report
from analysis.structure.investment_map import link_keys
from analysis.structure.places import with_unplaced
from analysis.structure.standing import CITY
from analysis.text import Text, templates

Facts = Mapping[str, Any]
#: Less is no capital but the rounding of floats, 1e8 CNY.
EPSILON = 1e-6
#: Columns that a table of places shows, each with its text.
STANDING = (
    "name", "rank", "range", "capital", "floor", "of_floor", "ahead_linear",
    "share", "share_floor", "growth",
)  # fmt: skip


def _table(
    key: str, frame: pd.DataFrame, report: Report, facts: Facts, text: Text, title: str = ""
) -> Table:
    """Return a frame as a table whose texts stand under `document.bulletin.<key>`."""
    rows = tuple(
        tuple(None if _missing(cell) else cell for cell in row)
        for row in frame.itertuples(index=False)
    )
    columns = tuple(
        # Amounts beside a unit of their own row are in it.
        Column(str(column), text(f"{PREFIX}.column.{column}"), _unit(str(column), text),
               of_row="unit" in frame)
        for column in frame.columns
    )  # fmt: skip
    return Table(
        key,
        title or text(f"{PREFIX}.{key}.title", **facts),
        columns,
        in_units(columns, rows, text.lang),
        text(f"{PREFIX}.{key}.source", **facts),
        illustrative=report.illustrative,
    )


def _missing(cell: Any) -> bool:
    return cell is None or (not isinstance(cell, (str, list, tuple, dict)) and pd.isna(cell))


def _unit(column: str, text: Text) -> str:
    key = f"{PREFIX}.unit.{column}"
    return text(key) if key in templates() else ""


def standing(report: Report, facts: Facts, text: Text) -> Table:
    """Districts by rank, places without a floor, what lies in no known district, the city."""
    ranks = report.ranks.assign(
        range=[f"{low:.0f}–{high:.0f}" for low, high in report.ranks[["low", "high"]].to_numpy()]
    )
    rows = report.districts.merge(ranks[["place", "rank", "range"]], on="place", how="left")
    rows = rows.assign(name=short(rows[f"name_{text.lang}"])).sort_values("rank")
    if report.district is None:
        rows = _with_city(rows, report, text)
    return _table("standing", rows[list(STANDING)], report, facts, text)


def plain(report: Report, facts: Facts, text: Text) -> Table:
    """Capital in place with nothing asked of it, most first: districts and the city."""
    rows = report.districts.sort_values("capital", ascending=False, kind="stable")
    rows = rows.assign(name=short(rows[f"name_{text.lang}"]))
    if report.district is None:
        rows = _with_city(rows, report, text)
    rows = rows.rename(columns={"before": "capital_before"})
    shown = rows[["name", "capital", "capital_before", "growth", "share"]]
    return _table("plain", shown, report, facts, text)


def _with_city(rows: pd.DataFrame, report: Report, text: Text) -> pd.DataFrame:
    """Add what lies in no known district, and the city's total."""
    more = [{**report.place.to_dict(), "name": text(f"{PREFIX}.total")}]
    if abs(report.unplaced) > EPSILON:
        more.insert(0, {"name": text("structure.unplaced"), "capital": report.unplaced})
    return pd.concat([rows, pd.DataFrame(more)], ignore_index=True)


def tiers(report: Report, facts: Facts, text: Text) -> Table:
    """The three tiers against their floors."""
    rows = report.tiers.assign(name=report.tiers[f"name_{text.lang}"])
    shown = [column for column in STANDING if column not in ("rank", "range")]
    return _table("tiers", rows[shown], report, facts, text)


def quotas(report: Report, facts: Facts, text: Text) -> Table:
    """The city's quotas, and how many districts have met theirs."""
    rows = report.city_quotas.assign(name=report.city_quotas[f"name_{text.lang}"])
    rows["missing"] = (rows["needed"] - rows["projects"]).clip(lower=0)
    columns = ["name", "needed", "projects", "missing", "districts", "asked"]
    return _table("quotas", rows[columns], report, facts, text)


def lacking(report: Report, facts: Facts, text: Text) -> Table:
    """Which districts lack which projects."""
    rows = report.quotas[report.quotas["required"] & report.quotas["missing"].gt(0)]
    named = report.districts.set_index("place")[f"name_{text.lang}"]
    rows = rows.assign(district=short(rows["place"].map(named)), name=rows[f"name_{text.lang}"])
    return _table(
        "lacking", rows[["district", "name", "needed", "projects", "missing"]], report, facts, text
    )


def foreign(report: Report, facts: Facts, text: Text) -> Table:
    """Foreign capital in its two scopes, which are never added."""
    place = report.district or CITY
    rows = report.foreign[report.foreign["place"].eq(place)]
    rows = rows.assign(name=[text(f"structure.measure.foreign.{scope}") for scope in rows["scope"]])
    rows = rows.rename(columns={"before": "amount_before"})
    shown = rows[["name", "amount", "amount_before", "growth"]]
    return _table("foreign", shown, report, facts, text)


def one_table(report: Report, facts: Facts, text: Text) -> Table | None:
    """The district's own table 一区一表."""
    if report.table is None:
        return None
    rows = report.table.assign(
        name=[text(f"structure.measure.{measure}") for measure in report.table["measure"]],
        unit=[_said_unit(one, text) for one in report.table["unit"]],
    )
    columns = ["name", "unit", "value", "asked_for", "missing", "before"]
    return _table(
        "one_table", rows.rename(columns={"asked": "asked_for"})[columns], report, facts, text
    )


def _said_unit(name: str, text: Text) -> str:
    key = f"structure.unit.{name}"
    return text(key) if key in templates() else unit(name)[text.lang]


def size_classes(report: Report, facts: Facts, text: Text) -> Table:
    """The year's signings by size."""
    rows = report.size_classes
    names = [
        text(f"{PREFIX}.class.open" if pd.isna(upper) or upper == float("inf") else
             f"{PREFIX}.class", low=low, high=upper)
        for low, upper in rows[["size_class", "upper"]].to_numpy()
    ]  # fmt: skip
    columns = ["name", "projects", "size", "of_projects", "of_size"]
    return _table("size_classes", rows.assign(name=names)[columns], report, facts, text)


def concentration(report: Report, plan: Plan, facts: Facts, text: Text) -> Table:
    """How much of the capital its largest projects hold: the city's, each chain's, the rest's."""
    rows = report.concentration[report.concentration["by"].isin(["all", "chain"])]
    named = plan.chains.set_index("chain")[f"name_{text.lang}"]
    rest = rows["by"].map({"all": text(f"{PREFIX}.total"), "chain": text("structure.unchained")})
    names = rows["key"].map(named).fillna(rest)
    rows = rows.assign(name=names, **{top: 100 * rows[top] for top in ("top1", "top5", "top10")})
    columns = ["name", "projects", "capital", "herfindahl", "top1", "top5", "top10"]
    return _table("concentration", rows[columns], report, facts, text)


def sharing(report: Report, facts: Facts, text: Text) -> Table:
    """What leads bring to other districts; no proportion is given, so nothing is credited."""
    named = with_unplaced(report.districts).set_index("place")[f"name_{text.lang}"]
    rows = report.sharing.assign(name=short(report.sharing["place"].map(named)))
    rows = rows[rows["led_out"].gt(0) | rows["led_in"].gt(0)].sort_values(
        "led_out", ascending=False
    )
    return _table("sharing", rows[["name", "capital", "led_out", "led_in"]], report, facts, text)


def gaps(report: Report, plan: Plan, facts: Facts, text: Text) -> Table:
    """Links of the plan's chains that no project of the ledger fills."""
    chains = plan.chains.set_index("chain")[f"name_{text.lang}"]
    rows = report.gaps.assign(
        chain=report.gaps["chain"].map(chains), name=report.gaps[f"name_{text.lang}"]
    )
    return _table("gaps", rows[["chain", "name"]], report, facts, text)


def listing(what: str, report: Report, plan: Plan, facts: Facts, text: Text) -> Table:
    """The largest projects, foreign firms or platforms; a link of the plan by the plan's name."""
    rows = report.lists[what]
    links = plan.chain_links.set_index("link")[f"name_{text.lang}"]
    named = link_keys(plan, rows["link"], rows["chain"]).map(links)
    districts = report.districts.set_index("place")[f"name_{text.lang}"]
    rows = rows.assign(
        district=short(rows["district"].map(districts).fillna(rows["district"])),
        chain=["" if _missing(chain) else text(f"chains.short.{chain}") for chain in rows["chain"]],
        link=named.fillna(rows["link"]),
        stage=[
            "" if _missing(stage) else text(f"structure.stage.{stage}") for stage in rows["stage"]
        ],
        signed_date=["" if pd.isna(day) else str(day)[:10] for day in rows["signed_date"]],
    )
    columns = [
        "rank",
        "name",
        "district",
        "chain",
        "link",
        "size",
        "capital",
        "signed_date",
        "stage",
    ]
    if report.district is not None:
        columns.remove("district")
    title = text(f"structure.list.{what}")
    return _table(
        "list", rows[columns], report, facts, text, text(f"{PREFIX}.list.title", what=title)
    )


def annex(report: Report, plan: Plan, facts: Facts, text: Text) -> Table | None:
    """The plan's annexed lists, where the reader has named a file of them: no row of the ledger."""
    if report.annex is None:
        return None
    districts = report.districts.set_index("place")[f"name_{text.lang}"]
    links = plan.chain_links.set_index("link")[f"name_{text.lang}"]
    rows = report.annex.assign(
        list=[text(f"{PREFIX}.annex.{one}") for one in report.annex["list"]],
        district=short(report.annex["district"].map(districts)),
        chain=[text(f"chains.short.{chain}") if chain else "" for chain in report.annex["chain"]],
        link=report.annex["link"].map(links).fillna(""),
    )
    columns = ["list", "name", "district", "chain", "link", "note"]
    return replace(_table("annex", rows[columns], report, facts, text), illustrative=False)
