"""The levers as a linear programme.

Uplift times share is bilinear, so the programme is written in capital and in
industrial capital, in which everything is exactly linear:

* `extra capital` of a group of places, over the start, c >= 0;
* `moved capital` of a group, industrial capital beyond what the start's
  share gives, m >= 0;
* growth in points over the start.

A group's bound on its share, m <= (high - start)/100 * (C + c), stays linear;
so does a target on the whole's share, sum I >= t * sum C, for a given t.

The increment is in the unit of the plan's sum: one of extra capital and one moved
into industry each count their lever's `weight` (`levers.csv`; 1 unless told).
Growth stands apart: it is made as small as its target lets it. Levers never go below the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import OptimizeResult, linprog

from analysis.model.linear import NotLinearError, Row, added
from analysis.names import unknown

if TYPE_CHECKING:
    from analysis.model.scenario_model import Model

_MAX_ROUNDS = 50
#: HiGHS's tolerances, absolute: amounts are some thousands, and a split's ends magnify an error.
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@dataclass(frozen=True, eq=False)
class Programme:
    """Levers that may move, from a start, as variables of a linear programme.

    levers : names of the variables, one a lever
    start : lever values to start from; the increment counts from here
    weights : lever -> what one unit of its variable counts
    """

    model: Model
    levers: tuple[str, ...]
    start: Mapping[str, float]
    weights: Mapping[str, float]
    _capital: dict[str, Row] = field(default_factory=dict)
    _industrial: dict[str, Row] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.model.inputs.places:
            capital = Row(self._unit(self._capital_lever(place)), self._start_capital(place))
            share = self.start.get(f"share_{place}", 0.0) / 100
            self._capital[place] = capital
            moved = self.variable(f"share_{place}")
            self._industrial[place] = added([capital.times(share), moved])

    @property
    def total(self) -> str:
        """The sum over districts."""
        return f"{self.model.inputs.sum_stem}_total"

    @property
    def share(self) -> str:
        """The share of the sum; empty if the plan has none."""
        return self.model.inputs.share.outcome if self.model.inputs.share else ""

    @property
    def part(self) -> str:
        """The part of the sum that the share counts."""
        inputs = self.model.inputs
        return f"{inputs.share_stem}_{inputs.sum_stem}"

    @property
    def objective(self) -> Row:
        """What the programme makes least: the increment, and growth, which moves none of it."""
        return Row(np.array([self.weights[lever] for lever in self.levers]), 0.0)

    @property
    def increment(self) -> Row:
        """The objective's part that is no growth, in the unit of the plan's sum."""
        rates = self.model.inputs.rates
        counted = [0.0 if lever in rates else self.weights[lever] for lever in self.levers]
        return Row(np.array(counted), 0.0)

    @property
    def upper(self) -> np.ndarray:
        """How far each variable may go, in its own unit."""
        limits = []
        for lever in self.levers:
            room = self.model.levers[lever].high - self.start[lever]
            if lever.startswith("uplift_"):
                limits.append(self._floor(lever.removeprefix("uplift_")) * room / 100)
            elif lever.startswith("share_"):
                limits.append(np.inf)  # bound by a row, since it depends on capital
            else:
                limits.append(room)
        return np.array(limits)

    def row(self, outcome: str) -> Row:
        """Return a linear outcome as a row.

        Raises
        ------
        NotLinearError : for one that isn't, the industrial share among them
        """
        inputs = self.model.inputs
        if lever := inputs.alone.get(outcome):
            return Row(self._unit(lever), self.start[lever])
        if groups := inputs.of_groups.get(outcome):
            return added(self._capital[group] for group in groups)
        for stem, rows, whole in (
            (inputs.sum_stem, self._capital, self.total),
            (inputs.share_stem, self._industrial, self.part),
        ):
            if outcome == whole:
                return added(rows.values())
            for place, row in rows.items():
                if outcome == f"{stem}_{place}":
                    return row
        if outcome not in inputs.outcomes:
            raise NotLinearError(unknown("outcome", outcome, inputs.outcomes))
        raise NotLinearError(f"{outcome} has no linear form; use a sum, a part of it or a growth")

    def at_least(self, outcome: str, level: float) -> Row:
        """Return a row that is at least 0 where the outcome is at least `level`."""
        if outcome == self.share:
            return self.row(self.part) - self.row(self.total).times(level / 100)
        row = self.row(outcome)
        return Row(row.coefficients, row.constant - level)

    def variable(self, lever: str) -> Row:
        """Return what a lever adds, as a row."""
        return Row(self._unit(lever), 0.0)

    def share_rows(self) -> list[Row]:
        """Return, per share that may move, the room to its upper bound (at least 0)."""
        rows = []
        for lever in self.levers:
            if lever.startswith("share_"):
                place = lever.removeprefix("share_")
                room = (self.model.levers[lever].high - self.start[lever]) / 100
                rows.append(self._capital[place].times(room) - self.variable(lever))
        return rows

    def minimise(
        self, objective: Row, at_least: Iterable[Row] = (), equal: Iterable[Row] = ()
    ) -> OptimizeResult:
        """Solve by HiGHS; rows in `at_least` come before the shares' own bounds."""
        below = [*at_least, *self.share_rows()]
        exact = list(equal)
        return linprog(
            objective.coefficients,
            A_ub=np.array([-row.coefficients for row in below]) if below else None,
            b_ub=np.array([row.constant for row in below]) if below else None,
            A_eq=np.array([row.coefficients for row in exact]) if exact else None,
            b_eq=np.array([-row.constant for row in exact]) if exact else None,
            bounds=np.column_stack([np.zeros(len(self.levers)), self.upper]),
            method="highs",
            options=EXACT,
        )

    def maximum(
        self, outcome: str, at_least: Iterable[Row] = (), equal: Iterable[Row] = ()
    ) -> tuple[float, np.ndarray] | None:
        """Return the most an outcome can be and where, or None if nothing is feasible.

        The share is a ratio of two rows: Dinkelbach's method solves a few
        programmes, each exact, until the ratio no longer grows.
        """
        at_least, equal = list(at_least), list(equal)
        if outcome != self.share:
            row = self.row(outcome)
            found = self.minimise(row.times(-1.0), at_least, equal)
            return (row.at(found.x), found.x) if found.success else None
        above, below = self.row(self.part), self.row(self.total)
        ratio, best = 0.0, None
        for _ in range(_MAX_ROUNDS):
            found = self.minimise((above - below.times(ratio)).times(-1.0), at_least, equal)
            if not found.success:
                return None
            new = above.at(found.x) / below.at(found.x)
            if best is not None and new <= ratio + 1e-15:
                break
            ratio, best = new, found.x
        assert best is not None
        return 100 * ratio, best

    def definition(self) -> dict[str, Any]:
        """Return what a browser writes the programme from, in whatever scenario it starts.

        `unit` is what a point of a lever adds to its variable; a share's has no fixed one.
        """
        inputs = self.model.inputs
        variables = []
        for lever in self.levers:
            place = self.place_of(lever)
            kind = "rate" if not place else "share" if lever == f"share_{place}" else "uplift"
            point = self._floor(place) / 100 if lever.startswith("uplift_") else 1.0
            unit = 0.0 if kind == "share" else point
            weight = self.weights[lever]
            variables.append({"lever": lever, "kind": kind, "unit": unit, "weight": weight})
        places = [
            {
                "capital": f"{inputs.sum_stem}_{place}",
                "adds": self._capital_lever(place),
                "share": f"share_{place}" if f"share_{place}" in self.model.levers else None,
            }
            for place in inputs.places
        ]
        of_groups = {
            outcome: [f"{inputs.sum_stem}_{group}" for group in groups]
            for outcome, groups in inputs.of_groups.items()
        }
        totals = {"total": self.total, "part": self.part, "share": self.share}
        alone = dict(inputs.alone)
        return {**totals, "of_groups": of_groups, "alone": alone, "places": places,
                "variables": variables}  # fmt: skip

    def lever_values(self, x: np.ndarray) -> dict[str, float]:
        """Return the levers that a solution means."""
        values = dict(self.start)
        for lever, amount in zip(self.levers, x, strict=True):
            described = self.model.levers[lever]
            kind, _, place = lever.partition("_")
            if kind == "uplift":
                value = self.start[lever] + 100 * amount / self._floor(place)
            elif kind == "share":
                capital = self._capital[place].at(x)
                value = self.start[lever] + (100 * amount / capital if capital > 0 else 0.0)
            else:
                value = self.start[lever] + amount
            values[lever] = float(min(max(value, described.low), described.high))
        return values

    def place_of(self, lever: str) -> str:
        """Return the place whose part of the sum, or whose share, a lever moves; "" of none."""
        places = self.model.inputs.places
        moved = (place for place in places if lever in (self._capital_lever(place),
                                                        f"share_{place}"))  # fmt: skip
        return next(moved, "")

    def _unit(self, lever: str) -> np.ndarray:
        return np.array([float(lever == other) for other in self.levers])

    def _floor(self, tier: str) -> float:
        inputs = self.model.inputs
        return sum(inputs.floors[district] for district in inputs.members[tier])

    def _start_capital(self, place: str) -> float:
        key = f"{self.model.inputs.sum_stem}_{place}"
        if place == self.model.inputs.rest:
            return float(self.start[key])
        return float(self.model.evaluate(self.start, [key])[key])

    def _capital_lever(self, place: str) -> str:
        inputs = self.model.inputs
        return f"{inputs.sum_stem}_{place}" if place == inputs.rest else f"uplift_{place}"


def build(
    model: Model,
    levers: Iterable[str] | None = None,
    start: Mapping[str, Any] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Programme:
    """Set up the programme; by default uplifts, shares and rates may move.

    Raises
    ------
    LeverError : for an unknown lever or a start out of bounds
    NotLinearError : for a lever that the programme can't move
    """
    inputs = model.inputs
    if inputs.total is None:
        raise NotLinearError("the plan has no sum over districts that levers could move")
    kinds = ("uplift", "share") if inputs.share else ("uplift",)
    tiers = [f"{kind}_{tier}" for kind in kinds for tier in inputs.members]
    others = (f"{inputs.sum_stem}_{inputs.rest}", f"share_{inputs.rest}")
    rest = [lever for lever in others if lever in inputs.levers]
    usual = (*(tiers or rest), *inputs.rates)
    movable = dict.fromkeys((*usual, *rest))
    chosen = usual if levers is None else tuple(levers)
    for lever in chosen:
        if lever not in movable:
            model.inputs.lever_of(lever)
            raise NotLinearError(f"{lever} can't move here; these can: {', '.join(movable)}")
    begun = model.defaults | model.check(start or {})
    counted = {lever: model.levers[lever].weight for lever in chosen} | dict(weights or {})
    return Programme(model, chosen, begun, counted)
