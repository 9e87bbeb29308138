"""The plan's own arithmetic: what its floors and quotas add up to."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from test_datapackage import edit

from analysis import evidence
from analysis.datapackage import DataPackageError
from analysis.files import plan_dir
from analysis.plan import PlanError, UnitError, coverage, floor_share, load_plan
from analysis.publish.pages import about
from analysis.publish.surroundings import surroundings


@pytest.fixture(scope="module")
def plan():
    return load_plan()


def test_a_plan_named_by_its_id_is_found_by_a_process_that_runs_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_PLAN", "wuhan_2021")
    monkeypatch.chdir(tmp_path)
    assert (Path(surroundings()["WORKBOOK_PLAN"]) / "plan.json").is_file()


def test_floors_leave_899_to_the_expected_target(plan):
    found = coverage(plan, plan["capital_in_place"])
    assert found.guaranteed == 8431
    assert found.gaps == {"gap_expected": 899, "gap_stretch": 929}
    assert found.ratio == pytest.approx(0.904, abs=5e-4)


def test_floors_alone_give_a_share_of_35_42(plan):
    assert floor_share(plan.floors) == pytest.approx(35.42, abs=5e-3)
    assert floor_share(plan.floors) < plan["industrial_share"].expected


def test_fourteen_districts_in_three_tiers(plan):
    assert plan.tiers.set_index("tier")["districts"].to_dict() == {
        "central": 7,
        "outer": 4,
        "zone": 3,
    }
    assert len(plan.floors) == plan.floors["district"].nunique() == 14


def test_large_projects_headquarters_and_what_is_left_of_outward(plan):
    required = plan.quotas[plan.quotas["required"]].groupby("quota")["total"].sum()
    assert required.to_dict() == {
        "headquarters": 17,
        "industrial_30": 10,
        "industrial_50": 3,
        "service_30": 10,
    }
    left = plan.outward.set_index("place")
    assert left.loc["others", "projects"] == 13
    assert left.loc["others", "kind"] == "derived"


@pytest.mark.parametrize(
    ("name", "key"),
    [("光谷", "east_lake"), ("沌口", "wuhan_edz"), ("车谷", "wuhan_edz"), ("临空港", "airport"),
     ("东西湖", "airport"), ("汉南", "wuhan_edz"), ("江岸", "jiangan"), ("Hongshan", "hongshan")],
)  # fmt: skip
def test_a_district_is_known_by_its_other_names(plan, name, key):
    assert plan.district(name) == key


@pytest.mark.parametrize("name", ["西青区", "Xiqing", "东湖风景区", ""])
def test_what_is_no_district_with_a_floor_is_refused(plan, name):
    with pytest.raises(PlanError, match="place_names"):
        plan.district(name)


def test_a_share_has_no_coverage_in_money(plan):
    with pytest.raises(UnitError, match="industrial_share"):
        coverage(plan, plan["industrial_share"])
    with pytest.raises(PlanError, match="capital_in_place"):
        plan["gdp"]


def test_stretch_below_expected_is_a_fault_with_its_place(tmp_path):
    folder = shutil.copytree(plan_dir(), tmp_path / "plan")
    edit(folder, "targets.csv", 3, "value", "9000")
    with pytest.raises(DataPackageError, match=r"targets.csv, row 3, column value"):
        load_plan(folder)


def test_membership_of_tiers_is_marked_as_inferred():
    assert set(load_plan().places["kind"]) == {"inferred"}


def test_a_district_is_found_by_its_name_however_it_is_written(plan):
    for name in ("Jiangan District", "jiang’an", "JIANGAN", " 江岸区 "):
        assert plan.district(name) == "jiangan"
    assert plan.district("jianghan") == "jianghan"
    spelt = {}
    for name, key in plan.aliases.items():
        assert spelt.setdefault(name.casefold().replace("'", ""), key) == key


@pytest.mark.parametrize(("end", "told"), [("2018-12", False), ("2020-12", True)])
def test_data_that_end_before_the_base_year_are_not_told_of(monkeypatch, end, told):
    figures = pd.DataFrame({"place": ["Wuhan"], "period_end": [end]})
    monkeypatch.setattr(evidence, "load_evidence", lambda: SimpleNamespace(figures=figures))
    assert ("data up to" in about()["en"]) == told
