"""Pace within the year: profiles and bands."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence import UnitError, load_evidence
from analysis.pacing import (
    MONTHS,
    MOST_UNEVEN,
    PacingError,
    readings,
    seasonal_profile,
    year_profile,
)

COLUMNS = ["year", "month", "value", "bound"]


def rows(*values):
    return pd.DataFrame(list(values), columns=COLUMNS)


EXACT = rows((2019, 8, 70.0, "exact"), (2019, 10, 86.0, "exact"), (2019, 12, 100.0, "exact"))


@pytest.fixture(scope="module")
def published():
    return readings(load_evidence(), "capital_in_place", "Wuhan")


def test_readings_of_the_evidence_hold_2017_and_2019_with_their_bounds(published):
    at = published.set_index(["year", "month"])
    assert at.loc[(2017, 10), "bound"] == "exact"
    assert at.loc[(2017, 12), "bound"] == "lower"
    assert at.loc[(2019, 8), "value"] < at.loc[(2019, 10), "value"] < at.loc[(2019, 12), "value"]
    assert at.loc[(2021, 12), "bound"] == "lower"


def test_season_of_past_years_runs_ahead_of_the_linear_schedule(published):
    profile = seasonal_profile(published).set_index("month")
    assert profile["years"].iloc[0] == 2
    assert profile.loc[10, "share"] > 100 * 10 / 12
    assert (profile["low"] <= profile["share"]).all() and (
        profile["share"] <= profile["high"]
    ).all()


def test_profile_goes_through_the_readings():
    profile = year_profile(EXACT).set_index("month")
    for month, share in ((0, 0), (8, 70), (10, 86), (12, 100)):
        assert profile.loc[month, ["low", "share", "high"]].tolist() == pytest.approx([share] * 3)


def test_no_month_brings_more_than_the_season_allows():
    assert year_profile(EXACT).loc[2, "high"] == pytest.approx(2 * MOST_UNEVEN * 70 / 8)


def test_a_total_that_is_a_lower_bound_lowers_the_low_edge_only():
    known, told = (year_profile(EXACT.assign(bound=["exact", "exact", last]))
                   for last in ("exact", "lower"))  # fmt: skip
    assert told["high"].equals(known["high"])
    assert (told["low"] <= known["low"] + 1e-9).all()
    assert told.loc[8, "low"] < known.loc[8, "low"] == 70


def test_a_reading_that_is_a_lower_bound_is_no_cap():
    loose = EXACT.assign(bound=["lower", "exact", "exact"])
    assert year_profile(loose).loc[8, "high"] > 70
    assert year_profile(loose).loc[8, "low"] == 70


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        (rows((2019, 8, 70.0, "exact")), "no total"),
        (rows((2019, 8, 70.0, "exact"), (2019, 12, 60.0, "exact")), "falls"),
        (rows((2018, 8, 70.0, "exact"), (2019, 12, 100.0, "exact")), "one year"),
    ],
)
def test_readings_that_make_no_path_are_refused(frame, word):
    with pytest.raises(PacingError, match=word):
        year_profile(frame)


def test_no_year_with_both_is_an_error():
    with pytest.raises(PacingError, match="no past year"):
        seasonal_profile(rows((2020, 12, 100.0, "exact")))


def test_readings_in_two_units_are_refused():
    evidence = load_evidence()
    figures = evidence.figures.copy()
    chosen = figures["series"].eq("capital_in_place") & figures["place"].eq("Wuhan")
    figures.loc[figures.index[chosen][0], "unit"] = "1e4 CNY"
    with pytest.raises(UnitError, match="units differ"):
        readings(replace(evidence, figures=figures), "capital_in_place", "Wuhan")


READINGS = st.lists(
    st.tuples(st.integers(1, 11), st.floats(1, 99), st.sampled_from(["exact", "lower"])),
    min_size=1, max_size=5, unique_by=lambda reading: reading[0],
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150)
@given(READINGS, st.sampled_from(["exact", "lower"]))
def test_any_rising_readings_give_a_rising_path_within_its_band(given_rows, total):
    months = sorted(month for month, _, _ in given_rows)
    values = sorted(value for _, value, _ in given_rows)
    bounds = [bound for _, _, bound in given_rows]
    frame = rows(
        *((2019, *reading) for reading in zip(months, values, bounds, strict=True)),
        (2019, 12, 100.0, total),
    )
    profile = year_profile(frame)
    assert list(profile["month"]) == list(range(MONTHS + 1))
    for column in ("share", "low", "high"):
        assert (np.diff(profile[column]) >= -1e-9).all()
        assert profile[column].between(-1e-9, 100 + 1e-9).all()
    assert (profile["low"] <= profile["share"] + 1e-9).all()
    assert (profile["share"] <= profile["high"] + 1e-9).all()
    assert profile.loc[12, ["low", "share", "high"]].tolist() == pytest.approx([100] * 3)


def test_two_years_are_averaged_and_the_band_is_the_widest():
    other = EXACT.assign(year=2018, value=[50.0, 70.0, 100.0])
    both = seasonal_profile(pd.concat([EXACT, other])).set_index("month")
    assert both.loc[8, ["low", "share", "high"]].tolist() == pytest.approx([50, 60, 70])
    assert (both["years"] == 2).all()
