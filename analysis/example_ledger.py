"""What might a ledger of projects look like? Made up by a seeded generator: illustrative only.

No figure of it comes from a publication. Sizes are heavy-tailed (log-normal), as
investment projects are; sites and chains are drawn evenly from the plan's own lists.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.plan import Plan

KIND = "illustrative"
#: Assumed: a median project of 2.5e8 CNY, with a tail that now and then passes 100e8.
MEDIAN_SIZE, SPREAD = 2.5, 1.35
#: Assumed: chance that a project is industrial, by tier.
INDUSTRIAL = {"central": 0.25, "outer": 0.5, "zone": 0.55}


def example_ledger(plan: Plan, projects: int = 500, seed: int = 2021) -> pd.DataFrame:
    """Return an illustrative ledger; the same seed gives the same ledger.

    Returns
    -------
    One row a project: id, district, tier, chain, sector, size (1e8 CNY), month (signed, 1 to
    12), unit, kind ("illustrative" in every row)
    """
    random = np.random.default_rng(seed)
    sites = plan.floors.iloc[random.integers(len(plan.floors), size=projects)]
    industrial = random.random(projects) < sites["tier"].map(INDUSTRIAL).to_numpy()
    chains = plan.chains["chain"].to_numpy()
    return pd.DataFrame(
        {
            "id": [f"EX-{number:05d}" for number in range(1, projects + 1)],
            "district": sites["district"].to_numpy(),
            "tier": sites["tier"].to_numpy(),
            "chain": np.where(industrial, chains[random.integers(len(chains), size=projects)], ""),
            "sector": np.where(industrial, "industrial", "service"),
            "size": np.round(random.lognormal(np.log(MEDIAN_SIZE), SPREAD, projects), 2),
            "month": random.integers(1, 13, size=projects),
            "unit": "1e8 CNY",
            "kind": KIND,
        }
    )


def by_size(ledger: pd.DataFrame, bounds: list[float]) -> pd.DataFrame:
    """Count projects and capital by size class and tier.

    bounds : lower bounds of the classes, ascending, 1e8 CNY
    """
    classes = pd.cut(ledger["size"], [0, *bounds, np.inf], right=False, labels=[0, *bounds])
    grouped = ledger.assign(size_class=classes.astype(float)).groupby(["size_class", "tier"])
    return grouped.agg(projects=("id", "size"), capital=("size", "sum")).reset_index()
