"""What the model takes from the plan and from published figures.

Levers and outcomes are described in the plan's `levers.csv` and `outcomes.csv`.
A default may point at the plan or at the evidence instead of repeating a
figure: `plan:floors/zone/industrial_share`, `evidence:exchange_rate/last`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from analysis.datapackage import Fault
from analysis.districts import own_rows
from analysis.evidence.tables import Evidence
from analysis.model.described import Lever, LeverError, Outcome
from analysis.model.lever_table import described
from analysis.model.outcomes import outcomes
from analysis.model.published import published_levels
from analysis.names import unknown
from analysis.plan import Plan
from analysis.plan_package import SUMS, Measure
from analysis.text import LANGUAGES, both

#: An index starts here where no level is published.
INDEX_BASE = 100.0
#: What stands in the keys of the places that have no floor.
UNFLOORED = "unfloored"
#: What stands in the keys of a plan's own place, where the plan names no other.
WHOLE = "all"
#: Levers that a district may have for itself.
DISTRICT_LEVERS = ("uplift", "share")


@dataclass(frozen=True)
class Inputs:
    """The plan and the published levels, as plain values.

    measures : what the plan measures, in its order
    members : tier -> its districts, in the plan's order
    leaders : tiers whose districts bring leads to projects that others host
    measured_floors : measure -> district -> floor, in the measure's unit; those that have any
    years : how many the targets are for
    targets : target -> level -> value, the lowest level first
    levels : measure -> year -> published value; only exact annual figures, no bounds
    exchange_rates : year -> published value
    own_added : by how much the districts' own targets that are known exceed their floors
    others : floors of the districts whose own targets are not known, together
    folder : where the plan lies
    """

    measures: tuple[Measure, ...]
    members: Mapping[str, tuple[str, ...]]
    leaders: tuple[str, ...]
    measured_floors: Mapping[str, Mapping[str, float]]
    years: int
    targets: Mapping[str, Mapping[str, float]]
    levels: Mapping[str, Mapping[int, float]]
    exchange_rates: Mapping[int, float]
    reported: Mapping[str, float]
    levers: Mapping[str, Lever]
    outcomes: Mapping[str, Outcome]
    group_symbols: Mapping[str, str]
    group_names: Mapping[str, Mapping[str, str]]
    level_names: Mapping[str, Mapping[str, str]]
    district_names: Mapping[str, tuple[str, str]]
    own_added: float
    others: float
    folder: Path = field(repr=False)
    index_base: float = INDEX_BASE

    def of_type(self, *types: str) -> list[Measure]:
        """Return the measures of some types."""
        return [one for one in self.measures if one.type in types]

    @cached_property
    def total(self) -> Measure | None:
        """The sum over districts that their uplifts move; None if the plan has no such.

        A plan of no districts has its first sum for it, which is a lever itself.
        """
        floored = self.measured_floors
        parted = (m for m in self.of_type(*SUMS) if m.key in floored or not self.members)
        return next(parted, None)

    @cached_property
    def share(self) -> Measure | None:
        """The share of that sum; None if the plan has no such."""
        of = self.total.key if self.total else ""
        return next((one for one in self.of_type("share") if one.of == of), None)

    @property
    def sum_stem(self) -> str:
        """What the keys of the sum over districts begin with; empty if there is none."""
        return self.total.stem if self.total else ""

    @property
    def share_stem(self) -> str:
        """What the keys of the share's parts begin with; empty if there is none."""
        return self.share.stem if self.share else ""

    @cached_property
    def of_groups(self) -> Mapping[str, tuple[str, ...]]:
        """Outcome that a target asks for -> the groups whose part of the whole sum it is."""
        counts = self.of_type(*SUMS) if self.total else ()
        return {one.outcome: one.groups for one in counts if one.groups}

    @cached_property
    def alone(self) -> Mapping[str, str]:
        """Outcome that a target asks for -> the one lever that is all of it.

        Growths, levels and a share of no parts are levers themselves; a sum that no place has a
        part in has one for the whole.
        """
        keys = {one.outcome: f"{one.stem}_{WHOLE}" if one.type in SUMS else one.key
                for one in self.measures if one is not self.total}  # fmt: skip
        return {outcome: lever for outcome, lever in keys.items() if lever in self.levers}

    @property
    def moved(self) -> tuple[str, ...]:
        """Outcomes that several levers move: the sum, its share, and groups' parts of the sum."""
        return (*self.what_if, *self.of_groups)

    @property
    def rates(self) -> tuple[str, ...]:
        """The levers of `alone`."""
        return tuple(self.alone.values())

    @property
    def places(self) -> tuple[str, ...]:
        """The tiers, and `unfloored` where capital of no floored place is a lever; or the whole."""
        there = not self.members or f"{self.sum_stem}_{self.rest}" in self.levers
        return (*self.members, self.rest) if there else tuple(self.members)

    @property
    def rest(self) -> str:
        """What stands in the keys of all that no floor holds: the whole where nothing has one."""
        return UNFLOORED if self.members else WHOLE

    def digits(self, measure: str) -> int:
        """Return in how many decimals a measure is told."""
        return next(one.digits for one in self.measures if one.key == measure)

    def place_names(self) -> dict[str, Mapping[str, str]]:
        """Return the short names of `places`, in both languages."""
        named = {**self.group_names, self.rest: both("place.unfloored")}
        return {place: named[place] for place in self.places}

    @property
    def floors(self) -> Mapping[str, float]:
        """District -> floor of the sum."""
        return self.measured_floors[self.total.key] if self.total else {}

    @property
    def share_floors(self) -> Mapping[str, float]:
        """District -> floor of the share, percent."""
        return self.measured_floors.get(self.share.key, {}) if self.share else {}

    @property
    def what_if(self) -> tuple[str, ...]:
        """Outcomes of which a page asks "what if one lever …": the sum and its share."""
        return tuple(one.outcome for one in (self.total, self.share) if one)

    @property
    def outcome_of(self) -> dict[str, str]:
        """Target -> the outcome, or the lever, that meets it."""
        return {one.key: one.outcome for one in self.measures if one.key in self.targets}

    @cached_property
    def tier_of(self) -> dict[str, str]:
        """District -> tier."""
        return {d: tier for tier, members in self.members.items() for d in members}

    @property
    def override_keys(self) -> tuple[str, ...]:
        """Levers of single districts, such as `uplift_east_lake`."""
        kinds = DISTRICT_LEVERS if self.share else DISTRICT_LEVERS[:1] if self.total else ()
        return tuple(f"{kind}_{d}" for kind in kinds for d in self.tier_of)

    @property
    def lever_floors(self) -> dict[str, float]:
        """Lever of a tier -> its value at which the tier's districts just meet their floors."""
        shares = {
            f"share_{tier}": self.share_floors[members[0]]
            for tier, members in self.members.items()
            if members[0] in self.share_floors
        }
        return {f"uplift_{tier}": 0.0 for tier in self.members} | shares

    def lever_of(self, key: str) -> Lever:
        """Return a lever; a district's own lever is described by its tier's.

        Raises
        ------
        LeverError : for an unknown key
        """
        if key in self.levers:
            return self.levers[key]
        kind, _, district = key.partition("_")
        if kind in DISTRICT_LEVERS and district in self.tier_of:
            return self.levers[f"{kind}_{self.tier_of[district]}"]
        own = "".join(f", and districts' own, such as {one}" for one in self.override_keys[:1])
        raise LeverError(unknown("lever", key, self.levers) + own)


def read_inputs(plan: Plan, evidence: Evidence) -> Inputs:
    """Gather what the model needs from a plan and the evidence."""
    published = published_levels(plan, evidence)
    members = {
        str(tier): tuple(rows["district"].astype(str))
        for tier, rows in plan.floors.groupby("tier", sort=False)
    }
    known = [set(years) for years in published.levels.values() if years]
    base_years = tuple(float(year) for year in sorted(known[0])) if known else ()
    own = own_rows(plan, evidence)
    floors = {
        key: {str(place): float(value) for place, value in plan.floor(key).items()}
        for key, measure in plan.measures.items()
        if measure.type in (*SUMS, "share") and plan.floor(key).notna().any()
    }
    without = Inputs(
        measures=tuple(plan.measures[key] for key in plan.targets),
        members=members,
        leaders=tuple(plan.tiers.loc[plan.tiers["leads"], "tier"]),
        measured_floors=floors,
        years=len(plan.about.years),
        targets={key: dict(target.levels) for key, target in plan.targets.items()},
        levels=published.levels,
        exchange_rates=published.exchange_rate,
        reported=published.reported,
        levers=described(plan, published, base_years),
        outcomes={},
        group_symbols=dict(zip(plan.tiers["tier"], plan.tiers["symbol"], strict=True)),
        level_names={
            row["level"]: {lang: row[f"name_{lang}"] for lang in LANGUAGES}
            for row in plan.levels[~plan.levels["floor"]].to_dict("records")
        },
        group_names={
            row["tier"]: {lang: row[f"short_{lang}"] for lang in LANGUAGES}
            for row in plan.tiers.to_dict("records")
        },
        district_names={
            str(row.district): (str(row.name_zh), str(row.name_en))
            for row in plan.floors.itertuples()
        },
        own_added=float(own["over"].sum()),
        others=float(own.loc[own["own"].isna(), "floor"].sum()),
        folder=plan.folder,
    )
    return replace(without, outcomes=outcomes(without, plan))


def absent(file: str, key: str) -> Fault:
    """Return the fault of a table without the row that the model's equations name."""
    problem = "there is no such row, and the model's equations need it"
    guide = "as the guide says that `workbook new FOLDER` writes"
    remedy = f"add a row with this key, {guide}, or drop the target that needs it"
    return Fault(file, 0, "key", key, problem, remedy)
