"""The status board: each district by each target on one A4 page, from a ledger or as published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis.amounts import amount_said, unit
from analysis.board.columns import Column
from analysis.board.still import level
from analysis.briefing import published as evident
from analysis.bulletin.words import PREFIX, ledger_name, place_name, short
from analysis.districts import CAPITAL, LEVELS, MEASURES, SHARE, published
from analysis.documents.document import TONES, Document, Section, Table, table
from analysis.evidence import Evidence
from analysis.pacing import MONTHS
from analysis.plan import Plan, plan_year
from analysis.structure import Report, periods
from analysis.structure.standing import CITY
from analysis.text import Text, fill
from analysis.words import number_format

KEY = f"{PREFIX}.board"
#: The colour of a state that a part of a year may have, beside those of cards.
AHEAD = {"ahead": "accent", "above": "accent"}


def compose(report: Report, plan: Plan, lang: str) -> Document:
    """Return the board of a city's report; of a year that the plan isn't of, nothing is judged."""
    text = Text(lang)
    planned = report.period.year == plan_year(plan)
    until = periods.names(report.period)["until"][lang]
    told = {"place": place_name(report, text), "until": until, "ledger": ledger_name(report, text)}
    rows = pd.DataFrame(_of_ledger(report, text) if planned else [])
    more = "" if planned else text(f"{PREFIX}.caveat.year", plan=plan_year(plan),
                                   year=report.period.year)  # fmt: skip
    said = [more] if more else [text(f"{KEY}.say"), _growth(report, text)]
    return _document(
        rows, said, told, lang, report.illustrative,
        text(f"{PREFIX}.label") if report.illustrative else "",
    )  # fmt: skip


def published_board(plan: Plan, evidence: Evidence, lang: str) -> Document:
    """Return the board of what is published of the plan's year; what isn't is said to be so."""
    text = Text(lang)
    year = str(plan_year(plan))
    told = {"place": getattr(plan.about, f"place_{lang}"), "until": year,
            "ledger": text(f"{KEY}.figures")}  # fmt: skip
    rows = pd.DataFrame(_of_published(plan, evidence, text))
    return _document(rows, [text(f"{KEY}.say.published")], told, lang, False, "")


def _document(
    rows: pd.DataFrame, said: Iterable[str], told: Mapping[str, str], lang: str, made: bool,
    label: str,
) -> Document:  # fmt: skip
    text = Text(lang)
    title, source = text(f"{KEY}.title", **told), text(f"{KEY}.source", **told)
    blocks: list[Any] = [one for one in said if one]
    annexes: tuple[Table, ...] = ()
    if not rows.empty:
        blocks.append(_matrix(rows, source, text, made))
        long = rows[["name", "target", "unit", "value", "asked", "ratio", "said"]]
        long = long.rename(columns={"said": "status", "target": "goal"})
        annexes = (table(long, "status", title, source, lang, illustrative=made),)
    return Document(title, source, told["until"], lang, (Section("", tuple(blocks)),), label,
                    annexes, landscape=True)  # fmt: skip


def _matrix(rows: pd.DataFrame, source: str, text: Text, made: bool) -> Table:
    """Return a row a place, a column a target; what a place isn't asked for stays empty."""
    units = dict(zip(rows["target"], rows["unit"], strict=True))
    places = list(dict.fromkeys(rows["name"]))
    cells = {(row["name"], row["target"]): row for row in rows.to_dict("records")}
    columns = (
        Column("name", text(f"{PREFIX}.column.district")),
        *(Column(f"target {i}", name, "" if one == "projects" else unit(one)[text.lang])
          for i, (name, one) in enumerate(units.items())),
    )  # fmt: skip
    found = [[cells.get((place, target)) for target in units] for place in places]
    return Table(
        "board", "", columns,
        tuple((place, *(_cell(one, text) if one else None for one in line))
              for place, line in zip(places, found, strict=True)),
        source, illustrative=made,
        tones=tuple(("ink", *(one["tone"] if one else "muted" for one in line)) for line in found),
    )  # fmt: skip


def _cell(row: Mapping[Any, Any], text: Text) -> str:
    """Return result, target and rate in one line, the state below."""
    value, asked, unit = row["value"], row["asked"], row["unit"]
    if asked != asked:
        return str(row["said"])
    digits = {"1e8 CNY": 0, "1e8 USD": 2, "%": 1}.get(unit, 0)
    form = number_format(unit, digits)[text.lang]
    bound = "≥" if row["bound"] == "lower" else ""
    result = "–" if value != value else bound + fill(f"{{x:{form}}}", {"x": value}, text.lang)
    of = fill(f" · {bound}{{x:.0f}}%", {"x": row["ratio"]}, text.lang)
    rate = of if row["ratio"] == row["ratio"] else ""
    return f"{result} / {fill(f'{{x:{form}}}', {'x': asked}, text.lang)}{rate}\n{row['said']}"


def _row(
    name: str, target: str, unit: str, value: float, asked: float, text: Text, *,
    part: bool = False, due: float | None = None, unknown: str = "unknown", bound: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Return a place's result beside its target, with its state in words and its colour.

    due : what the straight schedule asks for by now, of an amount
    unknown : the words for a result that isn't known
    """
    rate = unit == "%"
    if asked != asked:
        state = "no_target"
    elif (state := level(value, asked, asked, part=part, rate=rate)) == "unknown":
        state = unknown
    elif bound == "lower" and value < asked:
        state = "open"
    elif state == "so_far":
        state = "above" if value >= asked else "below"
    elif state == "to_come" and due is not None:
        state = "ahead" if value >= due else "behind"
    met = "met" if state in ("expected", "stretch") else state
    ratio = 100 * value / asked if asked and not rate else float("nan")
    return {"name": name, "target": target, "unit": unit, "value": value, "asked": asked,
            "ratio": ratio, "state": met, "said": text(f"{KEY}.state.{met}"), "bound": bound,
            "tone": AHEAD.get(state) or TONES.get(state, "muted")}  # fmt: skip


def _of_ledger(report: Report, text: Text) -> Iterable[dict[str, Any]]:
    """Yield each district's targets, then the city's: money, share, and numbers of projects."""
    lang, part = text.lang, report.period.month < MONTHS
    names = {
        str(row.place): str(name)
        for row, name in zip(
            report.districts.itertuples(), short(report.districts[f"name_{lang}"]), strict=True
        )
    }
    quotas = report.quotas.groupby("place", sort=False)
    city = report.place.to_dict() | {"name": text(f"{PREFIX}.total"), "place": CITY}
    asked = report.districts[report.districts["floor"].notna()].to_dict("records")
    for row in [*asked, city]:
        name = row.get("name") or names[row["place"]]
        none = "no_record" if not report.known or not row["capital"] else "unknown"
        capital = row["capital"] if none == "unknown" else float("nan")
        yield _row(name, text(f"{PREFIX}.card.capital"), "1e8 CNY", capital, row["floor"], text,
                   part=part, due=row["due_linear"], unknown=none)  # fmt: skip
        yield _row(name, text("structure.measure.share"), "%", row["share"], row["share_floor"],
                   text, part=part, unknown=none)  # fmt: skip
        held = report.city_quotas if row["place"] == CITY else (
            quotas.get_group(row["place"]) if row["place"] in quotas.groups else None)  # fmt: skip
        for quota in [] if held is None else held.to_dict("records"):
            if quota.get("required", True) and quota["quota"] in set(report.quotas["quota"]):
                yield _row(name, quota[f"name_{lang}"], "projects", quota["projects"],
                           quota["needed"], text, part=part)  # fmt: skip


def _growth(report: Report, text: Text) -> str:
    """Return where the city's targets stand that no district has: growth of foreign capital."""
    rows = report.targets[report.targets["due_linear"].isna() & report.targets["target"].ne(SHARE)]
    part = report.period.month < MONTHS
    said = []
    for row in rows.to_dict("records"):
        one = _row("", "", row["unit"], row["value"], row["expected"], text, part=part,
                   unknown="no_record")  # fmt: skip
        known = row["value"] == row["value"]
        value = amount_said(row["value"], row["unit"], 1)[text.lang] if known else "–"
        goal = amount_said(row["expected"], row["unit"], 1)[text.lang]
        name, value = row[f"name_{text.lang}"], value.replace("-", "−")
        said.append(text(f"{KEY}.growth", name=name, value=value, asked=goal, state=one["said"]))
    return "".join(said)


def _of_published(plan: Plan, evidence: Evidence, text: Text) -> Iterable[dict[str, Any]]:
    """Yield each district's own targets, else the plan's floors, with results where published."""
    found = published(plan, evidence, MEASURES)
    found = found[found["year"].eq(plan_year(plan))].drop_duplicates(
        ["district", "measure", "level"])  # fmt: skip
    values = found.set_index(["district", "measure", "level"])["value"].to_dict()
    units = {**dict(zip(found["measure"], found["unit"], strict=True)), CAPITAL: plan.about.money}
    floors = {CAPITAL: "capital_floor", SHARE: "industrial_share_floor"}
    measures = [one for one in MEASURES if one in units]
    names = evident.names(plan)
    for row in plan.floors.to_dict("records"):
        for key in measures:
            of = (row["district"], key)
            own = next((values[*of, one] for one in LEVELS if (*of, one) in values), None)
            asked = own if own is not None else row.get(floors.get(key, ""), float("nan"))
            yield _row(names[row["district"]][text.lang], text(_measure(key)), units[key],
                       values.get((*of, "result"), float("nan")), asked, text)  # fmt: skip
    for target in plan.targets.values():
        measure = plan.measures[target.key]
        figure = evident.result(plan, evidence, measure)
        value = evident.result_value(measure, figure) if figure else float("nan")
        key = text(_measure(target.key)) if target.key in measures else text.name(target)
        asked = next(iter(target.levels.values()))
        yield _row(text(f"{PREFIX}.total"), key, target.unit, value, asked, text,
                   bound=figure.bound if figure else "")  # fmt: skip


def _measure(key: str) -> str:
    return "structure.measure.share" if key == SHARE else f"districts.measure.{key}"
