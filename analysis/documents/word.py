"""A document as Word: native headings, captions and tables, sources as footnotes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from analysis.board.columns import Column, widths
from analysis.charts.theme import COLOUR
from analysis.documents.cells import printable
from analysis.documents.document import Block, Cards, Document, Figure, Table
from analysis.documents.footnotes import Footnotes
from analysis.documents.letter import lettered
from analysis.documents.picture import png
from analysis.documents.word_template import ensure_styles, fill, label, label_heads, opened
from analysis.files import WRITTEN, same_bytes
from analysis.text import Text

#: Fonts that Word itself brings along; others have something alike in their place.
LATIN, CHINESE = "Arial", "Microsoft YaHei"
#: What a letter of a table takes.
LETTER = Pt(5.4)


def word(document: Document) -> bytes:
    """Return the document as a Word file; the same document gives the same bytes."""
    template = document.letter and document.letter.template("docx", document.lang)
    made = _lettered(document, *template) if template else _plain(document)
    core = made.core_properties
    core.title, core.subject = printable(document.title), printable(document.subtitle)
    core.author, core.comments = "", document.label
    core.language = "zh-CN" if document.lang == "zh" else "en-GB"
    core.created = core.modified = WRITTEN
    core.last_modified_by, core.revision = "", 1
    held = io.BytesIO()
    made.save(held)
    return same_bytes(held.getvalue())


def _plain(document: Document) -> WordDocument:
    """Return the document in the house's own look, with the data behind its figures."""
    made = new_document()
    _page(made, document)
    _styles(made)
    made.add_paragraph(document.about, "Subtitle")
    made.add_paragraph(printable(document.title), "Title")
    made.add_paragraph(printable(document.subtitle), "Subtitle")
    notes = Footnotes(made, document.lang)
    _sections(made, document, notes)
    _data(made, document)
    notes.attach()
    return made


def _lettered(document: Document, name: str, template: bytes) -> WordDocument:
    """Return the document set in a template, its text in the place of the field for it."""
    made = opened(name, template)
    ensure_styles(made)
    label_heads(made, document.label)
    values = document.letter.values(document) if document.letter else {}
    place = fill(made, values)
    end = made.add_paragraph()._p
    notes = Footnotes(made, document.lang)
    _sections(made, lettered(document), notes)
    for element in list(end.itersiblings()):
        if element.tag != qn("w:sectPr"):
            place.addprevious(element)
    for element in (end, place):
        element.getparent().remove(element)
    notes.attach()
    return made


def _sections(made: WordDocument, document: Document, notes: Footnotes) -> None:
    for section in document.sections:
        if section.heading:
            made.add_heading(printable(section.heading), 1)
        for i, block in enumerate(section.blocks):
            _block(made, block, notes, document.lang, bool(document.label))
            if isinstance(block, str) and any(
                isinstance(follows, Figure) for follows in section.blocks[i + 1 : i + 2]
            ):
                made.paragraphs[-1].paragraph_format.keep_with_next = True


def _page(made: WordDocument, document: Document) -> None:
    page = made.sections[0]
    sides, margins = (Mm(210), Mm(297)), (Mm(20), Mm(24), Mm(22))
    page.orientation = WD_ORIENT.PORTRAIT
    if document.landscape:
        page.orientation = WD_ORIENT.LANDSCAPE
        sides, margins = (sides[1], sides[0]), (Mm(14), Mm(15), Mm(13))
    page.page_width, page.page_height = sides
    page.left_margin = page.right_margin = margins[0]
    page.top_margin, page.bottom_margin = margins[1:]
    head = page.header.paragraphs[0]
    head.text = printable(document.title)
    if document.label:
        label(head, document.label)
    foot = page.footer.paragraphs[0]
    foot.text = f"{document.about}    "
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")
    for paragraph in (head, foot):
        for run in paragraph.runs:
            run.font.size = Pt(8)


def _field(paragraph: Any, code: str, shown: str = "1") -> None:
    """Add a field that Word fills in, e.g. the page's number; until then it shows what is given."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _styles(made: WordDocument) -> None:
    """Give each style its fonts for Latin and Chinese, its size and its colour."""
    looks = {
        "Normal": (10, "ink", False), "Title": (22, "ink", True), "Subtitle": (10, "muted", False),
        "Heading 1": (15, "ink", True), "Heading 2": (12, "ink", True),
        "Caption": (8.5, "muted", False), "Body Text 2": (10, "muted", False),
        "Header": (8, "muted", False), "Footer": (8, "muted", False),
    }  # fmt: skip
    for name, (size, colour, bold) in looks.items():
        style = made.styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = _colour(colour)
        for spacing in style.element.rPr.findall(qn("w:spacing")):
            style.element.rPr.remove(spacing)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", CHINESE)):
            fonts.set(qn(f"w:{script}"), font)
    for border in made.styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    made.styles["Body Text 2"].paragraph_format.line_spacing = 1
    normal = made.styles["Normal"]
    normal.paragraph_format.space_after = Pt(6)
    speaks = OxmlElement("w:lang")
    speaks.set(qn("w:val"), "en-GB")
    speaks.set(qn("w:eastAsia"), "zh-CN")
    normal.element.get_or_add_rPr().append(speaks)


def _colour(token: str) -> RGBColor:
    return RGBColor.from_string(COLOUR[token].removeprefix("#").upper())


def _made_up(made: WordDocument, lang: str) -> None:
    run = made.add_paragraph().add_run(Text(lang)("document.illustrative"))
    run.bold, run.font.color.rgb = True, _colour("missing")


def _block(made: WordDocument, block: Block, notes: Footnotes, lang: str, labelled: bool) -> None:
    if isinstance(block, str):
        made.add_paragraph(printable(block), "Body Text")
    elif isinstance(block, Cards):
        cards = block.table(lang)
        if block.illustrative and not labelled:
            _made_up(made, lang)
        _grid(made, cards.columns, cards.texts(lang), cards.numeric())
    else:
        if block.title:
            heading = made.add_heading(printable(block.title), 2)
            if block.source:
                notes.mark(heading, printable(block.source))
        if block.illustrative and not labelled:
            _made_up(made, lang)
        if block.reading:
            said = made.add_paragraph(printable(block.reading), "Body Text 2")
            said.paragraph_format.keep_with_next = True
        if isinstance(block, Figure):
            _figure(made, block, lang)
        else:
            _table(made, block.for_reading(lang), lang)


def _figure(made: WordDocument, figure: Figure, lang: str) -> None:
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(png(figure.spec)), width=_column(made))
    properties = shape._inline.docPr
    properties.set("descr", printable(figure.alt))
    properties.set("name", figure.key)
    caption = made.add_paragraph(style="Caption")
    caption.add_run(Text(lang)("document.figure") + " ")
    # Word shows what is written here until somebody has it count anew.
    counted = 1 + sum("SEQ" in one.get(qn("w:instr")) for one in
                      made.element.body.iter(qn("w:fldSimple")))  # fmt: skip
    _field(caption, "SEQ Figure \\* ARABIC", str(counted))
    caption.add_run(f"  {printable(figure.title)}")


def _table(made: WordDocument, table: Table, lang: str) -> None:
    for part in table.split():
        cells = part.texts(lang)
        _grid(made, part.columns, cells, part.numeric(), part.tones)
    if len(cells) < len(table.rows):
        more = Text(lang)("document.more", shown=len(cells), rows=len(table.rows))
        made.add_paragraph(more, "Caption")


def _data(made: WordDocument, document: Document) -> None:
    """Add the tables behind the figures."""
    behind = [figure.table for figure in document.figures() if figure.table is not None]
    if behind:
        heading = made.add_heading(Text(document.lang)("document.data"), 1)
        heading.paragraph_format.page_break_before = True
    for table in behind:
        made.add_heading(printable(table.title), 2)
        made.add_paragraph(
            printable(table.source), "Caption"
        ).paragraph_format.keep_with_next = True
        _table(made, table.for_reading(document.lang), document.lang)


def _grid(
    made: WordDocument, columns: Sequence[Column], rows: list[list[str]], numeric: list[bool],
    tones: Sequence[Sequence[str]] = (),
) -> None:  # fmt: skip
    """Add a table whose first row is repeated on each page, and of which no row stands alone."""
    heads = [column.heading for column in columns]
    grid = made.add_table(1 + len(rows), len(heads), "Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _lines(grid)
    wanted = widths(columns, rows, 95.0 if len(columns) <= 6 else 110.0)
    room = min(_column(made), sum(wanted) * LETTER)
    measures = [Emu(int(room * width / sum(wanted))) for width in wanted]
    for column, measure in zip(grid.columns, measures, strict=True):
        column.width = measure
    for i, cell in enumerate(grid._cells):
        cell.width = measures[i % len(measures)]
    size = Pt(8.5 if len(heads) <= 6 else 7.5)
    cells = iter(grid._cells)  # in one list: asking a row for its cells walks the whole table
    for number, texts in enumerate([heads, *rows]):
        for i, text in enumerate(texts):
            paragraph = next(cells).paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.space_before = Pt(2)
            paragraph.paragraph_format.keep_with_next = number in (0, 1, len(rows) - 1)
            if numeric[i]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = paragraph.add_run(text)
            run.font.size = size
            if number == 0:
                run.bold, run.font.color.rgb = True, _colour("muted")
            elif tones:
                run.font.color.rgb = _colour(tones[number - 1][i])
    head = grid.rows[0]._tr.get_or_add_trPr()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head.append(repeated)
    for row in grid.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
    made.add_paragraph().paragraph_format.space_after = Pt(4)


def _column(made: WordDocument) -> Emu:
    """Return the room between the margins of a page."""
    return Emu(made._block_width)


def _lines(grid: Any) -> None:
    """Rule the table by rows only, as print does."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "single" if side in ("top", "bottom", "insideH") else "nil")
        line.set(qn("w:sz"), "4")
        line.set(qn("w:color"), COLOUR["line" if side == "insideH" else "grey"].removeprefix("#"))
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "60")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    grid._tbl.tblPr.extend([borders, margins])
