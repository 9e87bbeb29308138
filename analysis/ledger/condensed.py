"""How are millions of arrivals read once for all the tables of a bulletin?

They are summed by project, district and month, exactly, into a temporary table of the
engine's; what asks for whole months gets the same from it as from the arrivals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analysis.ledger.dimensions import STANDS_FOR, within
from analysis.ledger.engine import Ledger

if TYPE_CHECKING:
    import ibis

MONTHS = 12
#: What asks of arrivals no more than their sums by project, district and month.
BY_MONTH = ("capital", "concentration", "listing", "pipeline")


def by_month(question: str, given: Mapping[str, Any]) -> bool:
    """Whether a question of `analysis.ledger.aggregates` is answered by sums of months as well."""
    since, until = given.get("since"), given.get("until")
    return (
        question in BY_MONTH
        and "capital_kind" not in given.get("by", ())
        and (since is None or since.day == 1)
        and (until is None or (until + timedelta(days=1)).day == 1)
    )


def condensed(
    ledger: Ledger, since: date | None = None, until: date | None = None, cut: date | None = None
) -> tuple[Ledger, Future[None]]:
    """Return a ledger whose arrivals are summed by project, district and month.

    They are being summed while questions to it are put into words; it can be asked when that is
    done. Periods may be asked of it that begin with a month from `since` on and end with one,
    with `cut`, or with `until`; nothing later is in it.

    Parameters
    ----------
    since : first of a month; what came earlier stands together in the month before
    until : last day; None if all are to be in it
    cut : a day within a month at which a period may end too

    Returns
    -------
    The ledger; what is done when the sums are there
    """
    import ibis

    rows = ledger.arrivals.filter(within(ledger.arrivals.date, None, until))
    # Months are counted, not dated, while there are millions of rows.
    month = _months(rows.date)
    if since:
        month = ibis.greatest(month, _months(since) - 1)
    keys = {"project_id": rows.project_id, "district": rows.district, "_month": month}
    after = cut + timedelta(days=1) if cut else None
    if after and after.day == 1:
        after = None  # months are apart as it is
    if after:
        keys["_after"] = (rows.date >= after) & (_months(rows.date) == _months(after))
    summed = rows.aggregate(by=keys, amount=rows.amount.sum(), **{STANDS_FOR: rows.count()})
    year, number = summed._month // MONTHS, summed._month % MONTHS
    day = ibis.date(year.cast("int32"), (number + 1).cast("int32"), 1)
    if after:
        day = summed._after.ifelse(ibis.literal(after, type="date"), day)
    told = summed.select("project_id", "district", "amount", STANDS_FOR, date=day)
    arrivals, summed_up = _kept(ledger, told)
    return replace(ledger, arrivals=arrivals), summed_up


def _months(day: Any) -> Any:
    """Return the months of a date, or of a column of dates, from year 0."""
    if isinstance(day, date):
        return day.year * MONTHS + day.month - 1
    return day.year() * MONTHS + day.month() - 1


def _kept(ledger: Ledger, rows: ibis.Table) -> tuple[ibis.Table, Future[None]]:
    """Return rows as a table that the engine keeps while it is open, and what computes it.

    A PostgreSQL that is only read from keeps nothing: there the rows are summed when asked for.
    """
    backend: Any = rows.get_backend()
    sql = backend.compile(rows)
    name = f"condensed_{hashlib.sha256((ledger.stamp + sql).encode()).hexdigest()[:16]}"
    done: Future[None] = Future()
    if backend.name == "duckdb":
        from ibis.expr.operations import DatabaseTable

        beside = ThreadPoolExecutor(1)
        done = beside.submit(_made, backend, f"CREATE TABLE IF NOT EXISTS {name} AS {sql}")
        beside.shutdown(wait=False)
        return DatabaseTable(name=name, schema=rows.schema(), source=backend).to_expr(), done
    done.set_result(None)
    if backend.name == "pyspark":
        backend._session.sql(sql).cache().createOrReplaceTempView(name)
        return backend.table(name), done
    return rows, done


def _made(backend: Any, sql: str) -> None:
    with backend.con.cursor() as line:
        line.execute(sql)
