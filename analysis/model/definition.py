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
from analysis.model.inputs import Inputs, absent

#: Tier whose districts bring leads; the others host industrial projects.
LEADING_TIER = "central"
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

    def district_capital(district: str) -> sp.Expr:
        place = district if by_district else inputs.tier_of[district]
        floor = parameter(f"floor_{district}", inputs.floors[district])
        return floor * (1 + s(f"uplift_{place}") / HUNDRED)

    def district_industrial(district: str) -> sp.Expr:
        place = district if by_district else inputs.tier_of[district]
        return district_capital(district) * s(f"share_{place}") / HUNDRED

    # Capital in place
    for tier, members in inputs.members.items():
        if by_district:
            equations[f"capital_{tier}"] = sp.Add(*map(district_capital, members))
        else:
            floor = parameter(f"floor_{tier}", sum(inputs.floors[d] for d in members))
            equations[f"capital_{tier}"] = floor * (1 + s(f"uplift_{tier}") / HUNDRED)
    tiers = list(inputs.members)
    equations["capital_total"] = sp.Add(
        *(s(f"capital_{tier}") for tier in tiers), s("capital_unfloored")
    )
    expected, stretch = _levels(inputs, "capital_in_place", parameter)
    equations["capital_coverage"] = HUNDRED * s("capital_total") / expected
    for tier in tiers:
        equations[f"coverage_{tier}"] = HUNDRED * s(f"capital_{tier}") / expected
    equations["capital_margin_expected"] = s("capital_total") - expected
    equations["capital_margin_stretch"] = s("capital_total") - stretch
    base = lookup("capital_base", inputs.capital_levels, sp.S.NaN)
    equations["capital_growth_on_base"] = HUNDRED * (s("capital_total") / base - 1)

    # Industrial share
    for tier, members in inputs.members.items():
        if by_district:
            equations[f"industrial_{tier}"] = sp.Add(*map(district_industrial, members))
        else:
            equations[f"industrial_{tier}"] = s(f"capital_{tier}") * s(f"share_{tier}") / HUNDRED
    equations["industrial_unfloored"] = s("capital_unfloored") * s("share_unfloored") / HUNDRED
    equations["industrial_capital"] = sp.Add(
        *(s(f"industrial_{tier}") for tier in tiers), s("industrial_unfloored")
    )
    equations["industrial_share"] = HUNDRED * s("industrial_capital") / s("capital_total")
    expected, stretch = _levels(inputs, "industrial_share", parameter)
    equations["industrial_margin_expected"] = s("industrial_share") - expected
    equations["industrial_margin_stretch"] = s("industrial_share") - stretch

    # Foreign capital, in two scopes that never meet
    rate_base = lookup("exchange_rate_base", inputs.exchange_rates, s("exchange_rate"))
    for name, levels in (
        ("foreign_capital", inputs.foreign_capital_levels),
        ("fdi", inputs.fdi_levels),
    ):
        growth = s(f"{name}_growth")
        expected, stretch = _levels(inputs, f"{name}_growth", parameter)
        equations[f"{name}_margin_expected"] = growth - expected
        equations[f"{name}_margin_stretch"] = growth - stretch
        # With no published level the base is an index, and says so (base_known is 0).
        level = lookup(f"{name}_base", levels, parameter(f"{name}_index", inputs.index_base))
        equations[f"{name}_base_known"] = sp.Piecewise(
            *((sp.Integer(1), sp.Eq(s("base_year"), year)) for year in sorted(levels)),
            (sp.Integer(0), True),
        )
        lookups.add(f"{name}_base_known")
        equations[f"{name}_level"] = level * (1 + growth / HUNDRED)
        equations[f"{name}_growth_cny"] = HUNDRED * (
            (1 + growth / HUNDRED) * s("exchange_rate") / rate_base - 1
        )
        equations[f"{name}_level_cny"] = s(f"{name}_level") * s("exchange_rate")

    # What has to be signed for it
    equations["signed_required"] = s("capital_total") / (
        s("conversion") / HUNDRED * (1 - s("conversion_lag") / MONTHS)
    )

    # Credited capital by district
    leaders = inputs.members[LEADING_TIER]
    hosted = sp.Add(*(s(f"industrial_{tier}") for tier in tiers if tier != LEADING_TIER))
    shared = s("benefit_share") / HUNDRED * s("led_share") / HUNDRED
    lead_floor = parameter(f"floor_{LEADING_TIER}", sum(inputs.floors[d] for d in leaders))
    for tier, members in inputs.members.items():
        for district in members:
            own = district_capital(district)
            if tier == LEADING_TIER:
                weight = s(f"floor_{district}") / lead_floor
                moved = shared * weight * hosted
            else:
                moved = -shared * district_industrial(district)
            equations[f"credited_{district}"] = own + moved
    equations["credited_unfloored"] = s("capital_unfloored")
    equations["credited_total"] = sp.Add(
        *(s(f"credited_{d}") for members in inputs.members.values() for d in members),
        s("credited_unfloored"),
    )
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
    for file, needed, rows in (
        ("levers.csv", used - equations.keys() - parameters.keys(), inputs.levers),
        ("outcomes.csv", equations.keys(), inputs.outcomes),
    ):
        faults += [absent(file, key) for key in sorted(needed - rows.keys())]
        faults += [
            Fault(file, 0, "key", key, "no equation of the model names it", "correct or drop it")
            for key in rows
            if key not in needed
        ]
    if faults:
        raise DataPackageError(faults)


def _levels(inputs: Inputs, target: str, parameter) -> tuple[sp.Symbol, sp.Symbol]:
    expected, stretch = inputs.targets[target]
    return parameter(f"{target}_expected", expected), parameter(f"{target}_stretch", stretch)


def _exact(value: float) -> sp.Expr:
    """Return a whole number as such: floats would keep 3983.0 in every formula."""
    return sp.Integer(int(value)) if float(value).is_integer() else sp.Float(value)
