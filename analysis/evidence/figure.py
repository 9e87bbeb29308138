"""One published figure, and one reckoned from several."""

from __future__ import annotations

import math
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from analysis import show
from analysis.text import marked

#: What stands before a value that is a bound.
BOUND_SIGNS = {"exact": "", "lower": "≥", "upper": "≤"}


class EvidenceError(ValueError):
    """A figure that isn't there, or a reckoning that its figures can't carry."""


class StageError(EvidenceError):
    """Signed, started, completed, in place, utilised: stages are never mixed."""


class ScopeError(EvidenceError):
    """Two counts of different things, or a part and its whole."""


class UnitError(EvidenceError):
    """Two units, or a unit that doesn't add up."""


class PeriodError(EvidenceError):
    """Periods that don't match, or that overlap and would be counted twice."""


class BoundError(EvidenceError):
    """Bounds that leave nothing known about the result."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure.

    value : in `unit`; NaN when only a growth rate is published
    bound : "exact", "lower" (this and above) or "upper"
    scope : who counts, and what: campaign, city_full, mofcom, provincial, bop …
    stage : signed, started, completed, in_place, utilised, contracted, target, none
    period_type : annual, ytd (cumulated from January), event, stock
    period_start, period_end : YYYY-MM or YYYY-MM-DD, both included
    source : id of a row of the sources
    growth_pct : on the year before, percent, as published; NaN if it isn't
    term : what the source itself calls it, "" where that isn't kept
    publisher, published : of the source
    """

    value: float
    bound: str
    unit: str
    series: str
    scope: str
    stage: str
    place: str
    period_type: str
    period_start: str
    period_end: str
    source: str
    kind: str
    confidence: str
    id: str = ""
    growth_pct: float = math.nan
    note: str = ""
    source_title: str = ""
    term: str = ""
    publisher: str = ""
    published: str = ""

    def __repr__(self) -> str:
        return f"<Figure {self}>"

    def _repr_html_(self) -> str:
        return show.pairs(
            f"{self.series}, {self.place}, {self.span}",
            [
                ("value", f"{BOUND_SIGNS[self.bound]}{self.value:,g} {self.unit}"),
                ("growth published, %", self.growth_pct),
                ("stage and scope", f"{self.stage}, {self.scope}"),
                ("kind and confidence", f"{self.kind}, {self.confidence}"),
                ("term of the source", self.term),
                ("source", f"{self.source_title} ({self.source})"),
                ("published", f"{self.publisher}, {self.published}"),
                ("note", self.note),
            ],
        )

    @property
    def starts(self) -> date:
        """The first day of its period."""
        return first_day(self.period_start)

    @property
    def ends(self) -> date:
        """The last day of its period."""
        return last_day(self.period_end)

    @property
    def known(self) -> bool:
        """Whether there is a value, not a growth rate alone."""
        return not math.isnan(self.value)

    @property
    def year(self) -> int:
        """The year in which its period ends."""
        return self.ends.year

    @property
    def said(self) -> float:
        """Its value for a text, with a mark where it is less than stated or derived."""
        return marked(self.value, self.kind)

    def __str__(self) -> str:
        when = self.period_end if self.period_type == "stock" else self.span
        value = f"{BOUND_SIGNS[self.bound]}{self.value:g} {self.unit}" if self.known else "no level"
        return f"{self.series}, {self.place}, {when} ({value}; {self.stage}; scope {self.scope})"

    @property
    def span(self) -> str:
        """Its period in short: 2019, 2019-01 to 2019-08, 2021-05-24."""
        if self.period_type == "annual":
            return self.period_end[:4]
        if self.period_start == self.period_end:
            return self.period_end
        return f"{self.period_start} to {self.period_end}"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What was reckoned from figures; it is as sure as the least sure of them.

    value, unit : a total, a difference, or a growth rate in percent
    bound : "exact", "lower" or "upper"
    kind : "derived", or weaker when a part is
    parts : the figures, as given
    """

    value: float
    bound: str
    unit: str
    kind: str
    confidence: str
    parts: tuple[Figure, ...]

    @property
    def said(self) -> float:
        """Its value for a text, with a mark where it is less than stated or derived."""
        return marked(self.value, self.kind)


_KINDS = ("stated", "derived", "inferred", "assumed", "illustrative")
_CONFIDENCE = ("high", "medium", "low")


def reckoned(value: float, bound: str, unit: str, parts: tuple[Figure, ...]) -> Reckoned:
    """Make a result out of its parts: the weakest kind and the lowest confidence."""
    return Reckoned(
        value=value,
        bound=bound,
        unit=unit,
        kind=max(("derived", *(part.kind for part in parts)), key=_KINDS.index),
        confidence=max((part.confidence for part in parts), key=_CONFIDENCE.index),
        parts=parts,
    )


def sureness(figure: Figure) -> tuple[int, int, int]:
    """Rank a figure among those of one period: an exact one first, then the surest."""
    return figure.bound != "exact", *trust(figure)


def trust(figure: Figure) -> tuple[int, int]:
    """Rank a figure by how far it is trusted: its confidence, then its kind."""
    return _CONFIDENCE.index(figure.confidence), _KINDS.index(figure.kind)


def first_day(period: str) -> date:
    """Return the first day of YYYY, YYYY-MM or YYYY-MM-DD."""
    year, month, day = _parts(period)
    return date(year, month or 1, day or 1)


def last_day(period: str) -> date:
    """Return the last day of YYYY, YYYY-MM or YYYY-MM-DD."""
    year, month, day = _parts(period)
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def _parts(period: str) -> tuple[int, int, int]:
    try:
        numbers = [int(part) for part in period.split("-")]
        year, month, day = (*numbers, 0, 0)[:3] if len(numbers) <= 3 else (0, 0, 0)
        date(year, month or 1, day or 1)
    except ValueError:
        raise PeriodError(f"{period!r} is no period: write YYYY, YYYY-MM or YYYY-MM-DD") from None
    return year, month, day
