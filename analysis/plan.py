"""What does the plan ask for: of the city, of each tier, of each district?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from analysis import show
from analysis.datapackage import DataPackageError, Fault, own, read_table
from analysis.names import unknown


class PlanError(ValueError):
    """A question that the plan's tables can't answer."""


class UnitError(PlanError):
    """Two numbers that aren't in the same unit."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that the plan asks for, with its two levels.

    expected, stretch : float, in `unit`
    source : where the plan says so, e.g. "plan 2021, preamble"
    """

    key: str
    name_zh: str
    name_en: str
    unit: str
    expected: float
    stretch: float
    source: str
    kind: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far floors carry towards a target.

    guaranteed, gap_expected, gap_stretch : in the target's unit; a gap met is negative
    ratio : guaranteed over the expected target
    """

    guaranteed: float
    gap_expected: float
    gap_stretch: float
    ratio: float


@dataclass(frozen=True, eq=False)
class Plan:
    """The plan's tables.

    tiers : a row a tier (tier, name_zh, name_en, districts, capital_floor 1e8 CNY each,
        industrial_share_floor %)
    floors : a row a district (district, tier, name_zh, name_en, capital_floor 1e8 CNY,
        industrial_share_floor %)
    quotas : a row a tier and quota (tier, quota, name_zh, name_en, sector, min_size 1e8 CNY,
        each, districts, total, required, part_of)
    outward : a row a place (place, name_zh, name_en, projects, kind); `others` is what the
        city's number leaves to the districts that are not named
    """

    targets: dict[str, Target]
    tiers: pd.DataFrame
    floors: pd.DataFrame
    quotas: pd.DataFrame
    outward: pd.DataFrame
    chains: pd.DataFrame
    chain_links: pd.DataFrame
    innovation: pd.DataFrame
    mechanisms: pd.DataFrame
    unfloored: pd.DataFrame
    aliases: dict[str, str]

    def __getitem__(self, key: str) -> Target:
        try:
            return self.targets[key]
        except KeyError:
            raise PlanError(unknown("target", key, self.targets)) from None

    def district(self, name: str) -> str:
        """Return the key of a district from any of its names.

        Raises
        ------
        PlanError : the name is none of a district's of this city
        """
        found = self.aliases.get(name.strip())
        if found is None:
            raise PlanError(
                f"{name!r} is no district of the city: {unknown('district', name, self.aliases)}; "
                "or add it to district_aliases.csv"
            )
        return found

    def __repr__(self) -> str:
        groups = ", ".join(self.tiers["name_en"])
        return f"<Plan: targets {', '.join(self.targets)}; {len(self.floors)} districts ({groups})>"

    def _repr_html_(self) -> str:
        targets = pd.DataFrame(list(self.targets.values()))
        names = ["key", "name_zh", "name_en", "unit", "expected", "stretch", "source"]
        return show.table(targets[names], "What the plan asks of the city") + show.table(
            self.tiers.drop(columns=["source", "section", "kind"]),
            "What it asks of each district, by tier (capital_floor in 1e8 CNY, shares in %)",
        )


def load_plan(path: Path | str | None = None) -> Plan:
    """Return the plan of a data package, by default the shipped one; its tables are yours.

    Raises
    ------
    DataPackageError : the tables have faults

    Examples
    --------
    >>> load_plan()["capital_in_place"].expected
    9330.0
    """
    return own(_load(None if path is None else Path(path)))


@cache
def _load(path: Path | None) -> Plan:
    districts, floors = read_table("districts", path), read_table("floors", path)
    tiers = _tiers(read_table("tiers", path), districts, floors)
    return Plan(
        targets=_targets(read_table("targets", path)),
        tiers=tiers,
        floors=districts[["district", "tier", "name_zh", "name_en"]].merge(
            tiers[["tier", "capital_floor", "industrial_share_floor"]], on="tier"
        ),
        quotas=_quotas(read_table("quotas", path), tiers),
        outward=_outward(read_table("outward", path)),
        chains=read_table("chains", path),
        chain_links=read_table("chain_links", path),
        innovation=read_table("innovation", path),
        mechanisms=read_table("mechanisms", path),
        unfloored=read_table("unfloored", path),
        aliases=_aliases(read_table("district_aliases", path), districts),
    )


def _targets(rows: pd.DataFrame) -> dict[str, Target]:
    """Join the two levels of each target.

    Raises
    ------
    DataPackageError : a target lacks a level, or its stretch lies below its expected level
    """
    targets, faults = {}, []
    for key, both in rows.groupby("target", sort=False):
        levels = both.set_index("level")["value"]
        row = both.iloc[0]
        if set(levels.index) != {"expected", "stretch"}:
            problem, remedy = "a level is missing", "write one expected and one stretch row"
        elif levels["stretch"] < levels["expected"]:
            problem, remedy = "stretch lies below expected", "exchange the two values"
        else:
            targets[str(key)] = Target(
                key=str(key),
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                unit=row["unit"],
                expected=float(levels["expected"]),
                stretch=float(levels["stretch"]),
                source=cited(row["source"], row["section"]),
                kind=row["kind"],
            )
            continue
        line = int(str(both.index[-1]))
        faults.append(Fault("targets.csv", line, "value", str(key), problem, remedy))
    if faults:
        raise DataPackageError(faults)
    return targets


def cited(source: str, section: str) -> str:
    """Return how a place in a source is cited, e.g. "plan 2021, part 1 (二)"."""
    return ", ".join(part for part in (source.replace("_", " "), section) if part)


def _tiers(tiers: pd.DataFrame, districts: pd.DataFrame, floors: pd.DataFrame) -> pd.DataFrame:
    wide = floors.pivot(index="tier", columns="measure", values="value")
    return (
        tiers[["tier", "name_zh", "name_en", "source", "section", "kind"]]
        .assign(
            districts=tiers["tier"].map(districts["tier"].value_counts()).astype(int),
            capital_floor=tiers["tier"].map(wide["capital_in_place"]),
            industrial_share_floor=tiers["tier"].map(wide["industrial_share"]),
        )
        .reset_index(drop=True)
    )


def _quotas(quotas: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    counts = quotas["tier"].map(tiers.set_index("tier")["districts"])
    return quotas.assign(districts=counts, total=quotas["each"] * counts).reset_index(drop=True)


def _outward(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what the city's number leaves to the districts that the plan does not name."""
    projects = rows.set_index("place")["projects"]
    if "city" not in projects:
        problem, remedy = "the city's own number is missing", "add its row, or restore it"
        raise DataPackageError([Fault("outward.csv", 0, "place", "city", problem, remedy)])
    city = rows[rows["place"].eq("city")].iloc[0]
    others = {
        **city.to_dict(),
        "place": "others",
        "name_zh": "未落到具体区",
        "name_en": "No named district",
        "projects": projects["city"] - projects.drop("city").sum(),
        "kind": "derived",
    }
    return pd.concat([rows, pd.DataFrame([others])], ignore_index=True)


def _aliases(rows: pd.DataFrame, districts: pd.DataFrame) -> dict[str, str]:
    names = dict(zip(rows["alias"], rows["district"], strict=True))
    for column in ("district", "name_zh", "name_en"):
        names |= dict(zip(districts[column], districts["district"], strict=True))
    return names


def plan_year(plan: Plan) -> int:
    """Return the year that the plan is for, which its targets' source names.

    Raises
    ------
    PlanError : it names none
    """
    year = re.search(r"\d{4}", plan["capital_in_place"].source)
    if year is None:
        raise PlanError("the source of target capital_in_place names no year")
    return int(year.group())


def coverage(floors: pd.DataFrame, target: Target) -> Coverage:
    """How much of a city target its districts' floors already guarantee.

    Parameters
    ----------
    floors : one row a district; column `capital_floor`, 1e8 CNY
    target : the city's capital target, 1e8 CNY

    Raises
    ------
    UnitError : if the two are not in the same unit

    Source: plan 2021, part 1 (二); a sum, no model.
    """
    if target.unit != "1e8 CNY":
        raise UnitError(f"floors are in 1e8 CNY, target {target.key} in {target.unit}")
    guaranteed = float(floors["capital_floor"].sum())
    return Coverage(
        guaranteed=guaranteed,
        gap_expected=target.expected - guaranteed,
        gap_stretch=target.stretch - guaranteed,
        ratio=guaranteed / target.expected,
    )


def floor_share(floors: pd.DataFrame) -> float:
    """Return the city's industrial share, %, if every district just meets both floors."""
    capital = floors["capital_floor"]
    return float((capital * floors["industrial_share_floor"]).sum() / capital.sum())
