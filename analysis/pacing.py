"""Cumulative paths within a year.

The seasonal profile rests on very little: a few cumulative readings of a few
years, at irregular months, some of them lower bounds. The method keeps to what
these can carry:

* Within a year the cumulative total can't fall, so between two readings it lies
  between them. That alone leaves the band as wide as the gap, so one assumption
  is added: no month brings more than `MOST_UNEVEN` times the mean pace of its
  stretch (the stretches known so far differ in pace by about a fifth).
* The central line is the monotone cubic (PCHIP) through zero at the start, the
  readings, and the year's total. It is a smooth guess inside the band, not an
  estimate with an error.
* A total that is only a lower bound makes a reading's share of it an upper
  bound: the low edge then ignores that year's readings. A reading that is a
  lower bound can't cap the band from above.
* Several years are averaged with equal weight for the central line, and the
  band is the widest of all: with two or three years there is no variance to
  speak of.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from scipy.interpolate import PchipInterpolator

from analysis.evidence import Evidence, load_evidence
from analysis.plan import Plan

MONTHS = 12
#: Most that a month may bring, in mean months of its stretch between two readings.
MOST_UNEVEN = 1.5
_FULL = 100.0


class PacingError(ValueError):
    """Readings that no path can be drawn through."""


def readings(evidence: Evidence, series: str, place: str) -> pd.DataFrame:
    """Pick cumulative readings and annual totals out of the evidence, the surest of each month.

    Returns
    -------
    one row a reading: year, month (12 for a year's total), value, bound, unit,
    source; sorted

    Raises
    ------
    UnitError, StageError, ScopeError : the readings aren't one count
    """
    line = evidence.line(series, place, period_type=["annual", "ytd"])
    return pd.DataFrame(
        {
            "year": [one.year for one in line],
            "month": [one.ends.month for one in line],
            "value": [one.value for one in line],
            "bound": [one.bound for one in line],
            "unit": [one.unit for one in line],
            "source": [one.source for one in line],
        }
    )


def has_season(plan: Plan, evidence: Evidence) -> bool:
    """Say whether anything within a year is published of the plan's own sum and place."""
    if plan.total is None:
        return False
    rows, place = evidence.figures, plan.about.evidence_place
    of_it = rows["series"].eq(plan.total.series) & rows["place"].eq(place)
    return bool((of_it & rows["period_type"].eq("ytd")).any())


def season_of(plan: Plan) -> pd.DataFrame:
    """Return the season that readings of the plan's own sum and place show."""
    assert plan.total is not None  # or no page of a ledger is shown
    return _season_of(plan.total.series, plan.about.evidence_place)


@cache
def _season_of(series: str, place: str) -> pd.DataFrame:
    return seasonal_profile(readings(load_evidence(), series, place))


def year_profile(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what one year's readings tell about its season.

    Parameters
    ----------
    rows : readings of one year, its total (month 12) among them; of one that is a lower bound,
        shares within the year may be as low as need be

    Returns
    -------
    month 0 to 12: share, low, high (percent of the year's total)

    Raises
    ------
    PacingError : no total, or readings that fall
    """
    rows = rows.sort_values("month")
    years = rows["year"].unique()
    if len(years) != 1:
        raise PacingError(f"one year at a time, not {sorted(map(int, years))}")
    if MONTHS not in set(rows["month"]):
        raise PacingError(f"{int(years[0])}: no total of the year to take shares of")
    values = rows["value"].to_numpy(float)
    if (np.diff(values) < 0).any() or (values <= 0).any():
        raise PacingError(f"{int(years[0])}: a cumulative reading falls or is not above 0")
    months = np.concatenate([[0], rows["month"].to_numpy(int)])
    shares = _FULL * np.concatenate([[0.0], values]) / values[-1]
    exact = np.concatenate([[True], rows["bound"].eq("exact").to_numpy()])
    exact[-1] = True  # the year's end is all of the year, whatever its value
    grid = np.arange(MONTHS + 1)
    central = PchipInterpolator(months, shares)(grid)
    sure = np.ones(len(months), bool)
    sure[1:-1] = rows["bound"].iloc[-1] == "exact"
    low, _ = _envelope(months[sure], shares[sure])
    _, high = _envelope(months[exact], shares[exact])
    # The guess itself is always within what is shown as possible.
    low, high = np.minimum(low, central), np.maximum(high, central)
    return pd.DataFrame({"month": grid, "share": central, "low": low, "high": high})


def _envelope(months: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most that a rising line through the readings can be, by month."""
    low, high = np.zeros(MONTHS + 1), np.zeros(MONTHS + 1)
    for start, end, floor, ceiling in zip(
        months[:-1], months[1:], shares[:-1], shares[1:], strict=True
    ):
        month = np.arange(start, end + 1)
        rise = ceiling - floor
        quickest = MOST_UNEVEN * rise / (end - start)
        low[month] = ceiling - np.minimum(rise, quickest * (end - month))
        high[month] = floor + np.minimum(rise, quickest * (month - start))
    return low, high


def seasonal_profile(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the season of past years: equal weights in the middle, the widest band.

    Parameters
    ----------
    rows : `readings`, of which the years count that have a total and a reading within the year

    Returns
    -------
    month 0 to 12: share, low, high (percent), years (how many), read (whether any of the years
    has a reading by then: before, the path rests on nothing)

    Raises
    ------
    PacingError : no year has both
    """
    grouped = rows.groupby("year")["month"].agg(["max", "min"])
    years = grouped.index[(grouped["max"] == MONTHS) & (grouped["min"] < MONTHS)]
    if years.empty:
        raise PacingError("no past year has both a reading within the year and a total")
    profiles = [year_profile(rows[rows["year"] == year]) for year in years]
    together = pd.concat(profiles).groupby("month", as_index=False)
    first = int(rows.loc[rows["year"].isin(years), "month"].min())
    return together.agg(share=("share", "mean"), low=("low", "min"), high=("high", "max")).assign(
        years=len(years), read=lambda grid: grid["month"].ge(first)
    )


def path(total: float, profile: pd.DataFrame) -> pd.DataFrame:
    """Return the cumulative path to a total: month, value, low, high."""
    return pd.DataFrame(
        {
            "month": profile["month"],
            "value": total * profile["share"] / _FULL,
            "low": total * profile["low"] / _FULL,
            "high": total * profile["high"] / _FULL,
        }
    )
