"""What the plan's place aimed at year by year and what came, and districts' progress in a year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.briefing.published import names
from analysis.districts import CAPITAL, LEVELS
from analysis.evidence import Evidence, Figure
from analysis.evidence.figure import BOUND_SIGNS, trust
from analysis.plan import Plan, plan_year
from analysis.text import LANGUAGES, MARK, Text, enumerated

NAME = "capital_inflow"


def aims(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return targets and results of capital in place of the plan's place, a row a number.

    Of rival targets of a year the most trusted stands, one as published before one worked out;
    of rival results an exact one before a bound. The plan's own targets are those of its year.

    Returns
    -------
    year, mark (expected, stretch, result), value, bound, kind, confidence, term_zh, source_title,
    publisher, published, unit
    """
    place, year = plan.about.evidence_place, plan_year(plan)
    there = set(zip(evidence.figures["series"], evidence.figures["place"], strict=True))
    if CAPITAL not in plan.targets or (CAPITAL, place) not in there:
        return pd.DataFrame(columns=["year", "mark", "value", "bound"])
    rows = [_row("result", one) for one in evidence.line(CAPITAL, place) if one.year <= year]
    for level in LEVELS:
        series = f"{CAPITAL}_target_{level}"
        found: dict[int, Figure] = {}
        if (series, place) in there:
            for one in sorted(evidence.select(series=series, place=place), key=trust):
                if one.known and one.year < year:
                    found.setdefault(one.year, one)
        rows += [_row(level, one) for one in found.values()]
    target, about = plan[CAPITAL], plan.table("sources").set_index("id").loc[plan.about.source]
    rows += [
        {"year": year, "mark": level, "value": target.levels[level], "bound": "exact",
         "kind": target.kind, "confidence": "high", "term_zh": target.name_zh,
         "source_title": about["title"], "publisher": about["publisher"],
         "published": about["published"], "unit": target.unit}
        for level in LEVELS
        if level in target.levels
    ]  # fmt: skip
    order = ["year", "mark"]
    return pd.DataFrame(rows).sort_values(order, kind="stable", ignore_index=True)


def _row(mark: str, one: Figure) -> dict[str, Any]:
    return {"year": one.year, "mark": mark, "value": one.value, "bound": one.bound,
            "kind": one.kind, "confidence": one.confidence, "term_zh": one.term,
            "source_title": one.source_title, "publisher": one.publisher,
            "published": one.published, "unit": one.unit}  # fmt: skip


def progress(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return how much of its own target a district had in place within a year, as published.

    Returns
    -------
    district, name_zh, name_en, year, month, share (%), term_zh, kind, confidence, source_title,
    publisher, published
    """
    rows = evidence.figures
    rows = rows[
        rows["series"].eq(CAPITAL)
        & rows["scope"].eq("campaign")
        & rows["period_type"].eq("ytd")
        & rows["target_progress_pct"].notna()
    ]
    short = names(plan)
    rows = rows.assign(district=rows["place"].map(plan.aliases))
    rows = rows[rows["district"].isin(list(short))]
    named = {f"name_{lang}": [short[one][lang] for one in rows["district"]] for lang in LANGUAGES}
    month = rows["period_end"].str[5:7].astype(int)
    rows = rows.assign(**named, year=rows["period_end"].str[:4], month=month)
    rows = rows.rename(columns={"target_progress_pct": "share", "term": "term_zh"})
    return rows[["district", "name_zh", "name_en", "year", "month", "share", "term_zh", "kind",
                 "confidence", "source_title", "publisher", "published"]]  # fmt: skip


def values(plan: Plan, evidence: Evidence) -> dict[str, Any]:
    """Return what is said of targets and results: how many years have both, and were met.

    Of a year of which a bound alone is known on this side of the target nothing can be said.
    """
    rows = aims(plan, evidence)
    wide = rows.pivot(index="year", columns="mark", values="value")
    wide = wide.reindex(columns=[*LEVELS, "result"])
    result = rows[rows["mark"].eq("result")].set_index("year")
    pairs = wide.dropna(subset=["expected", "result"])
    reached, bound = pairs["result"].ge(pairs["expected"]), result["bound"].reindex(pairs.index)
    unknown = bound.eq("upper").where(reached, bound.eq("lower"))
    return {
        "aim_years": float(len(pairs)),
        "aim_met": float((reached & ~unknown).sum()),
        "aim_open": float(unknown.sum()),
        "aim_steps": _steps(wide["expected"], result),
        "aim_districts": float(len(progress(plan, evidence))),
    }


def _steps(expected: pd.Series, result: pd.DataFrame) -> dict[str, str]:
    """Return by how much each target differs from an exact result of the year before."""
    said: dict[str, str] = {}
    for lang in LANGUAGES:
        text, parts = Text(lang), []
        for year, target in expected.dropna().items():
            before = result.loc[result.index == int(str(year)) - 1]
            if len(before) and before["bound"].iloc[0] == "exact":
                change = 100 * (target / float(before["value"].iloc[0]) - 1)
                parts.append(text(f"{NAME}.aims.step", year=str(year), change=change))
        named = enumerated(parts, lang, "; ")
        said[lang] = text(f"{NAME}.aims.steps", named=named) if parts else ""
    return said


def absent(plan: Plan, evidence: Evidence) -> set[str]:
    """Return which of the two pictures have nothing to show."""
    said = values(plan, evidence)
    numbers = {"aims": "aim_years", "progress": "aim_districts"}
    return {picture for picture, number in numbers.items() if not said[number]}


def points(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers as the picture of levels draws them, named by their year."""
    derived = frame["kind"].ne("stated") & frame["mark"].ne("result")
    return frame.assign(name=frame["year"].astype(str), derived=derived)[
        ["name", "mark", "value", "derived"]
    ]


def beside(frame: pd.DataFrame, text: Text, narrow: bool) -> pd.DataFrame:
    """Return what stands beside each year: targets and result, on a phone the last of them."""
    rows = []
    for year, of_year in frame.groupby("year"):
        held = {row["mark"]: row for row in of_year.to_dict("records")}
        words = [_words(held[mark], mark, text) for mark in (*LEVELS, "result") if mark in held]
        rows.append({"name": str(year), "far": of_year["value"].max(), "unknown": False,
                     "words": " · ".join(words[-1:] if narrow else words)})  # fmt: skip
    return pd.DataFrame(rows)


def _words(row: Mapping[Any, Any], mark: str, text: Text) -> str:
    sign = f"{BOUND_SIGNS[row['bound']]} ".lstrip()
    inferred = MARK if row["kind"] != "stated" and mark == "result" else ""
    return text(f"{NAME}.aims.{mark}", sign=sign, amount=float(row["value"]), mark=inferred)


def levels(text: Text, frame: pd.DataFrame) -> dict[str, str]:
    """Return the marks that the frame has, with their names."""
    there = set(frame["mark"])
    return {key: text(f"{NAME}.mark.{key}") for key in (*LEVELS, "result") if key in there}


def read(frame: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return districts' progress with the words beside each reading."""
    words = [
        text(f"{NAME}.progress.beside", name=row[f"name_{text.lang}"], year=row["year"],
             share=float(row["share"]))
        for row in frame.to_dict("records")
    ]  # fmt: skip
    return frame.assign(words=words)[["month", "share", "words"]]
