"""Answers of the page of scenarios beyond its sliders: goal, least increment, share of draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.board.definitions import CARDS, mathml, written
from analysis.board.labels import named, scale, unit
from analysis.model import Model
from analysis.model.equal_answers import splits
from analysis.model.least_increment import LeastIncrement
from analysis.model.phrase import Phrase, spoken
from analysis.model.uncertainty import simulate, triangular
from analysis.plan import Plan
from analysis.scenario import presets, rounded_up
from analysis.text import both

Bilingual = dict[str, str]
NAME = "target_scenarios"
LEVELS = ("expected", "stretch")
#: Beside independent draws, draws of levers that tend to rise and fall together.
CORRELATION = 0.5
#: Outcomes whose levels a reader may combine; the growth targets are levers of their own.
COMBINED = ("capital_total", "industrial_share")


#: Amounts that a reader sees as one, 1e8 CNY.
_SAME = 0.05


def flow(model: Model) -> list[dict[str, Any]]:
    """Return the signals that the page's charts need beyond the model's own."""
    return [signal for outcome in model.inputs.what_if for signal in model.swings_vega(outcome)]


def goal(plan: Plan, model: Model) -> dict[str, Any]:
    """Return what the browser needs to seek a goal by one lever: targets, and exact solutions."""
    return {
        "floors": model.inputs.lever_floors,
        "targets": [
            {
                "key": outcome,
                "name": named(plan[key]),
                **written(plan[key].unit, decimals),
                "expected": plan[key].expected,
                "stretch": plan[key].stretch,
                "needed": model.needed_vega(outcome)
                if outcome in model.inputs.what_if
                else {outcome: "sought"},
            }
            for key, outcome, _, decimals in CARDS
        ],
    }


def opening(plan: Plan, model: Model) -> dict[str, Any]:
    """Return the answers of the first preset, and the least increment for both stretch targets."""
    found = increments(plan, model)
    first = presets(model)[0]
    return {
        **shares_of_draws(model, first.scenario.levers),
        "asked_of": quoted(first),
        **found["answers"][found["first"]]["facts"],
    }


def quoted(preset: Any) -> Bilingual:
    """Return a preset's name in quotes, as a sentence names it."""
    return both(f"{NAME}.preset", name=named(preset))


def increments(plan: Plan, model: Model) -> dict[str, Any]:
    """Return the least increment for every combination of the two totals' targets."""
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
                answers[f"{first} {second}"] = _added(model, model.least_increment(asked))
    return {
        "choices": [
            {"key": outcome, "name": named(plan[key]), **written(plan[key].unit, decimals),
             "expected": plan[key].expected, "stretch": plan[key].stretch}
            for key, outcome, _, decimals in CARDS if outcome in COMBINED
        ],
        "answers": answers,
        "first": "stretch stretch",
    }  # fmt: skip


def _added(model: Model, found: LeastIncrement) -> dict[str, Any]:
    """Return an answer's levers and what they add, with the ends of other splits as good."""
    ends = splits(model, found)
    facts: dict[str, Any] = {}
    for key, value in found.extra.items():
        least, most = (round(end, 4) + 0.0 for end in ends[key])
        facts |= {f"added_{key}": value + 0.0}
        facts |= {f"added_{key}_low": least, f"added_{key}_high": most}
    free = [key for key, (least, most) in ends.items() if most - least > _SAME]
    several = Phrase(f"{NAME}.splits", {"free": len(free)})
    facts |= {
        "added_new": found.new_capital,
        "added_moved": found.moved_capital,
        "added_said": spoken([*found.say(), several]),
    }
    return {"levers": {k: rounded_up(v) for k, v in found.levers.items()}, "facts": facts}


def shares_of_draws(model: Model, levers: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the part of draws around a scenario, %, that meets each target, and all of them.

    Each lever falls within its bounds by a triangular distribution that peaks at the scenario,
    independently of the others; `_tied` is the same with a common correlation. Bounds,
    distribution and correlation are assumed: the parts measure them, and forecast nothing.
    """
    around = model.defaults | dict(levers or {})
    ranges = {
        key: triangular(lever.low, around[key], lever.high)
        for key, lever in model.levers.items()
        if not lever.choices
    }
    shares: dict[str, float] = {}
    for level in LEVELS:
        met = simulate(model, ranges, targets=level).shares_met()
        tied = simulate(model, ranges, targets=level, correlation=CORRELATION).shares_met()
        shares |= {f"drawn_{key}_{level}": 100 * share for key, share in met.items()}
        shares[f"drawn_all_{level}_tied"] = 100 * tied["all"]
    return shares


def from_here(
    model: Model, levers: Mapping[str, float], name: Bilingual | None = None
) -> dict[str, Any]:
    """Answer for a scenario what only Python can: shares of draws, and the least increment.

    Parameters
    ----------
    name : what the answer's sentences call the scenario; "this scenario" when None

    Raises
    ------
    analysis.model.LeverError : for a lever that is unknown or out of bounds
    """
    checked = model.check(levers)
    sentences = []
    for level in LEVELS:
        found = model.least_increment(level, start=checked)
        sentences += _still_to_go(found, level)
    asked_of = name or both("board.ask.here")
    return {"facts": {**shares_of_draws(model, checked), "asked_of": asked_of},
            "said": spoken(sentences)}  # fmt: skip


def _still_to_go(found: LeastIncrement, level: str) -> list[Phrase]:
    """Return what a scenario lacks, in words, and what the last unit costs.

    The scenario's name stays open, `{asked_of}`: who reads the answer may be in another by then.
    """
    lead = Phrase(f"{NAME}.from_here.{level}", {"asked_of": "{asked_of}"})
    if not found.feasible:
        return [lead, *found.say()]
    if max(map(abs, found.extra.values())) < 1e-6:
        return [Phrase(f"{NAME}.from_here.met_{level}", {"asked_of": "{asked_of}"})]
    dear = (price.say for price in found.prices if price.told and price.price > 1e-6)
    return [lead, found.takes, *dear]


def known_answers(model: Model) -> list[dict[str, Any]]:
    """Return what Python answers for each preset, so that these need no Python."""
    return [
        {"name": quoted(preset), "levers": whole, **from_here(model, whole, quoted(preset))}
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
