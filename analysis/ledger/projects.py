"""The projects signed: their sizes, their quotas, and the largest of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from analysis.ledger.dimensions import (
    OF_PROJECTS,
    STORED_IN_ONE,
    checked,
    first_of_month,
    money,
    project_rows,
    within,
)
from analysis.ledger.engine import Ledger, LedgerError
from analysis.ledger.stages import ALL_DATES, furthest, reached, with_capital
from analysis.plan import load_plan

if TYPE_CHECKING:
    import ibis

LISTINGS = ("projects", "firms", "platforms")


def sizes(
    ledger: Ledger, by: Sequence[str] = (), since: date | None = None, until: date | None = None
) -> ibis.Table:
    """How many projects of which size were signed in a period?

    Returns
    -------
    [*by, size_class (lower bound, 1e8 CNY, a project on the bound belongs above it), projects,
    size (1e8 CNY, total investment)]
    """
    keys = [key for key in checked(by, OF_PROJECTS) if key != "size_class"]
    rows = _signed(ledger, [*keys, "size_class", "size"], since, until)
    grouped = rows.group_by([*keys, "size_class"])
    return grouped.agg(projects=rows.count().cast("int64"), size=money(rows["size"]))


def quota_projects(
    ledger: Ledger,
    since: date | None = None,
    until: date | None = None,
    by: Sequence[str] = ("district",),
) -> ibis.Table:
    """How many projects signed in a period count for each of the plan's quotas?

    Parameters
    ----------
    by : attributes of a project, and `month`, in which it was signed

    Returns
    -------
    [*by, quota, projects]; quota as in the plan's quotas (of a sector and a least size,
    or headquarters), and `outward` (外向型) and `innovation` (创新主体); every quota for
    each breakdown in which a project was signed

    Source: plan 2021, part 1 (二), (四), (五). That a project counts when it is signed is
    inferred: the plan speaks of projects brought in (引进).
    """
    import ibis

    keys = checked(by, (*OF_PROJECTS, "month"))
    needed = ["sector", "size", "headquarters", "outward", "innovation"]
    stored = [key for key in keys if key not in ("month", *needed)]
    rows = _signed(ledger, [*stored, *needed], since, until)
    rows = rows.mutate(month=first_of_month(rows.signed_date))
    counts = {quota: flag.fill_null(False).sum() for quota, flag in _quotas(rows).items()}
    counted = rows.group_by(keys).agg(**{f"_{q}": n for q, n in counts.items()})
    parts = [
        counted.select(*keys, quota=ibis.literal(q), projects=counted[f"_{q}"].cast("int64"))
        for q in counts
    ]
    return ibis.union(*parts)


def _quotas(rows: Any) -> dict[str, Any]:
    flags: dict[str, Any] = {}
    for one in load_plan().quotas.drop_duplicates("quota").to_dict("records"):
        counts = [rows[one["flag"]]] if one["flag"] else []
        if one["sector"]:
            counts.append(rows.sector == one["sector"])
        if one["min_size"] == one["min_size"]:
            counts.append(rows["size"] >= int(one["min_size"] * STORED_IN_ONE))
        flags[one["quota"]] = reduce(and_, counts)
    return {**flags, "outward": rows.outward, "innovation": rows.innovation.notnull()}


def listing(
    ledger: Ledger,
    what: str,
    by_value: Mapping[str, Any] | None = None,
    until: date | None = None,
    most: int = 20,
    each: str | None = None,
) -> ibis.Table:
    """Which are the largest projects, foreign firms' projects or innovation platforms?

    Parameters
    ----------
    what : "projects", "firms" (projects of foreign capital 外资) or "platforms" (with an
        innovation kind)
    by_value : column of `OF_PROJECTS` -> the one value wanted
    until : signed or in place by then; capital and stage as of then
    most : rows at most, of each value if `each` is given
    each : column of `OF_PROJECTS` for every value of which there shall be a list

    Returns
    -------
    [rank (from 1, by size), project_id, name, district, chain, link, sector, size, capital
    (1e8 CNY), signed_date (missing if it isn't by then), stage (furthest reached, as
    `pipeline` counts it)]

    Raises
    ------
    LedgerError : no such list or column
    """
    import ibis

    if what not in LISTINGS:
        raise LedgerError(f"no list of {what!r}; choose from {', '.join(LISTINGS)}")
    wanted = dict(by_value or {})
    groups = checked((each,) if each else (), OF_PROJECTS)
    checked(tuple(wanted), OF_PROJECTS)
    shown = ["project_id", "name", "district", "chain", "link", "sector", "size", *ALL_DATES]
    used = [*wanted, *groups, *(["origin"] if what == "firms" else []),
            *(["innovation"] if what == "platforms" else [])]  # fmt: skip
    rows = with_capital(ledger, [*shown, *used], until)
    conditions = [rows[column] == value for column, value in wanted.items()]
    if until:
        conditions.append((rows.signed_date <= until) | rows.in_place)
    if what == "firms":
        conditions.append(rows.origin == "foreign")
    if what == "platforms":
        conditions.append(rows.innovation.notnull())
    rows = rows.filter(conditions) if conditions else rows
    largest = [ibis._["size"].desc(), ibis._.project_id]
    if not groups:
        rows = rows.order_by(largest).limit(most)  # so that few rows are ranked, not all
    order = ibis.window(group_by=groups or None, order_by=largest)
    rows = rows.mutate(rank=(ibis.row_number().over(order) + 1).cast("int64"))
    return rows.filter(rows["rank"] <= most).select(
        "rank", "project_id", "name", "district", "chain", "link", "sector",
        size=rows["size"].cast("float64") / STORED_IN_ONE,
        capital=(rows.capital.cast("float64") / STORED_IN_ONE).fill_null(0.0),
        signed_date=reached(rows, "signed", until).ifelse(rows.signed_date, None),
        stage=furthest(rows, until),
    )  # fmt: skip


def _signed(
    ledger: Ledger, columns: Sequence[str], since: date | None, until: date | None
) -> ibis.Table:
    rows = project_rows(ledger, [*columns, "signed_date"])
    return rows.filter(rows.signed_date.notnull(), within(rows.signed_date, since, until))
