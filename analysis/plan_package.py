"""A plan's document, measures, levels, targets and floors, read from its folder's tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.datapackage import DataPackageError, Fault
from analysis.files import PLAN
from analysis.words import LANGUAGES

#: Scopes in which foreign capital is published: the city's own count of all, the ministry's of FDI.
CITY_COUNT, MINISTRY_COUNT = "city_full", "mofcom"
#: What is added over places.
SUMS = ("sum", "count")
#: As many as have a colour.
MOST_GROUPS = 8


@dataclass(frozen=True, slots=True)
class Document:
    """What the plan is: its title, issuer and number, its place, period and money.

    place : the key of the place that it is for; `evidence_place` what figures.csv calls it
    parent : what that place lies in, as figures.csv calls it
    period : first and last year, the same for a plan of one year
    money, second_money : units of money at home and abroad; the second may be empty
    """

    id: str
    title_zh: str
    title_en: str
    number: str
    issuer_zh: str
    issuer_en: str
    date: str
    source: str
    copy_zh: str
    copy_en: str
    languages: tuple[str, ...]
    place: str
    place_zh: str
    place_en: str
    evidence_place: str
    parent: str
    country: str
    period: tuple[int, int]
    base_year: int
    money: str
    second_money: str

    @property
    def year(self) -> int:
        """The plan's last year, or its only one."""
        return self.period[1]

    @property
    def years(self) -> range:
        """The years that its targets are for."""
        return range(self.period[0], self.period[1] + 1)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a plan measures.

    type : sum or count (over places), share (of a sum), growth (of a published level), level
    of : the sum of which a share, or a count, is a part
    groups : whose part of that sum a count is; none where it is no group's
    digits : decimals in which it is told
    stem : what the keys of its outcomes begin with
    series, scope : the published series whose level it is, or grows
    """

    key: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    type: str
    of: str
    groups: tuple[str, ...]
    unit: str
    digits: int
    stem: str
    symbol: str
    series: str
    scope: str

    @property
    def outcome(self) -> str:
        """The outcome, or for growth and level the lever, that says where it stands."""
        return f"{self.stem}_total" if self.type in SUMS else self.key


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that the plan asks for, level by level.

    levels : level -> value, in `unit`, the plan's lowest level first
    called : level -> language -> its short name
    source : where the plan says so, e.g. "plan 2021, preamble"
    """

    key: str
    name_zh: str
    name_en: str
    unit: str
    levels: Mapping[str, float]
    called: Mapping[str, Mapping[str, str]]
    source: str
    kind: str

    @property
    def expected(self) -> float:
        """The lowest level that the plan asks for."""
        return next(iter(self.levels.values()))

    @property
    def stretch(self) -> float:
        """The highest level that the plan names."""
        return list(self.levels.values())[-1]


def document(folder: Path) -> Document:
    """Read `plan.json`.

    Raises
    ------
    DataPackageError : it can't be read, or lacks a line
    """
    fault = partial(Fault, PLAN, 0)
    try:
        held = dict(json.loads((folder / PLAN).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        remedy = "name a plan's folder, or restore the file"
        raise DataPackageError([fault("", "", f"cannot be read: {error}", remedy)]) from error
    wanted = [field.name for field in fields(Document)]
    if lacking := [name for name in wanted if name not in held]:
        raise DataPackageError(
            [fault(name, "", "there is no such line", "write it") for name in lacking]
        )
    try:
        first, last = period(str(held["period"]))
    except ValueError:
        remedy = "write a year, or the first and the last as 2021/2024"
        said = str(held["period"])
        raise DataPackageError([fault("period", said, "is no period", remedy)]) from None
    if not isinstance(held["base_year"], int):
        said, remedy = str(held["base_year"]), "write the year, without quotes"
        raise DataPackageError([fault("base_year", said, "is no year", remedy)])
    if held["languages"] not in map(list, permutations(LANGUAGES)):
        said, remedy = str(held["languages"]), "name each once, first that in which pages open"
        problem = f"is no order of {' and '.join(LANGUAGES)}"
        raise DataPackageError([fault("languages", said, problem, remedy)])
    told = {name: held[name] for name in wanted}
    return Document(**told | {"period": (first, last), "languages": tuple(held["languages"])})


def period(cell: str) -> tuple[int, int]:
    """Return the first and the last year of "2021" or "2021/2024"."""
    first, _, last = cell.partition("/")
    return int(first), int(last or first)


def measures(rows: pd.DataFrame) -> dict[str, Measure]:
    """Return the plan's measures in their order."""
    other = ("key", "digits", "groups")
    named = [field.name for field in fields(Measure) if field.name not in other]
    return {
        row["measure"]: Measure(
            key=row["measure"],
            digits=int(row["digits"]),
            groups=tuple(filter(None, row["group"].split("|"))),
            **{name: row[name] for name in named},
        )
        for row in rows.to_dict("records")
    }


Tables = Mapping[str, pd.DataFrame]


def faults(about: Document, tables: Tables) -> Iterator[Fault]:
    """Name what a row says that no other table bears out: places, units, periods, levels."""
    if len(tables["groups"]) > MOST_GROUPS:
        yield Fault(
            "groups.csv", MOST_GROUPS + 2, "group", tables["groups"]["group"].iloc[MOST_GROUPS],
            "is one more than the eight groups that a picture can tell apart",
            "put its places into another group",
        )  # fmt: skip
    groups, places = set(tables["groups"]["group"]), set(tables["places"]["place"])
    known = {about.place, *groups, *places}
    units = tables["measures"].set_index("measure")["unit"]
    if about.place not in set(tables["targets"]["who"]):
        yield Fault(
            "targets.csv", 0, "who", about.place, "nothing is asked of the plan's own place",
            "add a row of it, with a measure, a level that is no floor, and its value",
        )  # fmt: skip
    for file in ("targets", "quotas"):
        wrong = tables[file][~tables[file]["who"].isin(known)]
        for line, row in wrong.iterrows():
            yield Fault(
                f"{file}.csv", int(str(line)), "who", row["who"], "names nobody of this plan",
                f"write {about.place}, a row of groups.csv or a row of places.csv",
            )  # fmt: skip
    yield from _quotas_of_two_kinds(tables["quotas"])
    for line, row in tables["measures"].iterrows():
        if unknown := set(filter(None, row["group"].split("|"))) - groups:
            yield Fault(
                "measures.csv", int(str(line)), "group", min(unknown), "points at nothing",
                "write keys of groups.csv, separated by |, or leave it empty",
            )  # fmt: skip
    placed = tables["places"].query("group != ''")
    for line, row in placed[placed["across"].isna()].iterrows():
        if placed["across"].notna().any():
            remedy = "write across and down, and its labels"
            yield Fault("places.csv", int(str(line)), "across", row["place"], "has no tile", remedy)
    for line, row in tables["targets"].iterrows():
        at = partial(Fault, "targets.csv", int(str(line)))
        if row["unit"] != units[row["measure"]]:
            asked = units[row["measure"]]
            yield at("unit", row["unit"], f"the measure is in {asked}", f"write it in {asked}")
        first, last = period(row["period"])
        if not about.period[0] <= first <= last <= about.period[1]:
            yield at("period", row["period"], "lies outside the plan's", f"see {PLAN}")


def _quotas_of_two_kinds(quotas: pd.DataFrame) -> Iterator[Fault]:
    """Name where a row asks for other projects than a row above it that has the same key."""
    first = quotas.drop_duplicates("quota").set_index("quota")
    for column in ("sector", "flag", "min_size", "part_of"):
        meant = quotas["quota"].map(first[column])
        told, plain = (one.astype(object).fillna("").astype(str).str.removesuffix(".0") for one in
                       (quotas[column], meant))  # fmt: skip
        for line in quotas.index[told.ne(plain)]:
            remedy = f"write {plain[line] or 'nothing'}, or give this quota a key of its own"
            problem = f"is another than that of {quotas['quota'][line]} above"
            yield Fault("quotas.csv", int(str(line)), column, told[line], problem, remedy)


def targets(
    about: Document, measured: Mapping[str, Measure], rows: pd.DataFrame, levels: pd.DataFrame
) -> dict[str, Target]:
    """Return what the plan asks of its own place, a target a measure, its levels in their order.

    Raises
    ------
    DataPackageError : a target lacks a level, or a higher level lies below a lower one
    """
    asked = levels[~levels["floor"]]
    called = {row["level"]: {lang: row[f"short_{lang}"] for lang in ("zh", "en")}
              for row in asked.to_dict("records")}  # fmt: skip
    order, found, wrong = list(called), {}, []
    for key, of in rows[rows["who"].eq(about.place)].groupby("measure", sort=False):
        value = of.set_index("level")["value"]
        there = [level for level in order if level in value.index]
        if there != order:
            problem, remedy = "a level is missing", f"write a row of each: {', '.join(order)}"
        elif not value[order].is_monotonic_increasing:
            problem, remedy = f"{order[-1]} lies below {order[0]}", "exchange the two values"
        else:
            measure, row = measured[str(key)], of.iloc[0]
            found[str(key)] = Target(
                key=str(key),
                name_zh=measure.name_zh,
                name_en=measure.name_en,
                unit=measure.unit,
                levels={level: float(value[level]) for level in order},
                called=called,
                source=cited(row["source"], row["section"]),
                kind=row["kind"],
            )
            continue
        line = int(str(of.index[-1]))
        wrong.append(Fault("targets.csv", line, "value", str(key), problem, remedy))
    if wrong:
        raise DataPackageError(wrong)
    return {key: found[key] for key in measured if key in found}


def cited(source: str, section: str) -> str:
    """Return how a place in a source is cited, e.g. "plan 2021, part 1 (二)"."""
    return ", ".join(part for part in (source.replace("_", " "), section) if part)


def names(places: pd.DataFrame, others: pd.DataFrame) -> dict[str, str]:
    """Return each name of a place with a group -> its key."""
    grouped = places[places["group"].ne("")]
    found: dict[str, Any] = dict(zip(others["name"], others["place"], strict=True))
    for column in ("place", "name_zh", "name_en"):
        found |= dict(zip(grouped[column], grouped["place"], strict=True))
    return found
