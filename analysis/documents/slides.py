"""A document as PowerPoint: one finding a slide, with its picture, its reading and its source."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from analysis.board.columns import letters
from analysis.charts.theme import COLOUR
from analysis.documents.cells import printable
from analysis.documents.document import Cards, Document, Figure, Section, Table
from analysis.documents.native import native
from analysis.documents.native_table import of_table
from analysis.documents.picture import png, png_size
from analysis.documents.slide_chart import add_chart, rgb
from analysis.documents.slide_table import (
    MOST_ROWS,
    ROOM,
    add_run,
    fill,
    fitting,
    row_height,
    type_size,
)
from analysis.files import WRITTEN, same_bytes
from analysis.text import Text

#: Fonts that the Office programs bring along.
LATIN, CHINESE = "Arial", "Microsoft YaHei"
WIDE, HIGH = Inches(13.333), Inches(7.5)
MARGIN = Emu((WIDE - ROOM) // 2)
#: Columns that can be read on a slide.
MOST_COLUMNS = 9
#: Where a slide's picture or chart stands.
CHART_TOP, CHART_ROOM = Inches(2.2), Inches(4.45)
PLACE = (MARGIN, CHART_TOP, ROOM, CHART_ROOM)
#: Sizes of points, letters in a line of each, and lines on a slide.
POINTS = ((20, 82.0, 11.0), (16, 104.0, 15.0), (14, 116.0, 18.0))


def slides(document: Document) -> bytes:
    """Return the document as a PowerPoint file; the same document gives the same bytes."""
    deck = _deck()
    _opening(deck, document)
    _points(deck, Text(document.lang)("document.conclusions"), document.conclusions(), document)
    words: list[str] = []
    for section in document.sections:
        words += _section(deck, section, document)
    _points(deck, Text(document.lang)("document.notes"), words, document)
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
    opening = deck.slide_layouts[0]
    _place(opening.placeholders[0], Inches(2.1), Inches(1.7), 38, MSO_ANCHOR.BOTTOM)
    _place(opening.placeholders[1], Inches(4.0), Inches(1.4), 18, MSO_ANCHOR.TOP)
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


def _section(deck: Any, section: Section, document: Document) -> list[str]:
    """Add a section's slides, its texts in the notes of the first; return texts that have none."""
    texts = [block for block in section.blocks if isinstance(block, str)]
    before = len(deck.slides)
    for block in section.blocks:
        if isinstance(block, Cards):
            _cards(deck, block, document)
        elif isinstance(block, Figure):
            _figure(deck, block, document)
        elif isinstance(block, Table):
            _table(deck, block.for_reading(document.lang), document)
    for slide in list(deck.slides)[before:]:
        _text(slide, section.heading, Inches(0.12), Inches(0.3), 11, "muted", PP_ALIGN.RIGHT)
    if not texts or section.heading == "":
        return []
    if len(deck.slides) == before:
        return [f"{section.heading}: {' '.join(texts)}"]
    notes = deck.slides[before].notes_slide.notes_text_frame
    notes.text = printable("\n".join(filter(None, [*texts, notes.text])))
    return []


def _points(deck: Any, title: str, words: Sequence[str], document: Document) -> None:
    """Add points on a slide, smaller where they are many; on several where they are too many."""

    def lines_in(width: float) -> list[float]:
        return [-(-letters(one) // width) + 0.5 for one in words]

    fitting = (one for one in POINTS if sum(lines_in(one[1])) <= one[2])
    size, width, most = next(fitting, POINTS[-1])
    lines = lines_in(width)
    while words:
        count = max(1, sum(total <= most for total in accumulate(lines)))
        slide = _new(deck, 5, title, document)
        points = "\n".join(f"• {one}" for one in words[:count])
        _text(slide, points, Inches(1.5), Inches(5.0), size, "ink", after=size / 2)
        words, lines = words[count:], lines[count:]


def _made_up(slide: Any, document: Document) -> None:
    if not document.label:  # which stands there already
        words = Text(document.lang)("document.illustrative")
        _text(slide, words, Inches(0.12), Inches(0.3), 11, "missing", bold=True)


def _figure(deck: Any, figure: Figure, document: Document) -> None:
    slide = _new(deck, 5, figure.title, document)
    top = Inches(1.4)
    if figure.illustrative:
        _made_up(slide, document)
    _text(slide, figure.reading, top, Inches(0.75), 14, "muted")
    chart = native(figure, document.lang) or of_table(figure.table, document.lang)
    shape = (
        add_chart(slide, chart, (MARGIN, CHART_TOP, ROOM, CHART_ROOM))
        if chart
        else _picture(slide, figure)
    )
    shape.name = figure.key
    shape._element.xpath(".//p:cNvPr")[0].set("descr", printable(figure.alt))
    _text(slide, figure.source, Inches(6.72), Inches(0.36), 10, "muted")
    slide.notes_slide.notes_text_frame.text = printable(f"{figure.alt}\n{figure.source}")


def _picture(slide: Any, figure: Figure) -> Any:
    """Add a figure that no chart of PowerPoint's says as it is."""
    picture = png(figure.spec)
    width, height = png_size(picture)
    scale = min(ROOM / width, CHART_ROOM / height)
    size = Emu(int(width * scale)), Emu(int(height * scale))
    left = Emu(int(MARGIN + (ROOM - size[0]) / 2))
    return slide.shapes.add_picture(io.BytesIO(picture), left, CHART_TOP, *size)


def _cards(deck: Any, block: Cards, document: Document) -> None:
    cards = block.cards
    slide = _new(deck, 5, Text(document.lang)("document.targets"), document)
    if block.illustrative:
        _made_up(slide, document)
    gap = Inches(0.2)
    width = Emu(int((ROOM - gap * (len(cards) - 1)) / len(cards)))
    for i, card in enumerate(cards):
        left = Emu(int(MARGIN + i * (width + gap)))
        box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, Inches(2.2), width, Inches(3.2))
        box.fill.solid()
        box.fill.fore_color.rgb = rgb("ground")
        box.line.color.rgb = rgb("line")
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
            add_run(paragraph, words, size, colour, bold)
            paragraph.space_after = Pt(8)
            if words == card.value:
                add_run(paragraph, f" {card.unit}", 14, "muted", False)


def _table(deck: Any, table: Table, document: Document) -> None:
    source = table.source
    if len(table.rows) > MOST_ROWS:
        more = Text(document.lang)("document.more", shown=MOST_ROWS, rows=len(table.rows))
        source = f"{source}  {more}"
    parts = [
        (part, room, rows)
        for part in table.split(MOST_COLUMNS)
        for room, rows in fitting(part, part.texts(document.lang, MOST_ROWS))
    ]
    for number, (part, room, rows) in enumerate(parts, start=1):
        columns, numeric = part.columns, part.numeric()
        counted = f" ({number}/{len(parts)})" if len(parts) > 1 else ""
        slide = _new(deck, 5, table.title + counted, document)
        _text(slide, table.reading, Inches(1.35), Inches(0.55), 12, "muted")
        size = type_size(part, rows)
        frame = slide.shapes.add_table(
            1 + len(rows),
            len(columns),
            MARGIN,
            Inches(1.95),
            ROOM,
            int(row_height(size)) * (1 + len(rows)),
        )
        frame.name = table.key
        for column, width in zip(frame.table.columns, room, strict=True):
            column.width = Emu(int(width))
        for j, column in enumerate(columns):
            fill(frame.table.cell(0, j), column.heading, True, numeric[j], size)
            for i, row in enumerate(rows, start=1):
                fill(frame.table.cell(i, j), row[j], False, numeric[j], size)
        _text(slide, source, Inches(6.72), Inches(0.36), 10, "muted")


def _text(
    slide: Any, words: str, top: int, height: int, size: float, colour: str,
    align: Any = PP_ALIGN.LEFT, bold: bool = False, after: float = 0.0,
) -> None:  # fmt: skip
    """Add a line of text across the slide; nothing if there are no words."""
    if not words:
        return
    box = slide.shapes.add_textbox(MARGIN, top, ROOM, height)
    box.text_frame.word_wrap = True
    for i, line in enumerate(words.split("\n")):
        paragraph = box.text_frame.paragraphs[0] if i == 0 else box.text_frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = align, Pt(after)
        add_run(paragraph, line, size, colour, bold)
