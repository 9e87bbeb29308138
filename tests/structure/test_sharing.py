"""Benefit sharing: by hand, and the city's total stays."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.structure.concentration import classes
from analysis.structure.sharing import led

PLACES = ["a", "b", "c", None]


def capital(rows):
    return pd.DataFrame(rows, columns=["district", "lead_district", "capital"])


def test_credit_moves_to_who_brought_the_lead():
    found = led(capital([("a", "b", 10.0), ("a", None, 5.0), ("b", "b", 7.0), ("b", "c", 2.0)]))
    at = found.set_index("place")
    assert at["led_out"].to_dict() == {"a": 0, "b": 10, "c": 2}
    assert at["led_in"].to_dict() == {"a": 10, "b": 2, "c": 0}


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES), st.floats(-10, 1000)),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_what_is_led_out_is_led_in_so_the_citys_total_stays(rows):
    found = led(capital(rows))
    total = sum(amount for _, _, amount in rows)
    assert found["capital"].sum() == pytest.approx(total, abs=1e-6)
    assert found["led_out"].sum() == pytest.approx(found["led_in"].sum(), abs=1e-6)


def test_size_classes_have_their_shares():
    rows = pd.DataFrame({"size_class": [30, 0, 30], "projects": [1, 2, 1], "size": [40, 2, 38.0]})
    found = classes(rows)
    assert found["size_class"].tolist() == [0, 30]
    assert found["of_projects"].tolist() == [50, 50]
    assert found["of_size"].tolist() == [2.5, 97.5]
    assert found["upper"].tolist() == [1, 50], "classes are the same in every month"
