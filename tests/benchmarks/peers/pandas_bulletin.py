"""The monthly bulletin's tables in pandas, as an analyst who knows it well would write them.

Only the columns that are needed are read, money as floats (exact decimals would be Python
objects, many times slower), grouping without sorting, one merge for all tables that need it.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.plan import load_plan

BREAKDOWNS = {
    "city": [], "sector": ["sector"], "district": ["district"],
    "district_sector": ["district", "sector"], "tier": ["tier"],
    "tier_sector": ["tier", "sector"], "chain": ["chain"],
}  # fmt: skip
KEYS = ["district", "tier", "chain", "sector"]
BOUNDS = [0, 1, 10, 30, 50, 100]
DATES = ["lead_date", "signed_date", "start_date", "production_date"]
PROJECT = [
    "project_id", "name", "district", "chain", "link", "sector", "size", "headquarters",
    "outward", "innovation", *DATES, "start_date_planned", "production_date_planned",
]  # fmt: skip


def read(folder: Path, name: str, columns: list[str], amount: str) -> pd.DataFrame:
    table = pq.read_table(folder / f"{name}.parquet", columns=columns)
    place = table.column_names.index(amount)
    floats = table.column(amount).cast(pa.float64())
    return table.set_column(place, amount, floats).to_pandas(date_as_object=False)


def bulletin(folder: Path, until: date) -> dict[str, pd.DataFrame]:
    tiers = load_plan().floors.set_index("district")["tier"]
    projects = read(folder, "projects", PROJECT, "size")
    projects["tier"] = projects["district"].map(tiers)
    projects["size"] /= 1e4
    arrivals = read(folder, "arrivals", ["project_id", "district", "date", "amount"], "amount")
    arrivals["amount"] /= 1e4
    arrivals = arrivals[arrivals["date"] <= pd.Timestamp(until)]
    sums = arrivals.groupby("project_id", sort=False)["amount"].sum()
    projects["capital"] = projects["project_id"].map(sums).fillna(0.0)
    recent = arrivals[arrivals["date"] >= pd.Timestamp(until.year - 1, 1, 1)]
    rows = recent.merge(
        projects[["project_id", "district", "chain", "sector"]],
        on="project_id", how="left", suffixes=("", "_landing"),
    )  # fmt: skip
    rows["district"] = rows["district"].fillna(rows["district_landing"])
    rows["tier"] = rows["district"].map(tiers)
    year = (pd.Timestamp(until.year, 1, 1), pd.Timestamp(until))
    signed = projects[projects["signed_date"].between(*year)]
    return {
        "capital": compared(rows, until),
        "months": months(rows),
        "foreign": foreign(folder, until),
        "pipeline": pipeline(projects, until),
        "sizes": sizes(signed),
        "quotas": quotas(signed),
        "concentration": concentration(rows[rows["date"] >= year[0]]),
        "projects": largest(projects, until),
    }


def periods(until: date) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
    now = pd.Timestamp(until)
    last = monthrange(until.year - 1, until.month)[1]
    whole = until.day == monthrange(until.year, until.month)[1]
    then = pd.Timestamp(until.year - 1, until.month, last if whole else min(until.day, last))
    return {
        "month": (now.replace(day=1), now),
        "to_date": (now.replace(month=1, day=1), now),
        "month_before": (then.replace(day=1), then),
        "to_date_before": (then.replace(month=1, day=1), then),
    }


def compared(rows: pd.DataFrame, until: date) -> pd.DataFrame:
    parts = {name: rows[rows["date"].between(*span)] for name, span in periods(until).items()}
    frames = []
    for breakdown, by in BREAKDOWNS.items():
        if by:
            told = pd.DataFrame(
                {
                    name: part.groupby(by, dropna=False, sort=False)["amount"].sum()
                    for name, part in parts.items()
                }
                | {
                    "projects": parts["to_date"]
                    .groupby(by, dropna=False, sort=False)["project_id"]
                    .nunique()
                }
            )
            told = told.rename_axis(by).reset_index()
        else:
            told = pd.DataFrame([{name: part["amount"].sum() for name, part in parts.items()}])
            told["projects"] = parts["to_date"]["project_id"].nunique()
        frames.append(told.assign(breakdown=breakdown))
    together = pd.concat(frames, ignore_index=True)
    measures = [*periods(until), "projects"]
    together[measures] = together[measures].fillna(0.0)
    return together[["breakdown", *KEYS, *measures]]


def months(rows: pd.DataFrame) -> pd.DataFrame:
    month = rows["date"].dt.to_period("M").dt.to_timestamp()
    grouped = rows.groupby([month.rename("month"), "sector"], dropna=False, sort=False)
    told = grouped.agg(
        capital=("amount", "sum"), arrivals=("amount", "size"), projects=("project_id", "nunique")
    )
    return told.reset_index()


def foreign(folder: Path, until: date) -> pd.DataFrame:
    rows = read(folder, "foreign_capital", ["scope", "date", "amount"], "amount")
    rows = rows[rows["date"].between(pd.Timestamp(until.year - 1, 1, 1), pd.Timestamp(until))]
    told = {
        name: rows[rows["date"].between(*span)].groupby("scope")["amount"].sum() / 1e4
        for name, span in periods(until).items()
    }
    return pd.DataFrame(told).fillna(0.0).rename_axis("scope").reset_index()


def pipeline(projects: pd.DataFrame, until: date) -> pd.DataFrame:
    reached = at(projects, until)
    in_place = projects["capital"] > 0
    started = reached["start_date"] | reached["production_date"]
    signed = reached["signed_date"] | started | in_place
    stages = {
        "lead": reached["lead_date"] | signed, "signed": signed, "started": started,
        "production": reached["production_date"], "in_place": in_place,
    }  # fmt: skip
    frames = []
    for stage, flag in stages.items():
        counted = projects.assign(there=flag, of=projects["size"].where(flag, 0.0))
        told = counted.groupby("tier", dropna=False).agg(projects=("there", "sum"),
                                                         size=("of", "sum"))  # fmt: skip
        frames.append(told.reset_index().assign(stage=stage))
    return pd.concat(frames, ignore_index=True)[["tier", "stage", "projects", "size"]]


def at(projects: pd.DataFrame, until: date) -> pd.DataFrame:
    reached = projects[DATES] <= pd.Timestamp(until)
    for name in ("start_date", "production_date"):
        reached[name] &= ~projects[f"{name}_planned"].fillna(False).astype(bool)
    return reached


def classes(size: pd.Series) -> np.ndarray:
    return np.array(BOUNDS)[np.searchsorted(BOUNDS, size, side="right") - 1]


def sizes(signed: pd.DataFrame) -> pd.DataFrame:
    grouped = signed.assign(size_class=classes(signed["size"])).groupby(["tier", "size_class"])
    return grouped.agg(projects=("size", "size"), size=("size", "sum")).reset_index()


def quotas(signed: pd.DataFrame) -> pd.DataFrame:
    flags = {
        f"{sector}_{least}": signed["sector"].eq(sector) & signed["size"].ge(least)
        for sector, least in (("service", 30), ("industrial", 30), ("industrial", 50),
                              ("industrial", 100))
    }  # fmt: skip
    flags |= {name: signed[name].fillna(False) for name in ("headquarters", "outward")}
    flags["innovation"] = signed["innovation"].notna()
    counted = pd.DataFrame(flags).groupby(signed["district"]).sum()
    told = counted.rename_axis(columns="quota").stack().rename("projects")
    return told.reset_index()


def concentration(rows: pd.DataFrame) -> pd.DataFrame:
    net = rows.groupby("project_id", sort=False)["amount"].sum()
    net = net[net > 0].sort_values(ascending=False)
    share = net / net.sum()
    told = {"projects": len(net), "capital": net.sum(), "herfindahl": (share**2).sum()}
    return pd.DataFrame([told | {f"top{n}": share.head(n).sum() for n in (1, 5, 10)}])


def largest(projects: pd.DataFrame, until: date) -> pd.DataFrame:
    there = (projects["signed_date"] <= pd.Timestamp(until)) | (projects["capital"] > 0)
    first = projects[there].sort_values(["size", "project_id"], ascending=[False, True]).head(20)
    reached = at(first, until)
    stage = pd.Series(None, first.index, dtype="str")
    for name, said in zip(DATES, ("lead", "signed", "started", "production"), strict=True):
        stage = stage.mask(reached[name], said)
    told = first.assign(stage=stage, rank=np.arange(1, len(first) + 1))
    return told[["rank", "project_id", "name", "district", "chain", "link", "sector", "size",
                 "capital", "signed_date", "stage"]]  # fmt: skip
