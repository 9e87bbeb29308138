"""Models of other plans: other money, groups, levels and kinds of measures, beside each other."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import analysis
from analysis import nested
from analysis.briefing.answers import goal
from analysis.evidence import load_evidence
from analysis.model import Model, load_model
from analysis.model.phrase import spoken
from analysis.plan import load_plan
from analysis.scenario import Scenario, offer
from tests.model.conftest import lever_values
from tests.plans import OTHERS
from tests.plans import TOY as TOY_2030

TOY, IRELAND, JIANGAN = (load_model(load_plan(name)) for name in (*OTHERS, "jiangan_2021"))


def test_a_places_own_floor_comes_before_its_groups() -> None:
    floor = load_plan(TOY_2030).floor("funds")
    assert floor.to_dict() == {"ada": 150, "bel": 150, "cor": 80, "dun": 100}
    # A plan that names no floor asks its lowest level of each place.
    regions = load_plan("ireland_2021_2024").floor("investments")
    assert (regions["west"], regions.sum()) == (76, 800)


def test_sums_shares_and_counts_follow_from_the_plans_own_rows() -> None:
    found = TOY.evaluate({})
    assert found["funds_total"] == 480
    assert found["green_share"] == pytest.approx((300 * 20 + 180 * 40) / 480)
    margins = [found[f"funds_margin_{level}"] for level in ("low", "middle", "high")]
    assert margins == [-20, -40, -80]
    assert found["jobs_margin_high"] == 900 - 1200
    assert not [key for key in found if "fdi" in key or "foreign" in key or "credited" in key]


def test_several_scenarios_stand_at_the_defaults_of_the_model_that_is_asked() -> None:
    lever = [one for one in TOY.levers if one.startswith(("uplift_", "share_"))]
    given = [{lever[0]: 10.0}, {lever[-1]: TOY.levers[lever[-1]].high}]
    asked = [Scenario(one, model=TOY) for one in given]
    found = analysis.evaluate(asked, ["funds_total", "green_share"], model=TOY)
    for at, one in enumerate(asked):
        alone = TOY.evaluate(dict(one.levers), ["funds_total", "green_share"])
        assert found.iloc[at].to_dict() == pytest.approx(alone)


def test_counts_parts_and_growth_of_a_plan_of_four_years() -> None:
    outside = [
        f"uplift_{group}" for group in IRELAND.inputs.of_groups["regional_investments_total"]
    ]
    found = IRELAND.evaluate(dict.fromkeys(outside, 10.0))
    assert found["investments_total"] == pytest.approx(840)
    assert found["investments_margin_target"] == pytest.approx(40)
    assert found["regional_investments_total"] == pytest.approx(440)
    assert found["jobs_margin_target"] == found["client_expenditure_margin_target"] == 0
    own = IRELAND.evaluate({"uplift_west": 100}, bounds=False)
    assert (own["investments_total"], own["regional_investments_total"]) == (876, 476)
    # The targets of the eight regions are the whole's, and those outside Dublin the part's.
    assert [key for key, of in IRELAND.evaluate({}).items() if "margin" in key and of] == []
    assert found["investments_growth_on_base"] == pytest.approx(100 * (840 / 4 / 246 - 1))


def test_a_part_of_a_count_moves_with_the_groups_that_it_is_of() -> None:
    asked = {"regional_investments_total": 450, "jobs_total": 60_000}
    found = IRELAND.least_increment(asked)
    assert found.levers["uplift_west_region"] == pytest.approx(12.5)
    assert found.levers["uplift_dublin_region"] == 0 and found.levers["jobs_all"] == 60_000
    sought = IRELAND.seek("regional_investments_total", 450, "uplift_south_west_region")
    assert sought.reached and sought.value == pytest.approx(100 * 50 / 118)
    beyond = IRELAND.least_increment({"regional_investments_total": 700})
    assert beyond.conflict[0].reach == pytest.approx(600)
    told = {target["key"] for target in goal(load_plan("ireland_2021_2024"), IRELAND)["targets"]}
    assert told == {IRELAND.inputs.outcome_of[key] for key in IRELAND.inputs.targets}


def test_a_year_like_the_one_before_is_as_many_in_each_year_of_the_plan() -> None:
    before = offer(IRELAND).presets[-1].scenario
    found = before.outcomes(IRELAND, ["investments_total", "investments_growth_on_base"])
    assert found["investments_total"] == pytest.approx(4 * 246, abs=1e-3)
    assert found["investments_growth_on_base"] == pytest.approx(0, abs=1e-4)


def test_a_plan_of_one_place_has_its_sum_and_share_as_levers() -> None:
    found = JIANGAN.evaluate({"capital_all": 711, "share_all": 31})
    assert found["capital_total"] == 711
    assert found["industrial_share"] == pytest.approx(31)
    assert found["industrial_capital"] == pytest.approx(711 * 0.31)
    assert (found["capital_margin_expected"], found["capital_margin_stretch"]) == (2, 0)
    assert not [key for key in found if key.startswith(("uplift", "coverage_", "credited"))]
    assert JIANGAN.inputs.override_keys == () and JIANGAN.inputs.lever_floors == {}


def test_the_least_increment_of_a_plan_of_one_place_by_hand() -> None:
    """From 709 at 27% to 711 at 31%: 2 new, which bring 27% of it, and the rest moved."""
    found = JIANGAN.least_increment("stretch")
    assert found.new_capital == pytest.approx(2)
    assert found.moved_capital == pytest.approx(0.31 * 711 - 0.27 * 711)
    assert found.levers["capital_all"] == pytest.approx(711)
    assert found.levers["share_all"] == pytest.approx(31)
    edge = JIANGAN.reach(5)
    assert edge["capital_total"].tolist() == pytest.approx([500, 587.5, 675, 762.5, 850])
    assert edge["least_share"].max() == 0 and edge["most_share"].min() == pytest.approx(50)


def test_a_least_increment_says_what_each_lever_adds_in_the_readers_units(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Growths and levels, too; a target's level as its card writes it."""
    monkeypatch.setenv("WORKBOOK_PLAN", "jiangan_2021")
    said = spoken(JIANGAN.least_increment("stretch").say())
    assert "CNY 71.1 billion for “Realized investment” is binding" in said["en"]
    assert "a target CNY 1 billion higher takes CNY 1.04 billion more" in said["en"]
    assert "“Growth of foreign capital actually utilized” has to rise by 2.2 points." in said["en"]
    assert "“商务部口径外资（FDI）”还须增加 396 万美元。" in said["zh"]
    assert "has to rise" not in spoken(JIANGAN.least_increment("expected").say())["en"]
    assert (
        "“Jobs: total” has to rise by 300 jobs." in spoken(TOY.least_increment("high").say())["en"]
    )
    capital = spoken(JIANGAN.least_increment({"capital_total": 900}).say())["en"]
    assert "“Realized investment” is to be CNY 90 billion; while the others hold" in capital
    assert "it reaches CNY 85 billion at most" in capital
    monkeypatch.setenv("WORKBOOK_PLAN", TOY_2030)
    assert (
        "“Jobs: total” has to rise by 300 jobs." in spoken(TOY.least_increment("high").say())["en"]
    )


def test_a_least_increment_shows_itself_in_its_plans_units() -> None:
    found = IRELAND.least_increment("target", start={"uplift_dublin_region": -20})
    assert (found.units["uplift_west_region"], found.units["jobs_all"]) == ("investments", "jobs")
    assert found.units["client_expenditure_growth"] == "points"
    shown = repr(TOY.least_increment("high")) + TOY.least_increment("high")._repr_html_()
    assert "EUR 140 million" in shown and "CNY" not in shown


def test_a_plan_stands_beside_the_floors_of_the_plan_around_it() -> None:
    plan = load_plan("jiangan_2021")
    around = nested.parent(plan)
    assert around is not None and around.about.id == "wuhan_2021"
    assert nested.floors(plan) == {"capital_in_place": 569, "industrial_share": 22}
    each = nested.quotas(plan).set_index("quota")[["each", "floor"]]
    assert each.loc["service_30"].tolist() == each.loc["headquarters"].tolist() == [1, 1]
    assert each.at["outward", "each"] == 1 and np.isnan(each.at["outward", "floor"])
    # Without a plan of what it lies in there is nothing to set it beside.
    alone = load_plan(TOY_2030)
    assert nested.parent(alone) is None and nested.floors(alone) == {}
    assert [one.key for one in offer(JIANGAN).presets] == ["expected", "stretch", "city_floor"]
    floor = offer(JIANGAN).presets[-1].scenario.levers
    assert dict(floor) == {"capital_all": 569, "share_all": 22}


def test_a_plan_holds_what_its_publication_says_and_no_more() -> None:
    """Each of its numbers stands in the evidence, too, with the same source."""
    plan, figures = load_plan("jiangan_2021"), load_evidence().figures
    of_it = figures[figures["source"].eq("jiangan_plan_2021")].set_index("series")["value"]
    kept = {"1e4 USD": 1e-4}  # the evidence has these in 1e8
    asked = {
        f"{key}_target_{level}": value * kept.get(one.unit, 1)
        for key, one in plan.targets.items()
        for level, value in one.levels.items()
    }
    quotas = plan.table("quotas")
    assert quotas["who"].eq("jiangan").all() and len(asked) + len(quotas) == len(of_it)
    assert asked == of_it[list(asked)].to_dict()
    assert quotas["each"].tolist() == of_it.drop(list(asked)).tolist()
    for table in ("targets", "quotas"):
        rows = plan.table(table)
        assert set(rows["source"]) == {"jiangan_plan_2021"}
        assert set(rows["section"]) == {"一、工作目标"} and set(rows["kind"]) == {"stated"}


def test_plans_stand_beside_each_other_in_one_process() -> None:
    wuhan = load_model()
    before = wuhan.evaluate({})
    assert TOY.evaluate({"uplift_coast": 10})["funds_total"] == pytest.approx(510)
    assert wuhan.evaluate({}) == before
    assert set(wuhan.levers) & set(IRELAND.levers) == {"base_year"}
    assert [preset.key for preset in offer(TOY).presets] == ["floors", "high"]
    assert not offer(TOY).faults


@pytest.mark.parametrize("model", [TOY, IRELAND, JIANGAN], ids=["toy", "ireland", "jiangan"])
@given(data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_gradients_are_the_slopes_of_any_plan(model: Model, data: st.DataObject) -> None:
    levers = data.draw(lever_values(model))
    total = model.inputs.what_if[0]
    at = model.evaluate(levers, [total])[total]
    for lever, slope in model.gradient(total, levers).items():
        moved = (model.defaults | levers)[lever] + 1.0
        step = model.evaluate(levers | {lever: moved}, [total], bounds=False)[total] - at
        assert step == pytest.approx(slope, rel=1e-9, abs=1e-9)  # a sum is linear in each


def test_the_least_increment_meets_three_levels_of_a_plan() -> None:
    amounts = []
    for level in ("low", "middle", "high"):
        asked = {key: levels[level] for key, levels in TOY.inputs.targets.items() if key != "jobs"}
        found = TOY.least_increment(asked)
        assert found.feasible
        assert found.outcomes["funds_total"] >= TOY.inputs.targets["funds"][level] - 1e-6
        assert found.outcomes["green_share"] >= TOY.inputs.targets["green_share"][level] - 1e-6
        amounts.append(found.increment)
    assert amounts == sorted(amounts) and amounts[0] > 0
    with pytest.raises(ValueError, match="low, middle, high"):
        TOY.least_increment("stretch")


def test_a_third_group_needs_its_rows_alone(tmp_path: Path) -> None:
    folder = shutil.copytree(TOY_2030, tmp_path / "toy")
    for table, row in (
        ("groups", "isles,群岛,Isles,群岛,Isles,i,false,none,toy,,illustrative,low"),
        ("places", "eel,isles,鳗岛,Eel,鳗岛,Eel,,,鳗岛,Eel,2,0,none,toy,,illustrative,low"),
        ("targets", "funds,floor,isles,2030,60,lower,1e6 EUR,toy,,illustrative,low"),
        ("targets", "green_share,floor,isles,2030,10,lower,%,toy,,illustrative,low"),
    ):
        with (folder / f"{table}.csv").open("a", encoding="utf-8") as stream:
            stream.write(row + "\n")
    model = load_model(load_plan(folder))
    found = model.evaluate({"uplift_isles": 50})
    assert found["funds_isles"] == pytest.approx(90)
    assert found["funds_total"] == pytest.approx(570)
    assert model.outcomes["funds_isles"].name_en == "Funds: Isles"
    assert np.isclose(sum(found[f"funds_{g}"] for g in ("coast", "hills", "isles")), 570)
