"""Funnel, waits and conversion: by hand, and against what must always hold."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import load_model
from analysis.structure import feed
from analysis.structure.funnel import (
    FunnelError,
    age,
    conversion,
    funnel,
    matrix,
    summed_up,
    survival,
)

UNTIL = pd.Timestamp("2021-12-31")


def waits(*rows):
    return pd.DataFrame(rows, columns=["months", "ended", "projects"])


def cohorts(*rows):
    return pd.DataFrame(rows, columns=["cohort", "months", "capital", "size", "projects"])


def test_stages_stand_in_their_order_with_their_part_of_what_is_signed():
    found = funnel(
        pd.DataFrame(
            {"stage": ["signed", "lead", "in_place", "signed"], "projects": [6, 20, 4, 2],
             "size": [1.0, 5.0, 2.0, 1.0]}
        )
    )  # fmt: skip
    assert found["stage"].tolist() == ["lead", "signed", "started", "production", "in_place"]
    assert found["projects"].tolist() == [20, 8, 0, 0, 4]
    assert found["of_signed"].tolist() == [250, 100, 0, 0, 50]


def test_kaplan_meier_by_hand():
    # 10 at risk: 2 come at 1; 8: 4 come at 3, 2 are censored at 3; 2: 1 comes at 5.
    rows = waits((1, True, 2), (3, True, 4), (3, False, 2), (5, True, 1), (6, False, 1))
    found = summed_up(survival(rows), rows)
    at = found.curve.set_index("months")["arrived"]
    assert at[1] == pytest.approx(20)
    assert at[3] == pytest.approx(60)
    assert at[5] == pytest.approx(80)
    assert found.curve.set_index("months")["at_risk"][3] == 8
    assert (found.median, found.projects, found.censored) == (3, 10, 3)
    assert found.median_low <= found.median <= found.median_high


def test_a_median_that_is_not_reached_is_infinite():
    rows = waits((1, True, 1), (9, False, 9))
    found = summed_up(survival(rows), rows)
    assert math.isinf(found.median)


def test_nobody_to_follow_is_said():
    with pytest.raises(FunnelError, match="no wait to measure"):
        survival(waits())


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.integers(0, 36), st.booleans(), st.integers(1, 50)), min_size=1, max_size=30
    )
)
def test_more_and_more_arrive_and_the_interval_holds_the_curve(rows):
    curve = survival(waits(*rows))
    assert (np.diff(curve["arrived"]) >= -1e-9).all()
    assert curve["arrived"].between(-1e-9, 100 + 1e-9).all()
    assert (curve["low"] <= curve["arrived"] + 1e-6).all()
    assert (curve["high"] >= curve["arrived"] - 1e-6).all()


def test_a_quarter_is_as_old_as_its_youngest_project():
    assert age("2020Q4", UNTIL) == 12
    assert age("2021Q4", UNTIL) == 0
    assert age("2021Q4", pd.Timestamp("2021-11-30")) == -1


ROWS = (
    ("2020Q3", 0, 10.0, 100.0, 4), ("2020Q3", 6, 30.0, 100.0, 4), ("2020Q3", 14, 20.0, 100.0, 4),
    ("2020Q4", -2, 5.0, 50.0, 2), ("2020Q4", 3, 15.0, 50.0, 2),
    ("2021Q4", 0, 40.0, 80.0, 3), ("2021Q4", 2, 9.0, 80.0, 3),
)  # fmt: skip


def test_only_months_that_a_whole_cohort_has_behind_it_are_counted():
    found = matrix(cohorts(*ROWS), UNTIL).set_index(["cohort", "months"])["share"]
    assert found[("2020Q3", 0)] == 0 and found[("2020Q3", 1)] == 10
    assert found[("2020Q3", 6)] == 10 and found[("2020Q3", 7)] == 40
    assert found[("2020Q3", 15)] == 60
    assert found[("2020Q4", 1)] == 10, "what came ahead of the signature counts at once"
    assert found["2021Q4"].index.tolist() == [0], "its first month is not over"


def test_what_comes_in_the_thirteenth_month_is_not_within_twelve():
    late = (("2020Q3", 11, 10.0, 100.0, 4), ("2020Q3", 12, 30.0, 100.0, 4))
    young = (("2020Q4", 11, 5.0, 50.0, 2), ("2020Q4", 12, 1.0, 50.0, 2))
    found = conversion(cohorts(*late, *young), UNTIL, "reported")
    assert (found.rate, found.low, found.high, found.lag) == (10, 10, 10, 12)
    assert found.levers()["conversion_lag"] == 11, "as far as the model's lever goes"


def test_conversion_weighs_cohorts_by_what_they_signed():
    found = conversion(cohorts(*ROWS), UNTIL, "reported")
    assert found.rate == pytest.approx(100 * (40 + 20) / 150)
    assert (found.low, found.high, found.cohorts, found.lag) == (40, 40, 2, 4)
    assert found.kind == "derived"
    with pytest.raises(FunnelError, match="12 months old"):
        conversion(cohorts(*ROWS[5:]), UNTIL, "reported")


def test_a_ledgers_conversion_is_a_scenario_that_the_model_takes():
    found = conversion(cohorts(*ROWS), UNTIL, "illustrative")
    preset = feed.preset(found)
    levers = dict(preset.scenario.check(load_model()).levers)
    assert levers == {"conversion": 40.0, "conversion_lag": 3.0}
    assert preset.kind == "illustrative"
    assert "示意" in preset.name_zh and "illustrative" in preset.name_en
    assert "40.0%" in preset.note_en
