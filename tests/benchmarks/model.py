"""How fast is the model? A million draws of all outcomes, three ways, in one run.

    python tests/benchmarks/model.py [draws]

Prints medians and ratios: the model against NumPy written by hand (reach: at
most 1.5 times as long) and against a plain pandas loop over tiers, which
computes fewer outcomes. Rounds are interleaved.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.model import Model, load_model

ROUNDS = 5
REACH = 1.5


def drawn(model: Model, number: int) -> dict[str, np.ndarray]:
    """Draw every lever between its bounds; the base year stays."""
    rng = np.random.default_rng(0)
    return {
        key: rng.uniform(lever.low, lever.high, number)
        for key, lever in model.levers.items()
        if not lever.choices
    }


def by_hand(model: Model) -> Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]:
    """Return all outcomes as one would write them down in NumPy."""
    inputs, base = model.inputs, model.evaluate()
    tiers = list(inputs.members)
    floor = {tier: sum(inputs.floors[d] for d in inputs.members[tier]) for tier in tiers}

    def outcomes(x: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        out: dict[str, np.ndarray] = {}
        for tier in tiers:
            out[f"capital_{tier}"] = floor[tier] * (1 + x[f"uplift_{tier}"] / 100)
        total = sum(out[f"capital_{tier}"] for tier in tiers) + x["capital_unfloored"]
        out["capital_total"] = total
        expected, stretch = inputs.targets["capital_in_place"].values()
        out["capital_coverage"] = 100 * total / expected
        for tier in tiers:
            out[f"coverage_{tier}"] = 100 * out[f"capital_{tier}"] / expected
        out["capital_margin_expected"] = total - expected
        out["capital_margin_stretch"] = total - stretch
        out["capital_base"] = np.full_like(total, base["capital_base"])
        out["capital_growth_on_base"] = 100 * (total / base["capital_base"] - 1)
        for tier in tiers:
            out[f"industrial_{tier}"] = out[f"capital_{tier}"] * x[f"share_{tier}"] / 100
        out["industrial_unfloored"] = x["capital_unfloored"] * x["share_unfloored"] / 100
        industrial = sum(out[f"industrial_{t}"] for t in tiers) + out["industrial_unfloored"]
        out["industrial_capital"] = industrial
        share = 100 * industrial / total
        out["industrial_share"] = share
        expected, stretch = inputs.targets["industrial_share"].values()
        out["industrial_margin_expected"] = share - expected
        out["industrial_margin_stretch"] = share - stretch
        rate, rate_base = x["exchange_rate"], base["exchange_rate_base"]
        out["exchange_rate_base"] = np.full_like(total, rate_base)
        for scope in ("foreign_capital", "fdi"):
            growth = x[f"{scope}_growth"]
            expected, stretch = inputs.targets[f"{scope}_growth"].values()
            out[f"{scope}_margin_expected"] = growth - expected
            out[f"{scope}_margin_stretch"] = growth - stretch
            out[f"{scope}_base"] = np.full_like(total, base[f"{scope}_base"])
            out[f"{scope}_base_known"] = np.full_like(total, base[f"{scope}_base_known"])
            out[f"{scope}_level"] = base[f"{scope}_base"] * (1 + growth / 100)
            out[f"{scope}_growth_cny"] = 100 * ((1 + growth / 100) * rate / rate_base - 1)
            out[f"{scope}_level_cny"] = out[f"{scope}_level"] * rate
        out["signed_required"] = total / (x["conversion"] / 100 * (1 - x["conversion_lag"] / 12))
        shared = x["benefit_share"] / 100 * x["led_share"] / 100
        leading, *hosts = tiers
        hosted = sum(out[f"industrial_{tier}"] for tier in hosts)
        for district in inputs.members[leading]:
            own = inputs.floors[district] * (1 + x[f"uplift_{leading}"] / 100)
            part = inputs.floors[district] / floor[leading]
            out[f"credited_{district}"] = own + shared * part * hosted
        for tier in hosts:
            for district in inputs.members[tier]:
                own = inputs.floors[district] * (1 + x[f"uplift_{tier}"] / 100)
                out[f"credited_{district}"] = own - shared * own * x[f"share_{tier}"] / 100
        out["credited_unfloored"] = x["capital_unfloored"]
        out["credited_total"] = sum(v for k, v in out.items() if k.startswith("credited_"))
        return out

    return outcomes


def pandas_loop(model: Model, x: dict[str, np.ndarray]) -> pd.DataFrame:
    """Total, share and their margins, looping over tiers in a frame."""
    frame = pd.DataFrame(x)
    inputs = model.inputs
    frame["capital_total"] = frame["capital_unfloored"]
    frame["industrial_capital"] = frame["capital_unfloored"] * frame["share_unfloored"] / 100
    for tier, members in inputs.members.items():
        for district in members:
            capital = inputs.floors[district] * (1 + frame[f"uplift_{tier}"] / 100)
            frame["capital_total"] += capital
            frame["industrial_capital"] += capital * frame[f"share_{tier}"] / 100
    frame["industrial_share"] = 100 * frame["industrial_capital"] / frame["capital_total"]
    for key, column in (("capital_in_place", "capital_total"), ("industrial_share",) * 2):
        for level, value in inputs.targets[key].items():
            frame[f"{key}_margin_{level}"] = frame[column] - value
    return frame


def timed(function: Callable[[], object]) -> float:
    """Return how long one call takes, in seconds."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def main(number: int) -> int:
    model = load_model()
    x = drawn(model, number)
    hand = by_hand(model)
    small = {key: values[:1000] for key, values in x.items()}
    ours, theirs = model.evaluate(small), hand(small)
    for key in model.outcomes:
        np.testing.assert_allclose(ours[key], theirs[key], rtol=1e-9, err_msg=key)
    ways: dict[str, Callable[[], object]] = {
        "model": lambda: model.evaluate(x),
        "NumPy by hand": lambda: hand(x),
        "pandas loop": lambda: pandas_loop(model, x),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(timed(way))
    medians = {name: float(np.median(values)) for name, values in times.items()}
    print(f"{number:,} draws, {len(model.outcomes)} outcomes, median of {ROUNDS} rounds")
    for name, seconds in medians.items():
        print(f"  {name:<15}{seconds:8.3f} s   model/this {medians['model'] / seconds:5.2f}")
    ratio = medians["model"] / medians["NumPy by hand"]
    print(f"reach: at most {REACH} times NumPy by hand: {'met' if ratio <= REACH else 'missed'}")
    return 0 if ratio <= REACH else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
