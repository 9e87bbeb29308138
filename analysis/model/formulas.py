"""The model in the field's symbols."""

from __future__ import annotations

import sympy as sp
from sympy.printing.latex import LatexPrinter

from analysis.model.definition import Definition, symbol
from analysis.model.inputs import Inputs


def formulas(definition: Definition, inputs: Inputs) -> dict[str, dict[str, str]]:
    """Return outcome -> LaTeX, once with symbols only and once with the plan's numbers."""
    names = _symbol_names(definition, inputs)
    written = {}
    for key, equation in definition.equations.items():
        head = inputs.outcomes[key].symbol
        written[key] = {
            "symbols": f"{head} = {_latex(equation, names)}",
            "numbers": f"{head} = {_latex(definition.numbered(key), names)}",
        }
    return written


class _Printer(LatexPrinter):
    """LaTeX with positive terms first: C - T, never -T + C."""

    def _as_ordered_terms(self, expr: sp.Expr, order: str | None = None) -> list[sp.Expr]:
        terms = super()._as_ordered_terms(expr, order=order)
        return sorted(terms, key=lambda term: term.could_extract_minus_sign())


def _latex(expression: sp.Expr, names: dict[sp.Symbol, str]) -> str:
    return _Printer({"symbol_names": names, "full_prec": False}).doprint(expression)


def _symbol_names(definition: Definition, inputs: Inputs) -> dict[sp.Symbol, str]:
    names = {symbol(key): lever.symbol for key, lever in inputs.levers.items()}
    names |= {symbol(key): outcome.symbol for key, outcome in inputs.outcomes.items()}
    for tier, members in inputs.members.items():
        names[symbol(f"floor_{tier}")] = f"\\bar{{C}}_{{{inputs.group_symbols[tier]}}}"
        for district in members:
            subscript = f"\\mathrm{{{district.replace('_', '')}}}"
            names[symbol(f"floor_{district}")] = f"\\bar{{C}}_{{{subscript}}}"
            names[symbol(f"uplift_{district}")] = f"u_{{{subscript}}}"
            names[symbol(f"share_{district}")] = f"s_{{{subscript}}}"
    for measure in inputs.measures:
        described = inputs.outcomes.get(measure.outcome) or inputs.levers[measure.outcome]
        for stars, level in enumerate(inputs.targets[measure.key]):
            power = f"^{{{'*' * stars}}}" if stars else ""
            names[symbol(f"{measure.key}_{level}")] = f"\\bar{{{described.symbol}}}{power}"
    for lookup in definition.lookups:
        for parameter in definition.parameters:
            if parameter.startswith(f"{lookup}_"):
                year = parameter.removeprefix(f"{lookup}_")
                names[symbol(parameter)] = inputs.outcomes[lookup].symbol.replace(
                    "_{y}", f"_{{{year}}}"
                )
    for measure in inputs.of_type("growth"):
        base = inputs.outcomes[f"{measure.stem}_base"].symbol
        names[symbol(f"{measure.stem}_index")] = base.replace("_{y}", "_{0}")
    return names
