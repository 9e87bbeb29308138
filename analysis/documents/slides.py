"""A document as PowerPoint: one finding a slide, with its picture, its reading and its source."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from analysis.board.columns import Column, letters, widths
from analysis.charts.theme import COLOUR
from analysis.documents.cells import printable
from analysis.documents.document import Card, Cards, Document, Figure, Table
from analysis.documents.picture import png, png_size
from analysis.files import WRITTEN, same_bytes
from analysis.text import Text

#: Fonts that the Office programs bring along.
LATIN, CHINESE = "Arial", "Microsoft YaHei"
WIDE, HIGH = Inches(13.333), Inches(7.5)
MARGIN = Inches(0.6)
ROOM = WIDE - 2 * MARGIN
#: A higher table goes on on the next slide; the rest of a long one stands in the Excel file.
HIGHEST, MOST_ROWS = Inches(4.4), 36
#: What a line and a letter of a table take.
LINE, LETTER = Inches(0.2), Inches(0.092)
#: Columns that can be read on a slide.
MOST_COLUMNS = 9


def slides(document: Document) -> bytes:
    """Return the document as a PowerPoint file; the same document gives the same bytes."""
    deck = _deck()
    _opening(deck, document)
    for section in document.sections:
        texts = [block for block in section.blocks if isinstance(block, str)]
        if section.heading:
            _section(deck, section.heading, texts, document)
        for block in section.blocks:
            if isinstance(block, Cards):
                lead = "" if section.heading else "\n".join(texts)
                _cards(deck, block.cards, lead, document)
            elif isinstance(block, Figure):
                _figure(deck, block, document)
            elif isinstance(block, Table):
                _table(deck, block.for_reading(document.lang), document)
    core = deck.core_properties
    core.title, core.subject = printable(document.title), printable(document.subtitle)
    core.author, core.comments = "", document.label
    core.created = core.modified = WRITTEN
    core.last_modified_by, core.revision = "", 1
    held = io.BytesIO()
    deck.save(held)
    return same_bytes(held.getvalue())


def _deck() -> Any:
    """Return an empty wide deck: its layouts' places and its theme's fonts are set, not ours."""
    deck = Presentation()
    stretch = WIDE / deck.slide_width
    deck.slide_width, deck.slide_height = WIDE, HIGH
    for layout in (deck.slide_master, *deck.slide_layouts):
        for shape in layout.placeholders:
            if shape.element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = (
                    Emu(int(shape.left * stretch)),
                    Emu(int(shape.width * stretch)),
                )
    for place in (deck.slide_master, deck.slide_layouts[5]):
        _place(place.placeholders[0], Inches(0.4), Inches(0.95), 26, MSO_ANCHOR.MIDDLE)
    opening, section = deck.slide_layouts[0], deck.slide_layouts[2]
    _place(opening.placeholders[0], Inches(2.1), Inches(1.7), 38, MSO_ANCHOR.BOTTOM)
    _place(opening.placeholders[1], Inches(4.0), Inches(1.4), 18, MSO_ANCHOR.TOP)
    _place(section.placeholders[0], Inches(1.6), Inches(1.3), 34, MSO_ANCHOR.BOTTOM)
    _place(section.placeholders[1], Inches(3.1), Inches(3.2), 20, MSO_ANCHOR.TOP)
    _fonts(deck)
    return deck


def _place(shape: Any, top: int, height: int, size: float, anchor: Any) -> None:
    shape.left, shape.top, shape.width, shape.height = MARGIN, top, ROOM, height
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, anchor
    body = frame._txBody
    style = body.find(qn("a:lstStyle"))
    for old in list(style):
        style.remove(old)
    level = style.makeelement(qn("a:lvl1pPr"), {"algn": "l", "marL": "0", "indent": "0"})
    level.append(level.makeelement(qn("a:buNone"), {}))
    look = {"sz": str(int(size * 100)), "b": "0", "cap": "none"}
    run = level.makeelement(qn("a:defRPr"), look)
    fill = run.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": COLOUR["ink"].removeprefix("#")}))
    run.append(fill)
    level.append(run)
    style.append(level)


def _fonts(deck: Any) -> None:
    """Name the theme's fonts for Latin and Chinese, which all texts inherit."""
    from lxml import etree

    for part in deck.slide_master.part.package.iter_parts():
        if str(part.partname).startswith("/ppt/theme/"):
            root = etree.fromstring(part.blob)
            for font in root.iter(qn("a:latin")):
                font.set("typeface", LATIN)
            for font in root.iter(qn("a:ea")):
                font.set("typeface", CHINESE)
            part._blob = etree.tostring(
                root, xml_declaration=True, encoding="UTF-8", standalone=True
            )


def _new(deck: Any, layout: int, title: str, document: Document) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    slide.shapes.title.text = printable(title)
    number = f"{document.about}    {len(deck.slides)}"
    _text(slide, number, Inches(7.08), Inches(0.3), 10, "muted", PP_ALIGN.RIGHT)
    if document.label:
        _text(slide, document.label, Inches(0.12), Inches(0.3), 11, "missing", bold=True)
    return slide


def _opening(deck: Any, document: Document) -> None:
    slide = _new(deck, 0, document.title, document)
    slide.placeholders[1].text = printable(f"{document.about}\n{document.subtitle}")


def _section(deck: Any, heading: str, texts: Sequence[str], document: Document) -> None:
    slide = _new(deck, 2, heading, document)
    if texts:
        slide.placeholders[1].text = printable("\n".join(texts))
    else:
        slide.placeholders[1].element.getparent().remove(slide.placeholders[1].element)


def _figure(deck: Any, figure: Figure, document: Document) -> None:
    slide = _new(deck, 5, figure.title, document)
    top = Inches(1.4)
    if figure.illustrative and not document.label:
        words = Text(document.lang)("document.illustrative")
        _text(slide, words, Inches(0.12), Inches(0.3), 11, "missing", bold=True)
    _text(slide, figure.reading, top, Inches(0.75), 14, "muted")
    picture = png(figure.spec)
    width, height = png_size(picture)
    top, room = Inches(2.2), Inches(4.45)
    scale = min(ROOM / width, room / height)
    size = Emu(int(width * scale)), Emu(int(height * scale))
    left = Emu(int(MARGIN + (ROOM - size[0]) / 2))
    shape = slide.shapes.add_picture(io.BytesIO(picture), left, top, *size)
    shape.name = figure.key
    shape._element.nvPicPr.cNvPr.set("descr", printable(figure.alt))
    _text(slide, figure.source, Inches(6.72), Inches(0.36), 10, "muted")
    slide.notes_slide.notes_text_frame.text = printable(f"{figure.alt}\n{figure.source}")


def _cards(deck: Any, cards: Sequence[Card], lead: str, document: Document) -> None:
    slide = _new(deck, 5, Text(document.lang)("document.targets"), document)
    _text(slide, lead, Inches(1.4), Inches(1.6), 16, "ink")
    gap = Inches(0.2)
    width = Emu(int((ROOM - gap * (len(cards) - 1)) / len(cards)))
    for i, card in enumerate(cards):
        left = Emu(int(MARGIN + i * (width + gap)))
        box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, Inches(3.3), width, Inches(2.3))
        box.fill.solid()
        box.fill.fore_color.rgb = _colour("ground")
        box.line.color.rgb = _colour("line")
        box.shadow.inherit = False
        frame = box.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        lines = (
            (card.name, 14, "muted", False), (card.value, 30, "ink", True),
            (card.status, 14, card.tone, False),
        )  # fmt: skip
        for j, (words, size, colour, bold) in enumerate(lines):
            paragraph = frame.paragraphs[0] if j == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.LEFT
            _run(paragraph, words, size, colour, bold)
            paragraph.space_after = Pt(8)
            if words == card.value:
                _run(paragraph, f" {card.unit}", 14, "muted", False)


def _table(deck: Any, table: Table, document: Document) -> None:
    source = table.source
    if len(table.rows) > MOST_ROWS:
        more = Text(document.lang)("document.more", shown=MOST_ROWS, rows=len(table.rows))
        source = f"{source}  {more}"
    parts = [
        (part, room, rows)
        for part in table.split(MOST_COLUMNS)
        for room, rows in _fitting(part, part.texts(document.lang, MOST_ROWS))
    ]
    for number, (part, room, rows) in enumerate(parts, start=1):
        columns, numeric = part.columns, part.numeric()
        counted = f" ({number}/{len(parts)})" if len(parts) > 1 else ""
        slide = _new(deck, 5, table.title + counted, document)
        _text(slide, table.reading, Inches(1.35), Inches(0.55), 12, "muted")
        frame = slide.shapes.add_table(
            1 + len(rows), len(columns), MARGIN, Inches(1.95), ROOM, LINE * (1 + len(rows))
        )
        frame.name = table.key
        for column, width in zip(frame.table.columns, room, strict=True):
            column.width = Emu(int(width))
        for j, column in enumerate(columns):
            _fill(frame.table.cell(0, j), column.heading, True, numeric[j])
            for i, row in enumerate(rows, start=1):
                _fill(frame.table.cell(i, j), row[j], False, numeric[j])
        _text(slide, source, Inches(6.72), Inches(0.36), 10, "muted")


def _fitting(table: Table, cells: list[list[str]]) -> Iterator[tuple[list[float], list[list[str]]]]:
    """Yield the columns' widths and the rows of each slide."""
    wanted = widths(table.columns, cells, ROOM / LETTER)
    room = [ROOM * width / sum(wanted) for width in wanted]
    for rows in _by_height(table.columns, cells, room):
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


def _fill(cell: Any, words: str, head: bool, number: bool) -> None:
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour("track" if head else "card")
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if number else PP_ALIGN.LEFT
    _run(paragraph, words, 11, "muted" if head else "ink", head)


def _text(
    slide: Any, words: str, top: int, height: int, size: float, colour: str,
    align: Any = PP_ALIGN.LEFT, bold: bool = False,
) -> None:  # fmt: skip
    """Add a line of text across the slide; nothing if there are no words."""
    if not words:
        return
    box = slide.shapes.add_textbox(MARGIN, top, ROOM, height)
    box.text_frame.word_wrap = True
    for i, line in enumerate(words.split("\n")):
        paragraph = box.text_frame.paragraphs[0] if i == 0 else box.text_frame.add_paragraph()
        paragraph.alignment = align
        _run(paragraph, line, size, colour, bold)


def _run(paragraph: Any, words: str, size: float, colour: str, bold: bool) -> None:
    run = paragraph.add_run()
    run.text = printable(words)
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = _colour(colour)


def _colour(token: str) -> RGBColor:
    return RGBColor.from_string(COLOUR[token].removeprefix("#").upper())
