"""What a researcher comes with, each in at most five lines and one import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest

from analysis.study import ScenarioError

TASKS = {
    "floors with their source": """
floors = analysis.places()[["district", "capital_floor", "source"]]
""",
    "whose own target is furthest above its floor": """
own = analysis.places().eval("over = own_target / capital_floor").nlargest(1, "over")
""",
    "three places in a chart of one's own": """
alt.theme.enable("workbook")
places = ["Wuhan", "Beijing", "Chengdu"]
rows = analysis.series("foreign_capital_utilised", places, mixed=True)
chart = alt.Chart(rows).mark_line().encode(x="year:O", y="value", color="place", strokeDash="scope")
""",
    "one scope from 2015 to 2021": """
rows = analysis.figures(scope="mofcom", years=(2015, 2021))
""",
    "the uplift that a target takes": """
target = analysis.load_plan()["capital_in_place"].stretch
found = analysis.seek("capital_total", target, "uplift_zone")
""",
    "two levers crossed, 50 by 50": """
heat = analysis.grid(uplift_zone=50, share_central=50, outcomes=["industrial_margin_expected"])
""",
    "a picture changed and put back": """
page = analysis.page("capital_inflow")
page.figure("past_years", BARS, PAST, title="Past years", source="Source: press")
picture = page.pictures["past_years"]
rule = alt.Chart(alt.Data(values=[{"y": 9000}])).mark_rule().encode(y="y:Q")
shown = page.figure(picture.changed(picture.altair("en") + rule))
""",
    "how sure, by a range of one's own": """
drawn = analysis.chances({"uplift_zone": (0, 20, 60)}, {"capital_total": 9000})
share = drawn.shares_met()["all"]
""",
    "a ledger by district and month": """
came = analysis.read_ledger(FILE).arrivals
sums = came.pivot_table("amount", "district", came["date"].dt.to_period("M"), aggfunc="sum")
""",
    "the slider as a variable": """
page = analysis.page("capital_inflow")
page.observe(MOVED.append)
page.scenario = {"uplift_zone": 12.5}
value = page.outcomes.at["capital_total", "value"]
""",
    "two scenarios to Excel and LaTeX": """
found = analysis.Scenario({"uplift_zone": 42.8}, name="zones")
compared = analysis.compare(analysis.Scenario(name="floors"), found)
compared.to_excel(FOLDER / "compared.xlsx")
latex = compared.reset_index().to_latex(index=False)
""",
}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the tasks' lines left behind, each run once."""
    import analysis

    folder: Path = tmp_path_factory.mktemp("tasks")
    rows = "到账编号,项目编号,所属区,到位日期,到位资金（万元）\n1,A1,江岸区,2021-03-05,12000\n"
    (folder / "mine.csv").write_text(rows, encoding="utf-8")
    past = analysis.series("capital_in_place", "Wuhan")
    bars = alt.Chart(past).mark_bar().encode(x="year:O", y="value")
    given = {"FILE": folder / "mine.csv", "FOLDER": folder, "PAST": past, "BARS": bars, "MOVED": []}
    left: dict[str, Any] = {}
    for task, lines in TASKS.items():
        left[task] = {"analysis": analysis, "alt": alt, **given}
        exec(lines, left[task])
    return left


def test_none_takes_more_than_five_lines():
    assert all(len(lines.strip().splitlines()) <= 5 for lines in TASKS.values())


def test_frames_are_tidy_and_say_unit_and_source(names):
    floors = names["floors with their source"]["floors"]
    assert len(floors) == 14 and floors["source"].str.startswith("plan 2021").all()
    own = names["whose own target is furthest above its floor"]["own"]
    assert own["district"].item() == "jiangan" and own["over"].item() > 1
    rows = names["one scope from 2015 to 2021"]["rows"]
    assert set(rows["scope"]) == {"mofcom"} and rows["year"].between(2015, 2021).all()
    assert rows["unit"].ne("").all() and rows["source_title"].ne("").all()


def test_charts_are_drawn_from_them(names):
    task = names["three places in a chart of one's own"]
    assert set(task["rows"]["place"]) == set(task["places"])
    assert not task["rows"].duplicated(["place", "year"]).any()
    assert len(task["chart"].to_dict()["datasets"]) == 1
    page = names["a picture changed and put back"]["page"]
    assert "layer" in page.pictures["past_years"].altair().to_dict()
    assert names["a picture changed and put back"]["shown"].payload["title"]["cases"]


def test_answers_are_the_models(names):
    found = names["the uplift that a target takes"]["found"]
    assert found.reached and found.outcome_value == pytest.approx(9360)
    heat = names["two levers crossed, 50 by 50"]["heat"]
    assert len(heat) == 2500 and heat.index.names == ["uplift_zone", "share_central"]
    assert 0 < names["how sure, by a range of one's own"]["share"] < 1


def test_a_ledger_and_scenarios_leave_as_they_should(names):
    sums = names["a ledger by district and month"]["sums"]
    assert sums.loc["jiangan", pd.Period("2021-03")] == pytest.approx(1.2)
    task = names["two scenarios to Excel and LaTeX"]
    whole = pd.read_excel(task["FOLDER"] / "compared.xlsx")
    assert {"unit", "floors", "zones", "change"} <= set(whole.columns)
    assert "uplift\\_zone" in task["latex"] or "uplift_zone" in task["latex"]


def test_the_slider_and_python_meet(names):
    import analysis

    task = names["the slider as a variable"]
    assert task["MOVED"][-1] == task["page"].scenario == analysis.Scenario({"uplift_zone": 12.5})
    assert task["value"] == pytest.approx(analysis.evaluate(uplift_zone=12.5)["capital_total"])
    with pytest.raises(ScenarioError, match="-30 to 70"):
        task["page"].scenario = {"uplift_zone": 999}
    assert task["page"].board.uplift_zone == 12.5
