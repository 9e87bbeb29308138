"""The places, groups and chains that a table names, in their order."""

from __future__ import annotations

import pandas as pd

from analysis.plan import Plan
from analysis.text import both

#: What lies in no chain, or in no tier, as a key of a row.
NONE = "none"


def districts(plan: Plan, unfloored: bool = True) -> pd.DataFrame:
    """Return a row a place: place, tier, name_zh, name_en, floor, share_floor.

    Places to which the plan gives no floor follow the districts: tier "none", no floors.
    """
    known = plan.floors.rename(
        columns={
            "district": "place",
            "capital_floor": "floor",
            "industrial_share_floor": "share_floor",
        }
    )
    if not unfloored:
        return known
    others = plan.unfloored[["place", "name_zh", "name_en"]].assign(tier=NONE)
    return pd.concat([known, others], ignore_index=True)


def with_unplaced(named: pd.DataFrame) -> pd.DataFrame:
    """Add a row for what lies in no known district, so that a table's parts make its whole.

    named : place, tier, name_zh, name_en
    """
    names = {f"name_{lang}": said for lang, said in both("structure.unplaced").items()}
    return pd.concat(
        [named, pd.DataFrame([{"place": NONE, "tier": NONE, **names}])], ignore_index=True
    )


def tiers(plan: Plan) -> pd.DataFrame:
    """Return a row a tier as `districts` does; a tier's floor is that of all its districts."""
    rows = plan.tiers
    return pd.DataFrame(
        {
            "place": rows["tier"],
            "tier": rows["tier"],
            "name_zh": rows["name_zh"],
            "name_en": rows["name_en"],
            "floor": rows["capital_floor"] * rows["districts"],
            "share_floor": rows["industrial_share_floor"],
        }
    )


def chains(plan: Plan) -> pd.DataFrame:
    """Return a row a chain as `districts` does; the plan gives chains no floor."""
    named = plan.chains[["chain", "name_zh", "name_en"]].rename(columns={"chain": "place"})
    return named.assign(tier=NONE, floor=float("nan"), share_floor=float("nan"))
