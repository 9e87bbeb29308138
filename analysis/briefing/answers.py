"""Answers of the page of scenarios beyond its sliders: goal, least increment, share of draws."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import Any

from analysis.amounts import scale, unit
from analysis.board import Answers
from analysis.board.definitions import mathml, written
from analysis.model import Model
from analysis.model.equal_answers import splits
from analysis.model.increment_words import words
from analysis.model.least_increment import LeastIncrement, targets_of
from analysis.model.phrase import Phrase, spoken
from analysis.model.programme import build
from analysis.model.sampling import BITS, generators
from analysis.model.uncertainty import simulate, triangular
from analysis.plan import Plan
from analysis.text import named
from analysis.words import begun_in_each

Bilingual = dict[str, str]
NAME = "target_scenarios"
#: Beside independent draws, draws of levers that tend to rise and fall together.
CORRELATION = 0.5
#: Draws around a scenario.
DRAWS = 1 << 13
#: Amounts that a reader sees as one, and as none, in the unit of the sum.
_SAME, NOTHING = 0.05, 1e-6


def flow(model: Model) -> list[dict[str, Any]]:
    """Return the signals that the page's charts need beyond the model's own."""
    return [signal for outcome in model.inputs.what_if for signal in model.swings_vega(outcome)]


def goal(plan: Plan, model: Model) -> dict[str, Any]:
    """Return what the browser needs to seek a goal by one lever: targets, and exact solutions."""
    needed = {
        outcome: model.needed_vega(outcome)
        if outcome in model.inputs.moved
        else {model.inputs.alone[outcome]: "sought"}
        for outcome in model.inputs.outcome_of.values()
    }
    targets = [one | {"needed": needed[one["key"]]} for one in choices(plan, model)]
    return {"floors": model.inputs.lever_floors, "targets": targets}


def choices(plan: Plan, model: Model) -> list[dict[str, Any]]:
    """Return each target with its levels, as a reader may choose among them."""
    return [
        {
            "key": outcome,
            "name": named(plan[key]),
            **written(plan[key].unit, plan.measures[key].digits),
            "levels": [
                {"key": level, "name": begun_in_each(plan[key].called[level]), "value": value}
                for level, value in plan[key].levels.items()
            ],
        }
        for key, outcome in model.inputs.outcome_of.items()
    ]


def definition(model: Model) -> dict[str, Any]:
    """Return what the browser answers any scenario from; it opens with the last level's targets."""
    free = [key for key, lever in model.levers.items() if not lever.choices]
    wanted = {level: targets_of(model, level) for level in model.inputs.level_names}
    return {
        "programme": build(model).definition(),
        "targets": list(wanted.values())[-1],
        "words": words(model),
        "draws": {
            "levers": free,
            "wanted": wanted,
            "number": DRAWS,
            "bits": BITS,
            "correlation": CORRELATION,
            "independent": generators(len(free), DRAWS),
            "tied": generators(len(free) + 1, DRAWS),
        },
    }


def answers(plan: Plan, evidence: Any, model: Model) -> Answers:
    """Return what the page answers in any scenario: shares of draws, and the least increment."""

    @lru_cache(maxsize=4)
    def found(levers: tuple[tuple[str, float], ...]) -> dict[str, Any]:
        known = dict(levers)
        least = model.least_increment([*model.inputs.level_names][-1], start=known)
        return {**shares_of_draws(model, known), **added(model, least)}

    def facts(levers: Mapping[str, float]) -> dict[str, Any]:
        known = model.defaults | dict(levers)
        return found(tuple((key, known[key]) for key in model.levers))

    return Answers(definition(model), facts)


def combinations(model: Model, start: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the least increment from a scenario for every combination of the totals' levels.

    Returns
    -------
    levels (outcome -> level, "" where it is not asked for) and facts, see `added`
    """
    wanted = {level: targets_of(model, level) for level in model.inputs.level_names}
    rows = []
    for names in product(("", *wanted), repeat=len(model.inputs.what_if)):
        chosen = dict(zip(model.inputs.what_if, names, strict=True))
        targets = {key: wanted[name][key] for key, name in chosen.items() if name}
        if targets:
            least = model.least_increment(targets, start=start)
            rows.append({"levels": chosen, "facts": added(model, least)})
    return rows


def added(model: Model, found: LeastIncrement) -> dict[str, Any]:
    """Return what levers add, with the ends of other splits as good; nothing if none is enough."""
    ends = splits(model, found) if found.feasible else {}
    facts: dict[str, Any] = {"added_met": float(found.feasible), "added_said": said(found, ends)}
    for key in found.extra or build(model).levers:
        least, most = (round(end, 4) + 0.0 for end in ends[key]) if ends else (None, None)
        value = found.extra[key] + 0.0 if ends else None
        facts |= {f"added_{key}": value, f"added_{key}_low": least, f"added_{key}_high": most}
    facts["added_new"] = found.new_capital
    facts["added_moved"] = found.moved_capital
    return facts


def said(found: LeastIncrement, ends: Mapping[str, tuple[float, float]]) -> Bilingual:
    """Return a least increment in words; one that is nothing has neither price nor splits."""
    if not found.feasible:
        return spoken(found.say())
    if max(found.extra.values()) < NOTHING:
        return spoken([found.takes])
    free = [key for key, (least, most) in ends.items() if most - least > _SAME]
    return spoken([*found.say(), Phrase("increment.splits", {"free": len(free)})])


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
    drawn, tied = (simulate(model, ranges, DRAWS, correlation=by) for by in (0.0, CORRELATION))
    shares: dict[str, float] = {}
    for level in model.inputs.level_names:
        wanted = targets_of(model, level)
        met = drawn.against(wanted).shares_met()
        shares |= {f"drawn_{key}_{level}": 100 * share for key, share in met.items()}
        shares[f"drawn_all_{level}_tied"] = 100 * tied.against(wanted).shares_met()["all"]
    return shares


def still_to_go(model: Model, levers: Mapping[str, float], level: str) -> Bilingual:
    """Return what a scenario lacks of all targets of a level, in words, and what binds it."""
    found, named_level = model.least_increment(level, start=levers), model.inputs.level_names[level]
    if found.feasible and max(found.extra.values()) < NOTHING:
        return spoken([Phrase(f"{NAME}.from_here.met", {"level": named_level})])
    return spoken([Phrase(f"{NAME}.from_here", {"level": named_level}), *found.say()])


def formulas(model: Model) -> dict[str, Any]:
    """Return every outcome's equation as MathML, in the order in which they are computed."""
    return {
        "formulas": [
            {"key": key, "name": named(outcome), "unit": unit(outcome.unit),
             "scale": scale(outcome.unit), "formula": mathml(model.formula(key))}
            for key, outcome in model.outcomes.items()
        ]
    }  # fmt: skip
