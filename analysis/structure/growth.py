"""Where growth comes from, and whether a change of share is one of mix or of places themselves."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.structure.progress import PERCENT, change, ratio


class GrowthError(ValueError):
    """Nothing to grow from."""


def contribution(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Divide the whole's growth among its parts, in percentage points.

    Parameters
    ----------
    now, before : place, capital (1e8 CNY), each place once

    Returns
    -------
    place, capital, before, change (1e8 CNY), points (their sum is the whole's growth in %),
    growth (%, of the place itself; NaN from nothing or to nothing)

    Raises
    ------
    GrowthError : a period in which nothing arrived
    """
    rows = pd.merge(
        now[["place", "capital"]],
        before[["place", "capital"]].rename(columns={"capital": "before"}),
        on="place",
        how="outer",
    ).fillna({"capital": 0.0, "before": 0.0})
    base = float(rows["before"].sum())
    if min(base, rows["capital"].sum()) <= 0:
        raise GrowthError("a period without capital: there is no growth to divide")
    moved = rows["capital"] - rows["before"]
    return rows.assign(
        change=moved,
        points=PERCENT * moved / base,
        growth=change(rows["capital"], rows["before"]),
    )


@dataclass(frozen=True)
class MixWithin:
    """A change of the whole's share, divided exactly: mix + within = total.

    Both effects are weighed by the mean of the two periods (the symmetric form), so that
    no interaction is left over and neither period is preferred.

    total : the change of the whole's share, points
    mix : points from capital moving between places of different shares
    within : points from places changing their own share
    """

    total: float
    mix: float
    within: float


def mix_within(now: pd.DataFrame, before: pd.DataFrame) -> MixWithin:
    """Divide the change of the industrial share between mix and places themselves.

    Parameters
    ----------
    now, before : place, capital, industrial (1e8 CNY), each place once

    Raises
    ------
    GrowthError : a period in which nothing arrived
    """
    rows = pd.merge(
        now[["place", "capital", "industrial"]],
        before[["place", "capital", "industrial"]],
        on="place",
        how="outer",
        suffixes=("", "_before"),
    ).fillna(0.0)
    total, total_before = rows["capital"].sum(), rows["capital_before"].sum()
    if min(total, total_before) <= 0:
        raise GrowthError("a period without capital has no industrial share to compare")
    weight, weight_before = rows["capital"] / total, rows["capital_before"] / total_before
    share = PERCENT * ratio(rows["industrial"], rows["capital"])
    share_before = PERCENT * ratio(rows["industrial_before"], rows["capital_before"])
    # A place with nothing in one period has no share of its own there: its coming or going
    # is a change of mix, so its share counts as the one it has.
    share, share_before = (
        share.fillna(share_before).fillna(0.0), share_before.fillna(share).fillna(0.0)
    )  # fmt: skip
    moved, mean = weight - weight_before, (share + share_before) / 2
    earlier = rows["industrial_before"].sum() / total_before
    whole = float(PERCENT * (rows["industrial"].sum() / total - earlier))
    mix = float((moved * mean).sum())
    return MixWithin(whole, mix, whole - mix)
