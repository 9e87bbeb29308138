"""What would have to be true: by hand, by brute force, by finite differences."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import LeverError, load_model
from analysis.model.equal_answers import splits
from analysis.model.linear import NotLinearError
from tests.model.conftest import lever_values, random_scenarios

MODEL = load_model()
BOTH = {"capital_total": 9360.0, "industrial_share": 40.0}


# Goal seek


def test_seek_is_exact_and_says_so(model):
    found = model.seek("capital_total", 9330, "uplift_zone")
    assert found.reached and found.exact and found.stopped_by is None
    assert found.value == pytest.approx(100 * 899 / 2172, abs=1e-12)


def test_seek_on_a_ratio_by_hand(model):
    # (2986.46 + 1086 u/100) / (8431 + 2172 u/100) = 0.365
    by_hand = 100 * (0.365 * 8431 - 2986.46) / (1086 - 0.365 * 2172)
    found = model.seek("industrial_share", 36.5, "uplift_zone")
    assert found.exact and found.value == pytest.approx(by_hand, rel=1e-12)


def test_seek_stops_at_a_bound_and_says_which(model):
    found = model.seek("industrial_share", 40, "uplift_zone")
    assert (found.reached, found.stopped_by) == (False, "high")
    assert found.value == model.levers["uplift_zone"].high
    assert found.needed is not None and found.needed > found.value
    assert model.seek("capital_total", 100, "uplift_zone").stopped_by == "low"


def test_seek_stops_at_the_bound_that_comes_nearer(model):
    """More capital at 36.5% raises the share towards 36.5, never to 40: the root is no answer."""
    found = model.seek("industrial_share", 40, "capital_unfloored")
    assert (found.stopped_by, found.value) == ("high", 1500)
    assert found.outcome_value == pytest.approx(100 * (2986.46 + 547.5) / 9931)


def test_an_answer_below_a_floor_is_told_so(model):
    below = model.seek("industrial_share", 36.5, "uplift_central")
    assert below.reached and below.value < 0 and below.below_floor
    assert below.say.key == "seek.below_floor"
    above = model.seek("capital_total", 9330, "uplift_central")
    assert above.reached and not above.below_floor
    assert model.seek("capital_total", 9000, "capital_unfloored").below_floor is False


def test_seek_with_a_lever_that_moves_nothing(model):
    found = model.seek("industrial_share", 40, "fdi_growth")
    assert (found.reached, found.stopped_by, found.needed) == (False, "no effect", None)


def test_seek_without_a_closed_form_brackets(model, monkeypatch):
    monkeypatch.setattr(type(model), "solution", lambda *_: None)
    found = model.seek("industrial_share", 36.5, "uplift_zone")
    assert found.reached and not found.exact
    assert found.outcome_value == pytest.approx(36.5, abs=1e-9)


def test_seek_refuses_a_choice(model):
    with pytest.raises(LeverError, match="choice"):
        model.seek("capital_growth_on_base", 1, "base_year")


@settings(max_examples=150)
@given(lever_values(MODEL), st.data())
def test_seek_finds_the_way_back_to_any_scenario(levers, data):
    at = MODEL.defaults | levers
    outcome = data.draw(st.sampled_from(list(MODEL.outcomes)))
    lever = data.draw(st.sampled_from([k for k, v in MODEL.levers.items() if not v.choices]))
    value = MODEL.evaluate(at)[outcome]
    if not np.isfinite(value) or abs(MODEL.gradient(outcome, at).get(lever, 0)) < 1e-6:
        return
    found = MODEL.seek(outcome, value, lever, at)
    assert found.reached
    assert found.outcome_value == pytest.approx(value, rel=1e-9, abs=1e-9)


# Least increment


def test_9360_and_40_by_hand(model):
    """The closed form.

    New capital costs 1 wherever it goes, and brings most industry in the
    zones: 929 there bring half of it, 464.5. All industry needed is 40% of
    9360. What is missing is moved within the tiers, at 1 each.
    """
    extra = 9360 - 8431
    by_floors = 3983 * 0.22 + 2276 * 0.45 + 2172 * 0.50
    moved = 0.40 * 9360 - by_floors - extra * 0.50
    found = model.least_increment(BOTH)
    assert found.feasible
    assert found.increment == pytest.approx(extra + moved, abs=1e-6)
    assert found.new_capital == pytest.approx(929) and found.moved_capital == pytest.approx(293.04)
    assert found.extra["uplift_zone"] == pytest.approx(extra, abs=1e-6)
    assert found.levers["uplift_zone"] == pytest.approx(100 * extra / 2172, abs=1e-6)
    assert sum(found.extra[f"share_{t}"] for t in model.inputs.members) == pytest.approx(moved)
    # The same moved per 1e8 CNY of every tier's floor: the even answer among equals.
    assert found.levers["share_central"] == pytest.approx(22 + 100 * moved / 8431, abs=1e-5)
    prices = {price.target: price for price in found.prices}
    # One more 1e8 CNY: itself, plus the 0.40 - 0.50 of industry that it needs moved.
    assert prices["capital_total"].price == pytest.approx(1 + 0.40 - 0.50)
    # One more point: a hundredth of all capital, moved.
    assert prices["industrial_share"].price == pytest.approx(9360 / 100)
    assert all(price.binding for price in found.prices)


def test_the_answer_meets_the_targets(model):
    for level, margin in (("expected", "_margin_expected"), ("stretch", "_margin_stretch")):
        found = model.least_increment(level)
        for key in ("capital", "industrial", "foreign_capital", "fdi"):
            assert found.outcomes[key + margin] >= -1e-6


def test_targets_that_hold_already_cost_nothing(model):
    found = model.least_increment({"capital_total": 8000, "industrial_share": 30})
    assert found.increment == pytest.approx(0)
    assert [price.binding for price in found.prices] == [False, False]
    assert [phrase.key for phrase in found.say()][1] == "increment.free.capital_total"


@pytest.mark.parametrize(
    "targets",
    [BOTH, {"capital_total": 9330.0, "industrial_share": 36.5}, {"capital_total": 9000.0},
     {"industrial_share": 45.0}, {"industrial_share": 52.0, "capital_total": 10000.0}],
)  # fmt: skip
def test_shadow_prices_agree_with_finite_differences(model, targets):
    found = model.least_increment(targets)
    for price in found.prices:
        step = 1e-3
        ends = [
            model.least_increment(targets | {price.target: price.level + move}).increment
            for move in (-step, step)
        ]
        assert (ends[1] - ends[0]) / (2 * step) == pytest.approx(price.price, abs=1e-4)


WEIGHTS = [
    {},
    {"uplift_zone": 3.0, "uplift_central": 1.5, "uplift_outer": 2.0},
    {"share_central": 0.2, "share_outer": 0.7, "share_zone": 0.4},
    {"uplift_zone": 0.5, "share_zone": 2.0, "share_central": 4.0},
]


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("targets", [BOTH, {"capital_total": 9330.0, "industrial_share": 44.0}])
def test_brute_force_on_a_grid_agrees(model, weights, targets):
    """All levers over a grid in capital, industry moved where it is cheapest, exactly.

    Written without the programme: increment on a lattice of extra capital whose
    nodes hold every corner of the answer, so the grid's least is the least.
    """
    tiers = list(model.inputs.members)
    floor = {t: sum(model.inputs.floors[d] for d in model.inputs.members[t]) for t in tiers}
    share = {t: model.levers[f"share_{t}"].default / 100 for t in tiers}
    top = {t: floor[t] * model.levers[f"uplift_{t}"].high / 100 for t in tiers}
    room = {t: model.levers[f"share_{t}"].high / 100 - share[t] for t in tiers}
    price = {key: weights.get(key, 1.0) for t in tiers for key in (f"uplift_{t}", f"share_{t}")}

    def cost(extra: dict[str, float]) -> float:
        capital = {t: floor[t] + extra[t] for t in tiers}
        total = sum(capital.values())
        if total < targets["capital_total"] - 1e-9:
            return np.inf
        spent = sum(price[f"uplift_{t}"] * extra[t] for t in tiers)
        lacking = targets["industrial_share"] / 100 * total - sum(
            share[t] * capital[t] for t in tiers
        )
        for t in sorted(tiers, key=lambda tier: price[f"share_{tier}"]):
            moved = min(max(lacking, 0.0), room[t] * capital[t])
            spent += price[f"share_{t}"] * moved
            lacking -= moved
        return spent if lacking <= 1e-9 else np.inf

    gap = targets["capital_total"] - sum(floor.values())
    lattice = np.linspace(0, 1, 41)
    least = np.inf
    for first, second in product(lattice, lattice):
        for order in (tiers, tiers[1:] + tiers[:1], tiers[2:] + tiers[:2]):
            extra = {order[0]: first * top[order[0]], order[1]: second * top[order[1]]}
            rest = gap - sum(extra.values())
            extra[order[2]] = min(max(rest, 0.0), top[order[2]])
            least = min(least, cost(extra))
    found = model.least_increment(targets, weights=weights)
    assert found.increment == pytest.approx(least, rel=1e-6)


@settings(max_examples=60)
@given(lever_values(MODEL))
def test_no_scenario_meets_the_targets_with_less(levers):
    """Any scenario at or above the floors that meets both takes at least the least increment."""
    at = MODEL.defaults | {k: max(v, MODEL.defaults[k]) for k, v in levers.items()}
    at |= {"capital_unfloored": 0.0}
    found = MODEL.evaluate(at)
    targets = {key: found[key] for key in ("capital_total", "industrial_share")}
    taken = 0.0
    floors = MODEL.evaluate()
    for tier in MODEL.inputs.members:
        share = MODEL.defaults[f"share_{tier}"]
        taken += found[f"capital_{tier}"] - floors[f"capital_{tier}"]
        taken += found[f"capital_{tier}"] * (at[f"share_{tier}"] - share) / 100
    least = MODEL.least_increment({k: v - 1e-9 for k, v in targets.items()})
    assert least.feasible and least.increment <= taken + 1e-5


def test_a_conflict_names_the_smallest_set_and_how_far_each_gets(model):
    floors = model.inputs.floors
    top = sum(
        floors[district] * (1 + model.levers[f"uplift_{tier}"].high / 100)
        for tier, members in model.inputs.members.items()
        for district in members
    )
    wanted = {"capital_total": top, "industrial_share": 67.0, "fdi_growth": 16.0}
    found = model.least_increment(wanted)
    assert not found.feasible
    assert {conflict.target for conflict in found.conflict} == {"capital_total", "industrial_share"}
    for conflict in found.conflict:
        others = {c.target: c.level for c in found.conflict if c.target != conflict.target}
        assert conflict.reach is not None and conflict.reach < conflict.level
        assert model.least_increment(others | {conflict.target: conflict.reach - 1e-6}).feasible
        assert not model.least_increment(others | {conflict.target: conflict.reach + 1e-3}).feasible
    assert found.say()[0].key == "increment.infeasible"


def test_one_target_out_of_reach_is_a_conflict_of_one(model):
    found = model.least_increment({"fdi_growth": 1000, "capital_total": 9000})
    assert [conflict.target for conflict in found.conflict] == ["fdi_growth"]
    assert found.conflict[0].reach == pytest.approx(model.levers["fdi_growth"].high)


def test_a_bound_that_binds_is_named(model):
    top = model.levers["uplift_zone"].high
    wanted = {"capital_total": 8431 + 2172 * top / 100 + 100, "industrial_share": 50}
    found = model.least_increment(wanted)
    assert "uplift_zone" in {item.key for item in found.binding if item.kind == "bound"}


def test_levers_that_the_programme_cannot_move_are_refused(model):
    with pytest.raises(NotLinearError, match="benefit_share"):
        model.least_increment("stretch", levers=["benefit_share"])
    with pytest.raises(LeverError, match="unknown"):
        model.least_increment("stretch", levers=["no_such"])
    with pytest.raises(ValueError, match="expected"):
        model.least_increment("best")


def test_capital_from_places_with_no_floor_may_be_let_in(model):
    wanted = {"capital_total": 9330.0}
    found = model.least_increment(wanted, levers=["capital_unfloored"])
    assert found.levers["capital_unfloored"] == pytest.approx(899)


@pytest.mark.parametrize(
    ("targets", "free"),
    [
        # New capital has to go to the zones, but what is moved may be moved in any tier.
        (
            BOTH,
            {"uplift_zone": (929, 929), "share_central": (0, 293.04), "share_zone": (0, 293.04)},
        ),
        # Capital alone may come from anywhere.
        ({"capital_total": 9330.0}, {"uplift_central": (0, 899), "share_outer": (0, 0)}),
    ],
)
def test_splits_that_take_as_much_are_told_by_their_ends(model, targets, free):
    ends = splits(model, model.least_increment(targets))
    for lever, (least, most) in free.items():
        assert ends[lever] == pytest.approx((least, most), abs=1e-3)


@pytest.mark.parametrize("targets", [BOTH, {"capital_total": 9330.0, "industrial_share": 36.5}])
def test_the_ends_of_a_split_belong_to_answers_that_take_as_much(model, targets):
    """Held at an end, a lever leaves the others an answer that takes as much; beyond it, none."""
    found = model.least_increment(targets)
    for lever, (_, most) in splits(model, found).items():
        kind, _, tier = lever.partition("_")
        if kind != "uplift" or most < 1:
            continue
        floor = sum(model.inputs.floors[d] for d in model.inputs.members[tier])
        others = [key for key in found.extra if key != lever]
        for amount, same in ((most, True), (most + 50, False)):
            start = {lever: 100 * amount / floor}
            rest = model.least_increment(targets, levers=others, start=start).increment
            assert (rest + amount == pytest.approx(found.increment, abs=1e-3)) == same


# Reach


def inside(edges, scenario) -> bool:
    """Whether a scenario lies between the drawn edges, which are straight between two levels."""
    found = MODEL.evaluate(scenario)
    capital, share = found["capital_total"], found["industrial_share"]
    least, most = (
        np.interp(capital, edges["capital_total"], edges[key])
        for key in ("least_share", "most_share")
    )
    ends = edges["capital_total"].iloc[[0, -1]]
    return ends.min() - 1e-6 <= capital <= ends.max() + 1e-6 and least - 0.2 <= share <= most + 0.2


def test_every_scenario_lies_in_reach(model):
    edges = model.reach(31)
    free = [key for key, lever in model.levers.items() if not lever.choices]
    ends = [{key: getattr(model.levers[key], end)} for key in free for end in ("low", "high")]
    ends += [{key: getattr(model.levers[key], end) for key in free} for end in ("low", "high")]
    drawn = random_scenarios(model, 200, seed=11)
    ends += [{key: float(values[i]) for key, values in drawn.items()} for i in range(200)]
    assert all(inside(edges, scenario) for scenario in ends)


def test_the_edges_of_reach_are_scenarios(model):
    """At the least and the most capital every lever of capital is at an end: shares by hand."""
    edges = model.reach(3)
    low = {key: lever.low for key, lever in model.levers.items() if lever.group == "capital"}
    for end, row in (("low", edges.iloc[0]), ("high", edges.iloc[-1])):
        levers = {
            key: getattr(lever, end) if lever.group == "capital" else lever.default
            for key, lever in model.levers.items()
            if key in low or lever.group == "industry"
        }
        for column, side in (("least_share", "low"), ("most_share", "high")):
            shares = {key: getattr(model.levers[key], side) for key in levers if "share" in key}
            found = model.evaluate(levers | shares)
            assert found["capital_total"] == pytest.approx(row["capital_total"])
            assert found["industrial_share"] == pytest.approx(row[column])
