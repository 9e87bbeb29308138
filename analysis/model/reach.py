"""Which combinations of a sum and its share the levers' whole bounds allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.model.linear import Row
from analysis.model.programme import build

if TYPE_CHECKING:
    from analysis.model.scenario_model import Model


def reach(model: Model, points: int = 41) -> pd.DataFrame:
    """Return the least and the most of the share at each level of the sum.

    Parameters
    ----------
    points : levels, evenly spaced from the least capital to the most

    Returns
    -------
    one row a level: the sum's outcome, in its unit, least_share and most_share (%)

    Notes
    -----
    All levers of capital and share move over their whole bounds, below the floors too, so that
    every scenario lies between the two edges. At a given capital the share is industrial
    capital alone, which is linear: both edges are exact at every level.
    """
    places = model.inputs.places
    levers = [key for key in model.levers if key.partition("_")[2] in places]
    programme = build(model, levers, {key: model.levers[key].low for key in levers})
    capital, industrial = programme.row(programme.total), programme.row(programme.part)
    most = programme.maximum(programme.total)
    assert most is not None, "levers at their bounds are feasible"
    rows = []
    for level in np.linspace(capital.constant, most[0], points):
        held = [Row(capital.coefficients, capital.constant - level)]
        edges = [
            100 * industrial.at(programme.minimise(industrial.times(sign), (), held).x) / level
            for sign in (1.0, -1.0)
        ]
        rows.append((level, *edges))
    return pd.DataFrame(rows, columns=[programme.total, "least_share", "most_share"])
