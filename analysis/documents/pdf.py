"""A document as PDF: A4, figures as vectors, sources as footnotes."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from analysis.board.columns import widths
from analysis.charts.font import FONTS
from analysis.charts.theme import COLOUR
from analysis.documents.cells import printable
from analysis.documents.document import MOST_ROWS, Block, Cards, Document, Figure, Table
from analysis.documents.letter import TEMPLATES, Letter, TemplateError, lettered
from analysis.documents.picture import height_to_width, svg
from analysis.files import WRITTEN
from analysis.text import Text

#: Letters across a page, in tables of few and of many columns, whose type is smaller.
FEW, MANY = 115.0, 135.0
TEMPLATE = TEMPLATES / "document.typ"
#: A paper's label stands on every page, whatever its template has there.
LETTER = """#import "blocks.typ": doc, colour
#set page(foreground: place(top + center, dy: 9mm,
  text(9pt, font: "Noto Sans SC", weight: "bold", fill: colour.missing, doc.label)))
#include "letter.typ"
"""


def pdf(document: Document) -> bytes:
    """Return the document as PDF; all text stays text, so that it can be searched and read aloud.

    Raises
    ------
    TemplateError : if a template of the reader's can't be laid out
    """
    return _compiled(document, "pdf")[0]


def pages(document: Document, ppi: float = 96) -> list[bytes]:
    """Return the document's pages as PNG."""
    return _compiled(document, "png", ppi=ppi)


def _compiled(document: Document, form: str, **options: Any) -> list[bytes]:
    import typst

    template = document.letter and document.letter.template("pdf", document.lang)
    if template:
        document = lettered(document)
    with tempfile.TemporaryDirectory(prefix="workbook-pdf-") as name:
        folder = Path(name)
        for figure in document.figures():
            (folder / f"{figure.key}.svg").write_text(svg(figure.spec), "utf-8")
        (folder / "document.json").write_text(
            json.dumps(described(document), ensure_ascii=False), "utf-8"
        )
        shutil.copy(TEMPLATES / "blocks.typ", folder)
        main = LETTER.encode() if template else TEMPLATE.read_bytes()
        (folder / "main.typ").write_bytes(main)
        if template:
            (folder / "letter.typ").write_bytes(template[1])
        compile_any: Any = typst.compile  # its stubs know each form alone
        try:
            made = compile_any(
                str(folder / "main.typ"),
                root=str(folder),
                font_paths=[str(FONTS)],
                format=form,
                timestamp=int(WRITTEN.timestamp()),
                **options,
            )
        except typst.TypstError as error:
            if not template:
                raise
            given = {"file": template[0], "why": " ".join(error.message.split())}
            raise TemplateError("typst", given) from None
    return list(made) if isinstance(made, list) else [made]


def described(document: Document) -> dict[str, Any]:
    """Return the document as the template reads it: texts as data, never as markup."""
    text = Text(document.lang)
    sources = {source: f"source-{i}" for i, source in enumerate(document.sources())}
    return {
        "title": printable(document.title),
        "subtitle": printable(document.subtitle),
        "about": document.about,
        "label": document.label,
        "landscape": document.landscape,
        "lang": document.lang,
        "fields": (document.letter or Letter()).values(document),
        "colour": COLOUR,
        "text": {
            key: text(f"document.{key}") for key in ("contents", "sources", "illustrative")
        },
        "sections": [
            {
                "heading": printable(section.heading),
                "blocks": [_block(block, sources, document.lang) for block in section.blocks],
            }
            for section in document.sections
        ],
    }  # fmt: skip


def _block(block: Block, sources: dict[str, str], lang: str) -> dict[str, Any]:
    if isinstance(block, str):
        return {"kind": "text", "text": printable(block)}
    if isinstance(block, Cards):
        cards = [
            {"name": c.name, "value": c.value, "unit": c.unit, "status": c.status,
             "tone": c.tone, "share": c.share}
            for c in block.cards
        ]  # fmt: skip
        return {"kind": "cards", "cards": cards, "illustrative": block.illustrative}
    shared = {
        "title": printable(block.title),
        "reading": printable(block.reading),
        "source": printable(block.source),
        "mark": sources.get(block.source),
        "illustrative": block.illustrative,
    }
    if isinstance(block, Figure):
        ratio = height_to_width(svg(block.spec))
        picture = {"file": f"{block.key}.svg", "alt": printable(block.alt), "ratio": ratio}
        return {"kind": "figure", **picture, **shared}
    return {"kind": "table", **_table(block.for_reading(lang), lang), **shared}


def _table(table: Table, lang: str) -> dict[str, Any]:
    shown = min(len(table.rows), MOST_ROWS)
    more = Text(lang)("document.more", shown=shown, rows=len(table.rows))
    return {
        "parts": [_grid(part, lang) for part in table.split()],
        "lines": shown,
        "more": more if shown < len(table.rows) else "",
    }


def _grid(table: Table, lang: str) -> dict[str, Any]:
    cells = table.texts(lang)
    return {
        "columns": [column.heading for column in table.columns],
        "numeric": table.numeric(),
        "widths": widths(table.columns, cells, FEW if len(table.columns) <= 6 else MANY),
        "rows": cells,
        "tones": [list(row) for row in table.tones],
    }
