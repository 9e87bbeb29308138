"""What does the page of scenarios answer beyond its sliders: goal, least effort, chance?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.board.definitions import CARDS, mathml, written
from analysis.board.labels import named, scale, unit
from analysis.model import Model
from analysis.model.compiled import WHAT_IF
from analysis.model.least_effort import LeastEffort
from analysis.model.phrase import Phrase
from analysis.model.uncertainty import simulate, triangular
from analysis.plan import Plan
from analysis.scenario import presets
from analysis.text import LANGUAGES, Text

Bilingual = dict[str, str]
LEVELS = ("expected", "stretch")
#: Outcomes whose levels a reader may combine; the growth targets are levers of their own.
COMBINED = ("capital_total", "industrial_share")


def said(phrases: Iterable[Phrase]) -> Bilingual:
    """Return sentences one after the other, in both languages."""
    found = list(phrases)
    return {
        lang: (" " if lang == "en" else "").join(Text(lang)(p.key, **p.values) for p in found)
        for lang in LANGUAGES
    }


def flow(model: Model) -> list[dict[str, Any]]:
    """Return the signals that the page's charts need beyond the model's own."""
    return [signal for outcome in WHAT_IF for signal in model.swings_vega(outcome)]


def goal(plan: Plan, model: Model) -> dict[str, Any]:
    """Return what the browser needs to seek a goal by one lever: targets, and exact solutions."""
    return {
        "targets": [
            {
                "key": outcome,
                "name": named(plan[key]),
                **written(plan[key].unit, decimals),
                "expected": plan[key].expected,
                "stretch": plan[key].stretch,
                "needed": model.needed_vega(outcome) if outcome in WHAT_IF else {outcome: "sought"},
            }
            for key, outcome, _, decimals in CARDS
        ]
    }


def opening(plan: Plan, model: Model) -> dict[str, Any]:
    """Return the answers at the floors: chances, and least effort for both stretch targets."""
    found = efforts(plan, model)
    return {**chances(model), **found["answers"][found["first"]]["facts"]}


def efforts(plan: Plan, model: Model) -> dict[str, Any]:
    """Return the least effort for every combination of the two totals' targets."""
    capital, share = plan["capital_in_place"], plan["industrial_share"]
    levels = {
        "capital_total": {"none": None, "expected": capital.expected, "stretch": capital.stretch},
        "industrial_share": {"none": None, "expected": share.expected, "stretch": share.stretch},
    }
    answers = {}
    for first, at_least in levels["capital_total"].items():
        for second, share_at_least in levels["industrial_share"].items():
            wanted = dict(zip(COMBINED, (at_least, share_at_least), strict=True))
            asked = {key: level for key, level in wanted.items() if level is not None}
            if asked:
                answers[f"{first} {second}"] = _effort(model.least_effort(asked))
    return {
        "choices": [
            {"key": outcome, "name": named(plan[key]), **written(plan[key].unit, decimals),
             "expected": plan[key].expected, "stretch": plan[key].stretch}
            for key, outcome, _, decimals in CARDS if outcome in COMBINED
        ],
        "answers": answers,
        "first": "stretch stretch",
    }  # fmt: skip


def _effort(found: LeastEffort) -> dict[str, Any]:
    facts: dict[str, Any] = {f"effort_{key}": value + 0.0 for key, value in found.extra.items()}
    facts |= {"effort_total": found.effort, "effort_said": said(found.say())}
    return {"levers": {k: round(v, 6) for k, v in found.levers.items()}, "facts": facts}


def chances(model: Model, levers: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the probability, %, of each target and of all, around a scenario.

    Each lever falls within its bounds by a triangular distribution whose peak is
    the scenario: an assumption about what is not known, no forecast.
    """
    around = model.defaults | dict(levers or {})
    ranges = {
        key: triangular(lever.low, around[key], lever.high)
        for key, lever in model.levers.items()
        if not lever.choices
    }
    return {
        f"chance_{key}_{level}": 100 * probability
        for level in LEVELS
        for key, probability in simulate(model, ranges, targets=level).probabilities().items()
    }


def from_here(model: Model, levers: Mapping[str, float]) -> dict[str, Any]:
    """Answer for a scenario what only Python can: chances, and least effort from there on.

    Raises
    ------
    analysis.model.LeverError : for a lever that is unknown or out of bounds
    """
    checked = model.check(levers)
    sentences = []
    for level in LEVELS:
        found = model.least_effort(level, start=checked)
        sentences += _still_to_go(found, level)
    return {"facts": chances(model, checked), "said": said(sentences)}


def _still_to_go(found: LeastEffort, level: str) -> list[Phrase]:
    """Return what a scenario lacks, in words: the effort, and the last unit's cost if any."""
    if not found.feasible:
        return list(found.say())
    if found.effort < 1e-6:
        return [Phrase(f"target_scenarios.from_here.met_{level}", {})]
    opening = Phrase(f"target_scenarios.from_here.{level}", {"effort": found.effort})
    return [opening, *(price.say for price in found.prices if price.price > 1e-6)]


def known_answers(model: Model) -> list[dict[str, Any]]:
    """Return what Python answers for each preset, so that these need no Python."""
    return [
        {"name": named(preset), "levers": whole, **from_here(model, whole)}
        for preset in presets(model)
        for whole in [model.defaults | dict(preset.scenario.levers)]
    ]


def formulas(model: Model) -> dict[str, Any]:
    """Return every outcome's equation as MathML, in the order in which they are computed."""
    return {
        "formulas": [
            {"key": key, "name": named(outcome), "unit": unit(outcome.unit),
             "scale": scale(outcome.unit), "formula": mathml(model.formula(key))}
            for key, outcome in model.outcomes.items()
        ]
    }  # fmt: skip
