"""What a cell's outputs are on a page: cleaned HTML, charts as pictures, widgets as they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from analysis.text import both

if TYPE_CHECKING:
    import ipywidgets

VIEW = "application/vnd.jupyter.widget-view+json"
AS_IT_STANDS = "a widget that only a notebook can show stands on the page as it was when it ran"
_VEGA_LITE = re.compile(r"application/vnd\.vegalite\.v\d+(\.json|\+json)")
#: Modules whose widgets the page brings to life; others show how they stood.
ALIVE = ("@jupyter-widgets/base", "@jupyter-widgets/controls", "anywidget")
#: The sign that nbconvert sets behind each heading, a link to itself.
_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>[^<]*</a>')
_HEADING = re.compile(r"<h2>(.*?)</h2>")
_CONTROL = re.compile("\x1b\\[[0-9;]*[A-Za-z]\r?")
_TAGS = [
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p",
    "pre", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
]  # fmt: skip
_ATTRIBUTES = {
    "*": ["class", "lang", "title"],
    "a": ["href"],
    "img": ["alt"],
    "th": ["colspan", "rowspan", "scope"],
    "td": ["colspan", "rowspan"],
}


def clean(html: str) -> str:
    """Return HTML without scripts, styles, handlers or foreign addresses, whatever data fed it."""
    from lxml import etree
    from lxml import html as parser
    from nbconvert.preprocessors.sanitize import SanitizeHTML

    root = parser.fragment_fromstring(html, create_parent="div")
    etree.strip_elements(root, "script", "style", with_tail=False)
    inner = escape(root.text or "") + "".join(
        parser.tostring(part, encoding="unicode") for part in root
    )
    cleaner = SanitizeHTML(tags=_TAGS, attributes=_ATTRIBUTES, strip=True)
    return str(cleaner.sanitize_html_tags(inner))


def markdown(source: str) -> str:
    """Return Markdown as cleaned HTML; its headings of the second level have places to go to."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    html = clean(_ANCHOR.sub("", markdown2html_mistune(source)))
    return _HEADING.sub(lambda found: f'<h2 id="{_place(found[1])}">{found[1]}</h2>', html)


def headings(html: str) -> list[tuple[str, str]]:
    """Return (place, HTML-safe title) of each heading that `markdown` gave a place."""
    return re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', html)


def _place(title: str) -> str:
    return "section-" + re.sub(r"\W+", "-", re.sub(r"<[^>]*>", "", title)).strip("-")


def plain(text: str) -> str:
    """Return what a cell printed, without the marks that move a terminal's cursor."""
    return _CONTROL.sub("", text)


def shown(output: Mapping[str, Any], widgets: Mapping[str, ipywidgets.Widget]) -> dict[str, Any]:
    """Return an output as a page can show it: a widget's place, or what it looks like."""
    if VIEW in output:  # without what stands for it as text: an address in memory
        widget = widgets[output[VIEW]["model_id"]]
        return {"text/html": as_it_stands(widget)} if dead(widget) else {VIEW: output[VIEW]}
    for mime, spec in output.items():
        if _VEGA_LITE.fullmatch(mime):
            from analysis.board.drawing import svg, vega

            return {"image/svg+xml": svg(vega(spec))}
    return dict(output)


def _below(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _below(child)


def dead(widget: ipywidgets.Widget) -> bool:
    """Whether a widget holds one that only a notebook can show, as `interact` does."""
    return any(part._model_module not in ALIVE for part in _below(widget))


def as_it_stands(widget: ipywidgets.Widget) -> str:
    """Return a widget's controls with their values, and that they answer in a notebook only."""
    rows = [
        f"<li>{escape(str(part.description or ''))}: {escape(str(part.value))}</li>"
        for part in _below(widget)
        if getattr(part, "description", "") and hasattr(part, "value")
    ]
    note = both("publish.as_it_stands")
    said = "".join(
        f'<span lang="{html}">{escape(note[lang])}</span>'
        for lang, html in (("zh", "zh-CN"), ("en", "en"))
    )
    return f"<ul>{''.join(rows)}</ul><p>{said}</p>"


def without_dead(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return widgets' state without those that no page brings to life, and who holds them."""
    gone = {key for key, model in state.items() if model["model_module"] not in ALIVE}
    while True:
        more = {
            key
            for key, model in state.items()
            if key not in gone and any(f"IPY_MODEL_{one}" in json.dumps(model) for one in gone)
        }
        if not more:
            return {key: model for key, model in state.items() if key not in gone}
        gone |= more
