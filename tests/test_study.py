"""What `import analysis` gives: every name documented, its example run, its frames tidy."""

from __future__ import annotations

import doctest
import inspect
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import altair as alt
import pandas as pd
import pytest

import analysis
from analysis.evidence import EvidenceError, ScopeError
from analysis.model import LeverError
from analysis.plan import PlanError

ARRIVALS = """到账编号,项目编号,所属区,到位日期,到位资金（万元）
1,A1,江岸区,2021-03-05,12000
2,A1,江岸区,2021-03-25,8000
3,A2,光谷,2021-04-02,30000
4,A3,不存在的区,2021-04-02,30000
"""

MODULES = [f"study.{name}" for name in ("evidence", "scenarios", "ledgers", "package", "pages")]
MODULES += ["plan", "evidence.tables", "model", "scenario.presets", "names", "words"]
VERBS = [name for name in analysis.__all__ if inspect.isfunction(getattr(analysis, name))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    module = import_module(f"analysis.{name}")
    found = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted and not found.failed


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_has_an_example(name):
    doc = inspect.getdoc(getattr(analysis, name)) or ""
    assert ">>>" in doc and doc.splitlines()[0].endswith(".")


def test_the_names_are_listed_and_fetched_late():
    code = "import sys, analysis; print(len(dir(analysis)), 'pandas' in sys.modules)"
    told = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert told == [str(len(analysis.__all__)), "False"]


def test_a_wrong_name_is_answered_with_the_nearest():
    with pytest.raises(AttributeError, match="did you mean 'evaluate'"):
        analysis.evaluat  # noqa: B018
    for wrong, error, near in [
        (lambda: analysis.figures("foreign_capital"), EvidenceError, "foreign_capital_utilised"),
        (lambda: analysis.figures("gdp", "Wuhann"), EvidenceError, "Wuhan"),
        (lambda: analysis.series("gdp", ["Wuhan", "Hubei"]), EvidenceError, "for Hubei"),
        (lambda: analysis.evaluate(uplift_zones=1), LeverError, "uplift_zone"),
        (lambda: analysis.evaluate({}, ["capital_margin"]), KeyError, "capital_margin_expected"),
        (lambda: analysis.seek("capital_totl", 1, "uplift_zone"), KeyError, "capital_total"),
        (lambda: analysis.load_plan()["capital_inplace"], PlanError, "capital_in_place"),
        (lambda: analysis.page("capital_inflo"), KeyError, "capital_inflow"),
        (lambda: analysis.report("2021-09", "Jiangann"), PlanError, "Jiangan"),
    ]:  # fmt: skip
        with pytest.raises(error, match=f"did you mean '{near}'|{near}"):
            wrong()


def test_what_is_handed_out_is_the_caller_s_own():
    mine = analysis.load_plan()
    mine.floors.loc[:, "capital_floor"] = 0
    mine.targets.clear()
    with pytest.raises(TypeError):
        analysis.load_model().levers["uplift_zone"] = 1  # type: ignore[index]
    assert analysis.load_plan().floors["capital_floor"].gt(0).all()
    assert analysis.load_plan().targets


def test_bounds_are_said_unless_one_looks_beyond_them():
    many = {"uplift_zone": [0, 300]}
    for beyond in ({"uplift_zone": 300}, many, pd.DataFrame(many)):
        with pytest.raises(LeverError, match="-30 to 70"):
            analysis.evaluate(beyond)
    assert analysis.evaluate(uplift_zone=300, bounds=False)["capital_total"] > 9360


MODEL, EVIDENCE = analysis.load_model(), analysis.load_evidence()
BEYOND, WITHIN = {"uplift_zone": 300}, analysis.Scenario(uplift_zone=10)
REFUSED = [
    (lambda: EVIDENCE.select(series="utilised_foreign_capital"), "foreign_capital_utilised"),
    (lambda: MODEL.evaluate(BEYOND), "-30 to 70 %"),
    (lambda: MODEL.evaluate(pd.DataFrame({"uplift_zone": [0, 300]})), "-30 to 70 %"),
    (lambda: MODEL.evaluate(uplift_jiangan=900), "uplift_jiangan: 900 lies outside"),
    (lambda: MODEL.evaluate(uplift_zon=10), "did you mean 'uplift_zone'"),
    (lambda: MODEL.evaluate(7), "a Scenario or a frame"),
    (lambda: MODEL.evaluate({}, ["capital_margin"]), "did you mean 'capital_margin_"),
    (lambda: MODEL.seek("capital_totl", 1, "uplift_zone"), "did you mean 'capital_total'"),
    (lambda: MODEL.seek("capital_total", 1, "uplift_zone", {"uplift_outer": 99}), "-30 to 50 %"),
    (lambda: analysis.Scenario(BEYOND).outcomes(), "-30 to 70 %"),
    (lambda: analysis.Scenario(uplift_zon=10), "did you mean 'uplift_zone'"),
    (lambda: analysis.compare(analysis.Scenario(BEYOND)), "-30 to 70 %"),
    (lambda: analysis.chances({"uplift_zone": (0, 300)}), "-30 to 70 %"),
    (lambda: analysis.chances({"uplift_zone": 5}), "low, most likely, high"),
    (lambda: analysis.tornado("capital_total", {"uplift_zone": (0, 300)}), "-30 to 70 %"),
    (lambda: analysis.grid(uplift_zone=[0, 300]), "-30 to 70 %"),
    (lambda: analysis.grid(5), "lever -> value"),
    (lambda: analysis.least_increment({"capital_totl": 1}), "did you mean 'capital_total'"),
    (lambda: analysis.page("capital_inflo"), "did you mean 'capital_inflow'"),
    (lambda: analysis.page("fdi_growth", plan="jiangan_2021"), "has nothing for: Growth"),
    (lambda: analysis.load_plan("folder"), "name a plan's folder"),
    (lambda: analysis.load_plan("irland"), "did you mean 'ireland_2021_2024'"),
]


@pytest.mark.parametrize(("asked", "told"), REFUSED, ids=[told for _, told in REFUSED])
def test_what_cannot_be_is_refused_in_words_by_the_face_and_by_the_objects(asked, told):
    with pytest.raises((ValueError, LookupError, TypeError), match=told):
        asked()


def test_the_model_takes_levers_in_any_form_and_looks_beyond_bounds_where_asked_to():
    ten = MODEL.evaluate({"uplift_zone": 10})
    assert MODEL.evaluate(uplift_zone=10) == MODEL.evaluate(WITHIN) == WITHIN.outcomes() == ten
    many = MODEL.evaluate(pd.DataFrame({"uplift_zone": [0, 10]}), ["capital_total"])
    assert many["capital_total"][1] == ten["capital_total"]
    assert MODEL.evaluate(BEYOND, bounds=False)["capital_total"] > 9360
    drawn = MODEL.seek("capital_total", 9330, "uplift_zone")
    assert "reached" in (inspect.getdoc(MODEL.seek) or "") and drawn.reached


def test_scenarios_in_any_form_have_the_same_outcomes():
    one = analysis.evaluate(uplift_zone=10, share_zone=40)
    same = analysis.Scenario({"uplift_zone": 10, "share_zone": 40}, name="mine")
    frame = pd.DataFrame({"uplift_zone": [10.0], "share_zone": [40.0]}, index=["mine"])
    assert analysis.evaluate(same).equals(one)
    for many in (frame, [same]):
        assert analysis.evaluate(many).loc["mine"].to_list() == one.to_list()
    assert one.attrs["units"]["capital_total"] == "1e8 CNY"
    held = analysis.evaluate(frame.assign(uplift_zone=0.0), uplift_zone=10)
    assert held.loc["mine"].to_list() == one.to_list()


def test_a_series_has_one_row_a_year_and_keeps_to_one_count():
    city = analysis.series("foreign_capital_utilised", "Wuhan")
    assert city["year"].is_unique and city["year"].dtype == int
    assert city.set_index("year").at[2016, "bound"] == "exact"
    assert city.attrs["unit"] == "1e8 USD" and set(city.attrs["sources"]) == set(city["source"])
    with pytest.raises(ScopeError):
        analysis.series("fdi_mofcom_cny", "China")
    pair = ["Wuhan", "Beijing"]
    apart = analysis.series(
        "foreign_capital_utilised", pair, mixed=True, scope=["city_full", "unstated"]
    )
    assert set(apart["place"]) == set(pair)


def test_a_grid_as_a_cube_has_an_axis_a_lever_and_units():
    frame = analysis.grid(uplift_zone=[0, 10], share_zone=3, outcomes=["capital_total"])
    cube = analysis.cube(frame)
    assert dict(cube.sizes) == {"uplift_zone": 2, "share_zone": 3}
    units = {name: cube[name].attrs["units"] for name in [*cube.coords, *cube]}
    assert units == {"uplift_zone": "%", "share_zone": "%", "capital_total": "1e8 CNY"}
    found = cube["capital_total"].sel(uplift_zone=10).isel(share_zone=1).item()
    assert found == analysis.evaluate(uplift_zone=10)["capital_total"]


@pytest.fixture
def arrivals(tmp_path: Path) -> Path:
    file = tmp_path / "arrivals.csv"
    file.write_text(ARRIVALS, encoding="utf-8")
    return file


def test_a_ledger_s_frames_are_ready_to_reckon_with(arrivals):
    mine = analysis.read_ledger(arrivals)
    rows = mine.arrivals
    sums = rows.groupby(["district", rows["date"].dt.month])["amount"].sum()
    assert sums.to_dict() == {("jiangan", 3): 2.0, ("east_lake", 4): 3.0}
    assert rows.attrs["units"] == {"amount": "1e8 CNY"}
    assert mine.quarantine["value"].tolist() == ["不存在的区"]


def shown(ledger: Path) -> dict[str, object]:
    model = analysis.load_model()
    return {
        "plan": analysis.load_plan(),
        "evidence": analysis.load_evidence(),
        "model": model,
        "lever": model.levers["uplift_zone"],
        "scenario": analysis.Scenario({"uplift_zone": 10}),
        "figure": analysis.load_evidence().value("capital_in_place", "Wuhan", 2019),
        "seek": analysis.seek("capital_total", 9360, "uplift_zone"),
        "least increment": analysis.least_increment("stretch"),
        "conflict": analysis.least_increment({"capital_total": 30_000}),
        "chances": analysis.chances({"uplift_zone": (0, 60)}),
        "report": analysis.report("2021-09"),
        "ledger": analysis.read_ledger(ledger),
    }


@pytest.mark.slow
def test_values_show_themselves_on_one_screen_in_the_reader_s_colours(arrivals):
    for name, value in shown(arrivals).items():
        assert len(repr(value)) < 250, name
        html = value._repr_html_()  # type: ignore[attr-defined]
        assert 2 <= html.count("<tr>") + html.count("<p>") <= 40, name
        assert "color" not in html and ">nan<" not in html.lower(), name


def test_altair_knows_the_workbook_s_look_by_its_name():
    with alt.theme.enable("workbook"):
        drawn = alt.Chart(pd.DataFrame({"x": [1]})).mark_point().to_dict()
    assert drawn["config"]["view"] == {"stroke": None}


def test_reload_sees_tables_as_they_are_now(tmp_path):
    folder = tmp_path / "plan"
    shutil.copytree(analysis.load_plan().folder, folder)
    levels = folder / "targets.csv"
    before = analysis.load_plan(folder)["capital_in_place"].stretch
    text = levels.read_text(encoding="utf-8")
    assert text.count(f",{before:.0f},") == 1
    levels.write_text(text.replace(f",{before:.0f},", f",{before + 40:.0f},"), encoding="utf-8")
    assert analysis.load_plan(folder)["capital_in_place"].stretch == before
    analysis.reload()
    assert analysis.load_plan(folder)["capital_in_place"].stretch == before + 40
