"""What is the least effort that meets several targets at once?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import linprog

from analysis.model.phrase import Phrase
from analysis.model.programme import GROWTH, SHARE, Programme, Row, build

if TYPE_CHECKING:
    from analysis.model.scenario_model import Model

#: The plan's targets, and the outcome that meets each.
OUTCOME_OF = {
    "capital_in_place": "capital_total",
    "industrial_share": SHARE,
    "foreign_capital_growth": "foreign_capital_growth",
    "fdi_growth": "fdi_growth",
}
_CLOSE = 1e-7


@dataclass(frozen=True, slots=True)
class ShadowPrice:
    """What one more unit of a target costs in effort, at the least-effort answer.

    price : effort per `unit` (1e8 CNY, or point) of the target
    """

    target: str
    level: float
    price: float
    unit: str
    binding: bool

    @property
    def say(self) -> Phrase:
        """The price in words."""
        kind = "price" if self.binding else "free"
        return Phrase(f"effort.{kind}.{self.target}", {"price": self.price, "level": self.level})


@dataclass(frozen=True, slots=True)
class Binding:
    """What holds the answer where it is: a target, or a lever's upper bound.

    price : effort that one more unit of the target costs, or that one more
        1e8 CNY (point, for growth) of room under the bound would save
    """

    kind: str
    key: str
    level: float
    price: float
    name_zh: str
    name_en: str

    @property
    def say(self) -> Phrase:
        """The constraint in words."""
        names = {"name_zh": self.name_zh, "name_en": self.name_en}
        return Phrase(f"effort.binding.{self.kind}", names | {"level": self.level})


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

    @property
    def say(self) -> Phrase:
        """The conflict in words."""
        return Phrase(f"effort.conflict.{self.target}", {"level": self.level, "reach": self.reach})


@dataclass(frozen=True)
class LeastEffort:
    """The answer of `least_effort`.

    effort : weighted sum, see `analysis.model.programme`
    extra : lever -> what it adds in the programme's unit (1e8 CNY, or points)
    conflict : empty when feasible, else the smallest set of targets that conflict
    """

    feasible: bool
    targets: Mapping[str, float]
    effort: float
    levers: Mapping[str, float]
    extra: Mapping[str, float]
    outcomes: Mapping[str, float]
    prices: tuple[ShadowPrice, ...]
    binding: tuple[Binding, ...]
    conflict: tuple[Conflict, ...]
    weights: Mapping[str, float]

    def say(self) -> tuple[Phrase, ...]:
        """The whole answer as sentences: what it takes, what binds, what the last unit costs."""
        if not self.feasible:
            opening = Phrase("effort.infeasible", {"number": len(self.conflict)})
            return (opening, *(conflict.say for conflict in self.conflict))
        opening = Phrase("effort.answer", {"effort": self.effort})
        bounds = (item.say for item in self.binding if item.kind == "bound")
        return (opening, *(price.say for price in self.prices), *bounds)


def targets_of(model: Model, targets: str | Mapping[str, float]) -> dict[str, float]:
    """Return outcome -> level for "expected", "stretch", or a mapping of either's names."""
    if isinstance(targets, str):
        if targets not in ("expected", "stretch"):
            raise ValueError(f'{targets!r}: say "expected", "stretch" or give levels')
        place = ("expected", "stretch").index(targets)
        return {OUTCOME_OF[key]: levels[place] for key, levels in model.inputs.targets.items()}
    return {OUTCOME_OF.get(key, key): float(level) for key, level in targets.items()}


def least_effort(
    model: Model,
    targets: str | Mapping[str, float] = "expected",
    levers: Iterable[str] | None = None,
    weights: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
) -> LeastEffort:
    """Find levers that meet the targets with the least effort.

    Parameters
    ----------
    targets : "expected", "stretch", or outcome (or target) -> level it must reach
    levers : which may move; tiers' uplifts and shares and both growths when None
    weights : lever -> effort of one unit (1e8 CNY; point for growth)
    start : where effort starts from; the defaults, that is the floors, when None

    Notes
    -----
    Where several answers take the same effort, the one that spreads it most
    evenly is given: its largest relative change is the smallest.
    """
    programme = build(model, levers, start, weights)
    wanted = targets_of(model, targets)
    rows = {key: programme.at_least(key, level) for key, level in wanted.items()}
    found = programme.minimise(programme.effort, rows.values())
    if not found.success:
        return _infeasible(programme, wanted, rows)
    x = _most_even(programme, list(rows.values()), float(found.fun), found.x)
    prices = tuple(
        _price(programme, key, level, -float(marginal), found.x, rows[key])
        for (key, level), marginal in zip(
            wanted.items(), found.ineqlin.marginals[: len(wanted)], strict=True
        )
    )
    values = programme.lever_values(x)
    return LeastEffort(
        feasible=True,
        targets=wanted,
        effort=float(found.fun),
        levers=values,
        extra=dict(zip(programme.levers, map(float, x), strict=True)),
        outcomes=model.evaluate(values),
        prices=prices,
        binding=(*_binding_targets(model, prices), *_binding_bounds(programme, found, x, rows)),
        conflict=(),
        weights=programme.weights,
    )


def _price(
    programme: Programme, key: str, level: float, dual: float, x: np.ndarray, row: Row
) -> ShadowPrice:
    """Turn a row's dual into effort per unit of the target.

    The share's row is sum I - t sum C >= 0: one point of t costs its dual
    times a hundredth of all capital.
    """
    per_unit = dual * programme.row("capital_total").at(x) / 100 if key == SHARE else dual
    unit = "points" if key == SHARE or key in GROWTH else "1e8 CNY"
    return ShadowPrice(key, level, per_unit + 0.0, unit, abs(row.at(x)) <= _CLOSE * max(1.0, level))


def _most_even(
    programme: Programme, rows: list[Row], effort: float, fallback: np.ndarray
) -> np.ndarray:
    """Among answers of the same effort, return the one that spreads it most evenly.

    For uplifts, shares and the rest apart, the largest change relative to the
    tier's capital is made least.
    """
    kinds = [lever.partition("_")[0] for lever in programme.levers]
    groups = sorted(set(kinds))
    number = len(programme.levers)
    below = [*rows, *programme.share_rows()]
    spent = Row(-programme.effort.coefficients, effort)
    matrix = [np.append(-row.coefficients, np.zeros(len(groups))) for row in [*below, spent]]
    limits = [row.constant for row in [*below, spent]]
    for index, (lever, kind) in enumerate(zip(programme.levers, kinds, strict=True)):
        change = np.zeros(number + len(groups))
        change[index] = 1 / _size(programme, lever)
        change[number + groups.index(kind)] = -1.0
        matrix.append(change)
        limits.append(0.0)
    bounds = [(0.0, top) for top in programme.upper] + [(0.0, None)] * len(groups)
    objective = np.append(np.zeros(number), np.ones(len(groups)))
    found = linprog(objective, A_ub=np.array(matrix), b_ub=limits, bounds=bounds, method="highs")
    return found.x[:number] if found.success else fallback


def _size(programme: Programme, lever: str) -> float:
    """Return the capital that a lever's change is measured against, or 1 where there is none."""
    kind, _, place = lever.partition("_")
    if kind in ("uplift", "share") and place in programme.model.inputs.members:
        return max(programme.row(f"capital_{place}").constant, 1.0)
    return 1.0


def _binding_targets(model: Model, prices: tuple[ShadowPrice, ...]) -> list[Binding]:
    bound = []
    for price in prices:
        if price.binding:
            described = model.levers.get(price.target) or model.inputs.outcomes[price.target]
            names = (described.name_zh, described.name_en)
            bound.append(Binding("target", price.target, price.level, price.price, *names))
    return bound


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
            names = (described.name_zh, described.name_en)
            saving = float(savings[lever]) + 0.0
            bound.append(Binding("bound", lever, described.high, saving, *names))
    return bound


def _infeasible(
    programme: Programme, wanted: Mapping[str, float], rows: Mapping[str, Row]
) -> LeastEffort:
    """Name the smallest set of targets that can't hold together, and each one's reach."""
    conflict = _smallest_conflict(programme, rows)
    told = []
    for key in conflict:
        others = [rows[other] for other in conflict if other != key]
        best = programme.maximum(key, others)
        unit = "points" if key == SHARE or key in GROWTH else "1e8 CNY"
        told.append(Conflict(key, wanted[key], None if best is None else best[0], unit))
    return LeastEffort(
        feasible=False,
        targets=wanted,
        effort=float("inf"),
        levers={},
        extra={},
        outcomes={},
        prices=(),
        binding=(),
        conflict=tuple(told),
        weights=programme.weights,
    )


def _smallest_conflict(programme: Programme, rows: Mapping[str, Row]) -> tuple[str, ...]:
    """Try sets of targets by size: a plan has few, and the first found is a smallest."""
    for size in range(1, len(rows) + 1):
        for keys in combinations(rows, size):
            if not programme.minimise(programme.effort, [rows[key] for key in keys]).success:
                return keys
    raise AssertionError("targets that are feasible together were called infeasible")
