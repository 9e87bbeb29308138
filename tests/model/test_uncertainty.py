"""Ranges, draws, shares of draws, tornado and Sobol indices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import load_model
from analysis.model.sampling import draw
from analysis.model.uncertainty import (
    PIECE,
    empirical,
    normal,
    simulate,
    sobol_indices,
    tornado,
    triangular,
    uniform,
)
from tests.model.conftest import lever_values

MODEL = load_model()
RANGES = {"uplift_zone": triangular(0, 20, 60), "share_zone": uniform(45, 70)}


@pytest.mark.parametrize("method", ["sobol", "latin"])
@pytest.mark.parametrize(
    ("span", "mean"),
    [
        (uniform(2, 6), 4),
        (triangular(0, 3, 9), 4),
        (normal(5, 2), 5),
        (normal(0, 1, low=0), np.sqrt(2 / np.pi)),
        (empirical([1, 2, 3, 10]), (1.5 + 2.5 + 6.5) / 3),
        (triangular(3, 3, 3), 3),
    ],
)
def test_draws_have_the_mean_of_their_range(method, span, mean):
    drawn = draw({"x": span}, 4096, seed=3, method=method)["x"]
    assert drawn.mean() == pytest.approx(mean, rel=0.01)
    assert np.isfinite(drawn).all()
    if span.kind != "normal":
        low, high = span.ends
        assert low <= drawn.min() and drawn.max() <= high


@pytest.mark.parametrize("method", ["sobol", "latin"])
def test_the_same_seed_gives_the_same_draws(method):
    first, again = (draw(RANGES, 256, seed=7, method=method) for _ in range(2))
    other = draw(RANGES, 256, seed=8, method=method)
    for lever in RANGES:
        assert np.array_equal(first[lever], again[lever])
        assert not np.array_equal(first[lever], other[lever])


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: uniform(2, 1), "wrong order"),
        (lambda: triangular(0, 9, 3), "wrong order"),
        (lambda: normal(0, 0), "deviation"),
        (lambda: empirical([1, float("nan")]), "at least 2"),
        (lambda: draw(RANGES, 4, method="dice"), "dice"),
        (lambda: draw(RANGES, 4, correlation=1.0), "correlation"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(make, word):
    with pytest.raises(ValueError, match=word):
        make()


def test_share_of_draws_that_meet_the_capital_target_by_hand(model):
    # 2172 u/100 >= 899 with u even on 0 to 60
    needed = 100 * 899 / 2172
    found = simulate(model, {"uplift_zone": uniform(0, 60)}, 1 << 12)
    met = found.shares_met()
    assert met["capital_total"] == pytest.approx(1 - needed / 60, abs=0.001)
    assert met["foreign_capital_growth"] == 1.0
    assert met["all"] <= min(v for k, v in met.items() if k != "all")


def test_together_is_not_a_product(model):
    """Uplift in the zones helps both city targets, so both are met more often together."""
    ranges = {"uplift_zone": uniform(0, 70), "share_zone": uniform(40, 60)}
    met = simulate(model, ranges, 1 << 12).shares_met()
    assert met["all"] > met["capital_total"] * met["industrial_share"]


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_a_common_correlation_ties_levers_and_leaves_each_ones_range(correlation):
    from scipy.stats import spearmanr

    ranges = {key: triangular(0, 1, 4) for key in "abc"}
    drawn = draw(ranges, 1 << 13, correlation=correlation)
    # Spearman's of a Gaussian copula: 6/pi asin(rho/2)
    rank = 6 / np.pi * np.arcsin(correlation / 2)
    for first, second in ("ab", "bc", "ac"):
        assert spearmanr(drawn[first], drawn[second]).statistic == pytest.approx(rank, abs=0.02)
    for values in drawn.values():
        assert values.mean() == pytest.approx(5 / 3, rel=0.01)
        assert values.min() >= 0 and values.max() <= 4


def test_quantiles_are_in_order_and_the_band_holds_the_draws(model):
    found = simulate(model, RANGES, 1 << 10, outcomes=["capital_zone"])
    bands = found.quantiles()
    assert (np.diff(bands.to_numpy(), axis=1) >= 0).all()
    inside = (found.outcomes["capital_zone"] >= bands.loc["capital_zone", 0.05]) & (
        found.outcomes["capital_zone"] <= bands.loc["capital_zone", 0.95]
    )
    assert inside.mean() == pytest.approx(0.90, abs=0.01)


def test_pieces_join_to_the_whole(model):
    number = PIECE + 5
    found = simulate(model, RANGES, number, targets={"capital_total": 9000}, seed=4)
    whole = model.evaluate(draw(RANGES, number, seed=4), ["capital_total"])["capital_total"]
    assert found.number == number
    assert np.array_equal(found.outcomes["capital_total"], whole)


def test_a_growth_target_is_met_as_drawn(model):
    found = simulate(model, {"fdi_growth": uniform(10, 20)}, 1 << 10, targets={"fdi_growth": 15})
    assert found.shares_met()["fdi_growth"] == pytest.approx(0.5, abs=0.01)


def test_tornado_is_the_outcome_at_the_ends(model):
    found = tornado(model, "capital_total", {"uplift_zone": (0, 10), "uplift_outer": (0, 5)})
    assert list(found["lever"]) == ["uplift_zone", "uplift_outer"]
    assert list(found["swing"]) == pytest.approx([217.2, 113.8])
    assert (found["base"] == 8431).all()


def test_tornado_leaves_out_what_does_not_matter(model):
    assert set(tornado(model, "fdi_level")["lever"]) == {"fdi_growth"}


@settings(max_examples=60)
@given(lever_values(MODEL), st.data())
def test_no_point_between_lies_outside_the_tornados_bar(levers, data):
    outcome = data.draw(st.sampled_from(list(MODEL.outcomes)))
    for row in tornado(MODEL, outcome, levers=levers).itertuples():
        between = np.linspace(row.low, row.high, 21)
        values = MODEL.evaluate(levers | {row.lever: between}, [outcome])[outcome]
        low, high = sorted((row.at_low, row.at_high))
        room = 1e-9 * max(1.0, abs(low), abs(high))
        assert values.min() >= low - room and values.max() <= high + room


def test_sobol_indices_of_a_sum_are_shares_of_variance(model):
    # capital = 2172 u_z/100 + 2276 u_o/100 + ...: independent, so variances add
    ranges = {"uplift_zone": uniform(0, 40), "uplift_outer": uniform(0, 20)}
    found = sobol_indices(model, ranges, "capital_total").set_index("lever")
    wide, narrow = (2172 * 40) ** 2, (2276 * 20) ** 2
    assert found.loc["uplift_zone", "first"] == pytest.approx(wide / (wide + narrow), abs=0.02)
    assert found["total"].sum() == pytest.approx(1, abs=0.02)


def test_a_long_simulation_shows_its_progress(model, capsys):
    simulate(model, RANGES, 1 << 19, targets={"capital_total": 9000})
    # On a terminal among errors, in a notebook as output.
    assert "draws" in "".join(capsys.readouterr())
    simulate(model, RANGES, 1 << 10, targets={"capital_total": 9000})
    assert "".join(capsys.readouterr()) == ""


def test_sobol_indices_are_repeated_by_their_seed(model):
    ranges = {"uplift_zone": uniform(0, 40), "uplift_outer": uniform(0, 20)}
    first, again = (sobol_indices(model, ranges, "capital_total", 1 << 6) for _ in range(2))
    assert first.equals(again)
