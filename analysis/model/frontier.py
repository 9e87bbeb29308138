"""How much of one outcome does another cost? The trade-off curve of two outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.model.programme import SHARE, Programme, Row, build

if TYPE_CHECKING:
    from analysis.model.scenario_model import Model


def frontier(
    model: Model,
    x: str = "capital_total",
    y: str = "industrial_share",
    effort: float | None = None,
    points: int = 41,
    levers: Iterable[str] | None = None,
    weights: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return the most of `y` for each level of `x` that is within reach.

    Parameters
    ----------
    x, y : capital_total, industrial_capital, industrial_share, a tier's capital
        or industrial capital, or a growth
    effort : a budget of effort; without one only the levers' bounds limit
    points : levels of x, evenly spaced from its least to its greatest

    Returns
    -------
    one row a level: x, y, effort (the least that reaches both), and the levers

    Raises
    ------
    NotLinearError : for an outcome with no exact linear form
    ValueError : when the budget is negative
    """
    if effort is not None and effort < 0:
        raise ValueError(f"a budget of effort is at least 0, not {effort:g}")
    programme = build(model, levers, start, weights)
    budget = [] if effort is None else [Row(-programme.effort.coefficients, effort)]
    low, high = _reach(programme, x, budget)
    rows = []
    for level in np.linspace(low, high, points):
        at_level = programme.at_least(x, level)
        best = programme.maximum(y, budget, [at_level]) or programme.maximum(
            y, [*budget, _nearly(at_level, level)]
        )
        if best is None:
            continue
        least = programme.minimise(
            programme.effort,
            [*budget, _nearly(programme.at_least(y, best[0]), best[0])],
            [at_level],
        )
        where = least.x if least.success else best[1]
        spent = programme.effort.at(where)
        rows.append({x: level, y: best[0], "effort": spent} | programme.lever_values(where))
    return pd.DataFrame(rows).loc[:, lambda frame: ~frame.columns.duplicated()]


def _nearly(row: Row, level: float) -> Row:
    """Allow a row the rounding of the solver, at the edge of what is feasible."""
    return Row(row.coefficients, row.constant + 1e-9 * max(1.0, abs(level)))


def _reach(programme: Programme, outcome: str, budget: list[Row]) -> tuple[float, float]:
    most = programme.maximum(outcome, budget)
    if most is None:
        raise ValueError(f"no scenario within the budget: {outcome} can't be traced")
    if outcome == SHARE:
        return programme.model.evaluate(programme.start, [SHARE])[SHARE], most[0]
    row = programme.row(outcome)
    least = programme.minimise(row, budget)
    return row.at(least.x), most[0]
