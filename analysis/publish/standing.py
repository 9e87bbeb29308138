"""Where a plan's targets stand: what it asks, what the floors alone bring, what was published."""

from __future__ import annotations

from typing import Any

from analysis.amounts import amount
from analysis.evidence import Evidence, Figure, load_evidence
from analysis.model import load_model
from analysis.plan import Plan, load_plan
from analysis.plan_package import Measure
from analysis.text import LANGUAGES, both, fill, named

Pair = dict[str, str]


def standing() -> dict[str, Any]:
    """Return the front page's headline and its rows, a target each, in both languages.

    Returns
    -------
    headline : where the sum over the plan's places stands against its lowest level
    levels : the names of the plan's levels of targets, lowest first
    rows : name, levels (amounts, in the order of `levels`), floors and published with its source;
        None where the plan has no floor for it or nothing was found
    document : the plan's title, number, issuer and date
    """
    plan, evidence = load_plan(), load_evidence()
    about = plan.about
    alone = load_model().evaluate({})
    names = plan.levels.set_index("level")
    asked = [
        level for level in names.index if any(level in one.levels for one in plan.targets.values())
    ]
    measures = [plan.measures[key] for key in plan.targets]
    floored = () if plan.floors.empty else (plan.total, plan.share)
    return {
        "headline": _headline(plan, evidence, alone),
        "levels": [
            {lang: names.at[level, f"name_{lang}"] for lang in LANGUAGES} for level in asked
        ],
        "rows": [
            {
                "name": named(plan.targets[one.key]),
                "levels": [_amount(one, plan.targets[one.key].levels.get(key)) for key in asked],
                "floors": _amount(one, alone[one.outcome] if one in floored else None),
                "published": _published(one, published(plan, evidence, one)),
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
    }


def published(plan: Plan, evidence: Evidence, measure: Measure) -> Figure | None:
    """Return what was published of a measure for the plan's last year, None if nothing was."""
    if not measure.series:
        return None
    grown = measure.type == "growth"
    line = evidence.line(measure.series, plan.about.evidence_place, growth=grown)
    return next((one for one in line if one.year == plan.about.year), None)


def _amount(measure: Measure, value: float | None) -> Pair | None:
    if value is None:
        return None
    whole = measure.digits
    digits = next(d for d in range(whole + 1) if round(value, d) == round(value, whole))
    templates = amount(measure.unit, digits)
    return {lang: fill(templates[lang], {"value": value}, lang) for lang in LANGUAGES}


def _value(measure: Measure, figure: Figure) -> float:
    return figure.growth_pct if measure.type == "growth" else figure.value


def _published(measure: Measure, figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    stated = figure.kind == "stated"
    return {
        "amount": _told(measure, figure),
        "kind": None if stated else both(f"publish.standing.kind.{figure.kind}"),
        "publisher": figure.publisher,
        "date": figure.published,
    }


def _told(measure: Measure, figure: Figure) -> Pair:
    """Return a published value with its bound, and a mark where it is less than stated."""
    value = _amount(measure, _value(measure, figure))
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
    figure = published(plan, evidence, measure)
    value = _value(measure, figure) if figure else float(alone[measure.outcome])
    return both(
        "publish.standing.asked"
        if figure is None and plan.floors.empty
        else f"publish.standing.{_case(figure, value, target.expected)}",
        place={lang: getattr(plan.about, f"place_{lang}") for lang in LANGUAGES},
        year=plan.about.year,
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
