"""A document, whatever it is written as.

A document is in one language. Its texts are plain text: each writer escapes them
as its form needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import pandas as pd

from analysis.board.columns import NEEDLESS, Column, described, in_units, is_number, shown, written
from analysis.documents.cells import printable
from analysis.documents.letter import Letter
from analysis.text import Text

#: Rows of a table that stand in a text; all of them are in the Excel file.
MOST_ROWS = 40
#: Columns of a table that an upright page has room for.
MOST_COLUMNS = 8

#: The colour of a state that is one, as the theme names it.
TONES = {"short": "missing", "expected": "met", "stretch": "met"}
Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with their units and their source.

    rows : texts and numbers; None where there is nothing
    reading : a sentence under the title, or ""
    illustrative : whether any of it is made up for illustration
    tones : a colour a cell, as the theme names it, if its cells are states
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str
    reading: str = ""
    illustrative: bool = False
    tones: tuple[tuple[str, ...], ...] = ()

    def for_reading(self, lang: str) -> Table:
        """Return the table without what only a machine reads: keys, and the other language."""
        return self._only(shown(self.columns, self.rows, lang))

    def named(self) -> Table:
        """Return the table without nameless columns, such as where a mark lies in its picture."""
        kept = [i for i, one in enumerate(self.columns)
                if one.key not in NEEDLESS or one.heading != one.key]  # fmt: skip
        return self._only(kept)

    def split(self, most: int = MOST_COLUMNS) -> tuple[Table, ...]:
        """Return the table as such as an upright page has room for, each with its rows' names."""
        if len(self.columns) <= most:
            return (self,)
        names: list[int] = []
        for i in (i for i, number in enumerate(self.numeric()) if not number):
            if len(names) < 2 and len({tuple(row[n] for n in names) for row in self.rows}) < len(
                self.rows
            ):
                names.append(i)
        rest = [i for i in range(len(self.columns)) if i not in names]
        parts = ceil(len(rest) / (most - len(names)))
        size = ceil(len(rest) / parts)
        return tuple(
            self._only([*names, *rest[start : start + size]]) for start in range(0, len(rest), size)
        )

    def first(self, most: int) -> Table:
        """Return its first columns, on which it says most."""
        return self._only(range(min(most, len(self.columns))))

    def _only(self, keep: Sequence[int]) -> Table:
        return replace(
            self,
            columns=tuple(self.columns[i] for i in keep),
            rows=tuple(tuple(row[i] for i in keep) for row in self.rows),
            tones=tuple(tuple(row[i] for i in keep) for row in self.tones),
        )

    def texts(self, lang: str, most: int = MOST_ROWS) -> list[list[str]]:
        """Return the first rows as a reader reads them."""
        return [
            [
                printable(written(cell, column.key, lang))
                for cell, column in zip(row, self.columns, strict=True)
            ]
            for row in self.rows[:most]
        ]

    def numeric(self) -> list[bool]:
        """Say of each column whether numbers stand in it."""
        return [
            column.number or any(is_number(row[i]) for row in self.rows)
            for i, column in enumerate(self.columns)
        ]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its finding as title, its reading, and its source.

    spec : Vega specification, its signals set; its `width` may still be asked for
    alt : the alternative text
    table : the rows behind it, or None
    """

    key: str
    title: str
    reading: str
    alt: str
    source: str
    spec: Mapping[str, Any]
    table: Table | None = None
    illustrative: bool = False

    @property
    def of_nothing(self) -> bool:
        """Whether there are numbers behind it, and all are 0: there is nothing to see."""
        rows = self.table.rows if self.table else ()
        numbers = [cell for row in rows for cell in row if is_number(cell)]
        return bool(numbers) and not any(numbers)


@dataclass(frozen=True, slots=True)
class Card:
    """One target: its value, and in words where it stands.

    state : `board.still.level`, or "plain" where nothing is judged
    share : how much of the bar is filled, 0 to 1
    """

    name: str
    value: str
    unit: str
    status: str
    state: str
    share: float

    @property
    def tone(self) -> str:
        """The colour that its state is told in: a part of a year is never told as missing."""
        return TONES.get(self.state, "muted")


@dataclass(frozen=True, slots=True)
class Cards:
    """Some targets side by side.

    source : where the values come from; the workbook's model if nothing else is said
    illustrative : whether any of them is made up for illustration
    """

    cards: tuple[Card, ...]
    source: str = ""
    illustrative: bool = False

    def table(self, lang: str) -> Table:
        """Return them as rows."""
        text = Text(lang)
        columns = tuple(Column(key, text(f"document.card.{key}"), number=key == "value")
                        for key in ("name", "value", "unit", "status"))  # fmt: skip
        rows = tuple((c.name, c.value, c.unit, c.status) for c in self.cards)
        return Table(
            "targets", text("document.targets"), columns, rows,
            self.source or text("document.model_source"), illustrative=self.illustrative,
        )  # fmt: skip


Block = str | Figure | Table | Cards


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, empty for what stands before the first one, and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A briefing or a bulletin in one language.

    about : the line of plan, year and date of data
    label : what stands on every page, sheet and slide, such as that data are illustrative
    annexes : tables that only the Excel file has in full, e.g. the scenario
    letter : what makes it a paper to be sent, if it is one
    landscape : whether its pages lie, for a table as wide as they are
    """

    title: str
    subtitle: str
    about: str
    lang: str
    sections: tuple[Section, ...]
    label: str = ""
    annexes: tuple[Table, ...] = ()
    letter: Letter | None = None
    landscape: bool = False

    def conclusions(self) -> list[str]:
        """Return what it says in short: its first answer, and figures' titles that name numbers.

        What rests on made-up data says so, where no label does.
        """
        opening = [block for section in self.sections[:1] if not section.heading
                   for block in section.blocks]  # fmt: skip
        made_up = any(block.illustrative for block in opening if isinstance(block, Cards))
        answer = [(block, made_up) for block in opening if isinstance(block, str)][:1]
        titles = [(figure.title, figure.illustrative) for figure in self.figures()
                  if any(map(str.isdigit, figure.title))]  # fmt: skip
        mark = Text(self.lang)("document.illustrative.mark")
        return list(dict.fromkeys(
            said + mark * (marked and not self.label) for said, marked in [*answer, *titles]
        ))  # fmt: skip

    def figures(self) -> Iterator[Figure]:
        """Return the figures in their order."""
        return (
            block for section in self.sections for block in section.blocks
            if isinstance(block, Figure)
        )  # fmt: skip

    def tables(self) -> Iterator[Table]:
        """Return all tables in their order: standing by themselves, behind figures, annexes."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield block
                elif isinstance(block, Figure) and block.table is not None:
                    yield block.table
        yield from self.annexes

    def sources(self) -> tuple[str, ...]:
        """Return each source once, in the order in which they are first named."""
        named = [
            block.source for section in self.sections for block in section.blocks
            if isinstance(block, (Figure, Table))
        ]  # fmt: skip
        return tuple(dict.fromkeys(source for source in named if source))


def table(frame: pd.DataFrame, key: str, title: str, source: str, lang: str, **more: Any) -> Table:
    """Return a frame as a table, its columns described in the language.

    Parameters
    ----------
    more : reading, illustrative
    """
    from analysis.board.drawing import plain

    columns = described(list(frame.columns), lang, key)
    rows = in_units(columns, plain(frame), lang)
    return Table(key, title, columns, rows, source, **more)
