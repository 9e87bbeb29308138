"""What a plan is set beside: other plans, other years, and its places beside their groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import pandas as pd

from analysis import nested
from analysis.briefing.difference import NAME, Asked, Bilingual, Pair, Row, why_apart
from analysis.districts import LEVELS, published
from analysis.evidence import Evidence, Figure
from analysis.evidence.figure import trust
from analysis.files import PLAN, data_of
from analysis.plan import Plan, load_plan, plan_year
from analysis.plan_package import Measure
from analysis.text import LANGUAGES, both, named

_NAMELESS: Bilingual = dict.fromkeys(LANGUAGES, "")


@lru_cache(maxsize=1)  # a page asks for those of its own plan several times
def pairs(plan: Plan, evidence: Evidence) -> tuple[Pair, ...]:
    """Return all that a plan can be set beside, of which at least one difference can be taken."""
    return tuple(pair for pair in _beside(plan, evidence) if pair.compared)


def comparable(plan: Plan, evidence: Evidence) -> bool:
    """Say whether there is anything that a plan can be set beside."""
    return any(pair.compared for pair in _beside(plan, evidence))


def _beside(plan: Plan, evidence: Evidence) -> Iterator[Pair]:
    for other in _others(plan):
        yield plans_beside(plan, other)
    yield from _years(plan, evidence)
    yield _places(plan, evidence)


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


def _asked(plan: Plan, key: str, whole: bool = False) -> Asked:
    """Return what a plan asks of its own place."""
    measure, target, level_names = plan.measures[key], plan[key], _level_names(plan)
    first, last = plan.about.period
    levels = ((level_names[level], value) for level, value in target.levels.items())
    rows = plan.table("targets").query("measure == @key and who == @plan.about.place")
    return Asked.under(measure, levels, scope=measure.scope, kind=target.kind, whole=whole,
                       source=rows["source"].iloc[0], years=last - first + 1)  # fmt: skip


def plans_beside(plan: Plan, other: Plan) -> Pair:
    """Return two plans side by side; of one that lies in the other, what that asks of it.

    Of another year it asks nothing of the part, and a sum of the whole is still no part's.
    """
    inner, outer = (other, plan) if _part_of(other, plan) else (plan, other)
    around = nested.parent(inner)
    lies_in = around is not None and around.about.id == outer.about.id
    theirs = {key: _asked(outer, key, whole=_part_of(inner, outer)) for key in outer.targets}
    if lies_in:
        theirs |= _floors_of(inner.about.place, outer)
    rows = []
    for key in inner.targets:
        own = _asked(inner, key)
        match = next((k for k, one in theirs.items() if one.notions & own.notions), "")
        against = theirs.pop(match, None)
        rows.append(Row(named(inner[key]), own, against, why_apart(own, against)))
    rows += [Row(named(outer.measures[key]), None, one, "lacking") for key, one in theirs.items()]
    rows += _quotas(inner) if lies_in else []
    key = f"{inner.about.id}-{outer.about.id}"
    return Pair(key, _side(inner), _side(outer), tuple(rows))


def _part_of(inner: Plan, outer: Plan) -> bool:
    return inner.about.parent != "" and inner.about.parent == outer.about.evidence_place


def _floors_of(place: str, outer: Plan) -> dict[str, Asked]:
    """Return what a plan asks of one of its places at least, by measure."""
    level_names, levels = _level_names(outer), outer.levels
    name = level_names[str(levels.sort_values("floor", ascending=False)["level"].iloc[0])]
    return {
        key: Asked.under(measure, [(name, float(value))], scope=measure.scope,
                         source=outer.about.source)
        for key, measure in outer.measures.items()
        if pd.notna(value := outer.floor(key).get(place))
    }  # fmt: skip


def _quotas(inner: Plan) -> Iterator[Row]:
    """Yield the numbers of projects asked of a place, by its own plan and the one around it."""
    around = nested.parent(inner)
    assert around is not None  # or there is nothing to compare
    for row in nested.quotas(inner).to_dict("records"):
        own, floor = (
            Asked(frozenset([row["quota"]]), "count", str(row["unit"]), 0,
                  ((_NAMELESS, float(row[column])),), source=source)
            for column, source in (("each", str(row["source"])), ("floor", around.about.source))
        )  # fmt: skip
        there = row["floor"] == row["floor"] and row["each"] == row["each"]
        yield Row({lang: str(row[f"name_{lang}"]) for lang in LANGUAGES}, own,
                  floor if there else None, "" if there else "lacking")  # fmt: skip


def _years(plan: Plan, evidence: Evidence) -> Iterator[Pair]:
    """Yield a plan beside the targets published for its place in other years."""
    rows, place, level_names = evidence.figures, plan.about.evidence_place, _level_names(plan)
    series = {f"{key}_target_{level}": (key, level) for key in plan.targets for level in LEVELS}
    there = rows["series"].isin(series) & rows["place"].eq(place)
    held: dict[int, dict[str, dict[str, Figure]]] = {}
    chosen = evidence.select(series=sorted(set(rows["series"][there])), place=place) if len(
        rows[there]) else ()  # fmt: skip
    for one in sorted(chosen, key=trust):
        key, level = series[one.series]
        if one.known and one.period_type == "annual" and one.year != plan_year(plan):
            held.setdefault(one.year, {}).setdefault(key, {}).setdefault(level, one)
    for year in sorted(held, reverse=True):
        compared = []
        for key in plan.targets:
            own, found = _asked(plan, key), held[year].get(key)
            against = found and _published(plan.measures[key], found, level_names)
            why = why_apart(own, against) if against else "unknown"  # of what is published, not set
            compared.append(Row(named(plan[key]), own, against or None, why))
        yield Pair(f"{plan.about.id}-{year}", _side(plan), _of_year(plan, str(year)),
                   tuple(compared))  # fmt: skip


def _published(
    measure: Measure, found: Mapping[str, Figure], level_names: Mapping[str, Bilingual]
) -> Asked:
    levels = [level for level in LEVELS if level in found]
    first = found[levels[0]]
    asked = ((level_names.get(level, _NAMELESS), found[level].value) for level in levels)
    return Asked.under(measure, asked, unit=first.unit, bound=first.bound, kind=first.kind,
                       source=first.source_title)  # fmt: skip


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
            yield Row(name, own, group, why_apart(own, group) if own else "unknown")


def _set(
    measure: Measure, rows: pd.DataFrame, level_names: Mapping[str, Bilingual]
) -> Asked | None:
    """Return levels asked for in rows of a plan's targets, or of what is published of a place."""
    rows = rows.drop_duplicates("level")
    if rows.empty:
        return None
    rows = rows.sort_values("value", kind="stable")
    first = rows.iloc[0]
    levels = ((level_names.get(str(level), _NAMELESS), float(value))
              for level, value in zip(rows["level"], rows["value"], strict=True))  # fmt: skip
    source = str(first["source_title"] if "source_title" in rows else first["source"])
    return Asked.under(measure, levels, unit=str(first["unit"]), kind=str(first["kind"]),
                       source=source)  # fmt: skip
