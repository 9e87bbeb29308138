"""What follows from what? The scenario model, once, as symbols.

Every other form of the model (NumPy, Vega, LaTeX, gradients, exact solutions)
is printed or derived from the equations built here. Plan and published figures
come in as parameters: no number of theirs stands in this file.

Assumptions that are structure and not number:

* A tier's uplift and share hold for each of its districts, unless a district
  has its own (`by_district`).
* Benefit sharing (plan 2021, part 1 (六)) names neither districts nor amounts.
  Leads are taken to come from central districts, in proportion to their
  floors, for industrial capital hosted in the outer districts and the zones.
  What one side gains the other loses, so the city's total stays the same.
* Signing is even over the year, so a lag of l months leaves (12 - l)/12 of the
  year's signed capital time to come in place.
* Growth in foreign capital is in USD; the exchange rate only restates it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from analysis.datapackage import DataPackageError, Fault
from analysis.model.inputs import WHOLE, Inputs, absent
from analysis.plan_package import Measure

MONTHS = sp.Integer(12)
HUNDRED = sp.Integer(100)


@dataclass(frozen=True)
class Definition:
    """Equations in the order in which they can be computed.

    levers : names of the free symbols
    parameters : value of every symbol that is neither lever nor outcome
    equations : outcome -> expression in levers, parameters and earlier outcomes
    lookups : outcomes that only pick a published figure for the base year
    """

    levers: tuple[str, ...]
    parameters: Mapping[str, float]
    equations: Mapping[str, sp.Expr]
    lookups: frozenset[str]

    def numbered(self, outcome: str) -> sp.Expr:
        """Return the equation with the parameters' values put in."""
        values = {symbol(k): _exact(v) for k, v in self.parameters.items()}
        return self.equations[outcome].xreplace(values)

    def in_levers(self) -> dict[str, sp.Expr]:
        """Return every outcome in levers (and base-year lookups) alone."""
        known: dict[sp.Symbol, sp.Expr] = {}
        resolved: dict[str, sp.Expr] = {}
        for key in self.equations:
            resolved[key] = self.numbered(key).xreplace(known)
            if key not in self.lookups:
                known[symbol(key)] = resolved[key]
        return resolved


def symbol(name: str) -> sp.Symbol:
    """Return the real symbol of that name."""
    return sp.Symbol(name, real=True)


def define(inputs: Inputs, by_district: bool = False) -> Definition:
    """Build the model for a plan.

    Parameters
    ----------
    inputs : tiers, districts, targets and published levels
    by_district : give each district its own uplift and share symbols
    """
    equations: dict[str, sp.Expr] = {}
    parameters: dict[str, float] = {}
    lookups: set[str] = set()
    s = symbol

    def parameter(name: str, value: float) -> sp.Symbol:
        parameters[name] = value
        return s(name)

    def lookup(name: str, levels: Mapping[int, float], otherwise: sp.Expr) -> sp.Symbol:
        cases = [
            (parameter(f"{name}_{year}", value), sp.Eq(s("base_year"), year))
            for year, value in sorted(levels.items())
        ]
        equations[name] = sp.Piecewise(*cases, (otherwise, True))
        lookups.add(name)
        return s(name)

    def own(district: str) -> str:
        return district if by_district else inputs.tier_of[district]

    def district_capital(district: str) -> sp.Expr:
        floor = parameter(f"floor_{district}", inputs.floors[district])
        return floor * (1 + s(f"uplift_{own(district)}") / HUNDRED)

    def district_industrial(district: str) -> sp.Expr:
        return district_capital(district) * s(f"share_{own(district)}") / HUNDRED

    def margins(measure: Measure, value: sp.Symbol) -> None:
        for level, asked in inputs.targets[measure.key].items():
            at = parameter(f"{measure.key}_{level}", asked)
            equations[f"{measure.stem}_margin_{level}"] = value - at

    def floor_of(tier: str) -> sp.Symbol:
        return parameter(f"floor_{tier}", sum(inputs.floors[d] for d in inputs.members[tier]))

    def summed(measure: Measure) -> None:
        """A sum over districts, a group's part of it, or, with no floors, a lever of its own."""
        stem, over = measure.stem, measure is inputs.total
        for tier, members in inputs.members.items() if over else ():
            equations[f"{stem}_{tier}"] = (
                sp.Add(*map(district_capital, members))
                if by_district
                else floor_of(tier) * (1 + s(f"uplift_{tier}") / HUNDRED)
            )
        groups = inputs.of_groups.get(measure.outcome)
        whole = inputs.sum_stem if groups else stem
        places = inputs.places if over else groups or (WHOLE,)
        equations[f"{stem}_total"] = sp.Add(*(s(f"{whole}_{place}") for place in places))
        total = s(f"{stem}_total")
        first, asked = next(iter(inputs.targets[measure.key].items()))
        lowest = parameter(f"{measure.key}_{first}", asked)
        equations[f"{stem}_coverage"] = HUNDRED * total / lowest
        for tier in inputs.members if over else ():
            equations[f"coverage_{tier}"] = HUNDRED * s(f"{stem}_{tier}") / lowest
        margins(measure, total)
        if inputs.levels.get(measure.key):
            base = lookup(f"{stem}_base", inputs.levels[measure.key], sp.S.NaN)
            equations[f"{stem}_growth_on_base"] = HUNDRED * (total / (inputs.years * base) - 1)

    def shared(measure: Measure) -> None:
        """A share of the sum over districts."""
        stem, whole = measure.stem, inputs.sum_stem
        for tier, members in inputs.members.items():
            equations[f"{stem}_{tier}"] = (
                sp.Add(*map(district_industrial, members))
                if by_district
                else s(f"{whole}_{tier}") * s(f"share_{tier}") / HUNDRED
            )
        if (rest := inputs.rest) in inputs.places:
            equations[f"{stem}_{rest}"] = s(f"{whole}_{rest}") * s(f"share_{rest}") / HUNDRED
        part = f"{stem}_{whole}"
        equations[part] = sp.Add(*(s(f"{stem}_{place}") for place in inputs.places))
        equations[measure.key] = HUNDRED * s(part) / s(f"{whole}_total")
        margins(measure, s(measure.key))

    def grown(measure: Measure) -> None:
        """Growth of a published level; with none the base is an index, and says so."""
        based = "base_year" in inputs.levers
        if based and inputs.exchange_rates and "exchange_rate_base" not in equations:
            lookup("exchange_rate_base", inputs.exchange_rates, s("exchange_rate"))
        name, levels = measure.stem, inputs.levels.get(measure.key, {})
        growth = s(measure.key)
        margins(measure, growth)
        if not based or not measure.series:
            return
        level = lookup(f"{name}_base", levels, parameter(f"{name}_index", inputs.index_base))
        equations[f"{name}_base_known"] = sp.Piecewise(
            *((sp.Integer(1), sp.Eq(s("base_year"), year)) for year in sorted(levels)),
            (sp.Integer(0), True),
        )
        lookups.add(f"{name}_base_known")
        equations[f"{name}_level"] = level * (1 + growth / HUNDRED)
        if inputs.exchange_rates:
            equations[f"{name}_growth_cny"] = HUNDRED * (
                (1 + growth / HUNDRED) * s("exchange_rate") / s("exchange_rate_base") - 1
            )
            equations[f"{name}_level_cny"] = s(f"{name}_level") * s("exchange_rate")

    def signed() -> None:
        """What has to be signed for the sum."""
        equations["signed_required"] = s(f"{inputs.sum_stem}_total") / (
            s("conversion") / HUNDRED * (1 - s("conversion_lag") / MONTHS)
        )

    def carried(total: Measure) -> None:
        """How far floors and known own targets carry, with what the other places add."""
        first, asked = next(iter(inputs.targets[total.key].items()))
        known = parameter("own_added", inputs.own_added)
        others = parameter("floor_others", inputs.others)
        floors = sp.Add(*map(floor_of, inputs.members))
        over = s("others_over") if "others_over" in inputs.levers else sp.Integer(0)
        equations["others_added"] = others * over / HUNDRED
        equations["carried"] = floors + known + s("others_added")
        lowest = parameter(f"{total.key}_{first}", asked)
        equations["carried_margin"] = s("carried") - lowest

    def credited() -> None:
        """Capital credited to each district, where leads are shared."""
        hosts = [tier for tier in inputs.members if tier not in inputs.leaders]
        hosted = sp.Add(*(s(f"{inputs.share_stem}_{tier}") for tier in hosts))
        part = s("benefit_share") / HUNDRED * s("led_share") / HUNDRED
        lead_floor = sp.Add(*map(floor_of, inputs.leaders))
        for tier, members in inputs.members.items():
            for district in members:
                if tier in inputs.leaders:
                    moved = part * (s(f"floor_{district}") / lead_floor) * hosted
                else:
                    moved = -part * district_industrial(district)
                equations[f"credited_{district}"] = district_capital(district) + moved
        keys = [f"credited_{d}" for members in inputs.members.values() for d in members]
        if (rest := inputs.rest) in inputs.places:
            equations[f"credited_{rest}"] = s(f"{inputs.sum_stem}_{rest}")
            keys.append(f"credited_{rest}")
        equations["credited_total"] = sp.Add(*map(s, keys))

    written = {"sum": summed, "count": summed, "share": shared, "growth": grown}
    # A share stands on its sum, wherever the plan names it.
    for measure in sorted(inputs.measures, key=lambda one: one.type == "share"):
        if measure.type == "level" or (measure.type == "share" and measure is not inputs.share):
            margins(measure, s(measure.key))
        else:
            written[measure.type](measure)
    if inputs.total and "conversion" in inputs.levers:
        signed()
    if inputs.total and (inputs.own_added or "others_over" in inputs.levers):
        carried(inputs.total)
    if inputs.share and inputs.leaders and "benefit_share" in inputs.levers:
        credited()
    if not by_district:
        _hold_together(equations, parameters, inputs)
    levers = tuple(inputs.levers) + (inputs.override_keys if by_district else ())
    return Definition(levers, parameters, equations, frozenset(lookups))


def _hold_together(
    equations: Mapping[str, sp.Expr], parameters: Mapping[str, float], inputs: Inputs
) -> None:
    """Compare the tables of levers and outcomes with the equations.

    Raises
    ------
    DataPackageError : rows that the equations need or don't know
    """
    used = {s.name for expression in equations.values() for s in expression.free_symbols}
    faults = []
    remedy = "write its measure and target in measures.csv and targets.csv, or correct or drop it"
    for file, needed, rows in (
        ("levers.csv", used - equations.keys() - parameters.keys(), inputs.levers),
        ("outcomes.csv", equations.keys(), inputs.outcomes),
    ):
        faults += [absent(file, key) for key in sorted(needed - rows.keys())]
        faults += [
            Fault(file, 0, "key", key, "no equation of a measure with a target names it", remedy)
            for key in rows
            if key not in needed and rows[key].own
        ]
    if faults:
        raise DataPackageError(faults)


def _exact(value: float) -> sp.Expr:
    """Return a whole number as such: floats would keep 3983.0 in every formula."""
    return sp.Integer(int(value)) if float(value).is_integer() else sp.Float(value)
