"""A report as a document: its sections, their order and their label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from analysis.amounts import amount, unit
from analysis.board.still import level
from analysis.bulletin import figures, tables
from analysis.bulletin.words import PREFIX, facts, ledger_name, place_name
from analysis.documents.document import Block, Card, Cards, Document, Section, Table
from analysis.pacing import MONTHS
from analysis.plan import Plan, plan_year
from analysis.structure import Report
from analysis.structure.lists import LISTS
from analysis.structure.schedule import month_names
from analysis.text import Text, fill
from analysis.words import number_format


def compose(report: Report, plan: Plan, lang: str) -> Document:
    """Return the bulletin of a report, of the city or of its district, in one language."""
    text = Text(lang)
    told = facts(report, plan, text)
    own = report.district is not None
    if report.period.year != plan_year(plan):
        sections = _other_year(report, plan, told, text)
    else:
        sections = _district(report, plan, told, text) if own else _city(report, plan, told, text)
    kind = report.period.assessment
    return Document(
        title=text(
            f"{PREFIX}.title.{kind}", place=place_name(report, text),
            period=told["period"],
        ),
        subtitle=text(f"{PREFIX}.subtitle", until=told["until"], ledger=ledger_name(report, text)),
        about=text(f"{PREFIX}.about", year=plan_year(plan), until=told["until"])
        if report.period.year == plan_year(plan)
        else str(told["until"]),
        lang=lang,
        sections=tuple(_numbered(sections)),
        label=text(f"{PREFIX}.label") if report.illustrative else "",
    )  # fmt: skip


def _section(
    text: Text, key: str, told: dict[str, Any], blocks: Iterable[Block | None]
) -> Section | None:
    kept = tuple(block for block in blocks if block is not None and not _empty(block))
    heading = text(f"{PREFIX}.{key}", **told) if key else ""
    return Section(heading, kept) if kept else None


def _empty(block: Block) -> bool:
    return isinstance(block, Table) and not block.rows


def _numbered(sections: Iterable[Section | None]) -> Iterable[Section]:
    """Leave out empty sections, and give tables of the same kind a key each."""
    seen: dict[str, int] = {}
    for section in sections:
        if section is None:
            continue
        blocks = []
        for block in section.blocks:
            if isinstance(block, Table):
                seen[block.key] = seen.get(block.key, 0) + 1
                number = seen[block.key]
                block = replace(block, key=block.key if number == 1 else f"{block.key} {number}")
            blocks.append(block)
        yield Section(section.heading, tuple(blocks))


def _opening(report: Report, plan: Plan, told: dict[str, Any], text: Text) -> list[Block]:
    """Return what a bulletin opens with; of a year that the plan isn't of, nothing is judged."""
    planned = report.period.year == plan_year(plan)
    who = "other" if not planned else "district" if report.district else "city"
    answer = text(f"{PREFIX}.answer.{who if report.place['capital'] else 'nothing'}", **told)
    basis = text(f"{PREFIX}.basis.{report.kind}")
    judged = [cards(report, told, text)] if planned and report.known else []
    return [answer, basis, *_caveats(report, plan, text), *judged]


def _caveats(report: Report, plan: Plan, text: Text) -> list[str]:
    """Say what is assumed, that the plan is of another year, or that figures end early."""
    year, planned = report.period.year, plan_year(plan)
    said = [text("structure.assumed_share", assumed=report.assumed)] if report.assumed else []
    if year != planned:
        said.append(text(f"{PREFIX}.caveat.year", plan=planned, year=year))
    if not report.known:
        said.append(text(f"{PREFIX}.caveat.nothing", year=year))
    elif report.known < report.period.month:
        said.append(text(f"{PREFIX}.caveat.known", year=year, **month_names(report.known)))
    return said


def _city(report: Report, plan: Plan, told: dict[str, Any], text: Text) -> Iterable[Section | None]:
    yield _section(
        text, "", told, [*_opening(report, plan, told, text), figures.year(report, told, text)]
    )
    # Where nothing is recorded nobody stands anywhere.
    yield _section(text, "of_districts", told, [
        tables.standing(report, told, text), figures.floors(report, plan, told, text),
        tables.tiers(report, told, text), figures.ranking(report, plan, told, text),
    ] if report.known else [])  # fmt: skip
    yield _section(text, "of_growth", told, [
        figures.flows(report, told, text), tables.foreign(report, told, text),
        figures.contribution(report, plan, told, text),
    ])  # fmt: skip
    yield _section(text, "of_projects", told, [
        tables.quotas(report, told, text), tables.lacking(report, told, text),
        figures.funnel(report, told, text), _waits(report, text),
        tables.size_classes(report, told, text),
    ])  # fmt: skip
    yield _section(text, "of_chains", told, [
        figures.by_chain(report, told, text),
        tables.concentration(report, plan, told, text) if report.known else None,
        tables.gaps(report, plan, told, text),
    ])  # fmt: skip
    yield _section(text, "of_sharing", told, [tables.sharing(report, told, text)])
    yield _lists(report, plan, told, text)


def _district(
    report: Report, plan: Plan, told: dict[str, Any], text: Text
) -> Iterable[Section | None]:
    yield _section(
        text, "", told, [*_opening(report, plan, told, text), figures.year(report, told, text)]
    )
    yield _section(text, "of_district", told, [
        tables.one_table(report, told, text), figures.flows(report, told, text),
    ] if report.known else [])  # fmt: skip
    yield _section(text, "of_districts", told, [
        figures.ranking(report, plan, told, text), tables.standing(report, told, text),
    ] if report.known else [])  # fmt: skip
    yield _section(text, "of_projects", told, _course(report, told, text))
    yield _lists(report, plan, told, text)


def _course(report: Report, told: dict[str, Any], text: Text) -> list[Block | None]:
    """Return how far projects have come, how long they wait, how large they are, and chains."""
    return [
        figures.funnel(report, told, text), _waits(report, text),
        tables.size_classes(report, told, text), figures.by_chain(report, told, text),
    ]  # fmt: skip


def _other_year(
    report: Report, plan: Plan, told: dict[str, Any], text: Text
) -> Iterable[Section | None]:
    """Return the sections on a year that the plan asks nothing of."""
    yield _section(text, "", told, _opening(report, plan, told, text))
    yield _section(text, "of_places", told, [
        tables.plain(report, told, text), figures.flows(report, told, text),
        tables.foreign(report, told, text), figures.contribution(report, plan, told, text),
    ])  # fmt: skip
    yield _section(text, "of_stages", told, _course(report, told, text))
    yield _section(text, "of_sharing", told, [tables.sharing(report, told, text)])
    largest = [tables.listing(what, report, plan, told, text) for what in LISTS]
    yield _section(text, "of_lists", told, largest)


def _lists(report: Report, plan: Plan, told: dict[str, Any], text: Text) -> Section | None:
    made: list[Block | None] = [tables.listing(what, report, plan, told, text) for what in LISTS]
    made.append(tables.annex(report, plan, told, text))
    return _section(text, "of_lists", told, made)


def _waits(report: Report, text: Text) -> str | None:
    """Return how long signed capital takes to arrive, where dates allow to say so."""
    wait, found = report.waits.get("signed first_arrival"), report.conversion
    if wait is None or wait.median is None or wait.median == float("inf"):
        return None
    said = text(
        f"{PREFIX}.waits", median=wait.median, projects=wait.projects, censored=wait.censored
    )
    if found is not None:
        said += text(f"{PREFIX}.conversion", rate=found.rate, low=found.low, high=found.high)
    return said


def cards(report: Report, told: dict[str, Any], text: Text) -> Cards:
    """Return the targets of the city, or what is asked of the district, as cards."""
    part = report.period.month < MONTHS
    about = text("document.card.source", ledger=ledger_name(report, text)), report.illustrative
    if report.district is None:
        known = report.targets.dropna(subset=["value"])
        return Cards(tuple(_target(row, part, text) for row in known.to_dict("records")), *about)
    place = report.place
    share = f"structure.measure.share{'.assumed' if place['assumed'] else ''}"
    rows = [
        (f"{PREFIX}.card.capital", place["capital"], place["floor"], "1e8 CNY"),
        (share, place["share"], place["share_floor"], "%"),
    ]
    # Of what isn't known there is no card.
    made = [card(text(key), value, asked, asked, unit, part, place["due_linear"], text)
            for key, value, asked, unit in rows if value == value]  # fmt: skip
    growth = float(place["growth"])
    if growth == growth:
        said = fill("{x:+.1f}", {"x": growth}, text.lang)
        made.append(Card(text(f"{PREFIX}.card.growth"), said, "%", "", "plain", 0.0))
    rank = Card(
        text(f"{PREFIX}.card.rank"), f"{told['rank']:.0f}", f"/ {told['districts']:.0f}",
        text(f"{PREFIX}.card.range", low=told["rank_low"], high=told["rank_high"]),
        "plain", 1 - (told["rank"] - 1) / told["districts"],
    )  # fmt: skip
    return Cards((*made, rank), *about)


def _target(row: Mapping[Any, Any], part: bool, text: Text) -> Card:
    return card(
        row[f"name_{text.lang}"], row["value"], row["expected"], row["stretch"], row["unit"],
        part, row["due_linear"], text,
    )  # fmt: skip


def card(
    name: str, value: float, asked: float, most: float, measure: str, part: bool, due: float,
    text: Text, decimals: int | None = None,
) -> Card:  # fmt: skip
    """Return a value against what is asked by the year's end, in words.

    part, due : whether the year goes on, and what the straight schedule asks of an amount by now
    """
    lang, rate = text.lang, measure == "%"
    decimals = (1 if rate else 0) if decimals is None else decimals
    named = unit(measure)[lang]
    state = level(value, asked, most, part=part, rate=rate)
    said = text(
        f"{PREFIX}.card.{'met' if state in ('expected', 'stretch') else state}",
        asked=fill(amount(measure, decimals)[lang], {"value": asked}, lang),
        gap=fill(
            amount("points" if rate else measure, decimals)[lang],
            {"value": abs(asked - value)}, lang,
        ),
        above=value - asked,
        ahead=value - due,
    )  # fmt: skip
    share = max(0.0, min(1.0, value / asked)) if asked else 1.0
    shown = fill(f"{{value:{number_format(measure, decimals)[lang]}}}", {"value": value}, lang)
    return Card(name, shown, named, said, state, share)
