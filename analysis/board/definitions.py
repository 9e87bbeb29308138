"""What the browser knows of levers, outcomes and targets."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Any

from latex2mathml.converter import convert

from analysis.amounts import amount, scale, unit, worded
from analysis.board.columns import written as cell
from analysis.text import LANGUAGES, both, named


def lever_definitions(model: Any) -> list[dict[str, Any]]:
    """Describe each lever for the browser, in the model's order."""
    return [
        {
            "key": lever.key,
            "group": lever.group,
            "group_name": both(f"board.group.{lever.group}"),
            "name": named(lever),
            "unit": unit(lever.unit),
            "said": worded(lever.unit),
            "scale": scale(lever.unit),
            "default": lever.default,
            "low": lever.low,
            "high": lever.high,
            "step": lever.step,
            "choices": list(getattr(lever, "choices", ())),
            "reason": {"zh": lever.reason_zh, "en": lever.reason_en},
            "source": lever_source(lever),
            "formula": mathml(lever.symbol),
        }
        for lever in model.levers.values()
    ]


def lever_source(lever: Any) -> dict[str, str]:
    """Say where a lever's default comes from, and that its bounds are assumed where they are."""
    parts = {key: str(getattr(lever, key, "")) for key in ("source", "section")}
    source = {
        lang: between.join(cell(part, key, lang) for key, part in parts.items() if part)
        for lang, between in (("zh", ""), ("en", ", "))
    }
    bounded = getattr(lever, "kind", "assumed") != "stated"
    return both("board.bounds_assumed", source=source) if bounded else source


def outcome_definitions(model: Any) -> list[dict[str, Any]]:
    """Describe each outcome for the browser."""
    return [
        {
            "key": outcome.key,
            "name": named(outcome),
            "unit": unit(outcome.unit),
            "scale": scale(outcome.unit),
        }
        for outcome in model.outcomes.values()
    ]


def card_definitions(model: Any, plan: Any) -> list[dict[str, Any]]:
    """Describe a card for each target; the bar starts at zero and ends beyond its highest level."""
    return [card_definition(plan, key, model.inputs.outcome_of[key]) for key in plan.targets]


def card_definition(plan: Any, key: str, outcome: str, margin: str = "") -> dict[str, Any]:
    """Describe a target's card: `expected` is its lowest level, `stretch` its highest.

    `levels` are all of them, in their order, where there is one between. Their margins are signals
    `<margin>_<level>`, the model's own if none are named.
    """
    target, measure = plan[key], plan.measures[key]
    margin = margin or f"{measure.stem}_margin"
    lowest, highest = next(iter(target.levels)), list(target.levels)[-1]
    return {
        "key": key,
        "outcome": outcome,
        "margin_expected": f"{margin}_{lowest}",
        "margin_stretch": f"{margin}_{highest}",
        "name": named(target),
        "short": {lang: getattr(measure, f"short_{lang}") for lang in LANGUAGES},
        **written(target.unit, measure.digits),
        "illustrative": target.kind == "illustrative",
        "rate": target.unit == "%",
        "expected": target.expected,
        "stretch": target.stretch,
        "levels": _levels(plan, target, margin) if len(target.levels) > 2 else [],
        "low": 0.0,
        "high": bar_end(target.stretch),
    }


def _levels(plan: Any, target: Any, margin: str) -> list[dict[str, Any]]:
    names = plan.levels.set_index("level")
    return [
        {
            "level": {lang: names[f"short_{lang}"][level] for lang in LANGUAGES},
            "value": value,
            "margin": f"{margin}_{level}",
        }
        for level, value in target.levels.items()
    ]


def written(unit_of_it: str, decimals: int) -> dict[str, Any]:
    """Describe how a target is written: its amount, and a distance to it."""
    return {
        "unit": unit(unit_of_it),
        "scale": scale(unit_of_it),
        "amount": amount(unit_of_it, decimals),
        "gap": amount("points" if unit_of_it == "%" else unit_of_it, decimals),
    }


def preset_definition(preset: Any) -> dict[str, Any]:
    """Describe a scenario that a reader may choose; levers not named are at their defaults."""
    if isinstance(preset, dict):
        return dict(preset)
    return {"name": named(preset), "levers": dict(preset.scenario.levers)}


def bar_end(stretch: float) -> float:
    """Return a round end for a bar that shall show `stretch` with a little room beyond it."""
    room = 1.05 * stretch
    unit_of_it = 10.0 ** floor(log10(room)) / 2
    return ceil(room / unit_of_it) * unit_of_it


def mathml(latex: str | None) -> str | None:
    """Return a formula as MathML, or None where there is none."""
    return convert(latex) if latex else None
