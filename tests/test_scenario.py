"""Scenarios as values: JSON, links, presets, differences."""

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import load_model
from analysis.plan import load_plan
from analysis.scenario import Scenario, ScenarioError, presets, table
from analysis.scenario.value import read_number
from analysis.study import compare

MODEL = load_model()


def values(keys):
    def of(key):
        lever = MODEL.inputs.lever_of(key)
        if lever.choices:
            return st.sampled_from(lever.choices)
        return st.floats(lever.low, lever.high)

    return st.fixed_dictionaries({}, optional={key: of(key) for key in keys})


SCENARIOS = st.builds(
    Scenario,
    values(MODEL.levers),
    values(MODEL.inputs.override_keys),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)


@pytest.mark.slow
@settings(max_examples=200)
@given(SCENARIOS)
def test_link_and_back_gives_the_same_outcomes(scenario):
    link = scenario.to_link()
    back = Scenario.from_link(link)
    assert back == scenario.trimmed()
    assert back.to_link() == link
    keys = ["capital_total"]
    assert back.outcomes(keys=keys) == scenario.trimmed().outcomes(keys=keys)
    # A district that has its group's uplift as its own is summed in another order.
    assert back.outcomes(keys=keys) == pytest.approx(scenario.outcomes(keys=keys), rel=1e-13)


@settings(max_examples=200)
@given(st.text(max_size=60) | st.from_regex(r"v1(;[a-z_]{1,20}=[-0-9.e]{1,8}){0,4}"))
def test_any_text_gives_a_scenario_or_a_clear_error(text):
    try:
        assert isinstance(Scenario.from_link(text), Scenario)
    except ScenarioError as error:
        assert str(error)


def test_a_link_is_short_readable_and_names_only_what_differs():
    scenario = Scenario({"uplift_zone": 12.5, "share_central": 30, "fdi_growth": 15})
    assert scenario.to_link() == "v1;share_central=30;uplift_zone=12.5"
    assert Scenario().to_link() == "v1"


@pytest.mark.parametrize(
    ("link", "word"),
    [
        ("", "begins with v1"),
        ("uplift_zone=1", "begins with v1"),
        ("v2;uplift_zone=1", "newer"),
        ("v0;uplift_zone=1", "unknown"),
        ("v1;no_such=1", "unknown lever 'no_such'"),
        ("v1;uplift_zone=1000", "outside"),
        ("v1;uplift_zone=abc", "no number"),
        ("v1;uplift_zone=nan", "no number"),
        ("v1;uplift_zone=1e999", "not finite"),
        ("v1;uplift_zone", "lever=value"),
        ("v1;uplift_zone=1;uplift_zone=2", "twice"),
        ("v1;base_year=2019.5", "not one of"),
        ("v1;uplift_nowhere=1", "unknown lever"),
        ("v1;" + "x" * 5000, "at most"),
    ],
)
def test_a_bad_link_says_why(link, word):
    with pytest.raises(ScenarioError, match=word):
        Scenario.from_link(link)


CASES = json.loads((Path(__file__).parents[1] / "js/test/numbers.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "value"), CASES["numbers"])
def test_a_number_is_read_as_the_browser_reads_it(text, value):
    if value is None:
        with pytest.raises(ScenarioError, match="no number"):
            read_number("lever", text)
    else:
        assert read_number("lever", text) == value


@pytest.mark.parametrize(("link", "levers"), CASES["links"])
def test_a_link_is_read_as_the_browser_reads_it(link, levers):
    if levers is None:
        with pytest.raises(ScenarioError):
            Scenario.from_link(link)
    else:
        assert dict(Scenario.from_link(link).levers) == levers


def test_a_refused_value_is_said_whole():
    with pytest.raises(ScenarioError, match=r"70\.0001 lies outside -30 to 70"):
        Scenario.from_link("v1;uplift_zone=70.0001")


def test_a_scenario_is_a_value():
    one = Scenario({"uplift_zone": 1, "share_zone": 55}, {"uplift_airport": 3})
    same = Scenario({"share_zone": 55.0, "uplift_zone": 1.0}, {"uplift_airport": 3})
    assert one == same and hash(one) == hash(same) and one != Scenario()
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(TypeError):
        one.levers["uplift_zone"] = 2
    with pytest.raises(AttributeError):
        one.name = "other"
    for wrong in ("1", None, True, float("nan"), float("inf")):
        with pytest.raises(ScenarioError):
            Scenario({"uplift_zone": wrong})


PRESETS = {preset.key: preset for preset in presets()}


def test_presets_are_the_six_and_say_what_they_stand_on():
    assert list(PRESETS) == [
        "floors", "repeat_base", "expected", "stretch", "least_increment", "reported",
    ]  # fmt: skip
    for preset in PRESETS.values():
        assert preset.name_zh and preset.name_en and preset.note_zh and preset.note_en
        assert preset.source and preset.kind
        assert Scenario.from_link(preset.scenario.to_link()) == preset.scenario


def test_floors_preset_is_8431_and_short_of_both():
    found = PRESETS["floors"].scenario.outcomes()
    assert found["capital_total"] == 8431
    assert found["capital_margin_expected"] < 0 and found["industrial_margin_expected"] < 0


@pytest.mark.parametrize("level", ["expected", "stretch"])
def test_target_presets_meet_all_four_and_hardly_more(level):
    found = PRESETS[level].scenario.outcomes()
    for key in ("capital", "industrial", "foreign_capital", "fdi"):
        assert 0 <= found[f"{key}_margin_{level}"] < 0.02


def test_least_increment_preset_meets_the_stretch_targets():
    found = PRESETS["least_increment"].scenario.outcomes()
    for key in ("capital", "industrial", "foreign_capital", "fdi"):
        assert 0 <= found[f"{key}_margin_stretch"] < 0.02


def test_repeated_year_does_not_grow():
    found = PRESETS["repeat_base"].scenario.outcomes()
    assert found["capital_growth_on_base"] == pytest.approx(0, abs=1e-3)
    assert found["foreign_capital_level"] == found["foreign_capital_base"]


def test_reported_year_stands_on_the_published_bound():
    found = PRESETS["reported"].scenario.outcomes()
    reported = MODEL.inputs.reported["capital_total"]
    assert found["capital_total"] == pytest.approx(reported, abs=0.02)
    assert reported == load_plan()["capital_in_place"].expected


def test_two_side_by_side_name_what_differs_and_nothing_else():
    found = compare(Scenario(), Scenario({"uplift_zone": 10})).droplevel("kind")
    assert found.loc["uplift_zone", "change"] == 10
    assert found.loc["capital_total", "change"] == pytest.approx(217.2)
    assert "capital_central" not in found.index
    assert compare(Scenario(), Scenario({"uplift_zone": 0})).empty


def test_a_district_of_its_own_is_compared_with_its_tier():
    both = Scenario({"uplift_zone": 4}), Scenario({"uplift_zone": 4}, {"uplift_airport": 6})
    row = compare(*both).loc[("lever", "uplift_airport")]
    assert (row["scenario 1"], row["scenario 2"], row["change"]) == (4, 6, 2)


def test_table_puts_many_side_by_side():
    found = table([preset.scenario for preset in PRESETS.values()], outcomes=["capital_total"])
    assert list(found.columns) == list(PRESETS)
    assert found.loc[("outcome", "capital_total"), "floors"] == 8431
    assert found.loc[("lever", "uplift_zone"), "floors"] == 0
    with pytest.raises(ScenarioError, match="same name"):
        table([Scenario(name="a"), Scenario({"uplift_zone": 1}, name="a")])
