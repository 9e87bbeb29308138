"""The least increment of capital that meets several targets at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import show
from analysis.amounts import amount_said
from analysis.model.equal_answers import most_even
from analysis.model.increment_words import words
from analysis.model.phrase import Phrase, spoken
from analysis.model.programme import Programme, Row, build
from analysis.text import in_both, named

if TYPE_CHECKING:
    from analysis.model.described import Lever, Outcome
    from analysis.model.scenario_model import Model

_CLOSE = 1e-7
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ShadowPrice:
    """What one more unit of a target costs, at the answer.

    price : of the sum, new or moved, per `unit` (of the sum, or point) of the target
    told : whether it is worth a sentence: one more point of growth takes one more point
    """

    target: str
    level: float
    price: float
    unit: str
    binding: bool
    told: bool
    name: Mapping[str, str]
    words: Words

    @property
    def say(self) -> Phrase:
        """The price in words."""
        kind = "price" if self.price > _CLOSE else "free"
        key = f"increment.{kind}.{self.target}"
        return Phrase(key, {"price": self.price, "level": self.level}, self.words[key])


@dataclass(frozen=True, slots=True)
class Binding:
    """What holds the answer where it is: a target, or a lever's upper bound.

    price : what one more unit of the target costs, or what one more
        1e8 CNY (point, for growth) of room under the bound would save
    """

    kind: str
    key: str
    level: float
    price: float
    unit: str
    name: Mapping[str, str]

    @property
    def say(self) -> Phrase:
        """The constraint in words."""
        said = in_both(name=self.name, level=amount_said(self.level, self.unit, 1))
        return Phrase(f"increment.binding.{self.kind}", said)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A target that can't be met beside the others, and how far it gets.

    reach : the most it can be while the other targets of the conflict hold,
        None when they conflict without it
    """

    target: str
    level: float
    reach: float | None
    unit: str
    words: Words

    @property
    def say(self) -> Phrase:
        """The conflict in words."""
        key = f"increment.conflict.{self.target}"
        return Phrase(key, {"level": self.level, "reach": self.reach}, self.words[key])


@dataclass(frozen=True)
class LeastIncrement:
    """The answer of `least_increment`.

    increment : weighted sum of new and moved capital, 1e8 CNY, see `analysis.model.programme`
    extra : lever -> what it adds in the programme's unit (1e8 CNY, or points)
    start : lever values that it is counted from
    conflict : empty when feasible, else the smallest set of targets that conflict
    """

    feasible: bool
    targets: Mapping[str, float]
    increment: float
    levers: Mapping[str, float]
    extra: Mapping[str, float]
    start: Mapping[str, float]
    outcomes: Mapping[str, float]
    prices: tuple[ShadowPrice, ...]
    binding: tuple[Binding, ...]
    conflict: tuple[Conflict, ...]
    weights: Mapping[str, float]
    rates: tuple[str, ...]
    words: Words

    @property
    def new_capital(self) -> float:
        """Capital beyond the start's, 1e8 CNY."""
        others = ("share_", *self.rates)
        return sum(amount for lever, amount in self.extra.items() if not lever.startswith(others))

    @property
    def moved_capital(self) -> float:
        """Capital that goes to industry projects instead of others, 1e8 CNY."""
        return sum(amount for lever, amount in self.extra.items() if lever.startswith("share_"))

    def __repr__(self) -> str:
        if not self.feasible:
            against = ", ".join(conflict.target for conflict in self.conflict)
            return f"<LeastIncrement: not feasible, {against} conflict>"
        return f"<LeastIncrement: {self.increment:g} (new and moved capital, 1e8 CNY)>"

    def _repr_html_(self) -> str:
        moved = pd.DataFrame(
            [
                (lever, self.start[lever], self.levers[lever], extra)
                for lever, extra in self.extra.items()
            ],
            columns=["lever", "from", "to", "adds (1e8 CNY, or points)"],
        )
        said = show.lines(*spoken(self.say()).values())
        return said + (show.table(moved, "What each lever adds") if self.feasible else "")

    def say(self) -> tuple[Phrase, ...]:
        """The whole answer as sentences: what it takes, what the last unit costs, what binds."""
        if not self.feasible:
            opening = Phrase("increment.infeasible", {"number": len(self.conflict)})
            return (opening, *(conflict.say for conflict in self.conflict))
        bounds = (item.say for item in self.binding if item.kind == "bound")
        return (self.takes, *(price.say for price in self.prices if price.told), *bounds)

    @property
    def takes(self) -> Phrase:
        """What it takes, in words: new capital, moved capital, and growth where it is asked."""
        growth = {key: self.extra.get(key, 0.0) for key in self.rates}
        asked = "all" if set(self.rates) & set(self.targets) else "capital"
        key = f"increment.takes.{asked}"
        values = {"new": self.new_capital, "moved": self.moved_capital, **growth}
        return Phrase(key, values, self.words[key])


def targets_of(model: Model, targets: str | Mapping[str, float]) -> dict[str, float]:
    """Return outcome -> level for "expected", "stretch", or a mapping of either's names."""
    asked, outcome_of = model.inputs.targets, model.inputs.outcome_of
    if isinstance(targets, str):
        if unknown := [key for key, levels in asked.items() if targets not in levels]:
            known = ", ".join(asked[unknown[0]])
            raise ValueError(f"{targets!r}: say {known}, or give levels; {unknown[0]} lacks it")
        return {outcome_of[key]: levels[targets] for key, levels in asked.items()}
    return {outcome_of.get(key, key): float(level) for key, level in targets.items()}


def least_increment(
    model: Model,
    targets: str | Mapping[str, float] = "expected",
    levers: Iterable[str] | None = None,
    weights: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
) -> LeastIncrement:
    """Find levers that meet the targets with the least new and moved capital.

    Parameters
    ----------
    targets : "expected", "stretch", or outcome (or target) -> level it must reach
    levers : which may move; tiers' uplifts and shares and both growths when None
    weights : lever -> what one unit counts (1e8 CNY; point for growth)
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
        start=programme.start,
        outcomes=model.evaluate(values),
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
    close = abs(row.at(x)) <= _CLOSE * max(1.0, level)
    told = key in programme.model.inputs.what_if
    unit, name = _unit(programme, key), named(_described(programme.model, key))
    return ShadowPrice(key, level, per_unit + 0.0, unit, close, told, name, said)


def _unit(programme: Programme, key: str) -> str:
    """Return the unit of what is added to a target."""
    of = next(one for one in programme.model.inputs.measures if one.outcome == key)
    return "points" if of.unit == "%" else of.unit


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
        if moved and described.high - values[lever] <= _CLOSE * max(1.0, abs(described.high)):
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
