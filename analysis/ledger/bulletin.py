"""What does a monthly bulletin 月通报 need to know of a ledger?"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.ledger.capital import capital, concentration
from analysis.ledger.condensed import condensed
from analysis.ledger.dimensions import STANDS_FOR, money, with_projects, within
from analysis.ledger.engine import Ledger
from analysis.ledger.frames import frames
from analysis.ledger.projects import listing, quota_projects, sizes
from analysis.ledger.stages import pipeline

if TYPE_CHECKING:
    import ibis
    import pandas as pd

#: What capital is broken down by; the city's row has no key.
BREAKDOWNS: dict[str, tuple[str, ...]] = {
    "city": (),
    "sector": ("sector",),
    "district": ("district",),
    "district_sector": ("district", "sector"),
    "tier": ("tier",),
    "tier_sector": ("tier", "sector"),
    "chain": ("chain",),
}
KEYS = ("district", "tier", "chain", "sector")


def bulletin(ledger: Ledger, until: date) -> dict[str, pd.DataFrame]:
    """Return all that a bulletin as of a day needs, each as `frame` has it.

    The arrivals are read once; all the rest builds on their sums.

    Parameters
    ----------
    until : last day of the period, as a rule the end of a month

    Returns
    -------
    capital : [breakdown (of `BREAKDOWNS`), district, tier, chain, sector (missing where it is
        not broken down by), the four `periods` (1e8 CNY), projects (with an arrival in the year
        to date)]
    months : [month, sector, capital, arrivals, projects] of this year and the year before
    foreign : [scope, the four periods (1e8 USD)]
    pipeline : [tier, stage, projects, size] as of the day
    sizes : [tier, size_class, projects, size], signed in the year to date
    quotas : [district, quota, projects], signed in the year to date
    concentration : [projects, capital, herfindahl, top1, top5, top10] of the year to date
    projects : the largest projects as of the day, as `listing` has them
    """
    year, before = date(until.year, 1, 1), date(until.year - 1, 1, 1)
    cut = periods(until)["month_before"][1]
    ledger, summed = condensed(ledger, before, until, cut)
    asked = {
        "capital": compared(ledger, until),
        "months": capital(ledger, ("month", "sector"), before, until),
        "foreign": foreign_compared(ledger, until),
        "pipeline": pipeline(ledger, ("tier",), until),
        "sizes": sizes(ledger, ("tier",), year, until),
        "quotas": quota_projects(ledger, year, until),
        "concentration": concentration(ledger, (), year, until),
        "projects": listing(ledger, "projects", until=until),
    }
    return frames(asked, after=summed)


def periods(until: date) -> dict[str, tuple[date, date]]:
    """Return the four periods that a bulletin compares, by name, both ends included.

    month, to_date (year to date), and month_before, to_date_before: the same of the year
    before; the end of a month answers to the end of that month.
    """
    earlier = until.year - 1
    month_ends = until.day == monthrange(until.year, until.month)[1]
    last = monthrange(earlier, until.month)[1]
    then = date(earlier, until.month, last if month_ends else min(until.day, last))
    return {
        "month": (until.replace(day=1), until),
        "to_date": (date(until.year, 1, 1), until),
        "month_before": (then.replace(day=1), then),
        "to_date_before": (date(earlier, 1, 1), then),
    }


def compared(ledger: Ledger, until: date) -> ibis.Table:
    """Compare the four periods by every breakdown, in one pass: a bulletin's table `capital`."""
    import ibis

    rows = ledger.arrivals.filter(within(ledger.arrivals.date, *_span(until)))
    summed = rows.select("project_id", "district", "amount", span=_spans(rows, until))
    if STANDS_FOR not in rows.columns:
        summed = summed.aggregate(by=["project_id", "district", "span"], amount=summed.amount.sum())
    joined = with_projects(ledger, summed, KEYS)
    # Only this year's projects are counted, so the others needn't be told apart.
    counted = joined["span"].isin(SPANS["to_date"])
    cube = joined.aggregate(
        by={
            "project_id": counted.ifelse(joined.project_id, ibis.null("string")),
            **{key: joined[key] for key in (*KEYS, "span")},
        },
        amount=joined.amount.sum(),
    )
    # Each row once for every breakdown, with only that breakdown's keys.
    told = cube.mutate(breakdown=ibis.array(list(BREAKDOWNS)).unnest())
    keys = {
        key: told.breakdown.isin([b for b, of in BREAKDOWNS.items() if key in of]).ifelse(
            told[key], ibis.null("string")
        )
        for key in KEYS
    }
    told = told.select("breakdown", "project_id", "span", "amount", **keys)
    return told.aggregate(
        by=["breakdown", *KEYS],
        **_measures(told),
        projects=told.project_id.nunique().cast("int64"),
    )


#: The spans that the four periods cut two years into, and which each period is made of.
SPANS = {"month": (3,), "to_date": (2, 3), "month_before": (1,), "to_date_before": (0, 1)}
OUTSIDE = -1


def _span(until: date) -> tuple[date, date]:
    return date(until.year - 1, 1, 1), until


def _spans(rows: Any, until: date) -> Any:
    """Return in which span each row of the two years lies: one number a row, where a condition
    for each period is slow.
    """
    import ibis

    bounds = periods(until)
    return ibis.cases(
        (rows.date >= bounds["month"][0], 3),
        (rows.date >= bounds["to_date"][0], 2),
        (rows.date > bounds["to_date_before"][1], OUTSIDE),
        (rows.date >= bounds["month_before"][0], 1),
        else_=0,
    )


def _measures(rows: Any) -> dict[str, Any]:
    return {name: money(rows.amount, rows["span"].isin(spans)) for name, spans in SPANS.items()}


def foreign_compared(ledger: Ledger, until: date) -> ibis.Table:
    """Compare foreign capital in the four periods: a bulletin's table `foreign`."""
    rows = ledger.foreign_capital
    rows = rows.filter(within(rows.date, *_span(until)))
    rows = rows.select("scope", "amount", span=_spans(rows, until))
    return rows.aggregate(by="scope", **_measures(rows))
