"""What follows from a scenario: the model, written once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.files import plan_dir, shown
from analysis.model.compiled import compiled_model
from analysis.model.described import Lever, LeverError, Outcome
from analysis.model.inputs import read_inputs
from analysis.model.scenario_model import Model

__all__ = ["Lever", "LeverError", "Model", "Outcome", "load_model"]


def load_model(plan: Any = None, evidence: Any = None) -> Model:
    """Return the model of a plan, by default the shipped one.

    Parameters
    ----------
    plan : `analysis.plan.Plan`, or None for the shipped plan
    evidence : `analysis.evidence.Evidence`, or None for the shipped figures

    Examples
    --------
    >>> load_model().levers["uplift_zone"]
    <Lever uplift_zone: National development zones above floor, -30 to 70 %, default 0>
    """
    if plan is None and evidence is None:
        return _shipped(plan_dir())
    from analysis.evidence import load_evidence
    from analysis.plan import load_plan

    plan = load_plan() if plan is None else plan
    with shown(plan.folder):  # what follows is named in its words
        inputs = read_inputs(plan, load_evidence() if evidence is None else evidence)
        return Model(inputs, compiled_model(inputs))


@lru_cache
def _shipped(folder: Path) -> Model:
    from analysis.plan import load_plan

    return load_model(load_plan(folder))
