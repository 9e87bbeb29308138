"""Scenarios that reach goals, and how far levers and draws carry: least increments, chances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.model import Model, load_model
from analysis.model.least_increment import LeastIncrement
from analysis.model.seek import Seek
from analysis.model.uncertainty import Simulation, simulate
from analysis.model.uncertainty import tornado as swings
from analysis.scenario import Scenario
from analysis.study.scenarios import values_of


def seek(
    outcome: str,
    value: float,
    lever: str,
    levers: Scenario | Mapping[str, Any] | None = None,
    *,
    model: Model | None = None,
) -> Seek:
    """Return where one lever must stand for an outcome to have a value.

    Parameters
    ----------
    levers : where all other levers stand

    Returns
    -------
    Seek, whose `value` is the lever's; `reached` and `stopped_by` say whether bounds let it

    Examples
    --------
    >>> round(seek("capital_total", 9360, "uplift_zone").value, 2)
    42.77
    """
    model = model or load_model()
    return model.seek(outcome, value, lever, values_of(levers, {}, model)[0])


def least_increment(
    targets: str | Mapping[str, float] = "",
    levers: Scenario | Mapping[str, Any] | None = None,
    *,
    model: Model | None = None,
    **options: Any,
) -> LeastIncrement:
    """Return the scenario that meets targets with the least new and moved capital.

    Parameters
    ----------
    targets : a level of the plan, its lowest if "", or outcome -> the least that it shall be
    levers : where the increment starts from; the floors when None
    options : as `analysis.model.least_increment.least_increment` has them: levers that may
        move, weights

    Examples
    --------
    >>> least_increment({"capital_total": 9330}).new_capital
    899.0
    """
    model = model or load_model()
    start = values_of(levers, {}, model)[0] or None
    return model.least_increment(targets, start=start, **options)


def chances(
    ranges: Mapping[str, Any],
    targets: str | Mapping[str, float] = "",
    levers: Scenario | Mapping[str, Any] | None = None,
    *,
    model: Model | None = None,
    **options: Any,
) -> Simulation:
    """Return the share of drawn scenarios that meets the targets.

    Parameters
    ----------
    ranges : lever -> (low, high), evenly; (low, most likely, high), a triangle; a list or
        array of past figures; or a `Range` of `analysis.model.uncertainty`
    levers : where all other levers stand
    options : number, seed, method, correlation, outcomes, as `uncertainty.simulate` has them

    Returns
    -------
    Simulation, with `shares_met()` and `quantiles()`: they measure the ranges that were
    assumed, and forecast nothing

    Examples
    --------
    >>> drawn = chances({"uplift_zone": (0, 20, 60)}, {"capital_total": 9330})
    >>> round(drawn.shares_met()["all"], 2)
    0.14
    """
    model = model or load_model()
    held = values_of(levers, {}, model)[0]
    return simulate(model, ranges, targets=targets, levers=held, **options)


def frontier(points: int = 41, *, model: Model | None = None) -> pd.DataFrame:
    """Return the least and most industrial share at each level of the city's capital.

    Returns
    -------
    a row a level: capital_total (1e8 CNY), least_share and most_share (%), all levers
    moving over their whole bounds; the edges are exact

    Examples
    --------
    >>> frontier(3).columns.tolist()
    ['capital_total', 'least_share', 'most_share']
    """
    edges = (model or load_model()).reach(points)
    shares = dict.fromkeys(("least_share", "most_share"), "%")
    total = edges.columns[0]
    edges.attrs = {"units": {total: (model or load_model()).outcomes[total].unit, **shares}}
    return edges


def tornado(
    outcome: str,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    levers: Scenario | Mapping[str, Any] | None = None,
    *,
    model: Model | None = None,
) -> pd.DataFrame:
    """Return how far each lever alone moves an outcome, the widest first.

    Parameters
    ----------
    ranges : lever -> (low, high); all levers over their bounds when None
    levers : where all other levers stand

    Returns
    -------
    a row a lever that matters: lever, low, high (its ends), at_low, at_high, base (the
    outcome), swing (at_high less at_low); `attrs["unit"]` is the outcome's

    Examples
    --------
    >>> tornado("capital_total").lever.iloc[0]
    'uplift_central'
    """
    model = model or load_model()
    found = swings(model, outcome, ranges, values_of(levers, {}, model)[0])
    found.attrs = {"unit": model.outcomes[outcome].unit, "outcome": outcome}
    return found
