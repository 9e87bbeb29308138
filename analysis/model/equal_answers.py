"""Answers that take the same increment: the most even one, and how far the others go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from analysis.model.linear import Row
from analysis.model.programme import EXACT, Programme, build

if TYPE_CHECKING:
    from analysis.model.least_increment import LeastIncrement
    from analysis.model.scenario_model import Model


def splits(model: Model, answer: LeastIncrement) -> dict[str, tuple[float, float]]:
    """Return, per lever, the least and the most that it adds among all answers that take as much.

    Returns
    -------
    lever -> (least, most) in the unit of what it adds
    """
    programme = build(model, answer.extra, answer.start, answer.weights)
    rows = [programme.at_least(key, level) for key, level in answer.targets.items()]
    taken = programme.objective.at(np.array(list(answer.extra.values())))
    rows.append(Row(-programme.objective.coefficients, taken * (1 + 1e-12) + 1e-9))
    ends = {}
    for lever in programme.levers:
        own = programme.variable(lever)
        least, most = (programme.minimise(own.times(sign), rows) for sign in (1.0, -1.0))
        ends[lever] = (own.at(least.x), own.at(most.x))
    return ends


def most_even(
    programme: Programme, rows: list[Row], taken: float, fallback: np.ndarray
) -> np.ndarray:
    """Among answers that take as much, return the one that spreads it most evenly.

    For uplifts, shares and the rest apart, the largest change relative to the
    tier's capital is made least.
    """
    kinds = [lever.partition("_")[0] for lever in programme.levers]
    groups = sorted(set(kinds))
    number = len(programme.levers)
    below = [*rows, *programme.share_rows()]
    spent = Row(-programme.objective.coefficients, taken)
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
    found = linprog(
        objective, A_ub=np.array(matrix), b_ub=limits, bounds=bounds, method="highs", options=EXACT
    )
    return found.x[:number] if found.success else fallback


def _size(programme: Programme, lever: str) -> float:
    """Return the capital that a lever's change is measured against, or 1 where there is none."""
    place, inputs = programme.place_of(lever), programme.model.inputs
    if place in (inputs.members or inputs.places):
        return max(programme.row(f"{inputs.sum_stem}_{place}").constant, 1.0)
    return 1.0
