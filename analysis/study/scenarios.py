"""What follows from scenarios: outcomes of one or many, over a grid, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.model import Model, load_model
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
    values, index = values_of(levers, more, model)
    wanted = [outcomes] if isinstance(outcomes, str) else outcomes
    found = model.evaluate(values, wanted, bounds=bounds)
    units = {key: model.outcomes[key].unit for key in found}
    made: pd.Series | pd.DataFrame
    if index is None:
        made = pd.Series(found, name="value").rename_axis("outcome")
    else:
        made = pd.DataFrame(found, index=index)
    made.attrs = {"units": units}
    return made


def values_of(
    levers: Levers, more: Mapping[str, Any], model: Model
) -> tuple[dict[str, Any], pd.Index | None]:
    """Return lever -> number or array, and the index of many scenarios; None for one."""
    if isinstance(levers, Scenario):
        levers = levers.values
    if levers is not None and not isinstance(levers, Mapping | pd.DataFrame):
        if not isinstance(levers, Iterable):
            raise TypeError(
                f"levers: a Scenario, lever -> value, a frame or Scenarios, not {levers!r}"
            )
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


def grid(
    levers: Scenario | Mapping[str, Any] | None = None,
    outcomes: Iterable[str] = (),
    *,
    model: Model | None = None,
    **axes: int | Iterable[float],
) -> pd.DataFrame:
    """Return outcomes over every combination of some levers.

    Parameters
    ----------
    levers : where all other levers stand
    outcomes : the sum over places and its share if none
    axes : lever -> how many values, evenly from bound to bound, or the values themselves

    Returns
    -------
    a row a combination, indexed by the levers, a column an outcome; `attrs["units"]` names the
    units of both; `cube` makes an axis of each lever

    Examples
    --------
    >>> grid(uplift_zone=3, share_zone=[36, 50], outcomes=["capital_total"]).shape
    (6, 1)
    """
    model = model or load_model()
    held, _ = values_of(levers, {}, model)
    ends = {key: model.inputs.lever_of(key) for key in axes}
    values = [
        np.linspace(ends[key].low, ends[key].high, axis) if isinstance(axis, int) else list(axis)
        for key, axis in axes.items()
    ]
    index = pd.MultiIndex.from_product(values, names=list(axes))
    frame = index.to_frame(index=False)
    found = evaluate(frame, tuple(outcomes) or model.inputs.what_if, model=model, **held)
    assert isinstance(found, pd.DataFrame)
    units = {key: ends[key].unit for key in axes} | found.attrs["units"]
    found = found.set_axis(index)
    found.attrs = {"units": units}
    return found


def cube(grid: pd.DataFrame) -> Any:
    """Return a grid as an xarray dataset, an axis a lever; needs xarray.

    Returns
    -------
    xarray.Dataset, whose outcomes and axes each have their unit in `attrs["units"]`

    Examples
    --------
    >>> cube(grid(uplift_zone=3, outcomes=["capital_total"]))["capital_total"].attrs
    {'units': '1e8 CNY'}
    """
    made = grid.to_xarray()
    for name, unit in grid.attrs["units"].items():
        made[name].attrs["units"] = unit
    return made


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
