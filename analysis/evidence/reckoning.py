"""Which figures may be compared or set in relation, and with what bound.

Stages, scopes, series, units and periods are never mixed. A bound travels: a
lower bound over an exact base gives a lower bound of growth, an exact figure
over a lower bound gives an upper one, and two lower bounds give nothing.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from analysis.datapackage import read_table
from analysis.evidence.figure import (
    BoundError,
    EvidenceError,
    Figure,
    PeriodError,
    Reckoned,
    ScopeError,
    StageError,
    UnitError,
    reckoned,
)
from analysis.files import data_dir

_OPPOSITE = {"exact": "exact", "lower": "upper", "upper": "lower"}


def growth(a: Figure, b: Figure) -> Reckoned:
    """Return growth in percent from `a` to the same stretch of a later year, `b`.

    Raises
    ------
    StageError, ScopeError, UnitError : `a` and `b` aren't one count of one place
    PeriodError : different stretches of the year, or `b` isn't later
    BoundError : bounds that leave the growth unknown, as two lower ones do
    """
    if a.place != b.place:
        raise ScopeError(_both(a, b) + "growth is of one place; take two figures of it")
    _has_value(a)
    _has_value(b)
    one_count(a, b)
    if a.period_type != b.period_type:
        raise PeriodError(
            _both(a, b) + f"{a.period_type} isn't {b.period_type}; take figures of one type"
        )
    if a.period_type in ("annual", "ytd") and _stretch(a) != _stretch(b):
        raise PeriodError(
            _both(a, b) + "they cover different stretches of the year; take the same months"
        )
    if b.starts <= a.starts:
        raise PeriodError(_both(a, b) + "growth goes from the earlier to the later; swap them")
    if a.value <= 0:
        raise EvidenceError(_both(a, b) + "no growth on a base that isn't above 0; show both")
    return reckoned((b.value / a.value - 1) * 100, _bound_between(a, b), "%", (a, b))


def yearly_growth(a: Figure, b: Figure) -> Reckoned:
    """Return the growth a year, percent, that leads from `a` to `b` over the years between.

    Raises
    ------
    as `growth`
    """
    over = growth(a, b)
    yearly = ((1 + over.value / 100) ** (1 / (b.year - a.year)) - 1) * 100
    return replace(over, value=yearly)


def share(part: Figure, whole: Figure) -> Reckoned:
    """Return a part in percent of its whole: a place in another, or months in their year.

    Raises
    ------
    StageError, ScopeError, UnitError : the two aren't one count, or no part and whole
    PeriodError : places of different periods, or months of another year
    BoundError : bounds of one kind, which leave the share unknown
    """
    _has_value(part)
    _has_value(whole)
    one_count(part, whole)
    if part.place == whole.place:
        if part.period_type != "ytd" or whole.period_type != "annual" or part.year != whole.year:
            raise PeriodError(_both(part, whole) + "take months and their own year's total")
    elif not _lies_in(part.place, whole.place):
        raise ScopeError(_both(part, whole) + "take a part and its whole")
    elif (part.starts, part.ends) != (whole.starts, whole.ends):
        raise PeriodError(_both(part, whole) + "places of different periods; take one period")
    if whole.value <= 0:
        raise EvidenceError(_both(part, whole) + "no share of a whole that isn't above 0")
    bound = _bound_between(whole, part)
    return reckoned(part.value / whole.value * 100, bound, "%", (part, whole))


def _stretch(figure: Figure) -> tuple[int, int, int, int, int]:
    """Return the part of the year that a figure covers; February ends as February."""
    starts, ends = figure.starts, figure.ends
    last = 29 if (ends.month, ends.day) == (2, 28) else ends.day
    return ends.year - starts.year, starts.month, starts.day, ends.month, last


def one_count(a: Figure, b: Figure) -> None:
    """Refuse two figures that differ in stage, scope, unit or series.

    Raises
    ------
    StageError, ScopeError, UnitError
    """
    if a.stage != b.stage:
        raise StageError(_both(a, b) + f"{a.stage} isn't {b.stage}; take figures of one stage")
    if a.scope != b.scope:
        raise ScopeError(
            _both(a, b) + f"scope {a.scope} isn't scope {b.scope}; "
            "take figures of one scope and break the line where it changes"
        )
    if a.unit != b.unit:
        raise UnitError(_both(a, b) + "units differ; convert one, stating the exchange rate")
    if a.series != b.series:
        raise ScopeError(_both(a, b) + "they count different things; take figures of one series")


def _lies_in(place: str, whole: str) -> bool:
    within = _within(data_dir())
    while place := within.get(place, ""):
        if place == whole:
            return True
    return False


@cache
def _within(folder: Path) -> dict[str, str]:
    rows = read_table("evidence_places", folder)
    return dict(zip(rows["place"], rows["within"], strict=True))


def _bound_between(a: Figure, b: Figure) -> str:
    """Return the bound of anything that rises with `b` and falls with `a`."""
    bounds = {b.bound, _OPPOSITE[a.bound]} - {"exact"}
    if len(bounds) > 1:
        raise BoundError(
            _both(a, b) + f"two {a.bound} bounds leave the change unknown; find an exact figure"
        )
    return min(bounds, default="exact")


def _has_value(figure: Figure) -> None:
    if not figure.known:
        raise EvidenceError(f"{figure}: only growth is published; use its growth_pct")


def _both(a: Figure, b: Figure) -> str:
    return f"{a} and {b}: "
