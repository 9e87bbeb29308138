"""Where everyone stands at a period's end: city, groups, chains, districts, and who leads."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import show
from analysis.files import of_plan
from analysis.pacing import season_of
from analysis.plan import Plan, PlanError, load_plan
from analysis.plan_package import CITY_COUNT, MINISTRY_COUNT, Target
from analysis.structure import places, progress, ranking
from analysis.structure.asked import Asked, by_place
from analysis.structure.period import Period
from analysis.text import both

CITY = "city"
#: How published figures call what the ledger counts foreign capital in.
SCOPES = {"utilised": CITY_COUNT, "fdi": MINISTRY_COUNT}


@dataclass(frozen=True, eq=False, kw_only=True)
class Standing:
    """Progress of a period; money in 1e8 CNY, shares in %.

    period : the month 月通报, quarter 季考评 or year 年考核
    district : the district it is about; None for the city
    known : the last month of the year, up to the period's end, in which anything arrived in the
        city; 0 if nothing did
    kind : "illustrative" (the example ledger: say so wherever a figure is shown) or "reported"
    targets : a row a city target: target, name_zh, name_en, unit, value, expected, stretch,
        before; capital also due_linear (of the expected target). Growth targets
        compare the year so far with the same months of the year before; each keeps its scope
    districts : `progress.progress`, a row a place: all of them, also in a district's report
    place : the row of the report's own district, or of the city (floor: the expected target)
    quotas : `progress.quotas`, a row a district and quota
    foreign : place (districts, and "city"), scope, amount, before (1e8 USD), growth (%)
    ranks : `ranking.ranking` of the districts
    """

    period: Period
    district: str | None
    known: int
    kind: str
    targets: pd.DataFrame
    place: pd.Series
    districts: pd.DataFrame
    quotas: pd.DataFrame
    foreign: pd.DataFrame
    ranks: pd.DataFrame

    def __repr__(self) -> str:
        who = self.district or "the city"
        return f"<{type(self).__name__} of {who}, {self.period.key}, {self.kind}>"

    def _repr_html_(self) -> str:
        names = ["target", "name_zh", "name_en", "unit", "value", "before", "expected", "stretch"]
        about = f"{self.district or 'City'}, {self.period.key} ({self.kind})"
        rows = ["name_en", "tier", "capital", "floor", "of_floor", "ahead_linear", "share"]
        of_city = show.table(self.targets[names], f"{about}: the city's targets")
        return of_city + show.table(self.districts[rows], "Districts, 1e8 CNY and %")

    @property
    def unplaced(self) -> float:
        """Capital of this year in no known district, 1e8 CNY: counted in the city alone."""
        city = self.district is None
        return float(self.place["capital"] - self.districts["capital"].sum()) if city else 0.0

    @property
    def assumed(self) -> float:
        """Of how much of this year's capital, %, it is assumed whether industry projects had it."""
        return float(progress.PERCENT * self.place["assumed"] / (self.place["capital"] or 1.0))

    @property
    def share_kind(self) -> str:
        """How its shares of industry projects are known: assumed if any project doesn't say."""
        return "assumed" if self.districts["assumed"].any() or self.place["assumed"] else "derived"

    @property
    def illustrative(self) -> bool:
        """Whether its rows are made up."""
        return self.kind == "illustrative"


def standing(asked: Asked, plan: Plan) -> Standing:
    """Return where everyone stands, from the year's capital, foreign capital and quotas."""
    districts = progressed(asked, asked.capital, "district", places.districts(plan))
    city = _city(asked, plan)
    own = asked.district
    quotas = progress.quotas(plan, asked.quotas)
    foreign = _foreign(asked)
    known = pd.to_datetime(asked.year(asked.capital)["month"]).dt.month.max()
    return Standing(
        period=asked.period,
        district=own,
        known=0 if pd.isna(known) else int(known),
        kind=asked.answers.kind,
        targets=_targets(plan, city, foreign),
        place=city if own is None else districts[districts["place"].eq(own)].iloc[0],
        districts=districts,
        quotas=quotas,
        foreign=foreign,
        ranks=_ranks(plan, districts, quotas),
    )


@of_plan
def season() -> pd.DataFrame:
    """Return the season of past years, beside which a month is seen."""
    return season_of(load_plan())


def season_begins() -> int:
    """Return the month of the earliest of past years' readings: before, their course is a guess."""
    return int(season().loc[season()["read"], "month"].iloc[0])


Cuts = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def cut(asked: Asked, capital: pd.DataFrame, by: str) -> Cuts:
    """Return place, capital, industrial, assumed: this year, a year ago, the period alone."""
    rows = progress.divided(capital, by)
    year, before, period = (
        progress.sums(part(rows)) for part in (asked.year, asked.year_before, asked.in_period)
    )
    return year, before, period


def progressed(asked: Asked, capital: pd.DataFrame, by: str, named: pd.DataFrame) -> pd.DataFrame:
    """Return `progress.progress` of the places that are named, from capital by a key."""
    return progress.progress(named, *cut(asked, capital, by), season(), asked.period.month)


def growths(plan: Plan) -> dict[str, Target]:
    """Return the growth that the plan asks of foreign capital, by the ledger's scope."""
    found = {scope: plan.growth(published) for scope, published in SCOPES.items()}
    return {scope: plan[one.key] for scope, one in found.items() if one}


def _summed(plan: Plan) -> tuple[Target, Target]:
    """Return what the plan asks of the sum over its places, and of its share.

    Raises
    ------
    PlanError : it asks for none
    """
    if plan.total is None or plan.share is None:
        raise PlanError("a ledger stands against a sum over places and its share: there is none")
    return plan[plan.total.key], plan[plan.share.key]


def _city(asked: Asked, plan: Plan) -> pd.Series:
    """Return the city as a row of `progress`: its floor is the expected target."""
    target, share = _summed(plan)
    named = pd.DataFrame([{
        "place": CITY, "tier": places.NONE, "name_zh": target.name_zh, "name_en": target.name_en,
        "floor": target.expected, "share_floor": share.expected,
    }])  # fmt: skip
    whole = asked.capital.assign(city=CITY)
    return progressed(asked, whole, CITY, named).iloc[0]


def _foreign(asked: Asked) -> pd.DataFrame:
    """Return foreign capital by place and scope beside the year before; scopes never add up."""
    now = by_place(asked.year(asked.foreign), "district")
    before = by_place(asked.year_before(asked.foreign), "district")
    rows = now.merge(
        before.rename(columns={"amount": "before"}), on=["place", "scope"], how="outer"
    ).fillna({"amount": 0.0, "before": 0.0 if len(before) else float("nan")})
    city = rows.groupby("scope")[["amount", "before"]].sum(min_count=1).reset_index()
    rows = pd.concat([rows, city.assign(place=CITY)], ignore_index=True)
    return rows.assign(growth=progress.change(rows["amount"], rows["before"]))


def _targets(plan: Plan, city: pd.Series, foreign: pd.DataFrame) -> pd.DataFrame:
    """Return the city's targets with where the ledger stands."""
    total, share = _summed(plan)
    own = foreign[foreign["place"].eq(CITY)].set_index("scope")["growth"]
    values = {
        total.key: city["capital"],
        share.key: city["share"],
        **{one.key: own.get(scope, float("nan")) for scope, one in growths(plan).items()},
    }
    rows = pd.DataFrame(
        [
            {"target": key, **_named(one, key == share.key and city["assumed"] > 0),
             "unit": one.unit, "value": values[key], "expected": one.expected,
             "stretch": one.stretch}
            for key, one in plan.targets.items() if key in values
        ]
    )  # fmt: skip
    capital = rows["target"].eq(total.key)
    for column in ("before", "due_linear"):
        rows[column] = pd.Series(float(city[column]), rows.index).where(capital)
    return rows


def _named(target: Target, assumed: bool) -> dict[str, str]:
    """Return a target's names, with a word where what stands for it is assumed."""
    said = both("structure.assumed") if assumed else {"zh": "", "en": ""}
    return {"name_zh": target.name_zh + said["zh"], "name_en": target.name_en + said["en"]}


def ranked_by(plan: Plan) -> pd.DataFrame:
    """Return the measures of `ranking.csv`; that of quotas only where the plan sets any."""
    rows = plan.table("ranking")
    return rows if plan.quotas["required"].any() else rows[rows["measure"].ne("quotas")]


def _ranks(plan: Plan, districts: pd.DataFrame, quotas: pd.DataFrame) -> pd.DataFrame:
    """Rank the districts that have floors by the measures of `ranking.csv`."""
    rows = districts[districts["floor"].notna()].set_index("place")
    required = quotas[quotas["required"]]
    done = required["projects"].clip(upper=required["needed"]).groupby(required["place"]).sum()
    measures = pd.DataFrame(
        {
            "schedule": progress.PERCENT * rows["capital"] / rows["due_linear"],
            "share": rows["share_gap"],
            "quotas": progress.PERCENT * done / required.groupby("place")["needed"].sum(),
            "growth": rows["growth"],
        }
    ).loc[rows.index]
    weights = ranked_by(plan).set_index("measure")["weight"]
    return ranking.ranking(measures.drop(columns={"quotas"} - set(weights.index)), weights)
