"""A notebook's Markdown as HTML, and as the paragraphs, items and tables of a document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def html_of(source: str) -> str:
    """Return Markdown as HTML, as JupyterLab reads it; its images by the addresses it names."""
    return str(_renderer().render(source))


@cache
def _renderer() -> Any:
    """Return what reads Markdown: nbconvert's, which would fail where an attachment is missing."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def _embed_image_or_attachment(self, src: str) -> str:
            return src

    return MarkdownWithMath(renderer=Renderer(escape=False, exclude_anchor_links=True))


def parts(source: str) -> Iterator[str | pd.DataFrame]:
    """Return Markdown's headings (with their #), paragraphs, list items and tables."""
    import pandas as pd  # which a page, whose tables are HTML, does without
    from lxml import html

    for part in html.fragment_fromstring(html_of(source), create_parent="div"):
        if part.tag == "table":
            rows = [[_words(cell) for cell in row.iter("th", "td")] for row in part.iter("tr")]
            yield pd.DataFrame(rows[1:], columns=rows[0])
            continue
        listed = part.tag in ("ul", "ol")
        level = int(part.tag[1]) if part.tag in _HEADINGS else 0
        begins = "#" * level + " " if level else "• " if listed else ""
        pieces = part.iter("li") if listed else [part]
        yield from (begins + words for words in map(_words, pieces) if words)


def _words(part: Any) -> str:
    return " ".join(part.text_content().split())
