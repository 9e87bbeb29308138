"""What the plan of the place around asks of a plan's own place."""

from __future__ import annotations

import pandas as pd

from analysis.files import PLAN, data_of
from analysis.plan import Plan, load_plan


def parent(plan: Plan) -> Plan | None:
    """Return the shipped plan of the place that a plan's own lies in, of the same year, if any."""
    for file in sorted(data_of(plan.folder).glob(f"plans/*/{PLAN}")):
        around = load_plan(file.parent)
        first, last = around.about.period
        if around.about.evidence_place == plan.about.parent and first <= plan.about.year <= last:
            return around
    return None


def floors(plan: Plan) -> dict[str, float]:
    """Return what the plan around asks at least of a plan's place, by measure, where both have it.

    A place is known in both by its key; a measure by its key, and it is in one unit.
    """
    around, place = parent(plan), plan.about.place
    if around is None or place not in set(around.floors["district"]):
        return {}
    asked = {
        key: around.floor(key)[place]
        for key in plan.targets
        if key in around.measures and around.measures[key].unit == plan.measures[key].unit
    }
    return {key: float(value) for key, value in asked.items() if pd.notna(value)}


def quotas(plan: Plan) -> pd.DataFrame:
    """Return the numbers of projects asked of a plan's own place, and those by the plan around.

    Returns
    -------
    quota, name_zh, name_en, unit, each, floor (NaN where the plan around names none)
    """
    own = plan.table("quotas")
    own = own[own["who"].eq(plan.about.place)]
    around = parent(plan)
    if around is None:
        return own.assign(floor=float("nan"))
    district = around.floors.set_index("district")["tier"].get(plan.about.place)
    asked = around.table("quotas")
    asked = asked[asked["who"].isin([plan.about.place, district])]
    return own.assign(floor=own["quota"].map(asked.groupby("quota")["each"].max()))
