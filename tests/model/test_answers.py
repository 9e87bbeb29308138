"""The page answers as Python does: least increment, prices, splits, words; shares of draws."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from analysis.board.definitions import lever_definitions
from analysis.briefing.answers import (
    CORRELATION,
    DRAWS,
    added,
    definition,
    shares_of_draws,
)
from analysis.model import load_model
from analysis.model.least_increment import targets_of
from analysis.model.sampling import draw
from analysis.model.uncertainty import triangular
from analysis.plan import load_plan
from analysis.scenario import presets
from tests.model.conftest import random_scenarios
from tests.plans import IRELAND, TOY

HERE = Path(__file__).parent
pytestmark = pytest.mark.usefixtures("packages")
SCENARIOS = 500
#: Python rounds the ends of splits to so many decimals.
ROUNDED = 1e-4
#: What sentences say in one case or another.
CASES = (
    "is binding", "is met along the way", "stands at its upper bound", "levers can stand in",
    "No other split", "Nothing new is needed", "this target can't be met",
    "targets can't be met together",
)  # fmt: skip


def scenarios(model) -> list[dict[str, float]]:
    drawn = random_scenarios(model, SCENARIOS, seed=18)
    random = [{key: float(values[i]) for key, values in drawn.items()} for i in range(SCENARIOS)]
    return [model.defaults | dict(one.scenario.levers) for one in presets(model)] + random


def targets(model, number: int) -> list[dict[str, float]]:
    """Both levels, each target alone, and levels of all anywhere, some beyond all bounds."""
    rng = np.random.default_rng(18)
    levels = [targets_of(model, level) for level in ("expected", "stretch")]
    alone = [{key: level} for one in levels for key, level in one.items()]
    far = [{"capital_total": 13000.0, "industrial_share": 67.0}, {"fdi_growth": 1000.0}]
    known = [
        *far,
        *levels,
        *alone,
    ]  # the first scenario is the floors: there the first two conflict
    ends = {key: (0.7 * level, 1.6 * level) for key, level in levels[0].items()}
    anywhere = [{key: float(rng.uniform(*end)) for key, end in ends.items()} for _ in range(number)]
    return [anywhere[i] if i % 2 else known[i // 2 % len(known)] for i in range(number)]


@pytest.fixture(scope="module")
def page(model, tmp_path_factory):
    """What the page answers: scenarios, targets, and one answer each; its draws."""
    asked = scenarios(model)
    wanted = targets(model, len(asked))
    told = answered(model, definition(model), asked, wanted, tmp_path_factory.mktemp("answers"))
    return list(zip(asked, wanted, told["found"], strict=True)), np.array(told["drawn"])


@pytest.fixture(scope="module")
def least(model, page):
    """What Python answers in each of these."""
    return [model.least_increment(wanted, start=start) for start, wanted, _ in page[0]]


def answered(model, given: dict, asked: list, wanted: list, folder: Path) -> dict:
    """Let the page answer scenarios."""
    there, back = folder / "in.json", folder / "out.json"
    told = {
        "answers": given,
        "signals": model.to_vega(),
        "levers": lever_definitions(model),
        "scenarios": asked,
        "targets": wanted,
    }
    there.write_text(json.dumps(told), "utf-8")
    subprocess.run(["node", HERE / "answers.mjs", there, back], check=True)
    return json.loads(back.read_text("utf-8"))


@pytest.mark.slow
def test_the_least_increment_is_highss(page, least):
    met = set()
    for (_, wanted, told), own in zip(page[0], least, strict=True):
        found = told["found"]
        met.add(own.feasible)
        assert own.feasible == ("conflict" not in found), wanted
        if not own.feasible:
            assert [one.target for one in own.conflict] == [one["key"] for one in found["conflict"]]
            for one, other in zip(own.conflict, found["conflict"], strict=True):
                assert other["reach"] == pytest.approx(one.reach, rel=1e-6)
            continue
        assert found["taken"] == pytest.approx(sum(own.extra.values()), rel=1e-6, abs=1e-6)
        whole = 1e-6 * max(1, own.increment)
        assert found["x"] == pytest.approx(list(own.extra.values()), rel=1e-6, abs=whole)
        assert own.levers == pytest.approx(own.levers | found["levers"], rel=1e-6, abs=1e-6)
        prices = {one["key"]: one["price"] for one in found["prices"]}
        assert prices == pytest.approx({one.target: one.price for one in own.prices}, rel=1e-6)
    assert met == {True, False}


@pytest.mark.slow
def test_other_splits_go_as_far_and_every_sentence_is_the_same(model, page, least):
    cases = set()
    for (_, _, told), one in zip(page[0], least, strict=True):
        own, facts = added(model, one), told["facts"]
        near = ROUNDED + (1e-6 * one.increment if one.feasible else 0)
        assert facts["added_said"] == own.pop("added_said")
        for key, value in own.items():
            unknown = value is None or not own["added_met"]
            assert facts[key] == (value if unknown else pytest.approx(value, rel=1e-6, abs=near))
        cases |= {part for part in CASES if part in facts["added_said"]["en"]}
    assert cases == set(CASES)


@pytest.mark.slow
def test_shares_of_draws_are_numpys(model, page):
    for start, _, told in page[0][::10]:
        assert told["shares"] == pytest.approx(shares_of_draws(model, start), rel=1e-9)


@pytest.mark.slow
def test_the_page_draws_what_numpy_draws(model, page):
    free = [key for key, lever in model.levers.items() if not lever.choices]
    drawn = draw({key: triangular(0, 0, 1) for key in free}, DRAWS)
    assert np.allclose(1 - np.sqrt(1 - page[1]), list(drawn.values()), rtol=0, atol=1e-12)
    assert 0 < CORRELATION < 1


@pytest.mark.slow
@pytest.mark.parametrize("plan", [TOY, IRELAND])
def test_another_plan_is_answered_too(tmp_path, monkeypatch, plan):
    """Other money, groups and keys, three levels, counts and parts of a count, places' own."""
    monkeypatch.setenv("WORKBOOK_PLAN", plan)
    model = load_model(load_plan(plan))
    levels = list(model.inputs.level_names)
    drawn = random_scenarios(model, 40, seed=4)
    asked = [{key: float(values[i]) for key, values in drawn.items()} for i in range(40)]
    wanted = [targets_of(model, levels[i % len(levels)]) for i in range(40)]
    given = definition(model)
    kinds = ("price", "free", "conflict")
    nothing = {f"increment.{kind}.{key}": {"zh": "", "en": ""}
               for kind in kinds for key in wanted[0]}  # fmt: skip
    told = answered(model, given | {"words": nothing | given["words"]}, asked, wanted, tmp_path)
    for start, targets, page in zip(asked, wanted, told["found"], strict=True):
        own = model.least_increment(targets, start=start)
        assert own.feasible == ("conflict" not in page["found"])
        if own.feasible:
            spent = sum(own.weights[key] * value for key, value in own.extra.items())
            assert page["found"]["taken"] == pytest.approx(spent, rel=1e-6, abs=1e-6)
    assert any("conflict" not in page["found"] for page in told["found"])
