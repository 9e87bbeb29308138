"""What follows from a scenario? The model as pages and researchers use it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import show
from analysis.model.compiled import Compiled, compiled_model
from analysis.model.described import Lever, LeverError, Outcome
from analysis.model.inputs import Inputs
from analysis.names import unknown

if TYPE_CHECKING:
    from analysis.model.least_increment import LeastIncrement
    from analysis.model.seek import Seek

#: Words that compiled expressions may use, and no other.
_WORDS = {
    "nan": np.nan,
    "where": np.where,
    "power": np.power,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "__builtins__": {},
}
Values = Mapping[str, Any]


class OutcomeError(KeyError):
    """An outcome that the model has not."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, eq=False)
class Model:
    """Levers in, outcomes out.

    All values are in the units of `levers` and `outcomes`.
    """

    inputs: Inputs
    compiled: Compiled
    _functions: dict[tuple, Callable] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"<Model: {len(self.levers)} levers, {len(self.compiled.order)} outcomes>"

    def _repr_html_(self) -> str:
        columns = ["key", "name_en", "name_zh", "unit", "low", "default", "high", "source"]
        levers = pd.DataFrame(list(self.levers.values()))[columns]
        return show.table(levers, "Levers") + show.lines(
            f"{len(self.compiled.order)} outcomes follow: {', '.join(self.compiled.order[:8])} …"
        )

    @cached_property
    def levers(self) -> Mapping[str, Lever]:
        """Levers of the city and its tiers, by key."""
        return MappingProxyType(dict(self.inputs.levers))

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """Outcomes by key, in the order in which they are computed."""
        return {key: self.inputs.outcomes[key] for key in self.compiled.order}

    @property
    def defaults(self) -> dict[str, float]:
        """Every lever at its default."""
        return {key: lever.default for key, lever in self.levers.items()}

    @cached_property
    def _by_district(self) -> Compiled:
        return compiled_model(self.inputs, by_district=True)

    def evaluate(
        self,
        levers: Values | pd.DataFrame | Any = None,
        outcomes: Iterable[str] | None = None,
        *,
        bounds: bool = True,
        **more: Any,
    ) -> dict[str, Any]:
        """Compute outcomes for one scenario or for any number at once.

        Parameters
        ----------
        levers, more : lever (or a district's own, `uplift_<district>`) -> number or
            array, a Scenario, or a frame with a column a lever; all shapes must broadcast
            together; missing ones are at their default, a district's own at its tier's value
        outcomes : keys wanted; all when None
        bounds : refuse values outside the levers' bounds; False to look beyond them

        Returns
        -------
        outcome -> float if every lever is a number, else an array of the
        common shape (a read-only view where the outcome doesn't vary)

        Raises
        ------
        LeverError : for a lever that is unknown, or beyond its bounds, which are said
        OutcomeError : for an unknown outcome
        """
        given = {**_mapping(levers), **more}
        compiled, values = self._values(given)
        if bounds:
            self._within(given)
        shape = np.broadcast_shapes(*(np.shape(value) for value in values.values()))
        wanted = tuple(compiled.order if outcomes is None else outcomes)
        results = self._function(compiled, wanted)(**values)
        if shape == ():
            return {key: float(value) for key, value in zip(wanted, results, strict=True)}
        return {
            key: value if np.shape(value) == shape else np.broadcast_to(value, shape)
            for key, value in zip(wanted, results, strict=True)
        }

    def gradient(self, outcome: str, levers: Values | None = None) -> dict[str, Any]:
        """Return the exact partial derivative of an outcome by each lever.

        In units of the outcome per unit of the lever. `base_year` is a choice
        and has no derivative. With a district's own lever among `levers` the
        derivatives are by district.
        """
        compiled, values = self._values(levers)
        if outcome not in compiled.gradient:
            raise OutcomeError(unknown("outcome", outcome, compiled.order))
        names = dict(values) | self._lookups(compiled, values)
        slopes = {
            lever: 0.0 for lever in compiled.levers if not self.inputs.lever_of(lever).choices
        }
        for lever, expression in compiled.gradient[outcome].items():
            slope = eval(expression, dict(_WORDS), names)
            slopes[lever] = float(slope) if np.ndim(slope) == 0 else slope
        return slopes

    def formula(self, outcome: str, numbers: bool = False) -> str:
        """Return the outcome's equation as LaTeX, with the plan's numbers if wanted."""
        return self.compiled.latex[outcome]["numbers" if numbers else "symbols"]

    def to_vega(self) -> list[dict[str, Any]]:
        """Return the model as Vega signals: levers with values, then outcomes with updates."""
        levers = [{"name": key, "value": value} for key, value in self.defaults.items()]
        outcomes = [{"name": key, "update": self.compiled.vega[key]} for key in self.compiled.order]
        return levers + outcomes

    def needed_vega(self, outcome: str) -> dict[str, str]:
        """Return lever -> Vega expression of where it must stand for the outcome to be `sought`."""
        return dict(self.compiled.needed[outcome])

    def swings_vega(self, outcome: str) -> list[dict[str, str]]:
        """Return signals of the outcome with each lever alone at its bounds, see `swing_name`."""
        return [
            {"name": swing_name(outcome, lever, end), "update": expression}
            for lever, ends in self.compiled.swings[outcome].items()
            for end, expression in zip(("low", "high"), ends, strict=True)
        ]

    def check(self, levers: Values) -> dict[str, float]:
        """Return lever values that are known, numeric and in bounds.

        Raises
        ------
        LeverError : for the first that isn't
        """
        return {key: self.inputs.lever_of(key).check(value) for key, value in levers.items()}

    def _within(self, levers: Values) -> None:
        """Refuse what lies outside a lever's bounds: its least and its greatest value tell."""
        for key, given in levers.items():
            lever, values = self.inputs.lever_of(key), np.asarray(given, float)
            if values.size:
                lever = lever if lever.key == key else replace(lever, key=key)
                ends = np.unique(values) if lever.choices else (values.min(), values.max())
                for end in ends:
                    if end != lever.default:  # it may rest on a year that lacks its figure
                        lever.check(float(end))

    def seek(self, outcome: str, value: float, lever: str, levers: Values | None = None) -> Seek:
        """Find where a lever must stand for an outcome to have a value, the other levers as given.

        `value` of what is returned is the lever's; `reached` says whether its bounds let it.
        """
        from analysis.model.seek import seek

        return seek(self, outcome, value, lever, levers)

    def least_increment(self, targets: Any = "", **options: Any) -> LeastIncrement:
        """Find the scenario that meets targets with the least new and moved capital.

        `targets` are a level of the plan, its lowest if "", or outcome -> its least value; for
        the options see `analysis.model.least_increment.least_increment`.
        """
        from analysis.model.least_increment import least_increment

        return least_increment(self, targets, **options)

    def reach(self, points: int = 41) -> pd.DataFrame:
        """Return the least and most share within all bounds at so many levels of the sum."""
        from analysis.model.reach import reach

        return reach(self, points)

    def solution(self, outcome: str, value: float, lever: str, levers: Values) -> float | None:
        """Return the lever's exact value for an outcome's, or None without a closed form."""
        compiled, values = self._values(dict(levers) | {lever: self.inputs.lever_of(lever).default})
        expression = compiled.solutions[outcome].get(lever)
        if expression is None:
            return None
        names = dict(values) | self._lookups(compiled, values) | {"sought": float(value)}
        try:
            return float(eval(expression, dict(_WORDS), names))
        except ZeroDivisionError:
            return None

    def _values(self, levers: Values | None) -> tuple[Compiled, dict[str, Any]]:
        """Fill in defaults; choose the definition by district if one has its own lever."""
        given = {key: _number(key, value) for key, value in (levers or {}).items()}
        own = False
        for key in given:
            self.inputs.lever_of(key)
            own = own or key not in self.levers
        values: dict[str, Any] = self.defaults | {
            k: v for k, v in given.items() if k in self.levers
        }
        if not own:
            return self.compiled, values
        for key in self.inputs.override_keys:
            kind, _, district = key.partition("_")
            values[key] = given.get(key, values[f"{kind}_{self.inputs.tier_of[district]}"])
        return self._by_district, values

    def _lookups(self, compiled: Compiled, values: dict[str, Any]) -> dict[str, Any]:
        results = self._function(compiled, tuple(compiled.lookups))(**values)
        return dict(zip(compiled.lookups, results, strict=True))

    def _function(self, compiled: Compiled, wanted: tuple[str, ...]) -> Callable:
        key = (compiled is self.compiled, wanted)
        if key not in self._functions:
            self._functions[key] = _assemble(compiled, wanted)
        return self._functions[key]


def _assemble(compiled: Compiled, wanted: tuple[str, ...]) -> Callable:
    """Write one function that computes the wanted outcomes and only what they need."""
    for key in wanted:
        if key not in compiled.numpy:
            raise OutcomeError(unknown("outcome", key, compiled.order))
    needed = set(wanted)
    for key in reversed(compiled.order):
        if key in needed:
            needed.update(compiled.needs[key])
    lines = [f"    {key} = {compiled.numpy[key]}" for key in compiled.order if key in needed]
    source = "\n".join(
        [
            f"def outcomes({', '.join(compiled.levers)}):",
            *lines,
            f"    return [{', '.join(wanted)}]",
        ]
    )
    space: dict[str, Any] = dict(_WORDS)
    exec(source, space)
    return space["outcomes"]


def swing_name(outcome: str, lever: str, end: str) -> str:
    """Return the name of the signal that holds an outcome with one lever at its "low" or "high"."""
    return f"swing_{outcome}_{lever}_{end}"


def _mapping(levers: Any) -> Values:
    """Return lever -> value of a mapping, a frame or a scenario."""
    if isinstance(levers, pd.DataFrame):
        return {str(key): levers[key].to_numpy(float) for key in levers}
    held = levers if isinstance(levers, Mapping) else getattr(levers, "values", levers)
    if not isinstance(held, Mapping | None):
        raise TypeError(f"levers: lever -> value, a Scenario or a frame, not {levers!r:.60}")
    return held or {}


def _number(key: str, value: Any) -> Any:
    if isinstance(value, (bool, str)) or value is None:
        raise LeverError(f"{key}: {value!r} is no number")
    array = np.asarray(value, dtype=float)
    return float(array) if array.ndim == 0 else array
