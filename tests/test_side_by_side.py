"""Two plans, two years, places and their groups: what is compared, and why the rest is not."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from plan_changes import YEAR_AFTER, another
from ran import run_here

import analysis
from analysis.amounts import ratio
from analysis.board.drawing import svg
from analysis.briefing import own
from analysis.briefing.comparison import pairs, plans_beside
from analysis.briefing.difference import Asked, Pair, Row, lead, why_apart
from analysis.evidence import load_evidence
from analysis.files import data_dir, plan_dir, shown
from analysis.model import load_model
from analysis.plan import load_plan
from analysis.publish import thumbnail
from analysis.text import LANGUAGES, both, said
from tests.plans import OTHERS, TOY

PLANS = Path(__file__).parent / "plans"


def of(name: str = "") -> dict[str, Pair]:
    return {pair.key: pair for pair in pairs(load_plan(name or None), load_evidence())}


def apart(pair: Pair) -> dict[str, float]:
    return {row.name["en"]: row.apart for row in pair.compared}


def test_a_district_stands_beside_what_the_city_asks_of_it() -> None:
    pair = of()["jiangan_2021-wuhan_2021"]
    assert apart(pair) == {
        "Realized investment": 709 - 569,
        "Share going to industry projects (产业项目)": 27 - 22,
        "Growth of foreign capital actually utilized": 11.5 - 8,
        "Service projects of CNY 3 billion and above": 0,
        "Headquarters projects": 0,
    }
    why = {row.name["en"]: (row.why, pair.reason(row)["en"]) for row in pair.rows if row.why}
    assert why == {
        "FDI (MOFCOM definition)": ("type", "Jiang'an 2021 sets a level, Wuhan 2021 a growth rate"),
        "Outward-oriented projects": ("lacking", "Wuhan 2021 sets no number for it"),
    }


def test_a_districts_own_page_tells_each_floor_that_the_city_sets_it() -> None:
    with shown(plan_dir("jiangan_2021")):
        found = own.beside_floors(load_plan())
        told = found["beside_named"]["en"]
    assert found["beside"] == 5
    # The district's plan has no floors: what the city sets it is called as the city calls it.
    assert found["around_least"] == {"zh": "底线", "en": "floor"}
    assert told.count(" here, ") == 5
    assert "CNY 70.9 billion (baseline) here, CNY 14 billion above the CNY 56.9 billion" in told
    assert "Outward-oriented projects: 1 here, no number of its own in Wuhan's plan" in told
    assert "Growth" not in told  # asked of the city as a whole
    assert own.beside_floors(load_plan()) == {"beside": 0}


def test_a_pair_is_the_same_from_either_side() -> None:
    assert of("jiangan_2021")["jiangan_2021-wuhan_2021"] == of()["jiangan_2021-wuhan_2021"]


def test_a_floor_that_the_plan_around_sets_is_not_called_that_plan_s_own_target() -> None:
    told = lead(of()["jiangan_2021-wuhan_2021"])
    assert "CNY 14 billion higher than the floor set for it by Wuhan 2021" in told["en"]
    assert "到位资金较武汉 2021 年方案给它的底线高 140 亿元" in told["zh"]
    assert "“Growth of foreign capital actually utilized” 3.5 points higher;" in told["en"]
    assert "than the" not in lead(of()["wuhan_2021-2018"])["en"]


def test_what_a_side_asks_is_sourced_to_its_own_document() -> None:
    city, district = load_plan("wuhan_2021"), load_plan("jiangan_2021")
    for row in plans_beside(district, city).rows:
        assert {asked.source for asked in (row.one,) if asked} <= {"jiangan_plan_2021"}
        assert {asked.source for asked in (row.other,) if asked} <= {"plan_2021"}


def test_an_earlier_year_known_by_a_bound_leaves_the_difference_bounded() -> None:
    before = of()["wuhan_2021-2020"]
    row = before.rows[0]
    assert (row.apart, row.case) == (9330 - 8600, "open")
    assert row.difference() == {"zh": "最多高 730 亿元", "en": "at most CNY 73 billion higher"}
    exact = of()["wuhan_2021-2018"].rows[0]
    assert (exact.apart, exact.case) == (9330 - 8300, "above")
    growth = next(row for row in of()["wuhan_2021-2019"].rows if row.apart < 0)
    assert growth.difference()["en"] == "4 points lower"


def test_districts_own_targets_stand_beside_all_floors() -> None:
    pair = of()["wuhan_2021-places"]
    floors = load_plan().floors
    assert len([row for row in pair.rows if row.name["en"].endswith("Investment")]) == len(floors)
    assert {name: round(value) for name, value in apart(pair).items()} == {
        "Jiang'an: Investment": 140, "Wuhan EDZ: Investment": 109, "Airport EDZ: Investment": 2,
        "Jiang'an: Industry share": 5, "Airport EDZ: Industry share": 3,
    }  # fmt: skip
    assert sum(row.why == "unknown" for row in pair.rows) == len(floors) - 3
    assert "11 were not found" in lead(pair)["en"]


def test_a_floor_of_a_districts_own_stands_beside_its_groups(tmp_path: Path) -> None:
    data = shutil.copytree(data_dir(), tmp_path / "data")
    folder = data / plan_dir().relative_to(data_dir())
    another("targets", {"who": "hongshan", "value": "700"}, who="central",
            measure="capital_in_place")(folder)  # fmt: skip
    with shown(folder):
        (pair,) = (one for one in pairs(load_plan(), load_evidence()) if "places" in one.key)
    row = next(row for row in pair.rows if row.name["en"] == "Hongshan: Investment")
    assert (row.one.least, row.other.least, row.apart) == (700, 569, 131)  # type: ignore[union-attr]


def test_the_sum_of_a_city_s_next_year_is_not_taken_from_its_district_s(tmp_path: Path) -> None:
    data = shutil.copytree(data_dir(), tmp_path / "data")
    folder = data / plan_dir().relative_to(data_dir())
    for edit in YEAR_AFTER:
        edit(folder)
    with shown(folder):
        (pair,) = (one for one in pairs(load_plan(), load_evidence()) if "jiangan" in one.key)
    why = {row.name["en"]: row.why for row in pair.rows}
    assert (
        why["Realized investment"] == "whole"
        and not why["Growth of foreign capital actually utilized"]
    )


SUM = Asked(frozenset(["capital"]), "sum", "1e8 CNY", 0, (({"zh": "", "en": ""}, 12.0),))


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (replace(SUM), ""),
        (replace(SUM, unit="1e4 CNY"), ""),
        (None, "lacking"),
        (replace(SUM, type="growth", unit="%"), "type"),
        (replace(SUM, unit="1e8 USD"), "unit"),
        (replace(SUM, scope="mofcom"), ""),
        (replace(SUM, whole=True), "whole"),
        (replace(SUM, years=4), "years"),
    ],
)
def test_only_like_is_taken_from_like_and_else_the_reason_is_said(
    other: Asked | None, why: str
) -> None:
    assert why_apart(SUM, other) == why
    pair = Pair("", {"zh": "甲", "en": "One"}, {"zh": "乙", "en": "Other"}, ())
    if why:
        told = pair.reason(Row({"zh": "", "en": ""}, SUM, other, why))
        assert all(told[lang] and "{" not in told[lang] for lang in LANGUAGES)


def test_another_scope_is_another_count() -> None:
    assert why_apart(replace(SUM, scope="city_full"), replace(SUM, scope="mofcom")) == "scope"


def test_units_of_one_thing_convert_and_others_do_not() -> None:
    assert ratio("1e8 USD", "1e4 USD") == 10_000
    assert ratio("%", "%") == 1 and ratio("1e8 USD", "1e8 CNY") is None
    wide = Row({"zh": "", "en": ""}, SUM, replace(SUM, unit="1e4 CNY", levels=(
        ({"zh": "", "en": ""}, 110_000.0),)))  # fmt: skip
    assert wide.apart == 1


@pytest.mark.parametrize("name", OTHERS)
def test_plans_without_a_measure_in_common_are_not_set_beside_each_other(name: str) -> None:
    found = of(name)
    assert not [key for key in found if "wuhan" in key or "jiangan" in key]


def test_every_pair_tells_every_measure_of_both_sides() -> None:
    for pair in of().values():
        for row in pair.rows:
            assert row.name["zh"] and row.name["en"] and (row.one or row.other)
            assert row.why or row.difference()["zh"]


# -- two plans in one process -----------------------------------------------------------------


def answer(page: analysis.Briefing, lang: str = "en") -> str:  # type: ignore[name-defined]
    words = "<place>: {target_expected:amount} asked, {floors:amount} of places"
    prose = next(view for view in page.opening(words, cards=False).children if view.part == "prose"
                 and view.payload["tag"] == "p")  # fmt: skip
    return said(prose.payload["message"], page.start, lang)


def test_pages_of_two_plans_speak_each_of_its_own_in_one_process() -> None:
    district, city = analysis.page("capital_inflow", plan="jiangan_2021"), analysis.page(
        "capital_inflow")  # fmt: skip
    told = answer(district)
    assert "Jiang'an" in told and "CNY 70.9 billion" in told
    assert "CNY 843.1 billion" in answer(city)
    assert answer(district) == told  # whichever was asked last
    assert both("publish.nav.capital_inflow")["en"] == "Realized investment"


def test_sides_are_chosen_only_where_there_are_several() -> None:
    city, district = (
        analysis.page("side_by_side", plan=plan) for plan in ("wuhan_2021", "jiangan_2021")
    )
    assert [view.part for view in city.levers().children] == ["choice"]
    assert not district.levers().children


def test_a_thumbnail_of_the_bars_is_as_wide_as_its_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_PLAN", TOY)
    page = run_here("side_by_side")
    shown = page.board.figure(page.pictures["asked"])
    drawn = thumbnail._small(shown, svg)
    assert max(map(float, re.findall(r"h(\d+\.?\d*)v", drawn))) > 80


def test_what_is_shown_ends_with_its_block_and_nests() -> None:
    here = load_plan().about.id
    with shown(plan_dir("jiangan_2021")):
        assert load_plan().about.id == "jiangan_2021"
        with shown(PLANS / "toy_2030"):
            assert load_plan().about.id == "toy_2030"
            assert set(load_model().inputs.targets) == {"funds", "green_share", "jobs"}
        assert load_plan().about.id == "jiangan_2021"
    assert load_plan().about.id == here
