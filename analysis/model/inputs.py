"""What does the model take from the plan and from published figures?

Levers and outcomes are described in the plan's `levers.csv` and `outcomes.csv`.
A default may point at the plan or at the evidence instead of repeating a
figure: `plan:tiers/zone/industrial_share_floor`, `evidence:exchange_rate/last`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis import show
from analysis.datapackage import DataPackageError, Fault
from analysis.model.published import Published, published_levels
from analysis.names import unknown

#: An index starts here where no level is published.
INDEX_BASE = 100.0
TARGETS = ("capital_in_place", "industrial_share", "foreign_capital_growth", "fdi_growth")
#: Levers that a district may have for itself.
DISTRICT_LEVERS = ("uplift", "share")


class LeverError(ValueError):
    """A lever is unknown, out of range, or of the wrong type."""


@dataclass(frozen=True, slots=True)
class Lever:
    """Something that a scenario may set.

    default, low, high, step : float, in `unit`
    weight : what one unit counts in an increment, see `analysis.model.programme`
    choices : the only values allowed, empty when any value in the bounds is
    """

    key: str
    group: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    default: float
    low: float
    high: float
    step: float
    weight: float
    reason_zh: str
    reason_en: str
    source: str
    section: str
    kind: str
    confidence: str
    choices: tuple[float, ...] = ()

    def __repr__(self) -> str:
        bounds = f"{self.low:g} to {self.high:g} {self.unit}, default {self.default:g}"
        return f"<Lever {self.key}: {self.name_en}, {bounds}>"

    def _repr_html_(self) -> str:
        return show.pairs(
            f"{self.key}: {self.name_en} {self.name_zh}",
            [
                ("unit", self.unit),
                ("default", self.default),
                ("bounds", f"{self.low:g} to {self.high:g}, by {self.step:g}"),
                ("why", self.reason_en),
                ("", self.reason_zh),
                ("source", f"{self.source} {self.section} ({self.kind})"),
            ],
        )

    def check(self, value: Any) -> float:
        """Return `value` as a float.

        Raises
        ------
        LeverError : says what was wrong and what would be right
        """
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise LeverError(f"{self.key}: {value!r} is no number (unit {self.unit})")
        number = float(value)
        if not self.low <= number <= self.high:
            raise LeverError(
                f"{self.key}: {number:.12g} lies outside {self.low:g} to {self.high:g} {self.unit}"
            )
        if self.choices and number not in self.choices:
            allowed = ", ".join(f"{choice:g}" for choice in self.choices)
            raise LeverError(f"{self.key}: {number:.12g} is not one of {allowed}")
        return number


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that follows from the levers."""

    key: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    source: str
    section: str
    kind: str
    confidence: str

    def __repr__(self) -> str:
        return f"<Outcome {self.key}: {self.name_en}, {self.unit}>"


@dataclass(frozen=True)
class Inputs:
    """The plan and the published levels, as plain values.

    members : tier -> its districts, in the plan's order
    floors : district -> capital floor, 1e8 CNY
    share_floors : district -> industrial share floor, percent
    targets : target -> (expected, stretch)
    folder : where the plan lies
    capital_levels, foreign_capital_levels, fdi_levels, exchange_rates :
        year -> published value; only exact annual figures, no bounds
    """

    members: Mapping[str, tuple[str, ...]]
    floors: Mapping[str, float]
    share_floors: Mapping[str, float]
    targets: Mapping[str, tuple[float, float]]
    capital_levels: Mapping[int, float]
    foreign_capital_levels: Mapping[int, float]
    fdi_levels: Mapping[int, float]
    exchange_rates: Mapping[int, float]
    reported: Mapping[str, float]
    levers: Mapping[str, Lever]
    outcomes: Mapping[str, Outcome]
    district_names: Mapping[str, tuple[str, str]]
    folder: Path = field(repr=False)
    index_base: float = INDEX_BASE

    @cached_property
    def tier_of(self) -> dict[str, str]:
        """District -> tier."""
        return {d: tier for tier, members in self.members.items() for d in members}

    @property
    def override_keys(self) -> tuple[str, ...]:
        """Levers of single districts, such as `uplift_east_lake`."""
        return tuple(f"{kind}_{d}" for kind in DISTRICT_LEVERS for d in self.tier_of)

    @property
    def lever_floors(self) -> dict[str, float]:
        """Lever of a tier -> its value at which the tier's districts just meet their floors."""
        shares = {tier: self.share_floors[members[0]] for tier, members in self.members.items()}
        return {f"uplift_{tier}": 0.0 for tier in shares} | {
            f"share_{tier}": share for tier, share in shares.items()
        }

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
        raise LeverError(
            f"{unknown('lever', key, self.levers)}, and districts' own, uplift_jiangan"
        )


def read_inputs(plan: Any, evidence: Any) -> Inputs:
    """Gather what the model needs from a plan and the evidence."""
    rows = plan.table("levers")
    base_year = rows.loc[rows["key"].eq("base_year"), "default"]
    if base_year.empty:
        raise DataPackageError([absent("levers.csv", "base_year")])
    # The base year is by default the year before the plan's.
    plan_year = 1 + int(base_year.iloc[0])
    published = published_levels(evidence, plan_year)
    floors = plan.floors
    members = {
        str(tier): tuple(rows["district"].astype(str))
        for tier, rows in floors.groupby("tier", sort=False)
    }
    names = {str(row.district): (str(row.name_zh), str(row.name_en)) for row in floors.itertuples()}
    base_years = tuple(float(year) for year in sorted(published.capital))
    levers = {
        str(row["key"]): _lever(int(str(line)), row, plan, published, base_years)
        for line, row in rows.iterrows()
    }
    return Inputs(
        members=members,
        floors=dict(zip(floors["district"], floors["capital_floor"].astype(float), strict=True)),
        share_floors=dict(
            zip(floors["district"], floors["industrial_share_floor"].astype(float), strict=True)
        ),
        targets={key: (float(plan[key].expected), float(plan[key].stretch)) for key in TARGETS},
        capital_levels=published.capital,
        foreign_capital_levels=published.foreign_capital,
        fdi_levels=published.fdi,
        exchange_rates=published.exchange_rate,
        reported=published.reported,
        levers=levers,
        outcomes=_outcomes(plan, members, names, published, levers["base_year"]),
        district_names=names,
        folder=plan.folder,
    )


def absent(file: str, key: str) -> Fault:
    """Return the fault of a table without the row that the model's equations name."""
    problem = "there is no such row, and the model's equations need it"
    return Fault(file, 0, "key", key, problem, "add one, or restore it")


def _lever(
    line: int, row: Any, plan: Any, published: Published, base_years: tuple[float, ...]
) -> Lever:
    low, high = float(row["low"]), float(row["high"])
    try:
        default = _default(str(row["default"]), plan, published)
    except (KeyError, LookupError, ValueError, AttributeError) as error:
        remedy = "write a number, or name a row that is there"
        problem = f"points nowhere: {error}"
        fault = Fault("levers.csv", line, "default", row["default"], problem, remedy)
        raise DataPackageError([fault]) from error
    if row["step"] <= 0:
        fault = Fault("levers.csv", line, "step", f"{row['step']:g}", "no step", "write a step")
        raise DataPackageError([fault])
    if not low <= default <= high:
        problem = f"{default:g} lies outside its own bounds, {low:g} to {high:g}"
        remedy = "widen them, or change the default or what it points at"
        fault = Fault("levers.csv", line, "default", row["default"], problem, remedy)
        raise DataPackageError([fault])
    choices: tuple[float, ...] = ()
    if row["choice"]:
        choices = tuple(year for year in base_years if low <= year <= high)
    plain = ("key", "group", "symbol", "name_zh", "name_en", "unit", "reason_zh", "reason_en")
    provenance = ("source", "section", "kind", "confidence")
    return Lever(
        **{column: row[column] for column in plain + provenance},
        default=default,
        low=low,
        high=high,
        step=float(row["step"]),
        weight=float(row["weight"]),
        choices=choices,
    )


def _default(cell: str, plan: Any, published: Published) -> float:
    """Read a number, or follow a reference into the plan or the evidence."""
    origin, _, path = cell.partition(":")
    if not path:
        return float(cell)
    first, second, *rest = path.split("/")
    if origin == "plan" and first == "targets":
        return float(getattr(plan[second], rest[0]))
    if origin == "plan" and first == "tiers":
        row = plan.floors.loc[plan.floors["tier"] == second].iloc[0]
        return float(row[rest[0]])
    if origin == "evidence" and (first, second) == ("exchange_rate", "last"):
        return published.plan_year_rate
    raise LeverError(f"levers.csv: the default {cell!r} points nowhere")


def _outcomes(
    plan: Any,
    members: Mapping[str, tuple[str, ...]],
    names: Mapping[str, tuple[str, str]],
    published: Published,
    base_year: Lever,
) -> dict[str, Outcome]:
    base = int(base_year.default)
    units = {"{foreign_unit}": "1e8 USD", "{fdi_unit}": "1e8 USD"}
    units |= {"{foreign_unit_cny}": "1e8 CNY", "{fdi_unit_cny}": "1e8 CNY"}
    for token, levels in (("foreign", published.foreign_capital), ("fdi", published.fdi)):
        if base not in levels:
            units[f"{{{token}_unit}}"] = units[f"{{{token}_unit_cny}}"] = "index"
    tier_names = {
        str(row.Index if "tier" not in plan.tiers.columns else row.tier): (row.name_zh, row.name_en)
        for row in plan.tiers.itertuples()
    }
    outcomes = {}
    for row in plan.table("outcomes").to_dict("records"):
        if row["of"] == "tier":
            places = {tier: (tier_names[tier], tier[0]) for tier in members}
        elif row["of"] == "district":
            places = {d: (names[d], d.replace("_", "")) for d in names}
        else:
            places = {"": (("", ""), "")}
        for place, ((zh, en), letter) in places.items():
            outcome = Outcome(
                key=row["key"].replace(f"{{{row['of']}}}", place),
                symbol=row["symbol"].replace("@", letter),
                name_zh=row["name_zh"].replace(f"{{{row['of']}_zh}}", zh),
                name_en=row["name_en"].replace(f"{{{row['of']}_en}}", en),
                unit=units.get(row["unit"], row["unit"]),
                source=row["source"],
                section=row["section"],
                kind=row["kind"],
                confidence=row["confidence"],
            )
            outcomes[outcome.key] = outcome
    return outcomes
