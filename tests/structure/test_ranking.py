"""Ranks by hand, their ranges, and what weights may do."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.structure.ranking import RankingError, ranking, scores

MEASURES = pd.DataFrame({"x": [10.0, 0.0, 5.0], "y": [0.0, 10.0, np.nan]}, index=["a", "b", "c"])


def test_scores_run_from_the_least_to_the_most():
    found = scores(MEASURES.assign(flat=1.0))
    assert found["x"].tolist() == [100, 0, 50]
    assert found["y"].tolist() == [0, 100, 0]
    assert found["flat"].tolist() == [50, 50, 50]


def test_ranks_by_hand():
    found = ranking(MEASURES, pd.Series({"x": 3.0, "y": 1.0}), draws=200).set_index("place")
    assert found["score"].tolist() == [75.0, 37.5, 25.0]
    assert found["rank"].tolist() == [1, 2, 3]
    assert found.loc["a", "worst"] <= 3 and found.loc["a", "best"] == 1
    alike = ranking(MEASURES[["x"]].assign(x=1.0), pd.Series({"x": 1.0}), draws=10)
    assert alike["rank"].tolist() == [1, 1, 1]


def test_one_measure_leaves_no_doubt_and_a_seed_gives_the_same():
    one = ranking(MEASURES[["x"]], pd.Series({"x": 1.0}), draws=50)
    assert (one["low"] == one["high"]).all()
    first, again = (ranking(MEASURES, pd.Series({"x": 1, "y": 1}), draws=300) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=2, max_size=14),
    st.floats(0, 5), st.floats(0.1, 5),
)  # fmt: skip
def test_a_rank_lies_within_its_range(rows, x, y):
    measures = pd.DataFrame(rows, columns=["x", "y"], index=[f"p{i}" for i in range(len(rows))])
    found = ranking(measures, pd.Series({"x": x, "y": y}), draws=150)
    assert (found["best"] <= found["low"]).all() and (found["low"] <= found["high"]).all()
    assert (found["high"] <= found["worst"]).all()
    assert found["rank"].between(1, len(rows)).all()
    assert found["score"].between(-1e-9, 100 + 1e-9).all()


@pytest.mark.parametrize("weights", [{"x": -1.0, "y": 2.0}, {"x": 0.0, "y": 0.0}, {"x": 1.0}])
def test_weights_that_rank_nobody_are_refused(weights):
    with pytest.raises(RankingError):
        ranking(MEASURES, pd.Series(weights))
