"""What a ledger may be broken down by, and how its amounts, periods and ages are measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.datapackage import read_table
from analysis.ledger.engine import Ledger, LedgerError
from analysis.plan import load_plan

if TYPE_CHECKING:
    import ibis

#: Lower bounds of the size classes, 1e8 CNY, as the plan's quotas and the ceremonies use them.
SIZE_CLASSES = (0, 1, 10, 30, 50, 100)
#: Attributes that a project has.
OF_PROJECTS = (
    "district", "tier", "chain", "link", "sector", "industry", "origin", "innovation",
    "lead_district", "size_class", "project_id",
)  # fmt: skip
#: And what an arrival adds to them.
OF_ARRIVALS = (*OF_PROJECTS, "capital_kind", "month")
OF_FOREIGN = (*OF_PROJECTS, "month")
#: Stored amounts are in 1e4 CNY or 1e4 USD; what goes out is in 1e8.
STORED_IN_ONE = 10_000
#: Column of a ledger with condensed arrivals: how many each row stands for.
STANDS_FOR = "stands_for"


def checked(by: Sequence[str], allowed: Iterable[str]) -> list[str]:
    """Return the columns of a breakdown.

    Raises
    ------
    LedgerError : a column that these rows can't be broken down by
    """
    if isinstance(by, str):
        raise LedgerError(f"by={by!r}: write a sequence of columns, as in ({by!r},)")
    if wrong := [column for column in by if column not in allowed]:
        raise LedgerError(f"no breakdown by {', '.join(wrong)}; choose from {', '.join(allowed)}")
    return list(dict.fromkeys(by))


def within(day: Any, since: date | None, until: date | None) -> Any:
    """Return whether a date lies in a period, both its ends included."""
    import ibis

    if since and until:
        return (day >= since) & (day <= until)
    if since:
        return day >= since
    return day <= until if until else ibis.literal(True)


def money(amount: Any, where: Any = None) -> Any:
    """Return the sum of stored amounts in 1e8; 0 if there are none.

    Decimals are summed exactly, whatever the order of the rows, and divided once.
    """
    return (amount.sum(where=where).cast("float64") / STORED_IN_ONE).fill_null(0.0)


def project_rows(ledger: Ledger, columns: Iterable[str]) -> ibis.Table:
    """Return some columns of the projects, those of `OF_PROJECTS` that are not stored too."""
    rows = ledger.projects
    made = {
        "tier": lambda: _tier(rows.district),
        "size_class": lambda: _size_class(rows["size"]),
        "industry": lambda: _industry(rows),
    }
    return rows.select(**{name: made[name]() if name in made else rows[name] for name in columns})


def arrival_rows(
    ledger: Ledger, by: Sequence[str], since: date | None = None, until: date | None = None
) -> ibis.Table:
    """Return what arrived in a period, summed by project and breakdown.

    An arrival's district is its own if given, else its project's; an arrival whose project
    is not in the ledger stays, with nothing known of the project.

    Returns
    -------
    [*by, project_id, amount (1e4 CNY), arrivals]
    """
    rows = ledger.arrivals.filter(within(ledger.arrivals.date, since, until))
    grain = {"project_id": rows.project_id, "district": rows.district}
    if "capital_kind" in by:
        grain["capital_kind"] = rows.capital_kind
    if "month" in by:
        grain["month"] = first_of_month(rows.date)
    if STANDS_FOR in rows.columns:
        summed = rows.select(**grain, amount="amount", arrivals=STANDS_FOR)
    else:
        # Summed before the join: millions of arrivals become rows of projects and months.
        summed = rows.aggregate(by=grain, amount=rows.amount.sum(), arrivals=rows.count())
    joined = with_projects(ledger, summed, by)
    return joined.aggregate(
        by=list(dict.fromkeys([*by, "project_id"])),
        amount=joined.amount.sum(),
        arrivals=joined.arrivals.sum(),
    )


def foreign_rows(
    ledger: Ledger, by: Sequence[str], since: date | None = None, until: date | None = None
) -> ibis.Table:
    """Return the records of foreign capital in a period: [*by, scope, date, amount (1e4 USD)]."""
    rows = ledger.foreign_capital
    month = {"month": first_of_month(rows.date)} if "month" in by else {}
    kept = rows.filter(within(rows.date, since, until)).select(
        "project_id", "district", "scope", "date", "amount", **month
    )
    return with_projects(ledger, kept, by)


def with_projects(ledger: Ledger, rows: ibis.Table, by: Iterable[str]) -> ibis.Table:
    """Add what a breakdown needs of their projects to rows of [project_id, district, …]."""
    import ibis

    wanted = [key for key in OF_PROJECTS if key in by and key not in rows.columns]
    if not wanted and "district" not in by:
        return rows
    landing = project_rows(
        ledger, ["project_id", "district", *(key for key in wanted if key != "tier")]
    ).rename(_project="project_id", _landing="district")
    # A null in a join's key matches nothing on any engine.
    joined = rows.left_join(landing, rows.project_id == landing._project)
    district = ibis.coalesce(joined.district, joined._landing)
    more = {"tier": _tier(district)} if "tier" in wanted else {}
    kept = [key for key in joined.columns if key not in ("district", "_project", "_landing")]
    return joined.select(*kept, district=district, **more)


def first_of_month(day: ibis.ir.DateColumn) -> Any:
    import ibis

    # Not truncated: some engines make a timestamp of that.
    return ibis.date(day.year(), day.month(), 1)


def _tier(district: Any) -> Any:
    import ibis

    members = load_plan().floors.groupby("tier")["district"]
    said = [(district.isin(sorted(places)), tier) for tier, places in members]
    return ibis.cases(*said, else_=ibis.null("string"))


def _industry(rows: Any) -> Any:
    """Return whether projects are industry projects 产业项目: "yes", "no", "assumed_yes" …

    It is assumed from the sector, by `industry_projects.csv`, where a ledger doesn't say.
    """
    import ibis

    table = read_table("industry_projects")
    counting = sorted(table.loc[table["counts"].astype(bool), "sector"])
    stated = rows.industry_project
    return ibis.cases(
        (stated.fill_null(False), "yes"),
        ((~stated).fill_null(False), "no"),
        (rows.sector.isin(counting).fill_null(False), "assumed_yes"),
        else_="assumed_no",
    )


def _size_class(size: Any) -> Any:
    import ibis

    classes = [(size >= low * STORED_IN_ONE, low) for low in reversed(SIZE_CLASSES[1:])]
    lowest = SIZE_CLASSES[0]
    known = ibis.cases(*classes, else_=lowest).cast("int64")
    return size.isnull().ifelse(ibis.null("int64"), known)


def quarter_of(day: Any) -> Any:
    """Return the quarter of a date as text, e.g. "2021Q1"."""
    return day.year().cast("string").concat("Q", day.quarter().cast("string"))


def whole_months(start: Any, end: Any, *precisions: Any) -> Any:
    """Return the whole months from one date to another, at least 0.

    A month is whole when its day comes round: from 31 January, 28 February is month 0 and
    1 March month 1. Where a date is known to the month or less, calendar months are counted,
    since its first day is only a stand-in.

    precisions : of the dates, "day" or coarser; missing counts as "day"
    """
    import ibis

    months = (end.year() - start.year()) * 12 + (end.month() - start.month())
    short = end.day() < start.day()
    for precision in precisions:
        short = short & (precision.fill_null("day") == "day")
    whole = months - short.ifelse(1, 0)
    return ibis.cases((whole < 0, 0), else_=whole).cast("int64")
