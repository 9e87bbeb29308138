"""How far projects have come, how long each step took, and what arrived at what age.

Stages follow one another: lead 线索, signed 签约, started 开工, production 投产. Capital in
place 到位 comes beside the last two. A planned date is no stage reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.ledger.dimensions import (
    OF_PROJECTS,
    checked,
    money,
    project_rows,
    quarter_of,
    whole_months,
    within,
)
from analysis.ledger.engine import Ledger, LedgerError, last_date
from analysis.ledger.form import PROJECTS
from analysis.ledger.stored import value_columns

if TYPE_CHECKING:
    import ibis

#: Stage -> column of its date.
DATES = {
    "lead": "lead_date",
    "signed": "signed_date",
    "started": "start_date",
    "production": "production_date",
}
STAGES = (*DATES, "in_place")
#: What is stored of the dates.
ALL_DATES = tuple(
    name
    for column in DATES.values()
    for name in (column, f"{column}_precision", f"{column}_planned")
    if name in value_columns(PROJECTS)
)
#: Stages between which a wait can be measured.
WAITS = (*DATES, "first_arrival")


def reached(rows: Any, stage: str, until: date | None) -> Any:
    """Return whether a project had reached a stage: its date is known, past and not a plan."""
    day = rows[DATES[stage]]
    past = day.notnull() if until is None else day <= until
    planned = f"{DATES[stage]}_planned"
    if planned in rows.columns:
        past = past & ~rows[planned].fill_null(False)
    return past.fill_null(False)


def with_capital(ledger: Ledger, columns: Iterable[str], until: date | None = None) -> ibis.Table:
    """Return some columns of the projects, what has come of each, and who is in place.

    Returns
    -------
    [project_id, *columns, capital (1e4 CNY, missing if nothing came), in_place (the capital
    that has arrived by then, corrections taken off, is above 0)]
    """
    rows = ledger.arrivals.filter(within(ledger.arrivals.date, None, until))
    capital = rows.aggregate(by={"_capital_of": rows.project_id}, capital=rows.amount.sum())
    named = list(dict.fromkeys(["project_id", *columns]))
    projects = project_rows(ledger, named)
    joined = projects.left_join(capital, projects.project_id == capital._capital_of)
    in_place = (joined.capital > 0).fill_null(False)
    return joined.select(*named, "capital", in_place=in_place)


def first_arrivals(ledger: Ledger, until: date) -> ibis.Table:
    """Return by project its first positive arrival: [_of, first_arrival, first_precision]."""
    rows = ledger.arrivals
    rows = rows.filter(rows.amount > 0, within(rows.date, None, until))
    # Any other precision counts as months; of one day's arrivals the finest counts.
    fine = rows.date_precision.fill_null("day") == "day"
    first = rows.aggregate(
        by={"_of": rows.project_id}, first_arrival=rows.date.min(), _fine=rows.date.min(where=fine)
    )
    known = (first._fine == first.first_arrival).fill_null(False)
    return first.select("_of", "first_arrival", first_precision=known.ifelse("day", "month"))


def pipeline(ledger: Ledger, by: Sequence[str] = (), until: date | None = None) -> ibis.Table:
    """How many projects have come how far by a day?

    A project has reached a stage if the stage's own date or a later stage's lies on or before
    `until`, so that the funnel never widens where dates are missing; one with capital in place
    counts as signed.

    Returns
    -------
    [*by, stage, projects, size (1e8 CNY, total investment)], stage one of `STAGES`; every
    stage for every group
    """
    import ibis

    keys = checked(by, OF_PROJECTS)
    rows = with_capital(ledger, [*keys, "size", *ALL_DATES], until)
    flags, later = {"in_place": rows.in_place}, ibis.literal(False)
    for stage in reversed(DATES):
        later = later | _come(rows, stage, until)
        flags[stage] = later
    rows = rows.select(*keys, "size", **{f"_{stage}": flags[stage] for stage in STAGES})
    counted = rows.aggregate(
        by=keys,
        **{f"_n_{stage}": rows[f"_{stage}"].sum().fill_null(0) for stage in STAGES},
        **{f"_size_{stage}": money(rows["size"], rows[f"_{stage}"]) for stage in STAGES},
    )
    return ibis.union(
        *(
            counted.select(
                *keys,
                stage=ibis.literal(stage),
                projects=counted[f"_n_{stage}"].cast("int64"),
                size=counted[f"_size_{stage}"],
            )
            for stage in STAGES
        )
    )


def _come(rows: Any, stage: str, until: date | None) -> Any:
    """Return whether a project has reached a stage; capital in place is as good as a signature."""
    come = reached(rows, stage, until)
    return come | rows.in_place if stage == "signed" else come


def cohorts(ledger: Ledger, by: Sequence[str] = (), until: date | None = None) -> ibis.Table:
    """What arrived of the projects that were signed in one quarter, by the months since?

    Capital that came before its project was signed counts in month 0. Every cohort has a row
    for month 0, so one of which nothing has arrived is there too.

    Returns
    -------
    [*by, cohort ("2021Q1", quarter of signing), months (whole months since signing; see
    `whole_months`), capital (1e8 CNY that arrived in that month of age), size (1e8 CNY, of the
    whole cohort), projects (of the whole cohort)]
    """
    import ibis

    keys = checked(by, OF_PROJECTS)
    named = dict.fromkeys([*keys, "project_id", "size", "signed_date", "signed_date_precision"])
    projects = project_rows(ledger, named)
    projects = projects.filter(projects.signed_date.notnull(), reached(projects, "signed", until))
    projects = projects.mutate(cohort=quarter_of(projects.signed_date))
    arrivals = ledger.arrivals.filter(within(ledger.arrivals.date, None, until))
    arrivals = arrivals.select(_of="project_id", date="date", precision="date_precision",
                               amount="amount")  # fmt: skip
    joined = projects.inner_join(arrivals, projects.project_id == arrivals._of)
    age = whole_months(
        joined.signed_date, joined.date, joined.signed_date_precision, joined.precision
    )
    nothing = ibis.literal(0).cast(arrivals.amount.type())
    come = joined.mutate(months=age).group_by([*keys, "cohort", "months"])
    come = come.agg(amount=joined.amount.sum()).select(
        *keys, "cohort", "months", amount=ibis._.amount.cast("decimal(38, 6)"),
        size=nothing.cast("decimal(38, 6)"), projects=ibis.literal(0).cast("int64"),
    )  # fmt: skip
    signed = projects.aggregate(
        by=[*keys, "cohort"], size=projects["size"].sum(), projects=projects.count()
    )
    signed = signed.select(
        *keys, "cohort", months=ibis.literal(0).cast("int64"),
        amount=nothing.cast("decimal(38, 6)"), size=signed["size"].cast("decimal(38, 6)"),
        projects=signed.projects.cast("int64"),
    )  # fmt: skip
    together = ibis.union(come, signed).group_by([*keys, "cohort", "months"])
    ages = together.agg(
        capital=lambda t: money(t.amount),
        _size=lambda t: t["size"].sum(),
        _projects=lambda t: t.projects.sum(),
    )
    cohort = ibis.window(group_by=[*keys, "cohort"])
    return ages.select(
        *keys, "cohort", "months", "capital",
        size=money(ages["_size"]).over(cohort),
        projects=ages["_projects"].sum().over(cohort).cast("int64"),
    )  # fmt: skip


def waits(
    ledger: Ledger, start: str, end: str, by: Sequence[str] = (), until: date | None = None
) -> ibis.Table:
    """How long do projects wait from one stage to another, and how many still wait?

    Parameters
    ----------
    start, end : of `WAITS`; a first arrival is that of a positive amount
    until : where the look ends; the last day that the ledger knows of if None

    Returns
    -------
    [*by, cohort (quarter of `start`), months (whole; at least 0), ended (false: still waiting
    at `until`, so the wait is censored there), projects]

    Raises
    ------
    LedgerError : no such stage
    """
    import ibis

    for stage in (start, end):
        if stage not in WAITS:
            raise LedgerError(f"no stage {stage!r}; choose from {', '.join(WAITS)}")
    keys = checked(by, OF_PROJECTS)
    until = until or last_date(ledger) or date.max
    rows = project_rows(ledger, dict.fromkeys(["project_id", *keys, *ALL_DATES]))
    if "first_arrival" in (start, end):
        first = first_arrivals(ledger, until)
        rows = rows.left_join(first, rows.project_id == first._of)
    begun, began, began_precision = _date_of(rows, start, until)
    ended, day, precision = _date_of(rows, end, until)
    last = ended.ifelse(day, ibis.literal(until, type="date"))
    last_precision = ended.ifelse(precision.fill_null("day"), "day")
    rows = rows.filter(begun).mutate(
        cohort=quarter_of(began),
        months=whole_months(began, last, began_precision, last_precision),
        ended=ended,
    )
    grouped = rows.group_by([*keys, "cohort", "months", "ended"])
    return grouped.agg(projects=lambda t: t.count().cast("int64"))


def _date_of(rows: Any, stage: str, until: date) -> tuple[Any, Any, Any]:
    """Return whether a stage was reached, its date, and how well the date is known."""
    if stage == "first_arrival":
        day = rows.first_arrival
        return (day <= until).fill_null(False), day, rows.first_precision
    column = DATES[stage]
    return reached(rows, stage, until), rows[column], rows[f"{column}_precision"]


def furthest(rows: Any, until: date | None) -> Any:
    """Return the last of the dated stages that a project has reached; missing if none.

    rows : of `with_capital`
    """
    import ibis

    said = [(_come(rows, stage, until), stage) for stage in reversed(DATES)]
    return ibis.cases(*said, else_=ibis.null("string"))
