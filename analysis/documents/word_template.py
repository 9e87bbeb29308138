"""A Word template's fields: where they are, and what stands there in the end."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any
from zipfile import BadZipFile

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import RGBColor

from analysis.charts.theme import COLOUR
from analysis.documents.letter import BODY, TemplateError

FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
#: What isn't closed, or opened, is no field: its text is named as it stands.
LOOSE = re.compile(r"\{\{[^{}]*|[^{}]*\}\}")


def opened(file: str, content: bytes) -> WordDocument:
    """Return a template as a document of its own.

    Raises
    ------
    TemplateError : if it is no Word file
    """
    try:
        return new_document(io.BytesIO(content))
    except (BadZipFile, KeyError, ValueError, SyntaxError, AttributeError):
        raise TemplateError("not_word", {"file": file}) from None


def placeholders(made: WordDocument) -> list[str]:
    """Return the names of all fields; of the text only where it can stand, a paragraph alone."""
    names = []
    for paragraph in _paragraphs(made):
        text = _text(paragraph)
        if (found := FIELD.findall(text)) == [BODY]:
            names += found if _alone(made, paragraph) else []
        else:
            names += [*found, *(one.strip() for one in LOOSE.findall(FIELD.sub("", text)))]
    return names


def fill(made: WordDocument, values: Mapping[str, str]) -> Any:
    """Put the values in; return the paragraph that the text goes in the place of.

    A paragraph whose fields are all empty goes, unless it is the only one of its cell.
    """
    body = None
    for paragraph in list(_paragraphs(made)):
        text = _text(paragraph)
        names = FIELD.findall(text)
        if names == [BODY]:
            body = paragraph
        elif names:
            parent = paragraph.getparent()
            several = len(parent.findall(qn("w:p"))) > 1
            if several and not any(values[name] for name in names):
                parent.remove(paragraph)
            else:
                _replace(paragraph, text, values)
    return body


def ensure_styles(made: WordDocument) -> None:
    """Add the styles that a text needs and a template doesn't have: as Word itself has them."""
    usual = new_document().styles
    for name in ("Body Text", "Body Text 2", "Heading 1", "Heading 2", "Caption", "Table Grid"):
        if name not in made.styles:
            made.styles.element.append(deepcopy(usual[name].element))


def label_heads(made: WordDocument, words: str) -> None:
    """Let a label stand on every page, whatever the template has at their heads."""
    both_sides = made.settings.odd_and_even_pages_header_footer
    for number, section in enumerate(made.sections if words else ()):
        heads = [section.header]
        heads += [section.first_page_header] if section.different_first_page_header_footer else []
        heads += [section.even_page_header] if both_sides else []
        for head in heads:
            if number == 0 or not head.is_linked_to_previous:
                label(head.paragraphs[0] if head.paragraphs else head.add_paragraph(), words)


def label(paragraph: Any, words: str) -> None:
    """Add what must be seen, that data are illustrative."""
    run = paragraph.add_run(f"    {words}")
    run.bold, run.font.color.rgb = True, RGBColor.from_string(COLOUR["missing"].removeprefix("#"))


def _paragraphs(made: WordDocument) -> Iterator[Any]:
    """Return all paragraphs: of the text, its tables and boxes, headers and footers."""
    parts = [made.part, *(made.part.related_parts.values())]
    for part in parts:
        if part is made.part or re.search(r"/(header|footer)\d*\.xml$", str(part.partname)):
            yield from part.element.iter(qn("w:p"))


def _alone(made: WordDocument, paragraph: Any) -> bool:
    return paragraph.getparent() is made.element.body and bool(FIELD.fullmatch(_text(paragraph)))


def _pieces(paragraph: Any) -> list[Any]:
    """Return the texts of a paragraph itself, not of a box that hangs on it."""
    return [
        piece
        for piece in paragraph.iter(qn("w:t"))
        if next(piece.iterancestors(qn("w:p"))) is paragraph
    ]


def _text(paragraph: Any) -> str:
    return "".join(piece.text or "" for piece in _pieces(paragraph))


def _replace(paragraph: Any, text: str, values: Mapping[str, str]) -> None:
    """Put values where fields stand: in the look of the run that each begins in.

    Word cuts a paragraph into runs anywhere, and so through a field.
    """
    pieces = _pieces(paragraph)
    ends, end = [], 0
    for piece in pieces:
        end += len(piece.text or "")
        ends.append(end)
    new: list[str] = [""] * len(pieces)

    def piece_at(place: int) -> int:
        return next(i for i, end in enumerate(ends) if place < end)

    place = 0
    for found in [*FIELD.finditer(text), None]:
        until = found.start() if found else len(text)
        for i in range(place, until):
            new[piece_at(i)] += text[i]
        if found:
            new[piece_at(until)] += values[found[1]]
            place = found.end()
    for piece, words in zip(pieces, new, strict=True):
        piece.text = words
        piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
