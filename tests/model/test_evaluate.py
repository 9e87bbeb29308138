"""The numbers: by hand, by shape, and against finite differences."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import LeverError, load_model
from analysis.model.definition import define, symbol
from analysis.plan import load_plan
from tests.model.conftest import lever_values, random_scenarios

MODEL = load_model()


def test_floors_reach_8431_and_miss_both_city_targets(model):
    found = model.evaluate()
    assert found["capital_total"] == 8431
    assert found["capital_margin_expected"] == -899
    assert found["capital_margin_stretch"] == -929
    assert round(found["industrial_share"], 2) == 35.42
    assert found["industrial_margin_expected"] < 0 > found["industrial_margin_stretch"]


def test_targets_are_hardly_above_the_year_before(model):
    plan = load_plan()
    target = plan["capital_in_place"]
    growth = {}
    for level in ("expected", "stretch"):
        wanted = getattr(target, level)
        at = model.seek("capital_total", wanted, "uplift_zone").value
        growth[level] = model.evaluate({"uplift_zone": at})["capital_growth_on_base"]
    assert round(growth["expected"], 2) == 0.02
    assert round(growth["stretch"], 2) == 0.34


def test_base_year_changes_growth_and_nothing_of_the_total(model):
    year_before, earlier = model.evaluate(), model.evaluate({"base_year": 2019})
    assert earlier["capital_total"] == year_before["capital_total"]
    assert earlier["capital_growth_on_base"] > year_before["capital_growth_on_base"]


def test_a_level_without_a_published_base_is_an_index_and_says_so(model):
    found = model.evaluate({"fdi_growth": 15})
    assert found["fdi_base_known"] == 0
    assert found["fdi_level"] == pytest.approx(115)
    assert model.outcomes["fdi_level"].unit == "index"


@pytest.mark.parametrize("scope", ["foreign_capital", "fdi"])
def test_the_unit_of_a_level_agrees_with_whether_its_base_is_known(model, scope):
    known = model.evaluate()[f"{scope}_base_known"]
    assert (model.outcomes[f"{scope}_level"].unit == "index") == (known == 0)


def test_growth_in_cny_is_growth_in_usd_when_the_rate_stays(model):
    held = {"exchange_rate": model.evaluate()["exchange_rate_base"], "fdi_growth": 15}
    assert model.evaluate(held)["fdi_growth_cny"] == pytest.approx(15)


def test_signed_amount_grows_with_the_lag(model):
    none = model.evaluate({"conversion": 50, "conversion_lag": 0})
    half = model.evaluate({"conversion": 50, "conversion_lag": 6})
    assert none["signed_required"] == pytest.approx(2 * none["capital_total"])
    assert half["signed_required"] == pytest.approx(2 * none["signed_required"])


def test_shapes_broadcast(model):
    uplift = np.linspace(0, 10, 5)[:, None]
    share = np.linspace(40, 60, 3)[None, :]
    found = model.evaluate({"uplift_zone": uplift, "share_zone": share})
    assert found["industrial_share"].shape == (5, 3) == found["capital_total"].shape
    one = model.evaluate({"uplift_zone": 10.0, "share_zone": 60.0})
    assert found["industrial_share"][-1, -1] == one["industrial_share"]
    assert isinstance(one["industrial_share"], float)


def test_only_what_is_asked_for(model):
    assert list(model.evaluate(None, ["industrial_share"])) == ["industrial_share"]
    with pytest.raises(KeyError, match="no_such"):
        model.evaluate(None, ["no_such"])


@pytest.mark.parametrize(
    ("levers", "word"),
    [
        ({"no_such": 1}, "unknown lever"),
        ({"uplift_zone": "1"}, "no number"),
        ({"uplift_zone": None}, "no number"),
        ({"uplift_zone": True}, "no number"),
    ],
)
def test_wrong_levers_are_refused(model, levers, word):
    with pytest.raises(LeverError, match=word):
        model.evaluate(levers)


@pytest.mark.slow
def test_a_district_may_have_its_own_levers(model):
    city = model.evaluate()
    own = model.evaluate({"uplift_east_lake": 50, "share_jiangan": 32})
    floors = model.inputs.floors
    assert own["capital_total"] - city["capital_total"] == pytest.approx(floors["east_lake"] / 2)
    moved = own["industrial_central"] - city["industrial_central"]
    assert moved == pytest.approx(floors["jiangan"] * 0.10)


def test_a_tiers_lever_is_its_districts_default(model):
    tier = model.evaluate({"uplift_zone": 12.5, "share_zone": 55})
    each = {f"uplift_{d}": 12.5 for d in model.inputs.members["zone"]}
    each |= {f"share_{d}": 55.0 for d in model.inputs.members["zone"]}
    by_district = model.evaluate(each)
    for key, value in tier.items():
        assert by_district[key] == pytest.approx(value, rel=1e-12, nan_ok=True)


def test_definition_by_district_becomes_the_one_by_tier(model):
    """Symbolically: with districts at their tier's levers, every equation is the same."""
    tiers = define(model.inputs).in_levers()
    districts = define(model.inputs, by_district=True).in_levers()
    same = {
        symbol(f"{kind}_{d}"): symbol(f"{kind}_{tier}")
        for kind in ("uplift", "share")
        for d, tier in model.inputs.tier_of.items()
    }
    for key in ("capital_total", "industrial_share", "credited_jiangan", "credited_airport"):
        assert sp.simplify(districts[key].xreplace(same) - tiers[key]) == 0


@pytest.mark.parametrize("by_district", [False, True])
def test_credited_capital_provably_leaves_the_total(model, by_district):
    resolved = define(model.inputs, by_district).in_levers()
    assert sp.simplify(sp.expand(resolved["credited_total"] - resolved["capital_total"])) == 0


def test_benefit_sharing_does_move_capital_between_districts(model):
    shared = model.evaluate({"benefit_share": 50})
    kept = model.evaluate({"benefit_share": 0})
    assert shared["credited_jiangan"] > kept["credited_jiangan"]
    assert shared["credited_airport"] < kept["credited_airport"]


@settings(max_examples=150)
@given(lever_values(MODEL, districts=True))
def test_no_scenario_lets_crediting_change_the_total(levers):
    found = MODEL.evaluate(levers, ["credited_total", "capital_total"])
    assert found["credited_total"] == pytest.approx(found["capital_total"], rel=1e-12)


@settings(max_examples=100)
@given(lever_values(MODEL), st.data())
def test_gradient_agrees_with_finite_differences(levers, data):
    outcome = data.draw(st.sampled_from(list(MODEL.outcomes)))
    at = MODEL.defaults | levers
    for lever, slope in MODEL.gradient(outcome, at).items():
        step = 1e-4 * max(1.0, abs(at[lever]))
        around = np.array([at[lever] - step, at[lever] + step])
        low, high = MODEL.evaluate(at | {lever: around}, [outcome], bounds=False)[outcome]
        scale = max(1.0, abs(slope))
        assert (high - low) / (2 * step) == pytest.approx(slope, abs=1e-6 * scale)


def test_gradient_takes_arrays(model):
    drawn = random_scenarios(model, 7, seed=1)
    slopes = model.gradient("industrial_share", drawn)
    first = {key: float(values[0]) for key, values in drawn.items()}
    assert slopes["share_zone"].shape == (7,)
    assert slopes["share_zone"][0] == pytest.approx(
        model.gradient("industrial_share", first)["share_zone"]
    )


def test_every_outcome_is_described_and_every_description_computed(model):
    assert set(model.inputs.outcomes) == set(model.compiled.order)
    for outcome in model.outcomes.values():
        assert outcome.name_zh and outcome.name_en and outcome.unit and outcome.symbol
        assert "{" not in outcome.name_zh + outcome.name_en + outcome.unit


def test_every_lever_says_why_and_holds_its_default(model):
    for lever in model.levers.values():
        assert lever.reason_zh and lever.reason_en and lever.kind and lever.source
        assert lever.check(lever.default) == lever.default


def test_lever_defaults_follow_the_plan(model):
    plan = load_plan()
    for tier in model.inputs.members:
        floor = plan.floors.loc[plan.floors["tier"] == tier, "industrial_share_floor"].iloc[0]
        assert model.levers[f"share_{tier}"].default == floor
    assert model.levers["fdi_growth"].default == plan["fdi_growth"].expected
