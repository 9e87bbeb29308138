"""What a ledger tells of one month, quarter or year, for the city or one district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from analysis.plan import Plan
from analysis.structure import (
    concentration,
    funnel,
    growth,
    investment_map,
    lists,
    places,
    progress,
    sharing,
    tables,
)
from analysis.structure.asked import WAITS, Asked
from analysis.structure.funnel import Conversion, FunnelError, Waiting
from analysis.structure.growth import GrowthError, MixWithin
from analysis.structure.kept import Answers
from analysis.structure.period import Period
from analysis.structure.standing import CITY, Standing, cut, progressed, season, standing

if TYPE_CHECKING:
    from analysis.ledger.engine import Ledger


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Report(Standing):
    """All that a bulletin shows of a period: `Standing`, and what it takes projects to know.

    tiers, chains : `progress.progress`, a row a place; in a district's report the chains count
        the district alone
    months : `progress.months`, the city's or the district's year against its target or floor
    city_quotas : `progress.city_quotas`
    funnel : `funnel.funnel`; funnels : the same by chain
    waits : "signed first_arrival" and so on -> `funnel.Waiting`; only where dates allow
    conversion : `funnel.Conversion`, None where no quarter's signings are old enough
    concentration : by, key, projects, capital, herfindahl, top1, top5, top10 (0 to 1); by is
        "all", "chain" or "district"; always of the whole city
    size_classes : `concentration.classes` of the year's signings
    contribution : `growth.contribution` by district; None in a first year
    mix : `growth.MixWithin` by district; None in a first year
    sharing : `sharing.led` by district
    links : `investment_map.investment_map`; gaps : the plan's links without a project
    lists : "projects", "firms", "platforms" -> the largest, from the ledger
    annex : the plan's own annexed lists, which are not in the copy there is: from a file of the
        reader's (`lists.annexed`), None if none is named
    table : the district's table 一区一表, or None for the city
    """

    tiers: pd.DataFrame
    chains: pd.DataFrame
    months: pd.DataFrame
    city_quotas: pd.DataFrame
    funnel: pd.DataFrame
    funnels: pd.DataFrame
    waits: Mapping[str, Waiting]
    conversion: Conversion | None
    concentration: pd.DataFrame
    size_classes: pd.DataFrame
    contribution: pd.DataFrame | None
    mix: MixWithin | None
    sharing: pd.DataFrame
    links: pd.DataFrame
    gaps: pd.DataFrame
    lists: Mapping[str, pd.DataFrame]
    annex: pd.DataFrame | None
    table: pd.DataFrame | None


def report(
    ledger: Ledger | Answers, plan: Plan, period: str | Period, district: str | None = None
) -> Report:
    """Return the report of a period: "2021-09", "2021Q3" or "2021".

    Parameters
    ----------
    ledger : an open ledger, or its kept answers (`analysis.structure.answers()`)
    district : any of a district's names; the whole city if None

    Raises
    ------
    analysis.structure.period.PeriodError : a text that is no period
    analysis.plan.PlanError : a name that is no district's
    analysis.structure.lists.AnnexError : annexed lists that can't be read
    """
    own = None if district is None else plan.district(district)
    asked = Asked(Answers.of(ledger), Period.of(period), own)
    stand = standing(asked, plan)
    tiered = asked.capital.assign(
        tier=asked.capital["district"].map(plan.floors.set_index("district")["tier"])
    )
    year, month = asked.period.year, asked.period.month
    shared = sharing.led(asked.led)
    links = investment_map.investment_map(plan, asked.signed)
    table = None
    if own is not None:
        table = tables.district_table(
            own, stand.districts, stand.quotas, stand.foreign, stand.ranks, shared
        )
    return Report(
        **{field.name: getattr(stand, field.name) for field in fields(stand)},
        tiers=progressed(asked, tiered, "tier", places.tiers(plan)),
        chains=progressed(asked, asked.own_capital, "chain", places.chains(plan)),
        months=progress.months(asked.own_capital, stand.place["floor"], season(), year, month),
        city_quotas=progress.city_quotas(plan, stand.quotas, asked.quotas),
        funnel=funnel.funnel(asked.own_stages),
        funnels=_funnels(asked, plan),
        waits=_waits(asked),
        conversion=_conversion(asked),
        concentration=_concentration(asked),
        size_classes=concentration.classes(asked.sizes),
        contribution=_contribution(asked),
        mix=_mix(asked),
        sharing=shared,
        links=links,
        gaps=investment_map.gaps(links),
        lists={what: asked.listing(what) for what in lists.LISTS},
        annex=lists.annex(plan, own),
        table=table,
    )


def _funnels(asked: Asked, plan: Plan) -> pd.DataFrame:
    rows = asked.own_stages
    found = [
        funnel.funnel(rows[rows["chain"].eq(chain)]).assign(chain=chain)
        for chain in plan.chains["chain"]
    ]
    nothing = funnel.funnel(rows[:0]).assign(chain="")[:0]
    return pd.concat(found or [nothing], ignore_index=True)


def _waits(asked: Asked) -> dict[str, Waiting]:
    found = {f"{start} {end}": asked.waiting(start, end) for start, end in WAITS}
    return {key: wait for key, wait in found.items() if wait is not None}


def _conversion(asked: Asked) -> Conversion | None:
    try:
        until = pd.Timestamp(asked.period.until)
        return funnel.conversion(asked.cohorts, until, asked.answers.kind)
    except FunnelError:
        return None


def _concentration(asked: Asked) -> pd.DataFrame:
    found = [asked.concentration().assign(by="all", key=CITY)]
    for by in ("chain", "district"):
        found.append(asked.concentration(by).rename(columns={by: "key"}).assign(by=by))
    columns = ["by", "key", "projects", "capital", "herfindahl", "top1", "top5", "top10"]
    whole = pd.concat([rows[columns] for rows in found], ignore_index=True)
    return whole.astype(dict.fromkeys(columns[2:], float))


def _contribution(asked: Asked) -> pd.DataFrame | None:
    now, before, _ = cut(asked, asked.capital, "district")
    try:
        return growth.contribution(now, before)
    except GrowthError:
        return None


def _mix(asked: Asked) -> MixWithin | None:
    now, before, _ = cut(asked, asked.capital, "district")
    try:
        return growth.mix_within(now, before)
    except GrowthError:
        return None
