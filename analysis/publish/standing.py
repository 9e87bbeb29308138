"""Where a plan's targets stand: what it asks, what the floors alone bring, what was published."""

from __future__ import annotations

import re
from typing import Any

from analysis.amounts import amount_said
from analysis.briefing.published import result, result_value
from analysis.evidence import Evidence, Figure, load_evidence
from analysis.evidence.tables import publisher_said
from analysis.model import load_model
from analysis.model.uncertainty import tornado
from analysis.plan import Plan, load_plan
from analysis.plan_package import Measure
from analysis.text import LANGUAGES, both, named

Pair = dict[str, str]


def standing() -> dict[str, Any]:
    """Return the front page's headline and its rows, a target each, in both languages.

    Returns
    -------
    headline : where the sum over the plan's places stands against its lowest level
    levels : the names of the plan's levels of targets, lowest first
    rows : name, levels (amounts, in the order of `levels`), floors and published with its source,
        each with its status; None where the plan has no floor for it or nothing was found
    document : the plan's title, number, issuer and date
    rests : how many figures of its places were published, in how many sources; None without any
    lever : the one that moves the sum most, None without a sum
    """
    plan, evidence = load_plan(), load_evidence()
    about = plan.about
    alone = load_model().evaluate({})
    names = plan.levels.set_index("level")
    asked = [
        level for level in names.index if any(level in one.levels for one in plan.targets.values())
    ]
    measures = [plan.measures[key] for key in plan.targets]
    parts = [one for one in measures if one.groups]
    floored = () if plan.floors.empty else (plan.total, plan.share, *parts)
    return {
        "headline": _headline(plan, evidence, alone),
        "levels": [
            {lang: names.at[level, f"name_{lang}"] for lang in LANGUAGES} for level in asked
        ],
        "rows": [
            {
                "name": named(plan.targets[one.key]),
                "levels": [_amount(one, plan.targets[one.key].levels.get(key)) for key in asked],
                "floors": _floors(plan, one, alone[one.outcome] if one in floored else None),
                "published": _published(plan, evidence, one),
            }
            for one in measures
        ],
        "document": both(
            "publish.standing.document",
            title={lang: getattr(about, f"title_{lang}") for lang in LANGUAGES},
            about={
                lang: ("，" if lang == "zh" else ", ").join(
                    filter(None, (about.number, getattr(about, f"issuer_{lang}"), about.date))
                )
                for lang in LANGUAGES
            },
        ),
        "rests": _rests(plan, evidence),
        "lever": widest(plan),
    }


def _rests(plan: Plan, evidence: Evidence) -> Pair | None:
    """Say how many figures of the plan's own places were published, and in how many sources."""
    figures = evidence.figures
    own = figures[figures["place"].isin({plan.about.evidence_place, *plan.aliases})]
    if own.empty:
        return None
    return both("publish.standing.rests", figures=len(own), sources=own["source"].nunique())


def widest(plan: Plan) -> str | None:
    """Return the lever whose bounds lie furthest apart in the sum over places, None without one."""
    if plan.total is None:
        return None
    return str(tornado(load_model(), plan.total.outcome)["lever"].iloc[0])


def _amount(measure: Measure, value: float | None) -> Pair | None:
    return None if value is None else amount_said(value, measure.unit, measure.digits)


def _floors(plan: Plan, measure: Measure, value: float | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"amount": _amount(measure, value), **status(plan, measure, value)}


def status(plan: Plan, measure: Measure, value: float, bound: str = "exact") -> dict[str, Any]:
    """Return the highest level that a value surely reaches, or how far it is from the lowest.

    Returns
    -------
    state : as a card's: short, expected, stretch, or unknown where a bound leaves it open
    said : the same in words
    """
    levels = plan[measure.key].levels
    lowest, highest = next(iter(levels)), list(levels)[-1]
    reached = [key for key, asked in levels.items() if value >= asked and bound != "upper"]
    if reached:
        name = plan.levels.set_index("level").loc[reached[-1]]
        level = {lang: name[f"name_{lang}"] for lang in LANGUAGES}
        state = "stretch" if lowest != highest == reached[-1] else "expected"
        return {"state": state, "said": both("publish.standing.met", level=level)}
    gap = levels[lowest] - value
    if bound == "lower" or gap <= 0:
        return {"state": "unknown", "said": both("publish.standing.unsure")}
    unit = "points" if measure.unit == "%" else measure.unit
    said = both("publish.standing.lacks", gap=amount_said(gap, unit, measure.digits))
    return {"state": "short", "said": said}


def _published(plan: Plan, evidence: Evidence, measure: Measure) -> dict[str, Any] | None:
    figure = result(plan, evidence, measure)
    if figure is None:
        return None
    stated = figure.kind == "stated"
    url = str(evidence.sources.set_index("id")["url"].get(figure.source, ""))
    return {
        **status(plan, measure, result_value(measure, figure), figure.bound),
        "amount": _told(measure, figure),
        "kind": None if stated else both(f"publish.standing.kind.{figure.kind}"),
        "url": url if re.match(r"https?://", url) else "",
        "publisher": publisher_said(figure.publisher),
        "date": figure.published,
    }


def _told(measure: Measure, figure: Figure) -> Pair:
    """Return a published value with its bound, and a mark where it is less than stated."""
    value = _amount(measure, result_value(measure, figure))
    mark = "" if figure.kind == "stated" else "*"
    told = both(f"publish.standing.bound.{figure.bound}", amount=value)
    return {lang: said + mark for lang, said in told.items()}


def _headline(plan: Plan, evidence: Evidence, alone: Any) -> Pair:
    """Return what the numbers decide: the result if one was published, else what floors leave."""
    measure = plan.total
    if measure is None:
        return {lang: getattr(plan.about, f"title_{lang}") for lang in LANGUAGES}
    target = plan[measure.key]
    level = next(iter(target.levels))
    names = plan.levels.set_index("level").loc[level]
    figure = result(plan, evidence, measure)
    value = result_value(measure, figure) if figure else float(alone[measure.outcome])
    return both(
        "publish.standing.asked"
        if figure is None and plan.floors.empty
        else f"publish.standing.{_case(figure, value, target.expected)}",
        place={lang: getattr(plan.about, f"place_{lang}") for lang in LANGUAGES},
        name=named(target),
        level={lang: names[f"name_{lang}"] for lang in LANGUAGES},
        amount=_told(measure, figure) if figure else _amount(measure, value),
        target=_amount(measure, target.expected),
        gap=_amount(measure, abs(target.expected - value)),
    )


def _case(figure: Figure | None, value: float, target: float) -> str:
    """Return how a value stands against a target; what is only bounded may leave it open."""
    reached = value >= target
    if figure is None:
        return "floors_reach" if reached else "floors_short"
    unsure = {"lower": not reached, "upper": reached}.get(figure.bound, False)
    return "open" if unsure else "reached" if reached else "short"
