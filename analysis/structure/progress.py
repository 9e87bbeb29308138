"""Who is on schedule: capital in place, industrial share and quotas against what the plan asks.

The schedule 时序进度 is the straight line through the year. The season of past years is a
reference beside it: the city's, from published readings; that a district has the same one is
an assumption.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.pacing import MONTHS, path
from analysis.plan import Plan
from analysis.structure import places
from analysis.text import both

PERCENT = 100.0
#: What an aggregate says of industry projects 产业项目: counted or not, stated or assumed.
COUNTED, ASSUMED = ("yes", "assumed_yes"), ("assumed_yes", "assumed_no")
OUTWARD = "structure.measure.quota.outward"


def divided(capital: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return capital with that of industry projects, and that of which it is only assumed.

    capital : an aggregate with columns `by`, industry, capital; a key that is missing is "none"
    """
    # Capital whose project is not in the ledger is of no industry project that is known.
    industry = capital["industry"].fillna(ASSUMED[-1])
    return capital.assign(
        place=capital[by].fillna(places.NONE).replace("", places.NONE),
        industrial=capital["capital"].where(industry.isin(COUNTED), 0.0),
        assumed=capital["capital"].where(industry.isin(ASSUMED), 0.0),
    )


def sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Return place, capital, industrial and assumed of rows that are `divided`."""
    return rows.groupby("place", as_index=False)[["capital", "industrial", "assumed"]].sum()


def progress(
    named: pd.DataFrame,
    year: pd.DataFrame,
    before: pd.DataFrame,
    period: pd.DataFrame,
    profile: pd.DataFrame,
    month: int,
) -> pd.DataFrame:
    """Compare each place's capital in place with its floor, the schedule and the year before.

    Parameters
    ----------
    named : place, tier, name_zh, name_en, floor (1e8 CNY, NaN if none), share_floor (%)
    year, before, period : place, capital, industrial, assumed (1e8 CNY): this year so far, the same
        months of the year before, and the period alone
    profile : `analysis.pacing.seasonal_profile`
    month : the last month counted, 1 to 12

    Returns
    -------
    a row a place, those with no capital too: the columns of `named`, and capital, industrial,
    assumed, before, in_period (1e8 CNY), share (%), share_gap (points), of_floor (%), due_linear,
    ahead_linear (1e8 CNY, by the schedule), due_low, due_high (the season's range; NaN before its
    first reading), end_low, end_high (`_year_ends`; NaN once the year has ended), growth (%)
    """
    past = profile.set_index("month").loc[month]
    season = past[["low", "high"]].astype(float) / (PERCENT if past["read"] else np.nan)

    def of(frame: pd.DataFrame, column: str = "capital") -> pd.Series:
        return named["place"].map(frame.set_index("place")[column]).fillna(0.0)

    rows = named.assign(
        capital=of(year), industrial=of(year, "industrial"), assumed=of(year, "assumed"),
        before=of(before) if len(before) else np.nan, in_period=of(period),
    )  # fmt: skip
    rows = rows.assign(
        share=PERCENT * ratio(rows["industrial"], rows["capital"]),
        of_floor=PERCENT * ratio(rows["capital"], rows["floor"]),
        due_linear=rows["floor"] * month / MONTHS,
        due_low=rows["floor"] * season["low"],
        due_high=rows["floor"] * season["high"],
        growth=change(rows["capital"], rows["before"]),
        **_year_ends(rows["capital"], season if month < MONTHS else season * np.nan),
    )
    return rows.assign(
        share_gap=rows["share"] - rows["share_floor"],
        ahead_linear=rows["capital"] - rows["due_linear"],
    )


def ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    """Divide; over nothing there is no ratio."""
    return above / below.where(below.ne(0))


def change(now: pd.Series, before: pd.Series) -> pd.Series:
    """Return by how much an amount has changed, %; NaN where either has nothing on balance."""
    return PERCENT * (now.where(now.gt(0)) / before.where(before.gt(0)) - 1)


def _year_ends(capital: pd.Series, season: pd.Series | pd.DataFrame) -> dict[str, pd.Series]:
    """Return where the year ends if its months to come are to those gone as in past years.

    season : low, high (0 to 1): the range of the year's part that had come by then
    """
    known = capital.where(capital.gt(0) & (season["low"] > 0))
    return {"end_low": known / season["high"], "end_high": known / season["low"]}


def months(
    capital: pd.DataFrame, target: float, profile: pd.DataFrame, year: int, last: int
) -> pd.DataFrame:
    """Return the year month by month, cumulated, beside both schedules and the year before.

    Parameters
    ----------
    capital : month (first day), capital (1e8 CNY); both years
    target : 1e8 CNY, what the schedule leads to

    Returns
    -------
    month 0 to 12: flow, value, before (NaN beyond `last` and in a year with no rows), linear,
    seasonal, low, high, end_low, end_high (1e8 CNY): the last two where the year ends if its
    months to come are to those gone as in past years; NaN before their first reading
    """
    grid = np.arange(MONTHS + 1)
    flows = {y: _flows(capital, y) for y in (year, year - 1)}
    now = np.where(grid <= last, np.cumsum(flows[year]), np.nan)
    known = flows[year - 1].any()
    seasonal = path(target, profile)
    season = profile[["low", "high"]].where(profile["read"]) / PERCENT
    return pd.DataFrame(
        {
            "month": grid,
            "flow": np.where(grid <= last, flows[year], np.nan),
            "value": now,
            "before": np.cumsum(flows[year - 1]) if known else np.nan,
            "linear": target * grid / MONTHS,
            "seasonal": seasonal["value"].to_numpy(),
            "low": seasonal["low"].to_numpy(),
            "high": seasonal["high"].to_numpy(),
            **_year_ends(pd.Series(now), season.reset_index(drop=True)),
        }
    )


def _flows(capital: pd.DataFrame, year: int) -> np.ndarray:
    """Return what arrived in each month of a year; place 0 is the year's beginning."""
    days = pd.to_datetime(capital["month"])
    rows = capital[days.dt.year.eq(year)]
    found = rows.groupby(days[rows.index].dt.month)["capital"].sum()
    return found.reindex(range(MONTHS + 1), fill_value=0.0).to_numpy(float)


def quotas(plan: Plan, counted: pd.DataFrame) -> pd.DataFrame:
    """Compare each district's projects with the plan's quotas.

    Parameters
    ----------
    counted : district, quota, projects (aggregate `quota_projects`)

    Returns
    -------
    a row a district and quota of its tier, and one for outward-oriented projects where the
    plan names the district: place, tier, quota, name_zh, name_en, needed, projects, missing,
    required, part_of (the quota that it is counted in, too), met
    """
    asked = plan.floors[["district", "tier"]].merge(
        plan.quotas[["tier", "quota", "name_zh", "name_en", "each", "required", "part_of"]],
        on="tier",
    )
    asked = pd.concat([asked, _outward(plan)], ignore_index=True)
    found = asked.merge(
        counted[["district", "quota", "projects"]], on=["district", "quota"], how="left"
    ).rename(columns={"district": "place", "each": "needed"})
    found["projects"] = found["projects"].fillna(0.0)
    missing = (found["needed"].fillna(0.0) - found["projects"]).clip(lower=0.0)
    return found.assign(missing=missing, met=missing.eq(0))


def _outward(plan: Plan) -> pd.DataFrame:
    """Return the outward-oriented projects that the plan asks of a district by name."""
    rows = plan.outward.merge(plan.floors[["district", "tier"]], left_on="place",
                              right_on="district")  # fmt: skip
    return pd.DataFrame(
        {
            "district": rows["district"],
            "tier": rows["tier"],
            "quota": "outward",
            **_named(both(OUTWARD)),
            "each": rows["projects"],
            "required": True,
            "part_of": "",
        }
    )


def city_quotas(plan: Plan, found: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Return the city's quotas: those of its districts, outward-oriented projects, innovation.

    Returns
    -------
    quota, name_zh, name_en, needed, projects, districts (how many met theirs), asked (of how
    many); outward-oriented and innovation count the whole city and no districts
    """
    own = found[found["required"] & found["quota"].ne("outward")]
    rows = own.groupby("quota", sort=False, as_index=False).agg(
        name_zh=("name_zh", "first"), name_en=("name_en", "first"), needed=("needed", "sum"),
        projects=("projects", "sum"), districts=("met", "sum"), asked=("place", "size"),
    )  # fmt: skip
    total = counted.groupby("quota")["projects"].sum()
    outward = plan.outward[plan.outward["place"].eq("city")]
    whole = pd.concat(
        [
            outward.assign(quota="outward", needed=outward["projects"], **_named(both(OUTWARD))),
            plan.innovation[:1].assign(quota="innovation", needed=plan.innovation["each"]),
        ],
        ignore_index=True,
    )
    whole["projects"] = whole["quota"].map(total).fillna(0.0)
    columns = ["quota", "name_zh", "name_en", "needed", "projects"]
    return pd.concat([rows, whole[columns]], ignore_index=True)


def _named(said: Mapping[str, str]) -> dict[str, str]:
    return {f"name_{lang}": one for lang, one in said.items()}
