"""Signing ceremonies and days of starts: stages before capital is in place."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.evidence import Evidence
from analysis.plan import Plan
from analysis.text import MARK, Text

NAME = "capital_inflow"


def signed(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return signing ceremonies with an amount, one by one, their inferred ones marked."""
    rows = evidence.ceremonies.query("place == @plan.about.evidence_place")
    signed = rows["counts"].eq("ceremony") & ~rows["id"].str.startswith("start_")
    rows = rows[rows["amount"].notna() & signed]
    mark = rows["kind"].map({"stated": ""}).fillna(MARK)
    return rows.assign(mark=mark, note_en=rows["note"])[
        ["date", "name_zh", "name_en", "projects", "amount", "unit", "mark", "note_en", "kind"]
    ]


def values(plan: Plan, evidence: Evidence) -> dict[str, Any]:
    """Return what the sentences on ceremonies and starts say; nothing of those not found."""
    held, days = signed(plan, evidence), starts(plan, evidence)
    found: dict[str, Any] = {"signed": float(held["amount"].max())} if len(held) else {}
    if len(days):
        years = days["date"].str[:4].astype(float)
        found |= {"starts": float(len(days)), "start_first": years.min(),
                  "start_last": years.max(), "start_least": float(days["amount"].min()),
                  "start_most": float(days["amount"].max())}  # fmt: skip
    return found


def starts(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return the days on which projects were started together, with their amount, one by one.

    Returns
    -------
    date (a month where no day is known), projects (NaN where not told), amount, unit, mark, then
    term_zh, kind, source_title, publisher, published
    """
    rows = evidence.figures.query("place == @plan.about.evidence_place and period_type == 'event'")
    rows = rows[rows["period_start"].eq(rows["period_end"])].rename(columns={"period_end": "date"})
    days = rows[rows["series"].eq("started_projects")].drop_duplicates("date")
    found = rows[rows["series"].eq("started_amount") & rows["unit"].eq(plan.about.money)]
    return found.assign(
        projects=found["date"].map(days.set_index("date")["value"]),
        amount=found["value"],
        mark=found["kind"].map({"stated": ""}).fillna(MARK),
        term_zh=found["term"],
    ).sort_values("date")[
        ["date", "projects", "amount", "unit", "mark", "term_zh", "kind",
         "source_title", "publisher", "published"]
    ]  # fmt: skip


def of_starts(frame: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return days of starts as a picture calls them: by month, with the number of projects."""
    month = frame["date"].str[:7]
    said = [
        text(f"{NAME}.starts.day", date=date, projects=projects) if projects == projects else date
        for date, projects in zip(frame["date"], frame["projects"], strict=True)
    ]
    return frame.assign(month=month, name=said)[["month", "name", "amount", "mark"]]


def named(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return ceremonies with the month and name by which a picture calls them."""
    month = frame["date"].str[:7]
    return frame.assign(month=month, name=month + "  " + frame[f"name_{lang}"])
