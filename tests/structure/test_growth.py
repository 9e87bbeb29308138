"""Contribution to growth, and mix against within: by hand, and exact for any figures."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.structure.growth import GrowthError, contribution, mix_within


def frame(rows):
    return pd.DataFrame(rows, columns=["place", "capital", "industrial"])


def test_contributions_are_points_of_the_whole():
    now = frame([("a", 60.0, 0), ("b", 60.0, 0), ("new", 12.0, 0)])
    before = frame([("a", 40.0, 0), ("b", 80.0, 0)])
    found = contribution(now, before).set_index("place")
    assert found["points"].round(6).to_dict() == {"a": 16.666667, "b": -16.666667, "new": 10.0}
    assert found["growth"]["a"] == 50.0
    assert pd.isna(found["growth"]["new"])


def test_mix_and_within_by_hand():
    # a: half of capital, 20% to 30%; b: 60% in both. Weights move from 50:50 to 40:60.
    before = frame([("a", 50.0, 10.0), ("b", 50.0, 30.0)])
    now = frame([("a", 40.0, 12.0), ("b", 60.0, 36.0)])
    found = mix_within(now, before)
    assert found.within == pytest.approx(0.45 * 10)
    assert found.mix == pytest.approx(-0.1 * 25 + 0.1 * 60)
    assert found.total == pytest.approx(8)


def test_a_place_that_comes_or_goes_is_a_change_of_mix():
    before = frame([("a", 100.0, 20.0)])
    now = frame([("a", 100.0, 20.0), ("b", 100.0, 80.0)])
    found = mix_within(now, before)
    assert found.within == pytest.approx(0)
    assert found.mix == pytest.approx(30)


def test_industry_counts_also_where_corrections_of_services_take_off_as_much():
    before = frame([("a", 90.0, 18.0), ("b", 10.0, 2.0)])
    now = frame([("a", 100.0, 20.0), ("b", 0.0, 10.0)])
    found = mix_within(now, before)
    assert found.mix == pytest.approx(0)
    assert found.within == pytest.approx(10)


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(*[st.integers(0, 1000)] * 2, *[st.integers(-100, 1000)] * 2),
        min_size=1,
        max_size=14,
    )
)
def test_the_parts_are_the_whole(rows):
    now = frame([(str(i), c, industrial) for i, (c, _, industrial, _) in enumerate(rows)])
    before = frame([(str(i), c, industrial) for i, (_, c, _, industrial) in enumerate(rows)])
    if now["capital"].sum() < 1 or before["capital"].sum() < 1:
        return
    found = mix_within(now, before)
    share, past = (100 * f["industrial"].sum() / f["capital"].sum() for f in (now, before))
    assert found.mix + found.within == pytest.approx(found.total, abs=1e-5)
    assert found.total == pytest.approx(share - past, abs=1e-5)
    points = contribution(now, before)["points"].sum()
    assert points == pytest.approx(100 * (now["capital"].sum() / before["capital"].sum() - 1))


def test_from_nothing_there_is_no_growth():
    nothing, some = frame([("a", 0.0, 0.0)]), frame([("a", 1.0, 0.5)])
    with pytest.raises(GrowthError, match="no growth to divide"):
        contribution(some, nothing)
    with pytest.raises(GrowthError, match="no growth to divide"):
        contribution(nothing, some)
    with pytest.raises(GrowthError, match="no industrial share"):
        mix_within(some, nothing)
