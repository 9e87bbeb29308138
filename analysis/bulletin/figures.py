"""The pictures of a bulletin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.board.drawing import compiled
from analysis.board.still import still
from analysis.bulletin.words import PREFIX, short
from analysis.charts import chains, growth, progress, ranks, stages
from analysis.documents.document import Figure, table
from analysis.documents.transcript import WIDTH
from analysis.plan import Plan
from analysis.structure import Report
from analysis.structure.places import with_unplaced
from analysis.text import Text

Facts = Mapping[str, Any]


def figure(
    key: str, chart: Any, data: pd.DataFrame, made: bool, facts: Facts, text: Text,
    title: str = "title",
) -> Figure:  # fmt: skip
    """Return a figure whose texts stand under `document.bulletin.<key>`.

    made : whether any of it is made up for illustration
    """
    said = {part: text(f"{PREFIX}.{key}.{part}", **facts) for part in ("say", "alt", "source")}
    title = text(f"{PREFIX}.{key}.{title}", **facts)
    behind = table(data, key, title, said["source"], text.lang, illustrative=made)
    return Figure(
        key=key,
        title=title,
        reading=said["say"],
        alt=said["alt"],
        source=said["source"],
        spec=still(compiled(chart), {}, WIDTH),
        table=behind,
        illustrative=made,
    )


def year(report: Report, facts: Facts, text: Text) -> Figure | None:
    """The year's capital against schedule, season and the year before; None where none came."""
    if not report.known:
        return None
    asked = "floor" if report.district else "target"
    chart = progress.year(report.months, report.period.month, text, False, asked)
    return figure("year", chart, report.months, report.illustrative, facts, text)


def flows(report: Report, facts: Facts, text: Text) -> Figure | None:
    """Capital a month, beside the year before; None where none came."""
    if not report.known:
        return None
    months = report.months[report.months["month"].gt(0)]
    before = report.months["before"].diff().iloc[1:]
    this = report.period.year
    rows = pd.concat(
        [
            pd.DataFrame({"month": months["month"], "year": str(this - 1), "flow": before}),
            pd.DataFrame({"month": months["month"], "year": str(this), "flow": months["flow"]}),
        ],
        ignore_index=True,
    ).dropna(subset=["flow"])
    chart = progress.flows(rows, report.period.month, text, False)
    title = "title" if report.period.month > 1 else "title.first"
    return figure("flows", chart, rows, report.illustrative, facts, text, title)


def floors(report: Report, plan: Plan, facts: Facts, text: Text) -> Figure:
    """Districts' capital against their floors."""
    rows = _districts(report, text).rename(columns={"due_linear": "due"})
    rows = rows[rows["floor"].notna()].sort_values("of_floor", ascending=False)
    columns = ["place", "name", "tier", "capital", "floor", "due"]
    chart = progress.against_floors(
        rows[columns], report.district or "", plan.group_names(text.lang), text, False
    )
    return figure("floors", chart, rows, report.illustrative, facts, text)


def contribution(report: Report, plan: Plan, facts: Facts, text: Text) -> Figure | None:
    """Districts' contributions to the city's growth; None in a first year."""
    if report.contribution is None:
        return None
    named = with_unplaced(report.districts[["place", "tier", "name_zh", "name_en"]])
    named = named.assign(name=short(named[f"name_{text.lang}"]))[["place", "name", "tier"]]
    rows = report.contribution.merge(named, on="place").sort_values("points", ascending=False)
    columns = ["place", "name", "tier", "points"]
    chart = growth.contribution(
        rows[columns], report.district or "", plan.group_names(text.lang), text, False
    )
    top = rows.iloc[0]
    more = {"top": top["name"], "top_points": float(top["points"])}
    return figure("contribution", chart, rows, report.illustrative, {**facts, **more}, text)


def ranking(report: Report, plan: Plan, facts: Facts, text: Text) -> Figure:
    """Ranks of the districts, with their ranges under other weights."""
    named = _districts(report, text)[["place", "name", "tier"]]
    rows = report.ranks.merge(named, on="place").sort_values("rank")
    columns = ["place", "name", "tier", "rank", "low", "high", "best", "worst"]
    chart = ranks.ranks(
        rows[columns], report.district or "", plan.group_names(text.lang), text, False
    )
    return figure("ranks", chart, rows, report.illustrative, facts, text)


def funnel(report: Report, facts: Facts, text: Text) -> Figure | None:
    """Projects by the stage that they have reached; None where there are none."""
    if report.funnel.empty or not report.funnel["projects"].max() > 0:
        return None
    names = [text(f"structure.stage.{stage}") for stage in report.funnel["stage"]]
    rows = report.funnel.assign(name=names)
    chart = stages.funnel(rows[["name", "stage", "projects", "of_signed"]], text, False)
    return figure("funnel", chart, rows, report.illustrative, facts, text)


def by_chain(report: Report, facts: Facts, text: Text) -> Figure | None:
    """Chains' capital, beside the year before; None where none came."""
    rows = report.chains.assign(name=report.chains[f"name_{text.lang}"])
    rows = rows[["place", "name", "capital", "before", "growth"]].sort_values(
        "capital", ascending=False
    )
    if not rows["capital"].max() > 0:
        return None
    chart = chains.chains(rows, "", text, False)
    return figure("chains", chart, rows, report.illustrative, facts, text)


def _districts(report: Report, text: Text) -> pd.DataFrame:
    names = short(report.districts[f"name_{text.lang}"])
    return report.districts.drop(columns=["name_zh", "name_en"]).assign(name=names)
