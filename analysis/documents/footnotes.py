"""Footnotes in a Word file, which python-docx can't write.

A footnote is an entry of a part of its own, which the text refers to by number.
"""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from lxml import etree

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
#: The two entries that every Word file with footnotes begins with: the lines above them.
SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{mark}/></w:r></w:p></w:footnote>'
    for number, kind, mark in (
        (-1, "separator", "separator"),
        (0, "continuationSeparator", "continuationSeparator"),
    )
)


class Footnotes:
    """The footnotes of one Word document; the same text is one entry a mention."""

    def __init__(self, made: WordDocument, lang: str) -> None:
        self._made = made
        self._root = etree.fromstring(
            f"<w:footnotes {nsdecls('w')}>{SEPARATORS}</w:footnotes>".encode()
        )
        self._count = 0
        styles = made.styles
        note = styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH)
        note.base_style = styles["Normal"]
        note.font.size = Pt(8)
        note.paragraph_format.space_after = Pt(0)
        mark = styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
        mark.font.superscript = True
        self._note_style, self._mark_style = note.style_id, mark.style_id

    def mark(self, paragraph: Any, text: str) -> None:
        """Put a footnote's number at the end of a paragraph."""
        self._count += 1
        run = self._run("w:footnoteReference", self._count)
        paragraph._p.append(run)
        note = etree.SubElement(self._root, qn("w:footnote"), {qn("w:id"): str(self._count)})
        body = etree.SubElement(note, qn("w:p"))
        shape = etree.SubElement(body, qn("w:pPr"))
        etree.SubElement(shape, qn("w:pStyle"), {qn("w:val"): self._note_style})
        body.append(self._run("w:footnoteRef", None))
        said = etree.SubElement(body, qn("w:r"))
        content = etree.SubElement(said, qn("w:t"))
        content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        content.text = f" {text}"

    def _run(self, tag: str, number: int | None) -> Any:
        run, shape, style = OxmlElement("w:r"), OxmlElement("w:rPr"), OxmlElement("w:rStyle")
        style.set(qn("w:val"), self._mark_style)
        shape.append(style)
        run.append(shape)
        mark = OxmlElement(tag)
        if number is not None:
            mark.set(qn("w:id"), str(number))
        run.append(mark)
        return run

    def attach(self) -> None:
        """Add the part with all footnotes to the document; nothing if there are none."""
        if not self._count:
            return
        package = self._made.part.package
        blob = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE, blob, package)
        self._made.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
