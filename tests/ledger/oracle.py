"""What should the aggregates say? Worked out a second time, plainly, row by row, for small ledgers.

Slow and simple on purpose: dictionaries of rows in, Decimal sums, no engine.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis.plan import load_plan

Row = dict[str, Any]
Rows = list[Row]
BOUNDS = [0, 1, 10, 30, 50, 100]
ORDER = ["lead", "signed", "started", "production"]
COLUMN = {"lead": "lead_date", "signed": "signed_date", "started": "start_date",
          "production": "production_date"}  # fmt: skip


def inside(day: date | None, since: date | None, until: date | None) -> bool:
    if since is None and until is None:
        return True
    return day is not None and (since is None or since <= day) and (until is None or day <= until)


def tier(district: str | None) -> str | None:
    return dict(load_plan().floors[["district", "tier"]].to_numpy().tolist()).get(district)


def attributed(projects: Rows) -> Rows:
    return [
        {
            **row,
            "tier": tier(row["district"]),
            "size_class": None
            if row["size"] is None
            else BOUNDS[bisect_right(BOUNDS, row["size"] / 10_000) - 1],
        }
        for row in projects
    ]


def joined(ledger: dict[str, Rows], kind: str, since: date | None, until: date | None) -> Rows:
    known = {row["project_id"]: row for row in attributed(ledger["projects"])}
    found = []
    for row in ledger[kind]:
        if inside(row["date"], since, until):
            project = known.get(row["project_id"], {})
            district = row["district"] or project.get("district")
            keys = ("chain", "link", "sector", "origin", "innovation", "lead_district",
                    "size_class")  # fmt: skip
            found.append(
                {
                    **row,
                    **{key: project.get(key) for key in keys},
                    "district": district,
                    "tier": tier(district),
                    "month": row["date"] and row["date"].replace(day=1),
                }
            )
    return found


def grouped(
    rows: Rows, by: Sequence[str], tell: Callable[[Rows], Row], columns: Iterable[str]
) -> pd.DataFrame:
    groups: dict[tuple, Rows] = {} if by else {(): []}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in by), []).append(row)
    told = [dict(zip(by, key, strict=True)) | tell(group) for key, group in groups.items()]
    return pd.DataFrame(told, columns=[*by, *columns])


def hundred_millions(amounts: Iterable[Decimal | None]) -> float:
    return float(sum((a for a in amounts if a is not None), Decimal(0))) / 10_000


def capital(ledger, by=(), since=None, until=None):
    def tell(rows: Rows) -> Row:
        return {
            "capital": hundred_millions(row["amount"] for row in rows),
            "arrivals": len(rows),
            "projects": len({row["project_id"] for row in rows} - {None}),
        }

    rows = joined(ledger, "arrivals", since, until)
    return grouped(rows, by, tell, ["capital", "arrivals", "projects"])


def foreign(ledger, by=(), since=None, until=None):
    rows = joined(ledger, "foreign_capital", since, until)
    return grouped(
        rows, [*by, "scope"], lambda g: {"amount": hundred_millions(r["amount"] for r in g)},
        ["amount"],
    )  # fmt: skip


def net(rows: Rows) -> dict[Any, Decimal]:
    sums: dict[Any, Decimal] = {}
    for row in rows:
        sums[row["project_id"]] = sums.get(row["project_id"], Decimal(0)) + row["amount"]
    return sums


def concentration(ledger, by=(), since=None, until=None):
    def tell(rows: Rows) -> Row:
        sums = sorted((v for v in net(rows).values() if v > 0), reverse=True)
        whole = sum(sums)
        if not whole:
            return {"projects": 0, "capital": 0.0}
        shares = [float(value / whole) for value in sums]
        return {
            "projects": len(sums),
            "capital": hundred_millions(sums),
            "herfindahl": sum(share**2 for share in shares),
            **{f"top{n}": sum(shares[:n]) for n in (1, 5, 10)},
        }

    columns = ["projects", "capital", "herfindahl", "top1", "top5", "top10"]
    frame = grouped(joined(ledger, "arrivals", since, until), by, tell, columns)
    return frame[frame["projects"] > 0] if by else frame


def reached(row: Row, stage: str, until: date | None) -> bool:
    day = row[COLUMN[stage]]
    if day is None or row.get(f"{COLUMN[stage]}_planned"):
        return False
    return until is None or day <= until


def with_capital(ledger, until) -> Rows:
    arrived = [row for row in ledger["arrivals"] if inside(row["date"], None, until)]
    sums = net(arrived)
    found = []
    for row in attributed(ledger["projects"]):
        positive = [
            (a["date"], (a["date_precision"] or "day") != "day")
            for a in arrived
            if a["project_id"] == row["project_id"] and a["amount"] > 0 and a["date"]
        ]
        first = min(positive, default=(None, True))
        arrived_of = sums.get(row["project_id"], Decimal(0))
        found.append({**row, "capital": arrived_of, "in_place": arrived_of > 0,
                      "first_arrival": first[0], "first_vague": first[1]})  # fmt: skip
    return found


def pipeline(ledger, by=(), until=None):
    rows = with_capital(ledger, until)

    def is_at(row: Row, stage: str) -> bool:
        if stage == "in_place":
            return row["in_place"]
        later = ORDER[ORDER.index(stage) :]
        counts = any(reached(row, other, until) for other in later)
        return counts or (stage in ("lead", "signed") and row["in_place"])

    frames = []
    for stage in [*ORDER, "in_place"]:

        def tell(group: Rows, stage: str = stage) -> Row:
            there = [row for row in group if is_at(row, stage)]
            size = hundred_millions(row["size"] for row in there)
            return {"stage": stage, "projects": len(there), "size": size}

        frames.append(grouped(rows, by, tell, ["stage", "projects", "size"]))
    return pd.concat(frames, ignore_index=True)


def quarter(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def months(start: date, end: date, by_day: bool) -> int:
    """Count month by month until the next would go beyond the end."""
    whole = 0
    while True:
        year, month = divmod(start.year * 12 + start.month - 1 + whole + 1, 12)
        if (year, month + 1) > (end.year, end.month):
            return whole
        if by_day and (year, month + 1) == (end.year, end.month) and end.day < start.day:
            return whole
        whole += 1


def exact(*precisions: str | None) -> bool:
    return all((precision or "day") == "day" for precision in precisions)


def cohorts(ledger, by=(), until=None):
    signed = [r for r in attributed(ledger["projects"]) if reached(r, "signed", until)]
    rows = []
    for project in signed:
        key = {**{k: project[k] for k in by}, "cohort": quarter(project["signed_date"])}
        rows.append({**key, "months": 0, "amount": Decimal(0)})
        for a in ledger["arrivals"]:
            if a["project_id"] == project["project_id"] and inside(a["date"], None, until):
                by_day = exact(project["signed_date_precision"], a["date_precision"])
                age = months(project["signed_date"], a["date"], by_day)
                rows.append({**key, "months": age, "amount": a["amount"]})
    whole: dict[tuple, Rows] = {}
    for project in signed:
        key = (*(project[k] for k in by), quarter(project["signed_date"]))
        whole.setdefault(key, []).append(project)

    def tell(group: Rows) -> Row:
        of = whole[(*(group[0][k] for k in by), group[0]["cohort"])]
        return {
            "capital": hundred_millions(row["amount"] for row in group),
            "size": hundred_millions(row["size"] for row in of),
            "projects": len(of),
        }

    return grouped(rows, [*by, "cohort", "months"], tell, ["capital", "size", "projects"])


def waits(ledger, start, end, by=(), until=None):
    def point(row: Row, stage: str) -> tuple[date | None, bool]:
        if stage == "first_arrival":
            return row["first_arrival"], not row["first_vague"]
        known = reached(row, stage, until)
        return (row[COLUMN[stage]] if known else None), exact(row[f"{COLUMN[stage]}_precision"])

    rows = []
    for row in with_capital(ledger, until):
        began, fine = point(row, start)
        ended, also_fine = point(row, end)
        if began is not None:
            length = months(began, ended or until, fine and (also_fine or ended is None))
            found = {"cohort": quarter(began), "months": length, "ended": ended is not None}
            rows.append({**row, **found})
    return grouped(
        rows, [*by, "cohort", "months", "ended"], lambda g: {"projects": len(g)}, ["projects"]
    )


def signed_in(ledger, since, until) -> Rows:
    rows = attributed(ledger["projects"])
    return [r for r in rows if r["signed_date"] and inside(r["signed_date"], since, until)]


def sizes(ledger, by=(), since=None, until=None):
    def tell(group: Rows) -> Row:
        return {"projects": len(group), "size": hundred_millions(r["size"] for r in group)}

    rows = signed_in(ledger, since, until)
    return grouped(rows, [*by, "size_class"], tell, ["projects", "size"])


def quota_projects(ledger, since=None, until=None):
    tests: dict[str, Callable[[Row], bool]] = {
        "headquarters": lambda r: bool(r["headquarters"]),
        "outward": lambda r: bool(r["outward"]),
        "innovation": lambda r: r["innovation"] is not None,
    }
    for sector, least in (("service", 30), ("industrial", 30), ("industrial", 50),
                          ("industrial", 100)):  # fmt: skip
        tests[f"{sector}_{least}"] = lambda r, sector=sector, least=least: (
            r["sector"] == sector and r["size"] is not None and r["size"] >= least * 10_000
        )
    rows = signed_in(ledger, since, until)
    frames = [
        grouped(
            rows, ["district"],
            lambda g, q=quota, t=test: {"quota": q, "projects": sum(map(t, g))},
            ["quota", "projects"],
        )
        for quota, test in tests.items()
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def listing(ledger, what, by_value=None, until=None, most=20):
    rows = [
        row
        for row in with_capital(ledger, until)
        if all(row[key] == value for key, value in (by_value or {}).items())
        and (what != "firms" or row["origin"] == "foreign")
        and (what != "platforms" or row["innovation"] is not None)
        and (until is None or row["in_place"]
             or (row["signed_date"] is not None and row["signed_date"] <= until))
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["size"] is None, -(row["size"] or 0), row["project_id"]))
    told = []
    for rank, row in enumerate(rows[:most], start=1):
        stages = [
            stage
            for stage in ORDER
            if reached(row, stage, until) or (stage == "signed" and row["in_place"])
        ]
        told.append(
            {
                "rank": rank,
                **{k: row[k] for k in ("project_id", "name", "district", "chain", "link",
                                       "sector")},
                "size": None if row["size"] is None else float(row["size"]) / 10_000,
                "capital": float(row["capital"]) / 10_000,
                "signed_date": row["signed_date"] if reached(row, "signed", until) else None,
                "stage": stages[-1] if stages else None,
            }
        )  # fmt: skip
    columns = ["rank", "project_id", "name", "district", "chain", "link", "sector", "size",
               "capital", "signed_date", "stage"]  # fmt: skip
    return pd.DataFrame(told, columns=columns)
