"""Where one lever must stand for one outcome to reach a value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis import show
from analysis.amounts import amount_said
from analysis.model.described import Lever, LeverError
from analysis.model.phrase import Phrase, spoken
from analysis.text import in_both, named

if TYPE_CHECKING:
    from analysis.model.scenario_model import Model

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Seek:
    """The answer to a goal seek.

    value : where the lever ends, always within its bounds
    written : the same with as many decimals as the lever's step has, on the side where what is
        sought is met
    outcome_value : what the outcome is there
    reached : whether that is the value sought
    stopped_by : "low" or "high" if a bound stopped it, the one that comes nearer; "no effect"
        if the lever doesn't move the outcome, None when reached
    below_floor : whether that is under what the plan asks of each district
    needed : the exact lever value without regard to bounds, None if there is none
    exact : by algebra, not by bracketing
    """

    outcome: str
    sought: float
    lever: str
    value: float
    written: float
    outcome_value: float
    reached: bool
    stopped_by: str | None
    below_floor: bool
    needed: float | None
    exact: bool
    names: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    units: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def say(self) -> Phrase:
        """The answer in words."""
        reached = "below_floor" if self.below_floor else "reached"
        key = reached if self.reached else str(self.stopped_by).replace(" ", "_")
        amounts = {name: amount_said(getattr(self, name), unit, 2)
                   for name, unit in self.units.items()}  # fmt: skip
        return Phrase(f"seek.{key}", {**in_both(**amounts), **self.names})

    def __repr__(self) -> str:
        how = f"stopped by {self.stopped_by}" if self.stopped_by else "reached"
        return f"<Seek {self.lever} = {self.value:g}: {self.outcome} {self.outcome_value:g}, {how}>"

    def _repr_html_(self) -> str:
        names = ("lever", "value", "outcome", "sought", "outcome_value", "needed", "stopped_by")
        facts = [(name, getattr(self, name)) for name in names]
        return show.lines(*spoken([self.say]).values()) + show.pairs("Goal sought", facts)


def seek(
    model: Model, outcome: str, value: float, lever: str, levers: Mapping[str, Any] | None = None
) -> Seek:
    """Find the lever's value at which the outcome has the value sought.

    Parameters
    ----------
    outcome, value : what is sought, in the outcome's unit
    lever : what may move; all else stays as in `levers`

    Raises
    ------
    LeverError : for a lever that is a choice, such as the base year
    """
    described = model.inputs.lever_of(lever)
    if described.choices:
        raise LeverError(f"{lever} is a choice, nothing to seek")
    held = dict(levers or {})

    def at(position: float) -> float:
        return model.evaluate(held | {lever: position}, [outcome], bounds=False)[outcome]

    model.evaluate(held, [outcome])  # within its bounds; where the answer lies may be beyond
    low, high = at(described.low), at(described.high)
    asked = model.inputs.outcomes[outcome]
    idle = abs(high - low) <= _TOLERANCE * max(1.0, abs(low), abs(high))
    root = None if idle else model.solution(outcome, value, lever, held)
    exact = root is not None and abs(at(root) - value) <= _TOLERANCE * max(1.0, abs(value))
    if not exact and not idle:
        root = _bracketed(at, value, described.low, described.high)
    root = _onto_bound(root, described.low, described.high)
    stopped_by: str | None = None
    if root is not None and described.low <= root <= described.high:
        position = root
    elif idle:
        position, stopped_by = float(held.get(lever, described.default)), "no effect"
    else:
        nearer_low = abs(low - value) < abs(high - value)
        position, stopped_by = (described.low, "low") if nearer_low else (described.high, "high")
    return Seek(
        outcome=outcome,
        sought=value,
        lever=lever,
        value=position,
        written=position if stopped_by else _written(position, described, rising=high > low),
        outcome_value=at(position),
        reached=stopped_by is None,
        stopped_by=stopped_by,
        below_floor=position < model.inputs.lever_floors.get(lever, -math.inf) - _TOLERANCE,
        needed=root,
        exact=exact,
        names=in_both(lever=named(described), outcome=named(asked)),
        units={"value": described.unit, "sought": asked.unit, "outcome_value": asked.unit},
    )


def _written(value: float, lever: Lever, rising: bool) -> float:
    tens = 10 ** len(f"{lever.step:.12f}".rstrip("0").partition(".")[2])
    end = math.ceil if rising else math.floor
    return min(max(end(float(f"{value * tens:.12g}")) / tens, lever.low), lever.high)


def _onto_bound(root: float | None, low: float, high: float) -> float | None:
    """Take a root that lies beyond a bound by rounding alone to be at the bound."""
    if root is None:
        return None
    return next((end for end in (low, high) if abs(root - end) <= _TOLERANCE * (high - low)), root)


def _bracketed(function: Any, value: float, low: float, high: float) -> float | None:
    """Return a root of function = value in the bounds, or None if they don't bracket one."""
    from scipy.optimize import brentq

    if (function(low) - value) * (function(high) - value) > 0:
        return None
    return float(brentq(lambda x: function(x) - value, low, high, xtol=1e-12, rtol=1e-14))
