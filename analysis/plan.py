"""What the plan asks for: of the whole, of each group, of each district."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from analysis import show
from analysis.datapackage import DataPackageError, Fault, own, read_table
from analysis.files import PLAN, data_dir, plan_dir
from analysis.names import unknown
from analysis.plan_package import (
    SUMS,
    Document,
    Measure,
    Target,
    document,
    faults,
    measures,
    names,
    targets,
)
from analysis.plan_parts import floor_rows, floors, group_rows, outward_rows, quota_rows


class PlanError(ValueError):
    """A question that the plan's tables can't answer."""


class UnitError(PlanError):
    """Two numbers that aren't in the same unit."""


#: What a plan shows of its groups of districts.
_SHOWN = ("tier", "name_zh", "name_en", "districts", "capital_floor", "industrial_share_floor")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far floors carry towards a target.

    guaranteed : in the target's unit
    gaps : what that leaves to each level, by `gap_<level>`; negative where it is met
    ratio : guaranteed over the lowest level
    """

    guaranteed: float
    gaps: dict[str, float]
    ratio: float


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan: what its folder holds.

    Attributes
    ----------
    about : the document, its place, period and money
    measures : what it measures, by key; targets : what it asks of its own place
    levels : a row a level in their order (level, name_zh, name_en, floor)
    tiers : a row a group (tier, name_zh, name_en, districts, capital_floor of each in the unit of
        its total, industrial_share_floor %)
    floors : a row a district (district, tier, name_zh, name_en, capital_floor,
        industrial_share_floor %)
    quotas : a row a group and quota (tier, quota, name_zh, name_en, sector, flag, min_size in the
        plan's money, each, districts, total, required, part_of)
    outward : a row a place (place, name_zh, name_en, projects, kind); `others` is what the
        whole's number leaves to the districts that are not named
    """

    folder: Path
    about: Document
    measures: dict[str, Measure]
    targets: dict[str, Target]
    levels: pd.DataFrame
    places: pd.DataFrame
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

    @cached_property
    def total(self) -> Measure | None:
        """The measure that places have a part in, each with what it owes; None without such.

        In a plan that names no place but its own it is the first sum that the plan asks for.
        """
        summed = [self.measures[key] for key in self.targets if self.measures[key].type in SUMS]
        parted = (one for one in summed if self.floors.empty or self.floor(one.key).notna().any())
        return next(parted, None)

    @cached_property
    def share(self) -> Measure | None:
        """The share of that sum for which the plan has a target; None without such."""
        of = self.total.key if self.total else ""
        shares = (self.measures[key] for key in self.targets)
        return next((one for one in shares if one.type == "share" and one.of == of), None)

    def growth(self, scope: str) -> Measure | None:
        """Return the growth that it asks of what is counted in a scope; None without such."""
        asked = (self.measures[key] for key in self.targets)
        return next((one for one in asked if one.type == "growth" and one.scope == scope), None)

    def floor(self, measure: str) -> pd.Series:
        """Return what each district owes of a measure at least; NaN where nothing is asked."""
        tables = {name: self.table(name) for name in ("places", "levels")}
        return floors(measure, self.table("targets"), tables)

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the plan's tables as its folder holds it; an optional one may be empty."""
        return read_table(name, self.folder)

    def group_names(self, lang: str) -> dict[str, str]:
        """Return each group's short name in a language, in the plan's order."""
        return dict(zip(self.tiers["tier"], self.tiers[f"short_{lang}"], strict=True))

    def district(self, name: str) -> str:
        """Return the key of a district from any of its names, in any spelling of it.

        Raises
        ------
        PlanError : the name is none of a district's of this plan
        """
        found = {_plain(known): key for known, key in self.aliases.items()}.get(_plain(name))
        if found is None:
            raise PlanError(
                f"{name!r} is no district of the city: {unknown('district', name, self.aliases)}; "
                "or add it to place_names.csv"
            )
        return found

    def __repr__(self) -> str:
        groups = ", ".join(self.tiers["name_en"])
        return f"<Plan: targets {', '.join(self.targets)}; {len(self.floors)} districts ({groups})>"

    def _repr_html_(self) -> str:
        asked = [
            {"key": one.key, "name_zh": one.name_zh, "name_en": one.name_en, "unit": one.unit,
             **one.levels, "source": one.source}
            for one in self.targets.values()
        ]  # fmt: skip
        return show.table(pd.DataFrame(asked), "What the plan asks of the city") + show.table(
            self.tiers[list(_SHOWN)],
            f"What it asks of each place (capital_floor in {self.about.money}, shares in %)",
        )


def _plain(name: str) -> str:
    """Return a name as it is compared: some write Jiang'an, some Jiangan."""
    return name.strip().casefold().replace("'", "").replace("’", "")


def load_plan(path: Path | str | None = None) -> Plan:
    """Return a plan, by default the shipped one; its tables are yours.

    Parameters
    ----------
    path : a plan's folder, or the id of one that ships

    Raises
    ------
    DataPackageError : the tables have faults, or there is no such folder: the nearest id is named

    Examples
    --------
    >>> load_plan()["capital_in_place"].expected
    9330.0
    """
    folder = plan_dir(path).absolute()
    if not folder.exists():
        shipped = sorted(one.parent.name for one in data_dir().glob(f"plans/*/{PLAN}"))
        remedy = f"name a plan's folder: {unknown('plan', folder.name, shipped)}"
        raise DataPackageError([Fault(PLAN, 0, "", "", f"{folder} is not there", remedy)])
    return own(_load(folder))


@cache
def _load(folder: Path) -> Plan:
    about = document(folder)
    tables = {name: read_table(name, folder) for name in (
        "groups", "places", "place_names", "measures", "levels", "targets", "quotas", "chains",
        "chain_links", "mechanisms")}  # fmt: skip
    if wrong := list(faults(about, tables)):
        raise DataPackageError(wrong)
    measured = measures(tables["measures"])
    places = tables["places"]
    districts = places[places["group"].ne("")].rename(
        columns={"place": "district", "group": "tier"}
    )
    asked = floor_rows(measured, districts, tables)
    groups = group_rows(tables["groups"], asked)
    quotas = tables["quotas"]
    return Plan(
        folder=folder,
        about=about,
        measures=measured,
        targets=targets(about, measured, tables["targets"], tables["levels"]),
        levels=tables["levels"],
        places=places,
        tiers=groups,
        floors=asked,
        quotas=quota_rows(quotas[quotas["who"].isin(groups["tier"])], groups),
        outward=outward_rows(quotas[quotas["flag"].eq("outward")], about, places),
        chains=tables["chains"],
        chain_links=tables["chain_links"],
        innovation=quotas[quotas["flag"].eq("innovation")],
        mechanisms=tables["mechanisms"],
        unfloored=places[places["group"].eq("")],
        aliases=names(places, tables["place_names"]),
    )


def plan_year(plan: Plan) -> int:
    """Return the year that the plan is for, the last where it is for several."""
    return plan.about.year


def coverage(plan: Plan, target: Target) -> Coverage:
    """How much of the target of the whole its places' floors already guarantee: a sum, no model.

    Raises
    ------
    UnitError : if the plan's floors are of another measure than the target
    """
    total = plan.total
    if total is None or total.key != target.key:
        summed = f"of {total.key}, in {total.unit}" if total else "of nothing that is summed"
        raise UnitError(f"floors are {summed}; target {target.key} is in {target.unit}")
    guaranteed = float(plan.floors["capital_floor"].sum())
    return Coverage(
        guaranteed=guaranteed,
        gaps={f"gap_{level}": asked - guaranteed for level, asked in target.levels.items()},
        ratio=guaranteed / target.expected,
    )


def floor_share(floors: pd.DataFrame) -> float:
    """Return the city's industrial share, %, if every district just meets both floors."""
    capital = floors["capital_floor"]
    return float((capital * floors["industrial_share_floor"]).sum() / capital.sum())
