"""What the site says of the plans, kept: to learn it takes imports that no page at hand needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis import cache
from analysis.publish.inputs import data_place
from analysis.text import both

#: The unit in which a ledger counts capital.
LEDGER_MONEY = "1e8 CNY"
#: Levers of a plan beside which a ledger is set.
LEDGER_LEVERS = {"benefit_share", "conversion", "conversion_lag"}


def absent() -> tuple[str, ...]:
    """Return the briefings that the plan has nothing for, by what its tables hold."""
    return tuple(known()["absent"])


def other_plans() -> list[dict[str, str]]:
    """Say of each plan that ships, but the one that is open, what it is."""
    return list(known()["plans"])


def known_place() -> Path:
    """Return where it is kept what is said of the plans as they are now."""
    return data_place("plans")


def known() -> dict[str, Any]:
    """Return what is said of the plans; kept, for it takes imports that no page at hand needs."""
    told = cache.kept(
        known_place(),
        lambda: json.dumps(
            {"absent": _absent(), "plans": _other_plans(), "structure": _structure()}
        ),
    )
    return dict(json.loads(told))


def _structure() -> dict[str, float]:
    from analysis.briefing.page_texts import structure
    from analysis.datapackage import DataPackageError
    from analysis.plan import load_plan

    try:
        return structure(load_plan())
    except (DataPackageError, OSError):  # whoever reads the plan names its faults
        return {}


def _absent() -> tuple[str, ...]:
    from analysis.briefing import fdi_growth
    from analysis.briefing.comparison import comparable
    from analysis.datapackage import DataPackageError
    from analysis.evidence import load_evidence
    from analysis.pacing import has_season
    from analysis.plan import load_plan

    try:
        plan = load_plan()
    except (DataPackageError, OSError):  # whoever reads the plan names its faults
        return ()
    levers = set(plan.table("levers")["key"])
    # Pages of a ledger set it beside these, and show the example where a user has none.
    counted = (
        plan.share is not None
        and plan.total is not None
        and plan.total.unit == LEDGER_MONEY
        and len(plan.floors) > 0
        and levers >= LEDGER_LEVERS
        and len(plan.table("example_ledger")) > 0
        and has_season(plan, load_evidence())
    )
    there = {
        "capital_inflow": plan.total is not None,
        "fdi_growth": fdi_growth.possible(plan, load_evidence()),
        "project_structure": len(plan.quotas) > 0 and plan.share is not None,
        "target_scenarios": plan.total is not None,
        "districts": counted,
        "chains": counted and len(plan.chains) > 0,
        "bulletin": counted,
        "side_by_side": comparable(plan, load_evidence()),
    }
    return tuple(slug for slug, known in there.items() if not known)


def _other_plans() -> list[dict[str, str]]:
    from analysis.datapackage import DataPackageError
    from analysis.files import PLAN, data_dir, plan_dir
    from analysis.plan_package import document

    here = plan_dir().absolute()
    folders = [file.parent for file in sorted(data_dir().glob(f"plans/*/{PLAN}"))]
    try:
        told = [document(folder) for folder in folders if folder.absolute() != here]
    except DataPackageError:  # whoever reads the plan names its faults
        return []
    return [
        both(
            "publish.plan",
            title={"zh": one.title_zh, "en": one.title_en},
            place={"zh": one.place_zh, "en": one.place_en},
            years="–".join(map(str, dict.fromkeys(one.period))),
        )
        for one in told
    ]
