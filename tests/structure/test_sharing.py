"""Benefit sharing: by hand, and the city's total stays for any proportion."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.structure.concentration import classes
from analysis.structure.sharing import credited, led

PLACES = ["a", "b", "c", None]


def capital(rows):
    return pd.DataFrame(rows, columns=["district", "lead_district", "capital"])


def test_credit_moves_to_who_brought_the_lead():
    found = led(capital([("a", "b", 10.0), ("a", None, 5.0), ("b", "b", 7.0), ("b", "c", 2.0)]))
    at = found.set_index("place")
    assert at["led_out"].to_dict() == {"a": 0, "b": 10, "c": 2}
    assert at["led_in"].to_dict() == {"a": 10, "b": 2, "c": 0}
    half = credited(found, 50).set_index("place")
    assert half["credited"].to_dict() == {"a": 10, "b": 13, "c": 1}
    assert half["shift"].to_dict() == {"a": -5, "b": 4, "c": 1}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES), st.floats(-10, 1000)),
        min_size=1, max_size=40,
    ),
    st.floats(0, 100),
)  # fmt: skip
def test_the_citys_total_is_unchanged(rows, proportion):
    found = credited(led(capital(rows)), proportion)
    total = sum(amount for _, _, amount in rows)
    assert found["capital"].sum() == pytest.approx(total, abs=1e-6)
    assert found["credited"].sum() == pytest.approx(total, abs=1e-6)


@pytest.mark.parametrize("proportion", [-1, 101])
def test_a_proportion_is_a_percentage(proportion):
    with pytest.raises(ValueError, match="from 0 to 100"):
        credited(led(capital([("a", "b", 1.0)])), proportion)


def test_size_classes_have_their_shares():
    rows = pd.DataFrame({"size_class": [30, 0, 30], "projects": [1, 2, 1], "size": [40, 2, 38.0]})
    found = classes(rows)
    assert found["size_class"].tolist() == [0, 30]
    assert found["of_projects"].tolist() == [50, 50]
    assert found["of_size"].tolist() == [2.5, 97.5]
    assert found["upper"].tolist() == [1, 50], "classes are the same in every month"
