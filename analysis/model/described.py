"""A lever and an outcome, each with what its row in the plan's tables says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis import show


class LeverError(ValueError):
    """A lever is unknown, out of range, or of the wrong type."""


@dataclass(frozen=True, slots=True)
class Lever:
    """Something that a scenario may set.

    default, low, high, step : float, in `unit`
    weight : what one unit counts in an increment, see `analysis.model.programme`
    choices : the only values allowed, empty when any value in the bounds is
    own : whether a row of the plan's names it
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
    own: bool = True

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
    """Something that follows from the levers.

    own : whether a row of the plan's names it
    """

    key: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    source: str
    section: str
    kind: str
    confidence: str
    own: bool = True

    def __repr__(self) -> str:
        return f"<Outcome {self.key}: {self.name_en}, {self.unit}>"
