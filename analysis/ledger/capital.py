"""How much capital came in place, how concentrated it is, and how much is foreign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from analysis.ledger.dimensions import (
    OF_ARRIVALS,
    OF_FOREIGN,
    arrival_rows,
    checked,
    foreign_rows,
    money,
)
from analysis.ledger.engine import Ledger

if TYPE_CHECKING:
    import ibis

#: How many of the largest projects a share of concentration is of.
TOPS = (1, 5, 10)


def capital(
    ledger: Ledger, by: Sequence[str] = (), since: date | None = None, until: date | None = None
) -> ibis.Table:
    """How much capital came in place in a period, by what?

    Corrections are negative arrivals and are taken off. An arrival's district is its own if
    given, else its project's; tier follows from that district, all else from the project.

    Returns
    -------
    [*by, capital (1e8 CNY), arrivals, projects (with at least one arrival in the period)];
    one row if `by` is empty, also of an empty ledger
    """
    keys = checked(by, OF_ARRIVALS)
    rows = arrival_rows(ledger, keys, since, until)
    return rows.aggregate(
        by=keys,
        capital=money(rows.amount),
        arrivals=rows.arrivals.sum().fill_null(0).cast("int64"),
        projects=rows.project_id.nunique().cast("int64"),
    )


def concentration(
    ledger: Ledger, by: Sequence[str] = (), since: date | None = None, until: date | None = None
) -> ibis.Table:
    """How much of the capital in place lies in a few projects?

    Only projects whose capital in the period, corrections taken off, is above 0.

    Returns
    -------
    [*by, projects, capital (1e8 CNY, of these projects), herfindahl (sum of squared shares, 0
    to 1), top1, top5, top10 (share of the largest projects, 0 to 1)]; with no such project a
    row of `by` is missing, and the shares are missing if `by` is empty
    """
    import ibis

    keys = checked(by, [key for key in OF_ARRIVALS if key != "project_id"])
    rows = arrival_rows(ledger, keys, since, until)
    rows = rows.filter(rows.amount > 0)
    whole = ibis.window(group_by=keys or None)
    order = ibis.window(group_by=keys or None, order_by=[rows.amount.desc(), rows.project_id])
    rows = rows.mutate(
        _share=rows.amount.cast("float64") / rows.amount.sum().over(whole).cast("float64"),
        _rank=ibis.row_number().over(order),
    )
    shares = {
        f"top{n}": rows.amount.sum(where=rows._rank < n).cast("float64")
        / rows.amount.sum().cast("float64")
        for n in TOPS
    }
    return rows.aggregate(
        by=keys,
        projects=rows.count().cast("int64"),
        capital=money(rows.amount),
        herfindahl=(rows._share * rows._share).sum(),
        **shares,
    )


def foreign(
    ledger: Ledger, by: Sequence[str] = (), since: date | None = None, until: date | None = None
) -> ibis.Table:
    """How much foreign capital was utilised in a period, by scope?

    The two scopes, all utilised capital (实际利用外资) and the commerce ministry's (商务部口径),
    are never added.

    Returns
    -------
    [*by, scope, amount (1e8 USD)]
    """
    keys = checked(by, OF_FOREIGN)
    rows = foreign_rows(ledger, keys, since, until)
    return rows.aggregate(by=[*keys, "scope"], amount=money(rows.amount))
