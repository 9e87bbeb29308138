"""What two sides ask for under a measure, by how much they differ, and how that is said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from analysis.amounts import amount_said, ratio, unit
from analysis.plan_package import Measure
from analysis.text import LANGUAGES, both, enumerated

Bilingual = Mapping[str, str]
NAME = "side_by_side"
#: Types of measures that say as much of a part as of the whole.
RATES = ("share", "growth")


@dataclass(frozen=True)
class Asked:
    """What one side asks for under one measure.

    notions : by which a measure of another side is known as the same: its key, its series
    levels : (name, value) of each level, the lowest first
    whole : whether it is asked of a whole of which the other side is a part
    years : how many it is for
    """

    notions: frozenset[str]
    type: str
    unit: str
    digits: int
    levels: tuple[tuple[Bilingual, float], ...]
    scope: str = ""
    bound: str = "exact"
    kind: str = "stated"
    source: str = ""
    whole: bool = False
    years: int = 1

    @classmethod
    def under(
        cls, measure: Measure, levels: Iterable[tuple[Bilingual, float]], **more: Any
    ) -> Asked:
        """Return what is asked under a measure, in its unit unless `more` names another."""
        notions = frozenset(filter(None, (measure.key, measure.series)))
        more = {"unit": measure.unit, **more}
        return cls(notions, measure.type, levels=tuple(levels), digits=measure.digits, **more)

    @property
    def least(self) -> float:
        """The lowest level."""
        return self.levels[0][1]

    def amount(self, value: float) -> Bilingual:
        """Return a value as it is said: of a bound as such, and what is worked out as about so."""
        counted = self.unit == "projects"  # which the measure's name says
        said: Bilingual = (both(f"{NAME}.number", number=value) if counted
                           else amount_said(value, self.unit, self.digits))  # fmt: skip
        if self.kind == "derived":
            said = both(f"{NAME}.about", amount=said)
        return both(f"publish.standing.bound.{self.bound}", amount=said)

    def said(self) -> Bilingual:
        """Return all levels with their names."""
        parts = [
            both(f"{NAME}.level", level=level, amount=self.amount(value)) if level["zh"]
            else self.amount(value)
            for level, value in self.levels
        ]  # fmt: skip
        return {lang: enumerated((one[lang] for one in parts), lang) for lang in LANGUAGES}


@dataclass(frozen=True)
class Row:
    """One measure, as two sides have it; `why` says why no difference is taken, "" where one is."""

    name: Bilingual
    one: Asked | None
    other: Asked | None
    why: str = ""

    @property
    def apart(self) -> float:
        """By how much the first asks for more at its lowest level, in its unit; NaN if unknown."""
        if self.why or self.one is None or self.other is None:
            return float("nan")
        factor = ratio(self.other.unit, self.one.unit)
        assert factor is not None  # or there is a reason
        return round(self.one.least - self.other.least * factor, 9)

    @property
    def case(self) -> str:
        """How the first stands to the second: above, below, same; open where a bound leaves it."""
        if self.apart != self.apart or self.other is None:
            return "none"
        if self.apart * {"lower": 1, "upper": -1}.get(self.other.bound, math.nan) >= 0:
            return "open"
        return "above" if self.apart > 0 else "below" if self.apart else "same"

    @property
    def distance(self) -> Bilingual:
        """How far the two are apart, whichever asks for more."""
        assert self.one is not None
        unit = "points" if self.one.unit == "%" else self.one.unit
        return replace(self.one, unit=unit, kind="stated").amount(abs(self.apart))

    def difference(self) -> Bilingual:
        """Return in words how much more or less the first asks for."""
        assert self.one is not None and self.other is not None
        if not self.apart:
            return both(f"{NAME}.apart.same")
        how = ".about" if "derived" in (self.one.kind, self.other.kind) else ""
        if self.other.bound != "exact":
            how = ".most" if self.case == "open" else ".least"
        way = "above" if self.apart > 0 else "below"
        return both(f"{NAME}.apart.{way}{how}", apart=self.distance)


@dataclass(frozen=True)
class Pair:
    """Two sides, each with its name, and what they ask for."""

    key: str
    one: Bilingual
    other: Bilingual
    rows: tuple[Row, ...]

    @property
    def compared(self) -> list[Row]:
        """The rows of which a difference is taken."""
        return [row for row in self.rows if row.apart == row.apart]

    def reason(self, row: Row) -> Bilingual:
        """Return in words why no difference is taken."""
        known = {"one": self.one, "other": self.other}
        if row.why == "lacking":
            return both(f"{NAME}.why.lacking", side=self.other if row.other is None else self.one)
        for end, asked in (("one", row.one), ("other", row.other)):
            if asked is not None:
                known |= {
                    f"unit_{end}": unit(asked.unit),
                    f"type_{end}": both(f"{NAME}.type.{asked.type}"),
                    f"years_{end}": dict.fromkeys(LANGUAGES, str(asked.years)),
                }
        return both(f"{NAME}.why.{row.why}", **known)


def why_apart(one: Asked, other: Asked | None) -> str:
    """Return what keeps two from being compared, "" if nothing does."""
    if other is None:
        return "lacking"
    if one.type != other.type:
        return "type"
    if ratio(one.unit, other.unit) is None:
        return "unit"
    if one.scope and other.scope and one.scope != other.scope:
        return "scope"
    if other.whole and one.type not in RATES:
        return "whole"
    return "years" if one.years != other.years and one.type != "share" else ""


def lead(pair: Pair) -> Bilingual:
    """Return in a sentence by how much the first asks for more or less than the second."""
    differ = [row for row in pair.compared if row.apart]
    lowest = {row.other.levels[0][0]["zh"] for row in pair.compared if row.other}
    clauses = [_listed(_item(row, pair, len(lowest) > 1) for row in differ)] if differ else []
    if same := [row.name for row in pair.compared if not row.apart]:
        quoted = ({"zh": name["zh"], "en": f"“{name['en']}”"} for name in same)
        clauses.append(both(f"{NAME}.clause.same", named=_listed(quoted)))
    unknown = sum(row.why == "unknown" for row in pair.rows)
    others = len(pair.rows) - len(pair.compared) - unknown
    for clause, count in (("unknown", unknown), ("left", others)):
        if count:
            clauses.append(both(f"{NAME}.clause.{clause}", count=float(count)))
    said = {"zh": "；".join(one["zh"] for one in clauses),
            "en": "; ".join(one["en"] for one in clauses)}  # fmt: skip
    return both(f"{NAME}.lead", one=pair.one, other=pair.other, clauses=said)


def _item(row: Row, pair: Pair, several: bool) -> Bilingual:
    """Return a difference, and from which level where the second has some for the first alone.

    several : whether its lowest levels are of several names
    """
    own, level = (asked.levels[0][0] if asked else {} for asked in (row.one, row.other))
    said = {"name": row.name, "apart": row.difference()}
    if not several or level == own:
        return both(f"{NAME}.item", **said)
    return both(f"{NAME}.item.level", **said, other=pair.other, level=level)


def _listed(words: Iterable[Bilingual]) -> Bilingual:
    every = list(words)
    return {lang: enumerated((one[lang] for one in every), lang) for lang in LANGUAGES}
