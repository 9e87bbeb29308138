"""The example ledger's projects, and when each comes to its stages.

Everything is drawn for all projects at once. Time is counted in months from year 0 and
runs evenly while it is drawn; `calendar` then bends each year to the season, which keeps
every order of dates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.example_ledger.parameters import MONTHS, Parameters
from analysis.plan import Plan

#: Stored amounts are in 1e4 CNY: what 1e8 CNY holds of them.
IN_HUNDRED_MILLION = 10_000
#: Total investments are agreed in steps of 100e4 CNY.
STEP = 100
DAY, MONTH = "day", "month"

#: What an example project may be; the first two may be industry projects 产业项目.
SECTORS = ("industrial", "service", "property", "infrastructure")


@dataclass(frozen=True)
class Drawn:
    """Projects, an entry of each array a project.

    district, chain, link, sector, … : codes into `names` of the same name; -1 for none
    size : 1e4 CNY
    lead, signed, started, production, arrives : months from year 0, NaN for never
    names : column -> the values that its codes stand for
    """

    columns: dict[str, np.ndarray]
    names: dict[str, list[str]]

    def __getattr__(self, column: str) -> np.ndarray:
        try:
            return self.columns[column]
        except KeyError:
            raise AttributeError(column) from None

    def __len__(self) -> int:
        return len(self.columns["size"])

    def only(self, where: np.ndarray) -> Drawn:
        """Return some of the projects."""
        return Drawn({name: values[where] for name, values in self.columns.items()}, self.names)


def draw(plan: Plan, parameters: Parameters, projects: int, random: np.random.Generator) -> Drawn:
    """Draw the projects that are signed each year, those carried over, and leads without success.

    projects : signed each year
    """
    attributes = {
        "district": plan.floors["district"].astype(str).tolist(),
        "chain": plan.chains["chain"].astype(str).tolist(),
        "link": plan.chain_links["name_zh"].astype(str).tolist(),
        "sector": list(SECTORS),
        "innovation": list(parameters.shares("innovation_kind")[0]),
    }
    columns = _times(parameters, projects, random)
    sizes = _sizes(parameters, len(columns["signed"]), random)
    columns |= _kinds(plan, parameters, columns["signed"], sizes, random)
    columns["size"] = _agreed(parameters, sizes, columns["innovation"] >= 0)
    return Drawn(columns, attributes)


def _times(p: Parameters, projects: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    first, end = p.window
    carried = int(p("carried_years")) * MONTHS
    years = (end - first + carried) // MONTHS
    # Evenly over each year, as many in every year.
    signed = np.sort(random.random((years, projects)), axis=1)
    signed = (first - carried) + MONTHS * (np.arange(years)[:, None] + signed).ravel()
    never = round(projects * p("unsigned") / (1 - p("unsigned")))
    leads = first + random.random(never * ((end - first) // MONTHS)) * (end - first)
    total = len(signed) + len(leads)
    lead = np.concatenate([signed - _lag(p, "lead_to_signed", len(signed), random), leads])
    signed = np.concatenate([signed, np.full(len(leads), np.nan)])
    started = signed + _lag(p, "signed_to_started", total, random)
    started[random.random(total) < p("never_starts")] = np.nan
    arrives = signed + _lag(p, "signed_to_arrival", total, random)
    arrives[random.random(total) < p("never_arrives")] = np.nan
    lead[random.random(total) < p("no_lead_date")] = np.nan
    production = started + _lag(p, "started_to_production", total, random)
    production[np.isnan(arrives)] = np.nan  # ground is broken without money, nothing is made
    order = np.argsort(np.where(np.isnan(signed), lead, signed), kind="stable")
    times = {
        "lead": lead,
        "signed": signed,
        "started": started,
        "production": production,
        "arrives": arrives,
    }
    return {name: values[order] for name, values in times.items()}


def _lag(p: Parameters, name: str, number: int, random: np.random.Generator) -> np.ndarray:
    shape = p("lag_shape", name)
    return random.gamma(shape, p("lag", name) / shape, number)


def _kinds(
    plan: Plan, p: Parameters, signed: np.ndarray, sizes: np.ndarray, random: np.random.Generator
) -> dict[str, np.ndarray]:
    number = len(signed)

    def happens(name: str) -> np.ndarray:
        return random.random(number) < p(name)

    district = _choice(p.shares("district")[1], number, random)
    tiers = plan.floors.set_index("district").loc[p.shares("district")[0], "tier"]
    chance = np.array([p("industrial", tier) for tier in tiers])[district]
    order = np.lexsort((sizes, np.floor(np.nan_to_num(signed) / MONTHS)))
    industry = _systematic(chance, order, random)
    # The groups' order in the assumptions is not that of the plan's tables.
    places = [list(plan.floors["district"]).index(name) for name in p.shares("district")[0]]
    chain = _chain(plan, p, industry, random)
    innovates = happens("innovation")
    led = happens("led_elsewhere")
    others = random.integers(1, len(plan.floors), len(district))  # for each one not its own
    elsewhere = (np.array(places)[district] + others) % len(plan.floors)
    foreign = happens("foreign")
    kinds = p.shares("innovation_kind")[1]
    return {
        "district": np.array(places)[district],
        "sector": _sector(p, industry, tiers.to_numpy()[district], random),
        "industry_project": industry,
        "chain": chain,
        "link": _link(plan, p, chain, random),
        "innovation": np.where(innovates, _choice(kinds, number, random), -1),
        "lead_district": np.where(led, elsewhere, np.array(places)[district]),
        "foreign": foreign,
        "foreign_share": np.where(
            foreign, np.round(random.uniform(p("foreign_low"), 1, number), 2), np.nan
        ),
        "fdi": happens("fdi") & foreign,
        "headquarters": happens("headquarters"),
        "outward": happens("outward"),
    }


def _sector(
    p: Parameters, industry: np.ndarray, tiers: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Return the sector of each project as its place in `SECTORS`.

    Industry projects are manufacturing or services, by tier; others services, property,
    infrastructure. They are drawn apart, so that all else is drawn as it would be without.
    """
    own = random.spawn(1)[0]
    made, kind = own.random(len(industry)), own.random(len(industry))
    manufacturing = np.array([p("manufacturing", tier) for tier in tiers])
    within = np.where(made < manufacturing, 0, 1)
    ends = np.cumsum([p("not_industry", name) for name in SECTORS[1:]])
    return np.where(industry, within, 1 + np.searchsorted(ends[:-1], kind, side="right"))


def _choice(shares: np.ndarray, number: int, random: np.random.Generator) -> np.ndarray:
    return np.searchsorted(np.cumsum(shares)[:-1], random.random(number), side="right")


def _systematic(chance: np.ndarray, order: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return who is drawn, each with its chance, evenly along an order.

    A share of a heavy tail would else hang on the luck of its few largest.
    """
    steps = np.floor(np.cumsum(chance[order]) + random.random())
    drawn = np.empty(len(chance), bool)
    drawn[order] = np.diff(steps, prepend=0) > 0
    return drawn


def _chain(
    plan: Plan, p: Parameters, industry: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    if plan.chains.empty:
        return np.full(len(industry), -1)
    shares = np.array([p("chain", key) for key in plan.chains["chain"]])
    of_all = np.where(industry, shares.sum(), p("service_chain"))
    code = _choice(shares / shares.sum(), len(industry), random)
    return np.where(random.random(len(industry)) < of_all, code, -1)


def _link(plan: Plan, p: Parameters, chain: np.ndarray, random: np.random.Generator) -> np.ndarray:
    link = np.full(len(chain), -1)
    all_links = plan.chain_links.reset_index(drop=True)
    for code, key in enumerate(plan.chains["chain"]):
        links = all_links.index[all_links["chain"].eq(key)].to_numpy()
        if not len(links):
            continue
        weights = p("link_decay") ** np.arange(len(links))
        inside = chain == code
        link[inside] = links[_choice(weights / weights.sum(), int(inside.sum()), random)]
    return link


def _sizes(p: Parameters, number: int, random: np.random.Generator) -> np.ndarray:
    """Return total investments, 1e8 CNY: a log-normal body with a Pareto tail."""
    most, exponent = p("tail_most"), p("tail_exponent")
    body = np.minimum(p("size_median") * np.exp(random.normal(0, p("size_spread"), number)), most)
    # Cut off at the top by its own distribution, so that no projects heap up there.
    beyond = 1 - (p("tail_from") / most) ** exponent
    tail = p("tail_from") * (1 - random.random(number) * beyond) ** (-1 / exponent)
    return np.where(random.random(number) < p("tail_share"), tail, body)


def _agreed(p: Parameters, sizes: np.ndarray, innovates: np.ndarray) -> np.ndarray:
    """Return total investments as contracts state them, in 1e4 CNY, rounded to `STEP`."""
    steps = sizes * np.where(innovates, p("innovation_size"), 1.0) * IN_HUNDRED_MILLION / STEP
    return np.maximum(1, np.round(steps)).astype(np.int64) * STEP


def calendar(times: np.ndarray, season: tuple[float, ...]) -> np.ndarray:
    """Return the days of times, as numpy dates; each year runs as its season does."""
    known = ~np.isnan(times)
    year = np.floor(np.where(known, times, 0) / MONTHS)
    passed = np.where(known, times, 0) / MONTHS - year
    bent = np.interp(passed, season, np.arange(MONTHS + 1))
    month = np.minimum(np.floor(bent), MONTHS - 1)
    # numpy counts months from 1970.
    first = (year * MONTHS + month - 1970 * MONTHS).astype("int64").astype("datetime64[M]")
    start, following = first.astype("datetime64[D]"), (first + 1).astype("datetime64[D]")
    length = (following - start).astype("int64")
    day = np.minimum(np.floor((bent - month) * length), length - 1).astype("int64")
    return np.where(known, start + day, np.datetime64("NaT", "D"))
