"""What the site says of the plans, kept: to learn it takes imports that no page at hand needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis import cache
from analysis.publish.inputs import data_place
from analysis.text import both


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


def _absent() -> list[str]:
    from analysis.briefing.contents import absent
    from analysis.datapackage import DataPackageError
    from analysis.evidence import load_evidence
    from analysis.plan import load_plan

    try:
        return absent(load_plan(), load_evidence())
    except (DataPackageError, OSError):  # whoever reads the plan names its faults
        return []


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
