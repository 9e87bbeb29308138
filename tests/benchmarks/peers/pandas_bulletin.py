"""The monthly bulletin's main tables in pandas, as an analyst who knows it well would write them.

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

DATES = ["lead_date", "signed_date", "start_date", "production_date"]
PROJECT = [
    "project_id", "district", "sector", "size", "headquarters",
    "outward", "innovation", *DATES, "start_date_planned", "production_date_planned",
]  # fmt: skip


def read(folder: Path, name: str, columns: list[str], amount: str) -> pd.DataFrame:
    table = pq.read_table(folder / f"{name}.parquet", columns=columns)
    place = table.column_names.index(amount)
    floats = table.column(amount).cast(pa.float64())
    return table.set_column(place, amount, floats).to_pandas(date_as_object=False)


def bulletin(folder: Path, until: date) -> dict[str, pd.DataFrame]:
    projects = read(folder, "projects", PROJECT, "size")
    projects["size"] /= 1e4
    arrivals = read(folder, "arrivals", ["project_id", "district", "date", "amount"], "amount")
    arrivals["amount"] /= 1e4
    arrivals = arrivals[arrivals["date"] <= pd.Timestamp(until)]
    sums = arrivals.groupby("project_id", sort=False)["amount"].sum()
    projects["capital"] = projects["project_id"].map(sums).fillna(0.0)
    recent = arrivals[arrivals["date"] >= pd.Timestamp(until.year - 1, 1, 1)]
    rows = recent.merge(
        projects[["project_id", "district"]], on="project_id", how="left",
        suffixes=("", "_landing"),
    )  # fmt: skip
    rows["district"] = rows["district"].fillna(rows["district_landing"])
    year = (pd.Timestamp(until.year, 1, 1), pd.Timestamp(until))
    signed = projects[projects["signed_date"].between(*year)]
    return {
        "districts": districts(rows, until),
        "months": months(rows, until),
        "foreign": foreign(folder, until),
        "stages": stages(projects, until),
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


def districts(rows: pd.DataFrame, until: date) -> pd.DataFrame:
    spans = periods(until)
    told = {
        name: rows[rows["date"].between(*spans[span])].groupby("district")["amount"].sum()
        for name, span in (
            ("capital", "to_date"), ("before", "to_date_before"), ("in_period", "month")
        )
    }  # fmt: skip
    whole = pd.DataFrame(told).reindex(load_plan().floors["district"]).fillna(0.0)
    return whole.rename_axis("place").reset_index()


def months(rows: pd.DataFrame, until: date) -> pd.DataFrame:
    own = rows[rows["date"].dt.year.eq(until.year)]
    flow = own.groupby(own["date"].dt.month)["amount"].sum()
    flow = flow.reindex(range(1, until.month + 1), fill_value=0.0)
    return flow.rename("flow").rename_axis("month").reset_index()


def foreign(folder: Path, until: date) -> pd.DataFrame:
    rows = read(folder, "foreign_capital", ["scope", "date", "amount"], "amount")
    rows = rows[rows["date"].between(pd.Timestamp(until.year - 1, 1, 1), pd.Timestamp(until))]
    spans = periods(until)
    told = {
        name: rows[rows["date"].between(*spans[span])].groupby("scope")["amount"].sum() / 1e4
        for name, span in (("amount", "to_date"), ("before", "to_date_before"))
    }
    return pd.DataFrame(told).fillna(0.0).rename_axis("scope").reset_index()


def stages(projects: pd.DataFrame, until: date) -> pd.DataFrame:
    reached = at(projects, until)
    in_place = projects["capital"] > 0
    started = reached["start_date"] | reached["production_date"]
    signed = reached["signed_date"] | started | in_place
    counted = {
        "lead": reached["lead_date"] | signed, "signed": signed, "started": started,
        "production": reached["production_date"], "in_place": in_place,
    }  # fmt: skip
    return pd.DataFrame(
        {"stage": list(counted), "projects": [int(flag.sum()) for flag in counted.values()]}
    )


def at(projects: pd.DataFrame, until: date) -> pd.DataFrame:
    reached = projects[DATES] <= pd.Timestamp(until)
    for name in ("start_date", "production_date"):
        reached[name] &= ~projects[f"{name}_planned"].fillna(False).astype(bool)
    return reached


def quotas(signed: pd.DataFrame) -> pd.DataFrame:
    flags = {
        f"{sector}_{least}": signed["sector"].eq(sector) & signed["size"].ge(least)
        for sector, least in (("service", 30), ("industrial", 30), ("industrial", 50),
                              ("industrial", 100))
    }  # fmt: skip
    flags |= {name: signed[name].fillna(False) for name in ("headquarters", "outward")}
    flags["innovation"] = signed["innovation"].notna()
    counted = pd.DataFrame(flags).groupby(signed["district"]).sum()
    told = counted.rename_axis(index="district", columns="quota").stack().rename("projects")
    plan = load_plan()
    asked = plan.floors[["district", "tier"]].merge(plan.quotas[["tier", "quota"]], on="tier")
    named = plan.outward[plan.outward["place"].isin(plan.floors["district"])]
    outward = pd.DataFrame({"district": named["place"], "quota": "outward"})
    whole = pd.concat([asked[["district", "quota"]], outward], ignore_index=True)
    whole = whole.merge(told.reset_index(), on=["district", "quota"], how="left")
    return whole.fillna({"projects": 0.0}).rename(columns={"district": "place"})


def concentration(rows: pd.DataFrame) -> pd.DataFrame:
    net = rows.groupby("project_id", sort=False)["amount"].sum()
    net = net[net > 0].sort_values(ascending=False)
    share = net / net.sum()
    told = {"projects": len(net), "capital": net.sum(), "herfindahl": (share**2).sum()}
    return pd.DataFrame([told | {f"top{n}": share.head(n).sum() for n in (1, 5, 10)}])


def largest(projects: pd.DataFrame, until: date) -> pd.DataFrame:
    there = (projects["signed_date"] <= pd.Timestamp(until)) | (projects["capital"] > 0)
    first = projects[there].sort_values(["size", "project_id"], ascending=[False, True]).head(20)
    told = first.assign(rank=np.arange(1, len(first) + 1))
    return told[["rank", "project_id", "size", "capital"]]
