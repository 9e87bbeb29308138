"""The least increment of capital that meets several targets at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.model.equal_answers import most_even
from analysis.model.increment_answer import (
    CLOSE,
    Binding,
    Conflict,
    LeastIncrement,
    ShadowPrice,
    Words,
)
from analysis.model.increment_words import words
from analysis.model.linear import Row
from analysis.model.programme import Programme, build
from analysis.text import named

if TYPE_CHECKING:
    from analysis.model.described import Lever, Outcome
    from analysis.model.scenario_model import Model


def targets_of(model: Model, targets: str | Mapping[str, float]) -> dict[str, float]:
    """Return outcome -> value for a level of the plan, or a mapping of outcomes' or targets' names.

    Of no name it is the lowest level.
    """
    asked, outcome_of = model.inputs.targets, model.inputs.outcome_of
    if isinstance(targets, str):
        targets = targets or next(iter(model.inputs.level_names))
        if unknown := [key for key, levels in asked.items() if targets not in levels]:
            known = ", ".join(asked[unknown[0]])
            raise ValueError(f"{targets!r}: say {known}, or give levels; {unknown[0]} lacks it")
        return {outcome_of[key]: levels[targets] for key, levels in asked.items()}
    return {outcome_of.get(key, key): float(level) for key, level in targets.items()}


def least_increment(
    model: Model,
    targets: str | Mapping[str, float] = "",
    levers: Iterable[str] | None = None,
    weights: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
) -> LeastIncrement:
    """Find levers that meet the targets with the least new and moved capital.

    Parameters
    ----------
    targets : a level of the plan, its lowest if "", or outcome (or target) -> level it must reach
    levers : which may move; uplifts, shares and rates when None
    weights : lever -> what one unit of what it adds counts
    start : where the increment starts from; the defaults, that is the floors, when None

    Notes
    -----
    Where several answers take as much, the one that spreads it most evenly is
    given: its largest relative change is the smallest. `splits` of `equal_answers`
    tells how far the others go.
    """
    programme = build(model, levers, start, weights)
    wanted = targets_of(model, targets)
    rows = {key: programme.at_least(key, level) for key, level in wanted.items()}
    found = programme.minimise(programme.objective, rows.values())
    if not found.success:
        return _infeasible(programme, wanted, rows)
    x = most_even(programme, list(rows.values()), float(found.fun), found.x)
    said = words(model)
    prices = tuple(
        _price(programme, key, level, -float(marginal), x, rows[key], said)
        for (key, level), marginal in zip(
            wanted.items(), found.ineqlin.marginals[: len(wanted)], strict=True
        )
    )
    values = programme.lever_values(x)
    return LeastIncrement(
        feasible=True,
        targets=wanted,
        increment=programme.increment.at(x),
        levers=values,
        extra=dict(zip(programme.levers, map(float, x), strict=True)),
        units={lever: _added_unit(programme, lever) for lever in programme.levers},
        start=programme.start,
        outcomes=model.evaluate(values, bounds=False),  # a bound to the solver's tolerance
        prices=prices,
        binding=(*_binding_targets(model, prices), *_binding_bounds(programme, found, x, rows)),
        conflict=(),
        weights=programme.weights,
        rates=programme.model.inputs.rates,
        words=said,
    )


def _price(
    programme: Programme, key: str, level: float, dual: float, x: np.ndarray, row: Row, said: Words
) -> ShadowPrice:
    """Turn a row's dual into a price per unit of the target.

    The share's row is sum I - t sum C >= 0: one point of t costs its dual
    times a hundredth of all capital.
    """
    share = key == programme.share
    per_unit = dual * programme.row(programme.total).at(x) / 100 if share else dual
    close = abs(row.at(x)) <= CLOSE * max(1.0, level)
    told = key in programme.model.inputs.what_if
    unit, name = _unit(programme, key), named(_described(programme.model, key))
    return ShadowPrice(key, level, per_unit + 0.0, unit, close, told, name, said)


def _unit(programme: Programme, key: str) -> str:
    """Return the unit of what is added to a target."""
    of = next(one for one in programme.model.inputs.measures if one.outcome == key)
    return "points" if of.unit == "%" else of.unit


def _added_unit(programme: Programme, lever: str) -> str:
    """Return the unit of what a lever adds: its own, or that of the sum which it moves."""
    if lever not in programme.model.inputs.rates:
        return _unit(programme, programme.total)
    own = programme.model.levers[lever].unit
    return "points" if own == "%" else own


def _described(model: Model, key: str) -> Lever | Outcome:
    return model.levers.get(key) or model.inputs.outcomes[key]


def _binding(model: Model, kind: str, key: str, level: float, price: float) -> Binding:
    described = _described(model, key)
    return Binding(kind, key, level, price, described.unit, named(described))


def _binding_targets(model: Model, prices: tuple[ShadowPrice, ...]) -> list[Binding]:
    return [
        _binding(model, "target", price.target, price.level, price.price)
        for price in prices
        if price.binding
    ]


def _binding_bounds(
    programme: Programme, found: Any, x: np.ndarray, rows: Mapping[str, Row]
) -> list[Binding]:
    bound = []
    savings = dict(zip(programme.levers, -found.upper.marginals, strict=True))
    shares = [lever for lever in programme.levers if lever.startswith("share_")]
    savings |= dict(zip(shares, -found.ineqlin.marginals[len(rows) :], strict=True))
    values = programme.lever_values(x)
    for lever in programme.levers:
        described = programme.model.levers[lever]
        moved = values[lever] > programme.start[lever]
        if moved and described.high - values[lever] <= CLOSE * max(1.0, abs(described.high)):
            saving = float(savings[lever]) + 0.0
            bound.append(_binding(programme.model, "bound", lever, described.high, saving))
    return bound


def _infeasible(
    programme: Programme, wanted: Mapping[str, float], rows: Mapping[str, Row]
) -> LeastIncrement:
    """Name the smallest set of targets that can't hold together, and each one's reach."""
    conflict, said = _smallest_conflict(programme, rows), words(programme.model)
    told = []
    for key in conflict:
        others = [rows[other] for other in conflict if other != key]
        best = programme.maximum(key, others)
        reach = None if best is None else best[0]
        told.append(Conflict(key, wanted[key], reach, _unit(programme, key), said))
    return LeastIncrement(
        feasible=False,
        targets=wanted,
        increment=float("inf"),
        levers={},
        extra={},
        units={},
        start=programme.start,
        outcomes={},
        prices=(),
        binding=(),
        conflict=tuple(told),
        weights=programme.weights,
        rates=programme.model.inputs.rates,
        words=said,
    )


def _smallest_conflict(programme: Programme, rows: Mapping[str, Row]) -> tuple[str, ...]:
    """Try sets of targets by size: a plan has few, and the first found is a smallest."""
    for size in range(1, len(rows) + 1):
        for keys in combinations(rows, size):
            if not programme.minimise(programme.objective, [rows[key] for key in keys]).success:
                return keys
    raise AssertionError("targets that are feasible together were called infeasible")
