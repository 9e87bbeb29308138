"""What the plan's place aimed at year by year and what came."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.districts import CAPITAL, LEVELS
from analysis.evidence import Evidence, Figure
from analysis.evidence.figure import trust
from analysis.plan import Plan, plan_year
from analysis.text import LANGUAGES, Text, enumerated

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
        "aim_steps": _steps(rows[rows["mark"].eq("expected")], result),
    }


def _steps(expected: pd.DataFrame, result: pd.DataFrame) -> dict[str, str]:
    """Return by how much each target differs from an exact result of the year before.

    What is inferred carries its mark; of a target that is a bound, the difference is one, too.
    """
    said: dict[str, str] = {}
    for lang in LANGUAGES:
        text, parts = Text(lang), []
        for row in expected.to_dict("records"):
            before = result.loc[result.index == row["year"] - 1]
            if len(before) and before["bound"].iloc[0] == "exact":
                change = 100 * (row["value"] / float(before["value"].iloc[0]) - 1)
                parts.append(
                    text(
                        f"{NAME}.aims.step{'' if row['bound'] == 'exact' else '.least'}",
                        year=str(row["year"]), change=change,
                        mark="" if before["kind"].iloc[0] in ("stated", "derived") else "*",
                    )
                )  # fmt: skip
        named = enumerated(parts, lang, "; ")
        said[lang] = text(f"{NAME}.aims.steps", named=named) if parts else ""
    return said
