"""Scenarios side by side: where levers stand, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from analysis.model import Model, load_model
from analysis.scenario.value import Scenario, ScenarioError


def table(
    scenarios: Sequence[Scenario] | Mapping[str, Scenario],
    model: Model | None = None,
    outcomes: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return scenarios side by side: one column a scenario, one row a lever or outcome."""
    model = model or load_model()
    if not isinstance(scenarios, Mapping):
        named = {s.name or f"scenario {i}": s for i, s in enumerate(scenarios, start=1)}
        if len(named) != len(scenarios):
            raise ScenarioError("two scenarios in the table have the same name")
        scenarios = named
    wanted = list(model.outcomes) if outcomes is None else list(outcomes)
    own = dict.fromkeys(key for scenario in scenarios.values() for key in scenario.overrides)
    columns = {
        name: [_standing(scenario, key, model) for key in (*model.levers, *own)]
        + list(scenario.outcomes(model, wanted).values())
        for name, scenario in scenarios.items()
    }
    kinds = ["lever"] * (len(model.levers) + len(own)) + ["outcome"] * len(wanted)
    index = pd.MultiIndex.from_arrays(
        [kinds, [*model.levers, *own, *wanted]], names=["kind", "key"]
    )
    return pd.DataFrame(columns, index=index)


def _standing(scenario: Scenario, key: str, model: Model) -> float:
    """Return where a lever stands; a district's own at its tier's value if not set."""
    if key in scenario.values:
        return scenario.values[key]
    lever = model.inputs.lever_of(key)
    return scenario.levers.get(lever.key, lever.default)
