"""How large are the example's projects of the plan's year? Needs no engine: NumPy alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.example_ledger.drawing import IN_HUNDRED_MILLION, calendar
from analysis.example_ledger.ledger import PROJECTS_A_YEAR, SEED, made
from analysis.example_ledger.parameters import MONTHS, load_parameters
from analysis.ledger.engine import EXAMPLE_ID, ILLUSTRATIVE


def example_projects(projects: int = PROJECTS_A_YEAR, seed: int = SEED) -> pd.DataFrame:
    """Return the illustrative projects that are signed in the example's last year.

    Returns
    -------
    One row a project: id, district, tier, chain ("" for none), sector, size (1e8 CNY), month
    (signed, 1 to 12), unit, kind ("illustrative" in every row)
    """
    drawing = made(projects, None, seed)
    parameters = load_parameters()
    end = parameters.window[1]
    place = np.flatnonzero((drawing.drawn.signed >= end - MONTHS) & (drawing.drawn.signed < end))
    drawn = drawing.drawn.only(place)
    chains = np.array([*drawn.names["chain"], ""])
    months = calendar(drawn.signed, parameters.season).astype("datetime64[M]").astype(int)
    return pd.DataFrame(
        {
            "id": [f"{EXAMPLE_ID}{number:07d}" for number in place + 1],
            "district": np.array(drawn.names["district"])[drawn.district],
            "tier": drawing.tiers[drawn.district],
            "chain": chains[drawn.chain],
            "sector": np.array(drawn.names["sector"])[drawn.sector],
            "size": drawn.size / IN_HUNDRED_MILLION,
            "month": months % MONTHS + 1,
            "unit": "1e8 CNY",
            "kind": ILLUSTRATIVE,
        }
    )


def by_size(ledger: pd.DataFrame, bounds: list[float]) -> pd.DataFrame:
    """Count projects and capital by size class and tier.

    bounds : lower bounds of the classes, ascending, 1e8 CNY
    """
    classes = pd.cut(ledger["size"], [0, *bounds, np.inf], right=False, labels=[0, *bounds])
    grouped = ledger.assign(size_class=classes.astype(float)).groupby(["size_class", "tier"])
    return grouped.agg(projects=("id", "size"), capital=("size", "sum")).reset_index()
