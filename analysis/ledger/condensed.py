"""Millions of arrivals, read once for all the tables of a bulletin.

They are summed by project, district and month, exactly, into a temporary table of the
engine's; what asks for whole months gets the same from it as from the arrivals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from analysis.ledger.dimensions import STANDS_FOR
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


def condensed(ledger: Ledger) -> Ledger:
    """Return a ledger whose arrivals are summed by project, district and month.

    Periods of whole months may be asked of it.
    """
    import ibis

    rows = ledger.arrivals
    # Months are counted, not dated, while there are millions of rows.
    keys = {
        "project_id": rows.project_id,
        "district": rows.district,
        "_month": rows.date.year() * MONTHS + rows.date.month() - 1,
    }
    summed = rows.aggregate(by=keys, amount=rows.amount.sum(), **{STANDS_FOR: rows.count()})
    year, number = summed._month // MONTHS, summed._month % MONTHS
    day = ibis.date(year.cast("int32"), (number + 1).cast("int32"), 1)
    told = summed.select("project_id", "district", "amount", STANDS_FOR, date=day)
    return replace(ledger, arrivals=_kept(ledger, told))


def _kept(ledger: Ledger, rows: ibis.Table) -> ibis.Table:
    """Return rows as a table that the engine keeps while it is open.

    A PostgreSQL that is only read from keeps nothing: there the rows are summed when asked for.
    """
    backend: Any = rows.get_backend()
    sql = backend.compile(rows)
    name = f"condensed_{hashlib.sha256((ledger.stamp + sql).encode()).hexdigest()[:16]}"
    if backend.name == "duckdb":
        with backend.con.cursor() as line:
            line.execute(f"CREATE TABLE IF NOT EXISTS {name} AS {sql}")
        return backend.table(name)
    if backend.name == "pyspark":
        backend._session.sql(sql).cache().createOrReplaceTempView(name)
        return backend.table(name)
    return rows
