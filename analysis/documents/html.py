"""A document as one HTML file, which opens offline and prints on A4."""

from __future__ import annotations

import base64
from pathlib import Path

import jinja2

from analysis.charts.font import in_readers_fonts
from analysis.charts.theme import COLOUR
from analysis.documents.document import Document
from analysis.documents.pdf import described
from analysis.documents.picture import svg

TEMPLATES = Path(__file__).parent / "templates"
#: Nothing is loaded from anywhere, and no script runs.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def html(document: Document) -> bytes:
    """Return the document as one file without scripts; every text in it is escaped."""
    pictures = {f"{figure.key}.svg": _address(svg(figure.spec)) for figure in document.figures()}
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True)
    page = environment.get_template("document.html").render(
        doc=described(document), pictures=pictures, sources=document.sources(),
        colour=COLOUR, policy=POLICY,
    )  # fmt: skip
    return page.encode()


def _address(picture: str) -> str:
    """Return a picture as an address; its text is in the reader's fonts."""
    drawn = in_readers_fonts(picture)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()
