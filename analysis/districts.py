"""What districts were asked, set themselves and reported, as published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence import Evidence, Figures
from analysis.evidence.figure import Figure, sureness
from analysis.plan import Plan, PlanError, coverage, plan_year
from analysis.plan_package import Measure

#: Levels of a district's own target as series name them, the lower first.
LEVELS = ("expected", "stretch")
#: What most districts publish, as a series.
CAPITAL = "capital_in_place"
SHARE = "industrial_share"
#: What districts publish targets and results of, each a count of its own.
MEASURES = (CAPITAL, SHARE, "foreign_capital_utilised", "fdi_mofcom_scope",
            "foreign_capital_growth")  # fmt: skip
#: Of whom a published number is, and all by which it can be found and weighed.
PUBLISHED = ("district", "measure", "level", "year", "value", "unit", "kind", "confidence", "term",
             "publisher", "published", "source_title", "url", "figure")  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnTargets:
    """How far districts' own targets carry from their floors to the city's target.

    total : the sum that is asked for
    rows : a row a district in the plan's order (district, tier, name_zh, name_en, floor, own: NaN
        where unknown, level, over, kind, confidence, figure: its id); 1e8 CNY
    floors, target : the floors' sum and the city's target, 1e8 CNY
    added : by how much the known ones lie over their floors
    others : floors of the districts whose own target is unknown, together
    """

    total: Measure
    rows: pd.DataFrame
    floors: float
    target: float
    added: float
    others: float

    @property
    def gap(self) -> float:
        """What the floors leave to the city's target."""
        return self.target - self.floors

    @property
    def rest(self) -> float:
        """What is left of it beside the known own targets; not below 0."""
        return max(self.gap - self.added, 0.0)

    @property
    def known(self) -> int:
        """Number of districts whose own target is known."""
        return int(self.rows["own"].notna().sum())

    @property
    def unknown(self) -> int:
        """Number of the other districts."""
        return len(self.rows) - self.known

    @property
    def even(self) -> float:
        """What each of the others would carry over its floor if all carried the same."""
        return self.rest / self.unknown if self.unknown else np.nan

    @property
    def in_proportion(self) -> float:
        """By how much, percent, each would exceed its floor if all did by the same part."""
        return 100 * self.rest / self.others if self.others else np.nan


def surest(plan: Plan, evidence: Evidence, series: str, year: int) -> dict[str, Figure]:
    """Return each district's surest figure of a year, by its key; of no other notion."""
    if series not in set(evidence.figures["series"]):
        return {}
    found: dict[str, Figure] = {}
    for one in sorted(evidence.select(series=series, period_type="annual"), key=sureness):
        district = plan.aliases.get(one.place)
        if district and one.year == year and one.known:
            found.setdefault(district, one)
    return found


def own_rows(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return what districts set themselves for the plan's year: `OwnTargets.rows`, of any plan.

    Of two levels the expected one counts, as it does for the city; where only the higher one is
    published, that.
    """
    found: dict[str, tuple[str, Figure]] = {}
    stem = plan.total.series if plan.total else ""
    for level in LEVELS:
        series = f"{stem}_target_{level}"
        for district, one in surest(plan, evidence, series, plan_year(plan)).items():
            found.setdefault(district, (level, one))
    named = ["district", "tier", "name_zh", "name_en", "capital_floor"]
    rows = plan.floors[named].rename(columns={"capital_floor": "floor"})
    known = pd.DataFrame(
        [
            {"district": district, "own": one.value, "level": level, "kind": one.kind,
             "confidence": one.confidence, "figure": one.id, "source": one.source}
            for district, (level, one) in found.items()
        ],
        columns=["district", "own", "level", "kind", "confidence", "figure", "source"],
    )  # fmt: skip
    rows = rows.merge(known, on="district", how="left")
    return rows.assign(over=rows["own"] - rows["floor"]).fillna(
        dict.fromkeys(("level", "kind", "confidence", "figure", "source"), "")
    )


def own_targets(plan: Plan, evidence: Evidence) -> OwnTargets:
    """Return how far districts' own targets carry to the target of a plan that has one.

    Raises
    ------
    PlanError : the plan has no target for a sum over its places
    """
    if plan.total is None:
        raise PlanError("the plan has no target for a sum over its places")
    rows, target = own_rows(plan, evidence), plan[plan.total.key]
    return OwnTargets(
        total=plan.total,
        rows=rows,
        floors=coverage(plan, target).guaranteed,
        target=target.expected,
        added=float(rows["over"].sum()),
        others=float(rows.loc[rows["own"].isna(), "floor"].sum()),
    )


def published(
    plan: Plan, evidence: Evidence, measures: Iterable[str], scope: str | None = None
) -> pd.DataFrame:
    """Return what is published of the plan's districts: targets they set themselves, and results.

    Rival figures of one year stand side by side, the surest first.

    Parameters
    ----------
    measures : series without the level that a target's has behind it
    scope : who counts, and what; any when None

    Returns
    -------
    A row a number with the columns of `PUBLISHED`; level is expected, stretch or result
    """
    levels = {"_target_expected": "expected", "_target_stretch": "stretch", "": "result"}
    series = {f"{key}{end}": (key, level) for key in measures for end, level in levels.items()}
    rows = evidence.figures
    rows = rows[
        rows["series"].isin(series)
        & rows["period_type"].isin(["annual", "stock"])
        & rows["value"].notna()
        & rows["term"].ne("")
        & (rows["scope"].eq(scope) if scope else True)
    ]
    districts = set(plan.floors["district"])
    held = [
        (plan.aliases[one.place], *series[one.series], one.year, one.value, one.unit, one.kind,
         one.confidence, one.term, one.publisher, one.published, one.source_title, one.id)
        for one in sorted(Figures(rows), key=sureness)
        if plan.aliases.get(one.place) in districts
    ]  # fmt: skip
    named = [column for column in PUBLISHED if column != "url"]
    found = pd.DataFrame(held, columns=named)
    urls = evidence.figures.set_index("id")["url"]
    return found.assign(url=found["figure"].map(urls))[list(PUBLISHED)]


def floors_a_head(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return each district's floor of capital in place over its people at the last census.

    Returns
    -------
    `PUBLISHED` of the census (value in 1e4 persons), tier, floor (1e8 CNY) and a_head (CNY), the
    highest first; no row where no census of the plan's districts is at hand
    """
    people = published(plan, evidence, ["population_census"])
    last = people.sort_values("year", kind="stable").drop_duplicates("district", keep="last")
    floors = plan.floors[["district", "tier", "name_zh", "name_en", "capital_floor"]]
    rows = last.merge(floors, on="district").rename(columns={"capital_floor": "floor"})
    rows = rows.assign(a_head=rows["floor"] * 1e4 / rows["value"]).dropna(subset=["a_head"])
    return rows.sort_values("a_head", ascending=False, ignore_index=True)
