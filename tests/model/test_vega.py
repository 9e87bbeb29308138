"""NumPy and a real Vega dataflow give the same numbers."""

import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from analysis.model.uncertainty import tornado
from tests.model.conftest import random_scenarios

HERE = Path(__file__).parent
pytestmark = pytest.mark.usefixtures("packages")
SCENARIOS = 10_000
TOLERANCE = 1e-9


def run(folder: Path, signals: list, scenarios: dict[str, np.ndarray]) -> dict:
    """Run scenarios in the dataflow; return outcome -> array."""
    given, found = folder / "in.json", folder / "out.json"
    lists = {key: values.tolist() for key, values in scenarios.items()}
    given.write_text(json.dumps({"signals": signals, "scenarios": lists}), "utf-8")
    subprocess.run(["node", HERE / "dataflow.mjs", given, found], check=True)
    outcomes = json.loads(found.read_text("utf-8"))
    return {key: np.array(values, float) for key, values in outcomes.items()}


def largest_difference(numpy: dict[str, np.ndarray], vega: dict[str, np.ndarray]) -> float:
    """Return the largest relative difference of any outcome in any scenario (absolute under 1)."""
    assert numpy.keys() == vega.keys()
    return max(
        float(np.max(np.abs(numpy[key] - vega[key]) / np.maximum(1.0, np.abs(numpy[key]))))
        for key in numpy
    )


@pytest.mark.slow
def test_numpy_and_vega_agree_on_ten_thousand_scenarios(model, tmp_path):
    drawn = random_scenarios(model, SCENARIOS, seed=20210101)
    vega = run(tmp_path, model.to_vega(), drawn)
    assert all(len(values) == SCENARIOS for values in vega.values())
    assert largest_difference(model.evaluate(drawn), vega) < TOLERANCE


def test_vega_starts_at_the_defaults(model, tmp_path):
    defaults = {key: np.array([value]) for key, value in model.defaults.items()}
    vega = run(tmp_path, model.to_vega(), defaults)
    assert vega["capital_total"][0] == model.evaluate()["capital_total"]


def test_the_comparison_can_fail(model, tmp_path):
    drawn = random_scenarios(model, 50, seed=1)
    signals = [
        signal | {"update": f"{signal['update']} + 0.0001"}
        if signal["name"] == "capital_total"
        else signal
        for signal in model.to_vega()
    ]
    vega = run(tmp_path, signals, drawn)
    assert largest_difference(model.evaluate(drawn), vega) > TOLERANCE


@pytest.mark.slow
def test_the_browsers_what_if_is_the_models_own(model, tmp_path):
    """Swings and exact solutions, run by Vega, are what tornado and goal seek give in Python."""
    drawn = random_scenarios(model, 40, seed=7)
    sought = {"capital_total": 9360.0, "industrial_share": 40.0}
    signals = model.to_vega()
    for outcome, level in sought.items():
        signals += model.swings_vega(outcome)
        signals += [
            {"name": f"needed_{outcome}_{lever}", "update": re.sub(r"\bsought\b", str(level), text)}
            for lever, text in model.needed_vega(outcome).items()
        ]
    vega = run(tmp_path, signals, drawn)
    for i in range(40):
        scenario = {key: float(values[i]) for key, values in drawn.items()}
        for outcome, level in sought.items():
            for row in tornado(model, outcome, levers=scenario).itertuples():
                for end in ("low", "high"):
                    found = vega[f"swing_{outcome}_{row.lever}_{end}"][i]
                    assert found == pytest.approx(getattr(row, f"at_{end}"), rel=1e-9)
            for lever in model.needed_vega(outcome):
                answer = model.seek(outcome, level, lever, scenario)
                if answer.reached:
                    found = vega[f"needed_{outcome}_{lever}"][i]
                    assert found == pytest.approx(answer.value, rel=1e-7, abs=1e-7)


@pytest.mark.slow
def test_the_page_and_python_answer_alike_how_far_one_lever_goes(model, tmp_path):
    """All levers, both levels of both totals, 200 scenarios: the same stop, bound and value."""
    drawn = random_scenarios(model, 200, seed=5)
    outcomes = {"capital_total": "capital_in_place", "industrial_share": "industrial_share"}
    asked = [
        {"outcome": outcome, "sought": level, "needed": model.needed_vega(outcome)}
        for outcome, target in outcomes.items()
        for level in model.inputs.targets[target].values()
    ]
    given = {
        "signals": [*model.to_vega(), *(s for key in outcomes for s in model.swings_vega(key))],
        "scenarios": {key: values.tolist() for key, values in drawn.items()},
        "levers": {
            key: {"low": v.low, "high": v.high, "step": v.step} for key, v in model.levers.items()
        },
        "asked": asked,
    }
    there, back = tmp_path / "in.json", tmp_path / "out.json"
    there.write_text(json.dumps(given), "utf-8")
    subprocess.run(["node", HERE / "goal.mjs", there, back], check=True)
    stops = set()
    for i, answers in enumerate(json.loads(back.read_text("utf-8"))):
        scenario = {key: float(values[i]) for key, values in drawn.items()}
        for page in answers:
            own = model.seek(page["outcome"], page["sought"], page["lever"], scenario)
            stop = own.stopped_by and own.stopped_by.replace(" ", "_")
            stops.add(stop)
            assert page.get("stopped") == stop, (page, own)
            if stop in ("low", "high"):
                assert page["bound"] == own.value
                assert page["reach"] == pytest.approx(own.outcome_value, rel=1e-9)
            elif stop is None:
                assert page["value"] == pytest.approx(own.value, rel=1e-7, abs=1e-7)
                assert page["written"] == own.written
                met = model.evaluate(scenario | {own.lever: own.written}, [own.outcome])
                assert met[own.outcome] >= own.sought - 1e-7
    assert stops == {None, "low", "high"}
