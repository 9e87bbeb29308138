"""What a plan asks of its parts, as frames: floors, groups, quotas, and projects by place."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.datapackage import DataPackageError, Fault
from analysis.plan_package import SUMS, Document, Measure, Tables


def floor_rows(
    measured: Mapping[str, Measure], districts: pd.DataFrame, tables: Tables
) -> pd.DataFrame:
    """Return each district's floors: of the sum over districts, and of its share.

    Raises
    ------
    DataPackageError : a district without a floor beside others that have one
    """
    rows = districts[["district", "tier", "name_zh", "name_en"]].reset_index(drop=True)
    asked = tables["targets"]
    asked = asked[asked["who"].isin({*districts["district"], *districts["tier"]})]
    kinds = {
        "capital_floor": _parted(measured, asked, SUMS),
        "industrial_share_floor": _parted(measured, asked, ("share",)),
    }
    problem = "is asked of a part, and pages show parts of one sum and of its share"
    remedy = "drop the row, or ask it of the whole"
    if unseen := [
        Fault("targets.csv", int(str(line)), "who", row["who"], problem, remedy)
        for line, row in asked[~asked["measure"].isin(kinds.values())].iterrows()
    ]:
        raise DataPackageError(unseen)
    for column, key in kinds.items():
        found = floors(key, tables["targets"], tables) if key else pd.Series(dtype=float)
        rows[column] = rows["district"].map(found).astype(float)
        lacking = rows[rows[column].isna()]
        if len(lacking) and rows[column].notna().any():
            problem = f"{key} has no floor for {', '.join(lacking['district'])}"
            remedy = "add a row for each or its group, or leave it without a group in places.csv"
            raise DataPackageError([Fault("targets.csv", 0, "who", key, problem, remedy)])
    return rows


def _parted(measured: Mapping[str, Measure], asked: pd.DataFrame, types: tuple[str, ...]) -> str:
    """Return the first measure of some types that parts have a share in, else the first; or ""."""
    keys = [one.key for one in measured.values() if one.type in types]
    return min(keys, key=lambda key: key not in set(asked["measure"]), default="")


def group_rows(groups: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    by = asked.groupby("tier")
    rows = groups.rename(columns={"group": "tier"}).reset_index(drop=True)
    if empty := sorted(set(rows["tier"]) - set(asked["tier"])):
        problem, remedy = "has no place", "name it in places.csv, or drop it"
        raise DataPackageError([Fault("groups.csv", 0, "group", key, problem, remedy)
                                for key in empty])  # fmt: skip
    return rows.assign(
        districts=rows["tier"].map(by.size()).astype(int),
        capital_floor=rows["tier"].map(by["capital_floor"].mean()),
        industrial_share_floor=rows["tier"].map(by["industrial_share_floor"].mean()),
    )


def quota_rows(rows: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    counts = rows["who"].map(groups.set_index("tier")["districts"])
    rows = rows.rename(columns={"who": "tier"})
    return rows.assign(districts=counts, total=rows["each"] * counts).reset_index(drop=True)


def outward_rows(rows: pd.DataFrame, about: Document, places: pd.DataFrame) -> pd.DataFrame:
    """Add what the whole's number leaves to the districts that the plan does not name."""
    rows = rows.rename(columns={"who": "place", "each": "projects"})
    whole = rows["place"].eq(about.place)
    if len(rows) and not whole.any():
        problem, remedy = "the city's own number is missing", "add its row, or restore it"
        raise DataPackageError([Fault("quotas.csv", 0, "who", about.place, problem, remedy)])
    by_place = places.set_index("place")
    others = rows[whole].assign(
        place="others",
        name_zh="未落到具体区",
        name_en="No named district",
        projects=lambda one: one["projects"] - rows.loc[~whole, "projects"].sum(),
        kind="derived",
    )
    named = {
        f"name_{lang}": rows["place"].map(by_place[f"short_{lang}"]).astype(object).fillna(said)
        for lang, said in (("zh", "全市"), ("en", "City"))
    }
    named_rows = rows.assign(**named, place=rows["place"].mask(whole, "city"))
    columns = ["place", "name_zh", "name_en", "projects", "unit", "source", "section", "kind"]
    return pd.concat([named_rows, others], ignore_index=True)[[*columns, "confidence"]]


def floors(measure: str, rows: pd.DataFrame, tables: Tables) -> pd.Series:
    """Return what each place of a group owes at least, NaN where nothing is asked of it.

    A place's own row comes before its group's; where the plan names no floor, the lowest level
    that it asks of the place is one.
    """
    ranks = {level: -1 if floor else at for at, (level, floor) in enumerate(
        zip(tables["levels"]["level"], tables["levels"]["floor"], strict=True))}  # fmt: skip
    asked = rows[rows["measure"].eq(measure)].sort_values("level", key=lambda c: c.map(ranks))
    lowest = asked.drop_duplicates("who").set_index("who")["value"]
    places = tables["places"].query("group != ''")
    own = places["place"].map(lowest)
    return own.fillna(places["group"].map(lowest)).set_axis(places["place"])
