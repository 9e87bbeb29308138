"""What two sides ask for, measure by measure: two plans, two years, or places and their groups."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis import nested
from analysis.amounts import amount_said, ratio, unit
from analysis.districts import LEVELS, published
from analysis.evidence import Evidence, Figure
from analysis.files import PLAN, data_of
from analysis.plan import Plan, load_plan, plan_year
from analysis.plan_package import Measure
from analysis.text import LANGUAGES, both, enumerated, named

Bilingual = Mapping[str, str]
NAME = "side_by_side"
#: Types of measures that say as much of a part as of the whole.
RATES = ("share", "growth")
_CONFIDENCE, _KINDS = ("high", "medium", "low"), ("stated", "derived", "inferred")


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

    def difference(self) -> Bilingual:
        """Return in words how much more or less the first asks for."""
        assert self.one is not None and self.other is not None
        if not self.apart:
            return both(f"{NAME}.apart.same")
        unit = "points" if self.one.unit == "%" else self.one.unit
        exact = replace(self.one, unit=unit, kind="stated")
        how = ".about" if "derived" in (self.one.kind, self.other.kind) else ""
        if self.other.bound != "exact":
            how = ".most" if self.case == "open" else ".least"
        way = "above" if self.apart > 0 else "below"
        return both(f"{NAME}.apart.{way}{how}", apart=exact.amount(abs(self.apart)))


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


def pairs(plan: Plan, evidence: Evidence) -> list[Pair]:
    """Return all that a plan can be set beside, of which at least one difference can be taken."""
    found = [_plans(plan, other) for other in _others(plan)]
    found += [*_years(plan, evidence), _places(plan, evidence)]
    return [pair for pair in found if pair.compared]


def _others(plan: Plan) -> Iterator[Plan]:
    for file in sorted(data_of(plan.folder).glob(f"plans/*/{PLAN}")):
        if (other := load_plan(file.parent)).about.id != plan.about.id:
            yield other


def _side(plan: Plan) -> dict[str, str]:
    first, last = plan.about.period
    return _of_year(plan, str(last) if first == last else f"{first}–{last}")


def _of_year(plan: Plan, years: str) -> dict[str, str]:
    place = {lang: getattr(plan.about, f"place_{lang}") for lang in LANGUAGES}
    return both(f"{NAME}.of_year", place=place, years=years)


def _level_names(plan: Plan) -> dict[str, Bilingual]:
    return {
        row["level"]: {lang: row[f"short_{lang}"] for lang in LANGUAGES}
        for row in plan.levels.to_dict("records")
    }


def _notions(measure: Measure) -> frozenset[str]:
    return frozenset(filter(None, (measure.key, measure.series)))


def _asked(plan: Plan, key: str, whole: bool = False) -> Asked:
    """Return what a plan asks of its own place."""
    measure, target, level_names = plan.measures[key], plan[key], _level_names(plan)
    first, last = plan.about.period
    return Asked(
        _notions(measure), measure.type, measure.unit, measure.digits,
        tuple((level_names[level], value) for level, value in target.levels.items()),
        measure.scope, kind=target.kind, source=target.source, whole=whole, years=last - first + 1,
    )  # fmt: skip


def _plans(plan: Plan, other: Plan) -> Pair:
    """Return two plans side by side; of one that lies in the other, what that asks of it."""
    inner, outer = (other, plan) if _lies_in(other, plan) else (plan, other)
    lies_in = _lies_in(inner, outer)
    theirs = {key: _asked(outer, key, whole=lies_in) for key in outer.targets}
    if lies_in:
        theirs |= _floors_of(inner.about.place, outer)
    rows = []
    for key in inner.targets:
        own = _asked(inner, key)
        match = next((k for k, one in theirs.items() if one.notions & own.notions), "")
        against = theirs.pop(match, None)
        rows.append(Row(named(inner[key]), own, against, _why(own, against)))
    rows += [Row(named(outer.measures[key]), None, one, "lacking") for key, one in theirs.items()]
    rows += _quotas(inner) if lies_in else []
    key = f"{inner.about.id}-{outer.about.id}"
    return Pair(key, _side(inner), _side(outer), tuple(rows))


def _lies_in(inner: Plan, outer: Plan) -> bool:
    around = nested.parent(inner)
    return around is not None and around.about.id == outer.about.id


def _floors_of(place: str, outer: Plan) -> dict[str, Asked]:
    """Return what a plan asks of one of its places at least, by measure."""
    level_names, levels = _level_names(outer), outer.levels
    name = level_names[str(levels.sort_values("floor", ascending=False)["level"].iloc[0])]
    found = {}
    for key, measure in outer.measures.items():
        value = outer.floor(key).get(place, float("nan"))
        if value == value:
            found[key] = Asked(
                _notions(measure), measure.type, measure.unit, measure.digits,
                ((name, float(value)),), measure.scope, source=outer.about.source,
            )  # fmt: skip
    return found


def _quotas(inner: Plan) -> Iterator[Row]:
    """Yield the numbers of projects asked of a place, by its own plan and the one around it."""
    for row in nested.quotas(inner).to_dict("records"):
        own, floor = (
            Asked(frozenset([row["quota"]]), "count", str(row["unit"]), 0,
                  ((dict.fromkeys(LANGUAGES, ""), float(row[column])),),
                  source=str(row["source"]))
            for column in ("each", "floor")
        )  # fmt: skip
        there = row["floor"] == row["floor"] and row["each"] == row["each"]
        yield Row({lang: str(row[f"name_{lang}"]) for lang in LANGUAGES}, own,
                  floor if there else None, "" if there else "lacking")  # fmt: skip


def _why(one: Asked, other: Asked | None) -> str:
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


def _years(plan: Plan, evidence: Evidence) -> Iterator[Pair]:
    """Yield a plan beside the targets published for its place in other years."""
    rows, place, level_names = evidence.figures, plan.about.evidence_place, _level_names(plan)
    series = {f"{key}_target_{level}": (key, level) for key in plan.targets for level in LEVELS}
    there = rows["series"].isin(series) & rows["place"].eq(place)
    held: dict[int, dict[str, dict[str, Figure]]] = {}
    chosen = evidence.select(series=sorted(set(rows["series"][there])), place=place) if len(
        rows[there]) else ()  # fmt: skip
    for one in sorted(chosen, key=_trust):
        key, level = series[one.series]
        if one.known and one.period_type == "annual" and one.year != plan_year(plan):
            held.setdefault(one.year, {}).setdefault(key, {}).setdefault(level, one)
    for year in sorted(held, reverse=True):
        compared = []
        for key in plan.targets:
            own, found = _asked(plan, key), held[year].get(key)
            against = found and _published(plan.measures[key], found, level_names)
            why = _why(own, against) if against else "unknown"  # of what is published, not set
            compared.append(Row(named(plan[key]), own, against or None, why))
        yield Pair(f"{plan.about.id}-{year}", _side(plan), _of_year(plan, str(year)),
                   tuple(compared))  # fmt: skip


def _trust(one: Figure) -> tuple[int, int]:
    return _CONFIDENCE.index(one.confidence), _KINDS.index(one.kind)


def _published(
    measure: Measure, found: Mapping[str, Figure], level_names: Mapping[str, Bilingual]
) -> Asked:
    levels = [level for level in LEVELS if level in found]
    first = found[levels[0]]
    return Asked(
        _notions(measure), measure.type, first.unit, measure.digits,
        tuple((level_names.get(level, dict.fromkeys(LANGUAGES, "")), found[level].value)
              for level in levels),
        bound=first.bound, kind=first.kind, source=first.source_title,
    )  # fmt: skip


def _places(plan: Plan, evidence: Evidence) -> Pair:
    """Return what places set themselves, or the plan for one alone, beside their group's floor."""
    one, other = (both(f"{NAME}.places.{side}") for side in ("one", "other"))
    rows = [*_of_places(plan, evidence)]
    return Pair(f"{plan.about.id}-places", one, other, tuple(rows))


def _of_places(plan: Plan, evidence: Evidence) -> Iterator[Row]:
    table, level_names = plan.table("targets"), _level_names(plan)
    short = plan.places.set_index("place")
    for measure in filter(None, (plan.total, plan.share)):
        asked = table[table["measure"].eq(measure.key)]
        told = published(plan, evidence, [measure.key])
        told = told[told["year"].eq(plan_year(plan)) & told["level"].isin(LEVELS)]
        for row in plan.floors.to_dict("records"):
            group = _set(measure, asked[asked["who"].eq(row["tier"])], level_names)
            if group is None:
                continue
            own = _set(measure, asked[asked["who"].eq(row["district"])], level_names)
            own = own or _set(measure, told[told["district"].eq(row["district"])], level_names)
            if own is None and measure is not plan.total:
                continue  # nobody is said to lack what hardly anyone publishes
            name = {
                lang: both(f"{NAME}.of_place", place=str(short[f"short_{lang}"][row["district"]]),
                           name=str(getattr(measure, f"short_{lang}")))[lang]
                for lang in LANGUAGES
            }  # fmt: skip
            yield Row(name, own, group, _why(own, group) if own else "unknown")


def _set(
    measure: Measure, rows: pd.DataFrame, level_names: Mapping[str, Bilingual]
) -> Asked | None:
    """Return levels asked for in rows of a plan's targets, or of what is published of a place."""
    rows = rows.drop_duplicates("level")
    if rows.empty:
        return None
    rows = rows.sort_values("value", kind="stable")
    first = rows.iloc[0]
    return Asked(
        _notions(measure), measure.type, str(first["unit"]), measure.digits,
        tuple((level_names.get(str(level), dict.fromkeys(LANGUAGES, "")), float(value))
              for level, value in zip(rows["level"], rows["value"], strict=True)),
        kind=str(first["kind"]),
        source=str(first["source_title"] if "source_title" in rows else first["source"]),
    )  # fmt: skip


def lead(pair: Pair) -> Bilingual:
    """Return in a sentence by how much the first asks for more or less than the second."""
    differ = [row for row in pair.compared if row.apart]
    clauses = [_listed(both(f"{NAME}.item", name=row.name, apart=row.difference())
                       for row in differ)] if differ else []  # fmt: skip
    if same := [row.name for row in pair.compared if not row.apart]:
        clauses.append(both(f"{NAME}.clause.same", named=_listed(same)))
    unknown = sum(row.why == "unknown" for row in pair.rows)
    others = len(pair.rows) - len(pair.compared) - unknown
    for clause, count in (("unknown", unknown), ("left", others)):
        if count:
            clauses.append(both(f"{NAME}.clause.{clause}", count=float(count)))
    said = {"zh": "；".join(one["zh"] for one in clauses),
            "en": "; ".join(one["en"] for one in clauses)}  # fmt: skip
    return both(f"{NAME}.lead", one=pair.one, other=pair.other, clauses=said)


def _listed(words: Iterable[Bilingual]) -> Bilingual:
    every = list(words)
    return {lang: enumerated((one[lang] for one in every), lang) for lang in LANGUAGES}
