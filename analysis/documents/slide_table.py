"""A table on slides: how much of it stands on each, how wide its columns are and how large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from analysis.board.columns import Column, letters, widths
from analysis.documents.cells import printable
from analysis.documents.document import Table
from analysis.documents.slide_chart import rgb

#: Room between a slide's margins.
ROOM = Inches(12.133)
#: A higher table goes on on the next slide; the rest of a long one stands in the Excel file.
HIGHEST, MOST_ROWS = Inches(4.4), 36
#: What a line and a letter of a table take.
LINE, LETTER, SMALL = Inches(0.2), Inches(0.092), 11.0


def type_size(table: Table, rows: list[list[str]]) -> float:
    """Return the size of a table's type: a short one is larger, to fill its slide."""
    lines = [[column.heading for column in table.columns], *rows]
    taken = sum(max(map(letters, words)) + 3 for words in zip(*lines, strict=True)) * LETTER
    large = min(SMALL * ROOM / taken, SMALL * HIGHEST / (LINE * 1.5 * (1 + len(rows))), 18.0)
    return float(max(SMALL, int(large)))


def row_height(size: float) -> float:
    """Return how high a row of one line is in a size of type."""
    return LINE * 1.5 * size / SMALL


def fitting(table: Table, cells: list[list[str]]) -> Iterator[tuple[list[float], list[list[str]]]]:
    """Yield the columns' widths and the rows of each slide."""
    wanted = widths(table.columns, cells, ROOM / LETTER)
    room = [ROOM * width / sum(wanted) for width in wanted]
    parts = _by_height(table.columns, cells, room)
    even = -(-len(cells) // len(parts))  # none of them with a row or two left over
    for rows in parts if max(map(len, parts)) < even else [
        cells[i : i + even] for i in range(0, len(cells), even)
    ]:  # fmt: skip
        yield room, rows


def _by_height(
    columns: Sequence[Column], cells: list[list[str]], room: list[float]
) -> list[list[list[str]]]:
    """Return the rows by slides, so that none is higher than a slide has room for."""

    def height(row: Sequence[str]) -> int:
        lines = [-(-letters(text) * LETTER // (width - Inches(0.12)))
                 for text, width in zip(row, room, strict=True)]  # fmt: skip
        return int(Inches(0.06) + max(1, *lines) * LINE)

    head = height([column.heading for column in columns])
    parts: list[list[list[str]]] = [[]]
    left = HIGHEST - head
    for row in cells:
        if left < height(row) and parts[-1]:
            parts.append([])
            left = HIGHEST - head
        parts[-1].append(row)
        left -= height(row)
    return parts


def fill(cell: Any, words: str, head: bool, number: bool, size: float) -> None:
    """Write a cell."""
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb("track" if head else "card")
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if number else PP_ALIGN.LEFT
    # Of a Chinese font that stands in for another, a row is reckoned too low.
    paragraph.line_spacing = Pt(size * LINE / Pt(SMALL))
    add_run(paragraph, words, size, "muted" if head else "ink", head)


def add_run(paragraph: Any, words: str, size: float, colour: str, bold: bool) -> None:
    """Add words to a paragraph, in a size, a colour of the theme and bold or not."""
    run = paragraph.add_run()
    run.text = printable(words)
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = rgb(colour)
