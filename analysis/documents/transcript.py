"""A notebook's page as a document.

The notebook is run as it stands, and what its cells show is written down in its
order: texts, cards and figures in the scenario that is asked for, and for each
tool that only a screen has, the table that it would answer from.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ipywidgets
import pandas as pd

from analysis.amounts import whole
from analysis.board import Board
from analysis.board.columns import described, in_units
from analysis.board.still import card, signals, still
from analysis.board.view import View
from analysis.conditions import reckoned
from analysis.documents import markdown
from analysis.documents.document import Block, Card, Cards, Document, Figure, Section, Table, table
from analysis.documents.tools import TOOLS, scenario_table
from analysis.errors import WorkbookError
from analysis.scenario import Scenario
from analysis.scenario.value import ScenarioError
from analysis.text import Text, said

#: Width at which a figure is drawn, px: its text of 12 px is 8 pt across an A4 column.
WIDTH = 720
#: The file that an error in a cell is said to be in.
CELL = "<cell>"
#: The tag of cells that are for reading in Lab: they run, and stand on no page and no paper.
UNPUBLISHED = "remove-cell"


class NoBriefingError(WorkbookError, ValueError):
    """A notebook that shows nothing of a page with levers, of which documents are made."""


def transcript(
    notebook: Path,
    lang: str,
    about: str,
    scenario: Scenario | None = None,
    choices: Mapping[str, str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Document:
    """Return a briefing as a document.

    Parameters
    ----------
    notebook : its cells are run in this process
    about : the line of plan, year and date of data
    scenario : levers that differ from their defaults; the defaults if None
    choices : choice -> what is chosen, e.g. {"district": "hanyang"}; the first of each if None
    progress : told the title of each section as it is written down

    Raises
    ------
    analysis.scenario.ScenarioError : a lever that is unknown or out of bounds
    NoBriefingError : there is nothing of a page in it
    """
    scenario = (scenario or Scenario()).check().trimmed()
    sections: list[tuple[str, list[Block]]] = [("", [])]
    title = ""
    board: Board | None = None
    known: Mapping[str, Any] = {}
    parts = list(_parts(notebook))
    for part in parts:
        if isinstance(part, str):
            heading = part.lstrip("#").strip()
            if part.startswith("# ") and not title:
                title = heading
            elif part.startswith("#"):
                sections.append((heading, []))
            else:
                sections[-1][1].append(part)
            continue
        if isinstance(part, pd.DataFrame):
            sections[-1][1].append(table(part, f"table {len(sections)}", "", "", lang))
            continue
        if part.board is not board:
            board = part.board
            known = {**signals(board, scenario.values), **_chosen(parts, board, choices or {})}
        kind, payload = part.part, part.payload
        if kind == "prose":
            words = said(payload["message"], known, lang, paper=True)
            if payload["tag"] == "h1" and not title:
                title = words
            elif payload["tag"] in ("h1", "h2", "h3"):
                sections.append((words, []))
                progress(words)
            else:
                sections[-1][1].append(words)
        elif kind == "cards":
            sections[-1][1].append(_cards(payload, known, lang, _of_model(board)))
        elif kind == "figure":
            figure = _figure(payload, known, lang)
            if not figure.of_nothing:  # the text beside it says so
                sections[-1][1].append(figure)
        elif kind in TOOLS:
            sections[-1][1].extend(TOOLS[kind](payload, board, scenario, known, lang))
    if board is None:
        raise NoBriefingError(
            f"{notebook.name} shows no page that documents are made of; begin one in it with"
            " analysis.page(title=…), or print the page in a browser"
        )
    text = Text(lang)
    return Document(
        title=title,
        subtitle=_subtitle(board, scenario, text),
        about=about,
        lang=lang,
        sections=tuple(Section(heading, tuple(blocks)) for heading, blocks in sections if blocks),
        annexes=(scenario_table(board, scenario, known, lang),),
    )


def _subtitle(board: Board, scenario: Scenario, text: Text) -> str:
    """Name the scenario; a page whose cards are a ledger's needs one only where levers moved."""
    if not scenario.values:
        name = text("document.scenario.default")
        return text("document.in_scenario", name=name) if _of_model(board) else ""
    named = [one for one in board.presets if one["levers"] == dict(scenario.levers)]
    changed = [
        f"{text.name(lever)} {whole(scenario.levers[key], lever.unit, text.lang)}"
        for key, lever in board.model.levers.items()
        if key in scenario.levers
    ]
    levers = text("board.list_end").join(changed)
    if named:
        name = named[0]["name"][text.lang]
    elif scenario.name:
        quoted = text("document.scenario.named", name=scenario.name)
        name = text("board.scenario_named", name=quoted, levers=levers)
    else:
        name = text("board.scenario_own", levers=levers)
    return text("document.in_scenario", name=name)


def _of_model(board: Board) -> bool:
    """Say whether all that the cards show is the model's: its outcomes, or levers themselves."""
    known = {*board.model.outcomes, *board.model.levers}
    return all(card["outcome"] in known for card in board.cards_shown)


def _chosen(
    parts: Iterable[str | View | pd.DataFrame], board: Board, choices: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the board's choices bring: the option asked for, or the one they open with."""
    facts: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, View) and part.board is board and part.part == "choice":
            key, options = part.payload["key"], part.payload["options"]
            wanted = choices.get(key, part.payload["first"])
            found = next((option for option in options if option["key"] == wanted), None)
            if found is None:
                there = ", ".join(option["key"] for option in options)
                raise ScenarioError(f"{key}: {wanted!r} can't be chosen; there are {there}")
            facts |= {key: wanted, **found.get("facts", {})}
    return facts


def _parts(notebook: Path) -> Iterator[str | View | pd.DataFrame]:
    """Run the cells and return what they show, part by part."""
    import nbformat

    shown: list[Any] = []
    names: dict[str, Any] = {"__name__": "__main__", "display": lambda *given: shown.extend(given)}
    for cell in nbformat.read(notebook, as_version=4).cells:
        published = UNPUBLISHED not in cell.metadata.get("tags", [])
        if cell.cell_type == "code":
            shown.clear()
            with patch("IPython.display.display", names["display"]):
                shown.append(last_value(cell.source, names))
            if published:
                yield from (part for each in shown for part in views(each))
        elif cell.cell_type == "markdown" and published:
            yield from markdown.parts(cell.source)


def on_paper(cells: Iterable[tuple[str, Iterable[Any]]]) -> bool:
    """Whether documents are made of cells, given each with what it shows.

    They are plain Python, without a kernel's own commands, and show a part of a page.
    """
    found = False
    for source, shown in cells:
        try:
            ast.parse(source)
        except SyntaxError:
            return False
        found = found or any(isinstance(part, View) for each in shown for part in views(each))
    return found


def last_value(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last expression, as a notebook would show it."""
    body = ast.parse(source).body
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr):
        exec(compile(ast.Module(body, []), CELL, "exec"), names)
        return None
    exec(compile(ast.Module(body[:-1], []), CELL, "exec"), names)
    return eval(compile(ast.Expression(last.value), CELL, "eval"), names)


def views(shown: Any) -> Iterator[View | pd.DataFrame]:
    """Return the parts that a cell's value shows, in their order."""
    if isinstance(shown, (View, pd.DataFrame)):
        yield shown
    elif isinstance(shown, ipywidgets.Box):
        parts = [view for child in shown.children for view in views(child)]
        # The part with the download button names it in words; a document has its sources instead.
        if not any(isinstance(part, View) and part.part == "tables" for part in parts):
            yield from parts


def _cards(
    payload: Mapping[str, Any], known: Mapping[str, Any], lang: str, of_model: bool
) -> Cards:
    """Return cards; what is not the model's is a ledger's."""
    cards = []
    for each in payload["cards"]:
        at = card(each, known, lang)
        cards.append(
            Card(each["name"][lang], at.value, each["unit"][lang], at.status, at.state, at.share)
        )
    made_up, text = payload["illustrative"], Text(lang)
    ledger = text(f"structure.source.{'illustrative' if made_up else 'reported'}")
    return Cards(
        tuple(cards), "" if of_model else text("document.card.source", ledger=ledger), made_up
    )


def _figure(payload: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> Figure:
    title, reading, alt, source = (
        said(payload[key], known, lang, paper=True) for key in ("title", "say", "alt", "source")
    )
    held = payload["table"]
    columns = described(held["keys"], lang, payload["key"])
    shown = tuple(tuple(_shown(cell, known, lang) for cell in row) for row in held["rows"])
    rows = in_units(columns, shown, lang)
    return Figure(
        key=payload["key"],
        title=title,
        reading=reading,
        alt=alt,
        source=source,
        spec=still(payload["specs"][lang], known, WIDTH),
        table=Table(payload["key"], title, columns, rows, source,
                    illustrative=payload["illustrative"]),
        illustrative=payload["illustrative"],
    )  # fmt: skip


def _shown(cell: Any, known: Mapping[str, Any], lang: str) -> Any:
    """Return a cell: in a scenario where it follows that, in the language where it is a text."""
    if not isinstance(cell, Mapping):
        return cell
    return reckoned(cell["live"], known) if "live" in cell else cell[lang]
