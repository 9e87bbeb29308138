"""What follows from scenarios, and which scenarios lead where: frames and answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.model import Model, load_model
from analysis.model.least_increment import LeastIncrement
from analysis.model.seek import Seek
from analysis.model.uncertainty import Range, Simulation, empirical, simulate, triangular, uniform
from analysis.model.uncertainty import tornado as swings
from analysis.scenario import Scenario, table

#: Levers of one scenario or of many.
Levers = Scenario | Mapping[str, Any] | pd.DataFrame | Iterable[Scenario] | None


def evaluate(
    levers: Levers = None,
    outcomes: Iterable[str] | None = None,
    *,
    model: Model | None = None,
    bounds: bool = True,
    **more: Any,
) -> pd.Series | pd.DataFrame:
    """Return what follows from one scenario, or from many at once.

    Parameters
    ----------
    levers, more : a Scenario or lever -> number for one; lever -> numbers, a frame with a
        column a lever, or several Scenarios for many; what is missing is at its default
    outcomes : keys wanted, see `measures`; all when None
    bounds : refuse values outside the levers' bounds; False to look beyond them

    Returns
    -------
    For one scenario a Series by outcome; for many a DataFrame, a row a scenario, indexed as the
    levers were; `attrs["units"]` names the outcomes' units

    Raises
    ------
    LeverError : a lever that is unknown, or beyond its bounds, which are said
    OutcomeError : an outcome that is unknown; the nearest one is named

    Examples
    --------
    >>> float(evaluate(uplift_zone=10)["capital_total"])
    8648.2
    >>> evaluate({"uplift_zone": [0, 10, 20]}, ["capital_total"]).round(1)["capital_total"].tolist()
    [8431.0, 8648.2, 8865.4]
    """
    model = model or load_model()
    values, index = _values(levers, more, model)
    wanted = [outcomes] if isinstance(outcomes, str) else outcomes
    if bounds:
        _within(model, values)
    found = model.evaluate(values, wanted)
    units = {key: model.outcomes[key].unit for key in found}
    made: pd.Series | pd.DataFrame
    if index is None:
        made = pd.Series(found, name="value").rename_axis("outcome")
    else:
        made = pd.DataFrame(found, index=index)
    made.attrs = {"units": units}
    return made


def _values(
    levers: Levers, more: Mapping[str, Any], model: Model
) -> tuple[dict[str, Any], pd.Index | None]:
    """Return lever -> number or array, and the index of many scenarios; None for one."""
    if isinstance(levers, Scenario):
        levers = levers.values
    if levers is not None and not isinstance(levers, Mapping | pd.DataFrame):
        scenarios = list(levers)
        names = [one.name or number for number, one in enumerate(scenarios)]
        levers = pd.DataFrame([one.values for one in scenarios], index=names)
        levers = levers.fillna(model.defaults)
    if isinstance(levers, pd.DataFrame):
        given = {str(key): levers[key].to_numpy(float) for key in levers} | dict(more)
        return given, levers.index
    values = {
        key: value if isinstance(value, str | bool) else np.asarray(value, dtype=float)
        for key, value in {**(levers or {}), **more}.items()
    }
    lengths = {np.shape(value) for value in values.values()} - {()}
    if not lengths:
        return {k: v.item() if isinstance(v, np.ndarray) else v for k, v in values.items()}, None
    labelled = [
        value for value in {**(levers or {}), **more}.values() if isinstance(value, pd.Series)
    ]
    number = np.broadcast_shapes(*lengths)[0]
    return values, labelled[0].index if labelled else pd.RangeIndex(number)


def _within(model: Model, values: Mapping[str, Any]) -> None:
    """Refuse what lies outside a lever's bounds: its least and its greatest value tell."""
    for key, value in values.items():
        lever = model.inputs.lever_of(key)
        ends = (np.min(value), np.max(value)) if isinstance(value, np.ndarray) else (value,)
        for end in ends if not lever.choices else np.unique(value):
            lever.check(end.item() if hasattr(end, "item") else end)


def grid(
    levers: Scenario | Mapping[str, Any] | None = None,
    outcomes: Iterable[str] = ("capital_total", "industrial_share"),
    *,
    model: Model | None = None,
    **axes: int | Iterable[float],
) -> pd.DataFrame:
    """Return outcomes over every combination of some levers.

    Parameters
    ----------
    levers : where all other levers stand
    axes : lever -> how many values, evenly from bound to bound, or the values themselves

    Returns
    -------
    a row a combination, indexed by the levers, a column an outcome; with xarray installed,
    `grid(...).to_xarray()` has an axis a lever

    Examples
    --------
    >>> grid(uplift_zone=3, share_zone=[36, 50], outcomes=["capital_total"]).shape
    (6, 1)
    """
    model = model or load_model()
    held, _ = _values(levers, {}, model)
    ends = {key: model.inputs.lever_of(key) for key in axes}
    values = [
        np.linspace(ends[key].low, ends[key].high, axis) if isinstance(axis, int) else list(axis)
        for key, axis in axes.items()
    ]
    index = pd.MultiIndex.from_product(values, names=list(axes))
    frame = index.to_frame(index=False)
    found = evaluate(frame, outcomes, model=model, **held)
    assert isinstance(found, pd.DataFrame)
    return found.set_axis(index)


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
    return model.seek(outcome, value, lever, _values(levers, {}, model)[0])


def least_increment(
    targets: str | Mapping[str, float] = "expected",
    levers: Scenario | Mapping[str, Any] | None = None,
    *,
    model: Model | None = None,
    **options: Any,
) -> LeastIncrement:
    """Return the scenario that meets targets with the least new and moved capital.

    Parameters
    ----------
    targets : "expected", "stretch", or outcome -> the least that it shall be
    levers : where the increment starts from; the floors when None
    options : as `analysis.model.least_increment.least_increment` has them: levers that may
        move, weights

    Examples
    --------
    >>> least_increment({"capital_total": 9330}).new_capital
    899.0
    """
    model = model or load_model()
    start = _values(levers, {}, model)[0] or None
    return model.least_increment(targets, start=start, **options)


def chances(
    ranges: Mapping[str, Any],
    targets: str | Mapping[str, float] = "expected",
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
    spans = {lever: _range(span) for lever, span in ranges.items()}
    model = model or load_model()
    held = _values(levers, {}, model)[0]
    return simulate(model, spans, targets=targets, levers=held, **options)


def _range(span: Any) -> Range:
    if isinstance(span, Range):
        return span
    if isinstance(span, tuple) and len(span) in (2, 3):
        return (uniform if len(span) == 2 else triangular)(*span)
    return empirical(span)


def compare(
    *scenarios: Scenario, outcomes: Iterable[str] | None = None, model: Model | None = None
) -> pd.DataFrame:
    """Return scenarios side by side: what differs among them, a row a lever or outcome.

    Returns
    -------
    indexed by kind (lever, outcome) and key: name_zh, name_en, unit, a column a scenario, and
    `change`, the second less the first, where there are two

    Examples
    --------
    >>> floors, more = Scenario(name="floors"), Scenario({"uplift_zone": 10}, name="more")
    >>> compare(floors, more, outcomes=["capital_total"]).round(1)["change"].to_dict()
    {('lever', 'uplift_zone'): 10.0, ('outcome', 'capital_total'): 217.2}
    """
    model = model or load_model()
    values = table(scenarios, model, outcomes)
    values = values[values.nunique(axis=1, dropna=False).gt(1)]
    described = {key: model.inputs.lever_of(key) for kind, key in values.index if kind == "lever"}
    described |= {key: model.outcomes[key] for kind, key in values.index if kind == "outcome"}
    about = pd.DataFrame(
        [
            [getattr(described[key], name) for name in ("name_zh", "name_en", "unit")]
            for _, key in values.index
        ],
        index=values.index,
        columns=["name_zh", "name_en", "unit"],
    )
    if len(scenarios) == 2:
        values = values.assign(change=values.iloc[:, 1] - values.iloc[:, 0])
    return about.join(values)


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
    found = swings(model, outcome, ranges, _values(levers, {}, model)[0])
    found.attrs = {"unit": model.outcomes[outcome].unit, "outcome": outcome}
    return found
