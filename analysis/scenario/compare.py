"""How do scenarios differ? Two by their differences, many side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from analysis.model import Model, load_model
from analysis.scenario.value import Scenario, ScenarioError


def diff(first: Scenario, second: Scenario, model: Model | None = None) -> pd.DataFrame:
    """Return what differs between two scenarios.

    Returns
    -------
    one row a lever or outcome that differs: kind, key, unit, first, second, change
    """
    model = model or load_model()
    outcome_pair = (first.outcomes(model), second.outcomes(model))
    keys = dict.fromkeys([*model.levers, *first.overrides, *second.overrides])
    rows = []
    for key in keys:
        lever = model.inputs.lever_of(key)
        pair = tuple(_standing(scenario, key, model) for scenario in (first, second))
        rows.append(("lever", key, lever.unit, *pair))
    for key, outcome in model.outcomes.items():
        rows.append(("outcome", key, outcome.unit, *(values[key] for values in outcome_pair)))
    frame = pd.DataFrame(rows, columns=["kind", "key", "unit", "first", "second"])
    frame = frame.assign(change=frame["second"] - frame["first"])
    same = (frame["first"] == frame["second"]) | (frame["first"].isna() & frame["second"].isna())
    return frame[~same].reset_index(drop=True)


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
