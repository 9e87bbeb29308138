"""The compiled model, which a page gets without paying for sympy.

What a page needs is compiled from the definition once and kept as JSON in the
user's cache, under a hash of all that it depends on: the model's own sources,
sympy's version, and the plan's and evidence's inputs. A file that is cut,
edited or of another definition is noticed by its digest and built anew.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis import cache
from analysis.model.inputs import Inputs

#: Modules whose text decides what is compiled.
_SOURCES = (
    "definition.py",
    "formulas.py",
    "printing.py",
    "compiled.py",
    "inputs.py",
    "outcomes.py",
)
#: Name under which a solution takes the value that is sought.
SOUGHT = "sought"


@dataclass(frozen=True)
class Compiled:
    """The model in the forms that pages run.

    order : outcomes, each after those it needs
    needs : outcome -> lever and outcome names in its expression
    numpy, vega : outcome -> expression in that language
    latex : outcome -> {"symbols", "numbers"}
    gradient : outcome -> lever -> NumPy expression, zero ones left out
    solutions : outcome -> lever -> NumPy expression of the lever for the value `sought`
    needed : the same for Vega, for the outcomes of `Inputs.what_if`
    swings : outcome of `what_if` -> lever -> Vega expressions of it with the lever at its bounds
    """

    levers: list[str]
    order: list[str]
    lookups: list[str]
    needs: dict[str, list[str]]
    numpy: dict[str, str]
    vega: dict[str, str]
    latex: dict[str, dict[str, str]]
    gradient: dict[str, dict[str, str]]
    solutions: dict[str, dict[str, str]]
    needed: dict[str, dict[str, str]]
    swings: dict[str, dict[str, list[str]]]


def compile_model(inputs: Inputs, by_district: bool = False) -> Compiled:
    """Compile the definition, which takes sympy and about a second."""
    import sympy as sp

    from analysis.model.definition import define, symbol
    from analysis.model.formulas import formulas
    from analysis.model.printing import NUMPY, VEGA, write

    definition = define(inputs, by_district)
    equations = {key: definition.numbered(key) for key in definition.equations}
    gradient: dict[str, dict[str, str]] = {}
    solutions: dict[str, dict[str, str]] = {}
    needed: dict[str, dict[str, str]] = {}
    swings: dict[str, dict[str, list[str]]] = {}
    for key, expression in definition.in_levers().items():
        gradient[key], solutions[key] = {}, {}
        asked = key in inputs.moved and not by_district
        if asked:
            needed[key], swings[key] = {}, {}
        if key in definition.lookups:
            continue
        sought = _sought(expression)
        for lever in definition.levers:
            variable = symbol(lever)
            if variable not in expression.free_symbols or inputs.lever_of(lever).choices:
                continue
            slope = sp.diff(expression, variable)
            if slope == 0:
                continue
            gradient[key][lever] = write(slope, NUMPY)
            root = _solution(sought, variable)
            if root is not None:
                solutions[key][lever] = write(root, NUMPY)
            if asked:
                described = inputs.lever_of(lever)
                ends = (sp.Float(described.low), sp.Float(described.high))
                swings[key][lever] = [write(expression.subs(variable, end), VEGA) for end in ends]
                if root is not None:
                    needed[key][lever] = write(root, VEGA)
    return Compiled(
        levers=list(definition.levers),
        order=list(equations),
        lookups=sorted(definition.lookups),
        needs={
            key: sorted(s.name for s in expression.free_symbols)
            for key, expression in equations.items()
        },
        numpy={key: write(expression, NUMPY) for key, expression in equations.items()},
        vega={key: write(expression, VEGA) for key, expression in equations.items()},
        latex=formulas(definition, inputs),
        gradient=gradient,
        solutions=solutions,
        needed=needed,
        swings=swings,
    )


def _sought(expression: Any) -> Any:
    """Return what is nought where an expression has the value `sought`, without a fraction."""
    import sympy as sp

    above, below = sp.fraction(sp.together(expression))
    return sp.expand(above - sp.Symbol(SOUGHT, real=True) * below)


def _solution(line: Any, variable: Any) -> Any:
    """Solve line = 0 for a variable if the line is linear in it."""
    import sympy as sp

    slope = line.coeff(variable, 1)
    rest = line.coeff(variable, 0)
    if slope == 0 or sp.expand(line - slope * variable - rest) != 0:
        return None
    return -rest / slope


def compiled_model(inputs: Inputs, by_district: bool = False) -> Compiled:
    """Return the compiled model from the cache, or compile and keep it, once for all processes."""

    def fresh() -> str:
        return json.dumps(asdict(compile_model(inputs, by_district)), ensure_ascii=False)

    return Compiled(**json.loads(cache.kept(cache_path(inputs, by_district), fresh)))


def cache_path(inputs: Inputs, by_district: bool = False) -> Path:
    """Return the file for this definition, these inputs and this sympy."""
    key = hashlib.sha256()
    for name in _SOURCES:
        key.update((Path(__file__).parent / name).read_bytes())
    key.update(version("sympy").encode())
    # Where the plan lies decides nothing.
    key.update(repr((asdict(inputs) | {"folder": ""}, by_district)).encode())
    return cache.cache_dir() / f"model-{key.hexdigest()[:32]}.json"
