"""The briefings that there are, and those that a plan has nothing for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from analysis.briefing import comparison, fdi_growth
from analysis.evidence import Evidence
from analysis.names import unknown
from analysis.pacing import has_season
from analysis.plan import Plan
from analysis.text import both, templates

#: What names a page in the site's contents; other modules here are what pages share.
NAV = "publish.nav."
#: The unit in which a ledger counts capital.
_LEDGER_MONEY = "1e8 CNY"
#: Levers of a plan beside which a ledger is set.
_LEDGER_LEVERS = {"benefit_share", "conversion", "conversion_lag"}


def content(name: str, plan: Plan, evidence: Evidence) -> Any:
    """Return the module of a page.

    Raises
    ------
    KeyError : no such page; the nearest one is named
    LookupError : the plan has nothing for it; the reason is given in both languages
    """
    there = {key.removeprefix(NAV) for key in templates() if key.startswith(NAV)}
    if name not in there:
        raise KeyError(unknown("briefing", name, sorted(there)))
    if name in _POSSIBLE and not _POSSIBLE[name](plan, evidence):
        head, why = both("publish.absent"), both(f"publish.absent.{name}")
        raise LookupError(" · ".join(f"{head[lang]} {why[lang]}" for lang in head))
    return import_module(f"analysis.briefing.{name}")


def absent(plan: Plan, evidence: Evidence) -> list[str]:
    """Return the pages that a plan has nothing for, by what its tables hold."""
    return [name for name, possible in _POSSIBLE.items() if not possible(plan, evidence)]


def _summed(plan: Plan, evidence: Evidence) -> bool:
    return plan.total is not None


def _counted(plan: Plan, evidence: Evidence) -> bool:
    """Whether a ledger can be set beside the plan, whose example is shown where a user has none."""
    return (
        plan.share is not None
        and plan.total is not None
        and plan.total.unit == _LEDGER_MONEY
        and len(plan.floors) > 0
        and set(plan.table("levers")["key"]) >= _LEDGER_LEVERS
        and len(plan.table("example_ledger")) > 0
        and has_season(plan, evidence)
    )


_POSSIBLE: dict[str, Callable[[Plan, Evidence], bool]] = {
    "capital_inflow": _summed,
    "fdi_growth": fdi_growth.possible,
    "project_structure": lambda plan, _: len(plan.quotas) > 0 and plan.share is not None,
    "target_scenarios": _summed,
    "districts": _counted,
    "chains": lambda plan, evidence: len(plan.chains) > 0 and _counted(plan, evidence),
    "bulletin": _counted,
    "side_by_side": comparison.comparable,
}
