"""Analysis of a city's investment-attraction plan: plans, figures, scenarios, ledgers and pages.

`import analysis` loads nothing; a name below is fetched from `analysis.study` when first used.
The types that they return and raise are there: `from analysis.study import Plan, LeverError`.
"""

# ruff: noqa: F403, F405 (the list below says which names)

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.study import *

__all__ = [
    "Scenario",
    "chances",
    "check",
    "compare",
    "cube",
    "evaluate",
    "figures",
    "frontier",
    "grid",
    "least_increment",
    "load_evidence",
    "load_model",
    "load_plan",
    "measures",
    "page",
    "places",
    "plans",
    "presets",
    "read_ledger",
    "reload",
    "report",
    "seek",
    "series",
    "tornado",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        globals()[name] = found = getattr(import_module("analysis.study"), name)
        return found
    from analysis.names import unknown

    # A module of the package that is not imported yet comes this way, too: the import goes on.
    raise AttributeError(unknown("name in analysis:", name, __all__))


def __dir__() -> list[str]:
    return sorted(__all__)
