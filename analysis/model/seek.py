"""Where must one lever stand for one outcome to reach a value?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.model.inputs import LeverError

if TYPE_CHECKING:
    from analysis.model.scenario_model import Model

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Seek:
    """The answer to a goal seek.

    value : where the lever ends, always within its bounds
    outcome_value : what the outcome is there
    reached : whether that is the value sought
    stopped_by : "low" or "high" if a bound of the lever stopped it, "no effect"
        if the lever doesn't move the outcome, None when reached
    needed : the exact lever value without regard to bounds, None if there is none
    exact : by algebra, not by bracketing
    """

    outcome: str
    sought: float
    lever: str
    value: float
    outcome_value: float
    reached: bool
    stopped_by: str | None
    needed: float | None
    exact: bool


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
        return model.evaluate(held | {lever: position}, [outcome])[outcome]

    low, high = at(described.low), at(described.high)
    start = float(held.get(lever, described.default))
    root = model.solution(outcome, value, lever, held)
    exact = root is not None and abs(at(root) - value) <= _TOLERANCE * max(1.0, abs(value))
    if not exact:
        root = _bracketed(at, value, described.low, described.high)
    root = _onto_bound(root, described.low, described.high)
    if root is not None and described.low <= root <= described.high:
        return Seek(outcome, value, lever, root, at(root), True, None, root, exact)
    if low == high:
        there = at(start)
        return Seek(outcome, value, lever, start, there, there == value, "no effect", None, exact)
    nearer_low = abs(low - value) < abs(high - value)
    end, there = (described.low, low) if nearer_low else (described.high, high)
    stopped_by = "low" if nearer_low else "high"
    return Seek(outcome, value, lever, end, there, False, stopped_by, root, exact)


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
