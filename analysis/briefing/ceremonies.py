"""Signing ceremonies and days of starts: stages before capital is in place."""

from __future__ import annotations

import pandas as pd

from analysis.evidence import Evidence
from analysis.plan import Plan
from analysis.text import MARK


def signed(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return signing ceremonies with an amount, one by one, their inferred ones marked."""
    rows = evidence.ceremonies.query("place == @plan.about.evidence_place")
    signed = rows["counts"].eq("ceremony") & ~rows["id"].str.startswith("start_")
    rows = rows[rows["amount"].notna() & signed]
    mark = rows["kind"].map({"stated": ""}).fillna(MARK)
    return rows.assign(mark=mark, note_en=rows["note"])[
        ["date", "name_zh", "name_en", "projects", "amount", "unit", "mark", "note_en", "kind"]
    ]


def values(plan: Plan, evidence: Evidence) -> dict[str, float]:
    """Return the largest amounts that were signed and started at once; 0 where none was found."""
    held, begun = signed(plan, evidence), starts(plan, evidence)
    most = {"signed": held["amount"].max(), "start_most": begun["amount"].max()}
    return {key: float(amount) if amount == amount else 0.0 for key, amount in most.items()}


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


def days(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return ceremonies and days of starts in their order, a column `stage` telling which."""
    parts = {"signed": signed(plan, evidence), "started": starts(plan, evidence)}
    held = [rows.assign(stage=stage) for stage, rows in parts.items() if len(rows)]
    return pd.concat(held).sort_values("date", ignore_index=True) if held else pd.DataFrame()


def named(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return days as a picture places them, a month at its middle, with their names."""
    day = frame["date"].where(frame["date"].str.len().eq(10), frame["date"] + "-15")
    name = frame.get(f"name_{lang}", pd.Series("", frame.index)).fillna("")
    return frame.assign(day=day, name=name)[
        ["date", "day", "stage", "name", "projects", "amount", "mark"]
    ]
