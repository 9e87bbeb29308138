"""What the city aimed at year by year and what came: recounted from the tables alone."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from analysis.briefing import capital_inflow, ceremonies, history
from analysis.datapackage import data_dir
from analysis.evidence import load_evidence
from analysis.plan import load_plan
from tests.plans import OTHERS

PLAN, EVIDENCE = load_plan(), load_evidence()


def values(mark: str) -> dict[int, float]:
    rows = history.aims(PLAN, EVIDENCE)
    rows = rows[rows["mark"].eq(mark)]
    return dict(zip(rows["year"], rows["value"], strict=True))


def test_targets_stand_beside_results_year_by_year():
    assert values("expected") == {2018: 8300, 2019: 8600, 2020: 8600, 2021: 9330}
    assert values("stretch") == {2018: 8500, 2021: 9360}
    assert values("result") == {2017: 8000, 2019: 8742.8, 2020: 9328.6, 2021: 9330}
    rows = history.aims(PLAN, EVIDENCE).set_index(["year", "mark"])
    # A target of so much or more, and a result of which only that is published.
    assert rows.loc[(2020, "expected"), "bound"] == "lower"
    assert rows.loc[(2021, "result"), "bound"] == "lower"
    for column in ("kind", "confidence", "source_title", "publisher", "published"):
        assert rows[column].astype(bool).all(), column


def test_ambition_is_told_against_an_exact_result_of_the_year_before_alone():
    told = history.values(PLAN, EVIDENCE)
    assert (told["aim_years"], told["aim_met"]) == (3, 3)
    # 2018 has no result, and of 2017 only a lower bound is known. The target for 2020 is a bound
    # itself, what came in that year inferred.
    for lang, words in (("zh", ("2020 年至多低 1.63%、", "2021 年高 0.02%*")),
                        ("en", ("2020 was at most 1.63% lower", "was 0.02% higher*"))):  # fmt: skip
        assert all(word in told["aim_steps"][lang] for word in words)
        assert "2018" not in told["aim_steps"][lang] and "2019" not in told["aim_steps"][lang]
    assert round(100 * (8600 / 8742.8 - 1), 2) == -1.63
    assert round(100 * (9330 / 9328.6 - 1), 2) == 0.02


@pytest.mark.parametrize("name", OTHERS)
def test_another_plan_says_that_nothing_is_published(name):
    plan = load_plan(name)
    assert history.aims(plan, EVIDENCE).empty
    assert set(capital_inflow.past_years(plan, EVIDENCE).get("level", ())) <= {"result"}


def test_past_years_hold_results_and_what_was_aimed_at_before():
    rows = capital_inflow.past_years(PLAN, EVIDENCE)
    aimed = rows[rows["level"].ne("result")]
    assert list(zip(aimed["year"], aimed["level"], aimed["value"], aimed["sign"], strict=True)) == [
        ("2018", "expected", 8300, ""), ("2018", "stretch", 8500, ""),
        ("2019", "expected", 8600, "≥ "), ("2020", "expected", 8600, "≥ "),
    ]  # fmt: skip
    assert rows.loc[rows["level"].eq("result"), "year"].tolist() == ["2017", "2019", "2020", "2021"]


def test_days_are_told_apart_by_stage_and_stand_in_their_order():
    found = ceremonies.days(PLAN, EVIDENCE)
    assert found["stage"].value_counts().to_dict() == {"started": 15, "signed": 7}
    assert found["date"].is_monotonic_increasing
    most = found.groupby("stage")["amount"].max()
    assert ceremonies.values(PLAN, EVIDENCE) == {
        "signed": most["signed"], "start_most": most["started"]
    }  # fmt: skip
    nothing = load_plan(OTHERS[0])
    assert ceremonies.days(nothing, EVIDENCE).empty
    assert ceremonies.values(nothing, EVIDENCE) == {"signed": 0.0, "start_most": 0.0}


def test_days_of_starts_stand_one_by_one_as_their_reports_give_them():
    written = []
    for name in ("figures", "local_figures"):
        with next(data_dir().rglob(f"{name}.csv")).open(encoding="utf-8", newline="") as file:
            written += list(csv.DictReader(file))
    days = {
        row["period_end"]: float(row["value"])
        for row in written
        if row["series"] == "started_amount" and row["place"] == "Wuhan"
        and row["period_start"] == row["period_end"]
    }  # fmt: skip
    found = ceremonies.starts(PLAN, EVIDENCE)
    assert dict(zip(found["date"], found["amount"], strict=True)) == days
    assert list(found["date"]) == sorted(days) and len(days) == 15
    # Sums over several ceremonies, which would count each day twice, are none of them.
    assert not {8889.0, 7461.0} & set(found["amount"])
    counted = found.set_index("date")["projects"]
    assert (counted["2018-03-07"], counted["2024-12-05"]) == (62, 246)
    for column in ("publisher", "published", "source_title", "kind"):
        assert found[column].astype(bool).all(), column


def test_the_four_ceremonies_of_2021_stand_beside_what_was_reported_of_the_year():
    found = ceremonies.signed(PLAN, EVIDENCE)
    year = EVIDENCE.ceremonies.query("id.str.startswith('signing_2021')", engine="python")
    assert (year["projects"].sum(), round(year["amount"].sum(), 1)) == (546, 15642.7)
    # What a report gives for a quarter so far is no ceremony.
    assert "Signed in the fourth quarter of 2021 to 3 December" not in set(found["name_en"])


@pytest.mark.parametrize(
    ("bound", "value", "met", "unclear"),
    [("lower", 8500, 2, 1), ("lower", 8700, 3, 0), ("upper", 8700, 2, 1), ("exact", 8500, 2, 0)],
)
def test_a_bound_on_the_wrong_side_of_a_target_leaves_it_open(bound, value, met, unclear):
    figures = EVIDENCE.figures.copy()
    of_2020 = (
        figures["series"].eq("capital_in_place")
        & figures["place"].eq("Wuhan")
        & (figures["period_end"].eq("2020-12"))
    )
    figures.loc[of_2020, ["bound", "value"]] = bound, float(value)
    told = history.values(PLAN, replace(EVIDENCE, figures=figures))
    assert (told["aim_years"], told["aim_met"], told["aim_open"]) == (3, met, unclear)
