"""What a tool of the page, which only a screen has, says on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from analysis.amounts import in_unit, unit
from analysis.board import Board
from analysis.board.columns import Column
from analysis.board.definitions import lever_source
from analysis.board.records import decoded
from analysis.briefing.answers import combinations, still_to_go
from analysis.documents.document import Block, Table
from analysis.scenario import Scenario
from analysis.text import Text, fill, said
from analysis.words import number_format

Known = Mapping[str, Any]
#: Rows of a long table that a document holds; the page and its tables hold all.
ON_PAPER = 250
Tool = Callable[[Mapping[str, Any], Board, Scenario, Known, str], list[Block]]


def _goal(
    payload: Mapping[str, Any], board: Board, scenario: Scenario, known: Known, lang: str
) -> list[Block]:
    """Return where each lever alone would have to stand for each target that levers move."""
    text, model = Text(lang), board.model
    targets = [
        (target, level)
        for target in payload["targets"]
        for level in target["levels"]
        if target["key"] in model.inputs.moved
    ]
    moving = [
        lever
        for key, lever in model.levers.items()
        if not lever.choices
        and any(key in model.compiled.gradient[aim] for aim in model.inputs.moved)
    ]
    rows = tuple(
        (
            text.name(lever),
            unit(lever.unit)[lang],
            *(
                in_unit(value, lever.unit, lang)
                for value in (
                    known[lever.key],
                    lever.low,
                    lever.high,
                    *(
                        answer.written if answer.reached else None
                        for target, level in targets
                        for answer in [
                            model.seek(target["key"], level["value"], lever.key, scenario.values)
                        ]
                    ),
                )
            ),
        )
        for lever in moving
    )
    columns = _columns(
        text, "document.lever", "board.unit", "board.goal.now", "document.low", "document.high"
    ) + tuple(
        Column(f"{target['key']}_{level['key']}", text(
            "document.goal.for", name=target["name"][lang], level=_amount(target, level, lang),
        ))
        for target, level in targets
    )  # fmt: skip
    title, source = text("document.goal.title"), text("document.model_source")
    return [Table("goal", title, columns, rows, source, reading=text("document.goal.reading"))]


def _increment(
    payload: Mapping[str, Any], board: Board, scenario: Scenario, known: Known, lang: str
) -> list[Block]:
    """Return the least increment for every combination of targets, and what each lever adds."""
    text, model = Text(lang), board.model
    found = combinations(model, scenario.values)
    choices = {one["key"]: one for one in payload["choices"]}
    added = [
        key
        for key in model.levers
        if any(round(one["facts"].get(f"added_{key}") or 0.0, 6) for one in found)
    ]
    form = number_format(model.inputs.total.unit, 1)
    sums = ("new", "moved") if model.inputs.share else ("new",)
    rows = []
    for one in found:
        names = [_level(choices[key], level, text) for key, level in one["levels"].items()]
        facts = one["facts"]
        totals = [
            in_unit(facts[total], model.inputs.total.unit, lang) if facts["added_met"] else None
            for total in (f"added_{kind}" for kind in sums)
        ]
        rows.append(
            (*names, *totals, *(_split(facts, f"added_{key}", form[lang], lang) for key in added))
        )
    columns = (
        *(Column(key, text("document.increment.target", name=choices[key]["name"][lang]))
          for key in model.inputs.what_if),
        *_columns(text, *(f"document.increment.{kind}" for kind in sums)),
        *(Column(key, text.name(model.levers[key]), number=True) for key in added),
    )  # fmt: skip
    title, source = text("document.increment.title"), text("document.model_source")
    return [
        Table("least_increment", title, columns, tuple(rows), source,
              reading=text("document.increment.reading")),
        *(still_to_go(model, scenario.values, level)[lang] for level in model.inputs.level_names),
    ]  # fmt: skip


def _split(facts: Mapping[str, Any], signal: str, form: str, lang: str) -> str:
    """Return what a lever adds, with the ends of other splits that take as much if there are."""
    value, low, high = (facts[f"{signal}{end}"] for end in ("", "_low", "_high"))
    if value is None:
        return ""
    kind = "several" if high - low > 0.05 else "only"
    ends = {"value": value, "low": low, "high": high}
    said = {name: fill(f"{{end:{form}}}", {"end": end}, lang) for name, end in ends.items()}
    return Text(lang)(f"document.increment.{kind}", **said)


def _basis(
    payload: Mapping[str, Any], board: Board, scenario: Scenario, known: Known, lang: str
) -> list[Block]:
    """Return all levers with their bounds, reasons and sources."""
    text = Text(lang)
    rows = tuple(
        (text.name(lever), *(_plain(value, lever.unit, lang) for value in
                             (known[key], lever.default, lever.low, lever.high)),
         unit(lever.unit)[lang], getattr(lever, f"reason_{lang}"), lever_source(lever)[lang])
        for key, lever in board.model.levers.items()
    )  # fmt: skip
    columns = _columns(
        text, "document.lever", "board.value", "board.default", "document.low", "document.high",
        "board.unit", "board.basis.reason", "board.source",
    )  # fmt: skip
    return [Table("basis", text("board.basis.assumptions"), columns, rows,
                  text("document.model_source"))]  # fmt: skip


def _rows(
    payload: Mapping[str, Any], board: Board, scenario: Scenario, known: Known, lang: str
) -> list[Block]:
    """Return a table of the page, the rows of what is chosen where there is a choice."""
    rows = payload["rows"].get(str(known.get(payload["by"])) if payload.get("by") else "", [])
    return [_table(payload, rows, known, lang)]


def _table(
    payload: Mapping[str, Any], rows: Iterable[Iterable[Any]], known: Known, lang: str
) -> Table:
    return Table(
        payload["key"],
        said(payload["title"], known, lang, paper=True),
        tuple(
            Column(
                f"{payload['key']}.{column['key']}" if "key" in column else f"column {i}",
                column[lang],
                number=bool(column.get("number")),
            )
            for i, column in enumerate(payload["columns"])
        ),
        tuple(
            tuple(cell[lang] if isinstance(cell, Mapping) else cell for cell in row) for row in rows
        ),
        said(payload["source"], known, lang, paper=True),
        illustrative=bool(payload.get("illustrative")),
    )


def records_table(
    payload: Mapping[str, Any], known: Known, lang: str, most: int | None = None
) -> Table:
    """Return the first rows of a table that readers search, all of them if `most` is None."""
    return _table(payload, decoded(payload, most), known, lang)


def _records(
    payload: Mapping[str, Any], board: Board, scenario: Scenario, known: Known, lang: str
) -> list[Block]:
    """Return a table that readers search, as far as paper has room for it."""
    table = records_table(payload, known, lang, ON_PAPER)
    more = len(payload["rows"]) - ON_PAPER
    left = [Text(lang)("document.records.more", more=more)] if more > 0 else []
    return [table, *left]


#: Parts of the board that have something to say without a screen.
TOOLS: dict[str, Tool] = {
    "goal": _goal,
    "increment": _increment,
    "basis": _basis,
    "table": _rows,
    "records": _records,
}


def scenario_table(board: Board, scenario: Scenario, known: Known, lang: str) -> Table:
    """Return the scenario: all levers and what follows from them, and its link."""
    text, model = Text(lang), board.model
    rows: list[tuple[Any, ...]] = [
        (text.name(lever), in_unit(known[key], lever.unit, lang), unit(lever.unit)[lang],
         in_unit(lever.default, lever.unit, lang))
        for key, lever in model.levers.items()
    ]  # fmt: skip
    for key, value in scenario.overrides.items():
        of = model.inputs.lever_of(key).unit
        rows.append((key, in_unit(value, of, lang), unit(of)[lang], None))
    rows += [
        (text.name(outcome), in_unit(_number(known[key]), outcome.unit, lang),
         unit(outcome.unit)[lang], None)
        for key, outcome in model.outcomes.items()
    ]  # fmt: skip
    rows.append((text("board.link"), scenario.to_link(model), None, None))
    columns = _columns(text, "board.lever", "board.value", "board.unit", "board.default")
    title, source = text("board.scenario"), text("document.model_source")
    return Table("scenario", title, columns, tuple(rows), source)


def _amount(target: Mapping[str, Any], level: Mapping[str, Any], lang: str) -> str:
    return fill(target["amount"][lang], {"value": level["value"]}, lang)


def _level(target: Mapping[str, Any], key: str, text: Text) -> str:
    """Return the name and amount of a target's level, or that none is asked for."""
    for level in target["levels"]:
        if level["key"] == key:
            amount = _amount(target, level, text.lang)
            return text("board.increment.level", level=level["name"][text.lang], amount=amount)
    return text("board.increment.none")


def _plain(value: float, unit_of_it: str, lang: str) -> float | str | None:
    """Return a value in the reader's unit; a year as text, so that no thousands stand in it."""
    return f"{value:.0f}" if unit_of_it == "year" else in_unit(value, unit_of_it, lang)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _columns(text: Text, *keys: str) -> tuple[Column, ...]:
    return tuple(Column(key, text(key)) for key in keys)
