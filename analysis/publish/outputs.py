"""What a cell's outputs are on a page: cleaned HTML, charts as pictures, widgets as they stand."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ipykernel.jsonutil import encode_images

from analysis.documents.markdown import html_of as html_of_markdown
from analysis.text import both

if TYPE_CHECKING:
    import ipywidgets

VIEW = "application/vnd.jupyter.widget-view+json"
AS_IT_STANDS = "a widget that only a notebook can show stands on the page as it was when it ran"
_VEGA_LITE = re.compile(r"application/vnd\.vegalite\.v\d+(\.json|\+json)")
#: Modules whose widgets the page brings to life; others show how they stood.
ALIVE = (
    "@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/output", "anywidget",
)  # fmt: skip
#: Images that a page shows, and a chart as it is drawn here.
IMAGES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
DRAWN = "drawn"
_SHOWN = re.compile(r'(<img [^<>]*?)src="(\d+)"')
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
    "img": ["alt", "src", "width", "height"],
    "th": ["colspan", "rowspan", "scope"],
    "td": ["colspan", "rowspan"],
}


def clean(html: str, images: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return HTML without scripts, styles, handlers or foreign addresses, whatever data fed it.

    images : those that it shows, by the addresses that it names; no other is shown
    """
    from lxml import etree
    from lxml import html as parser
    from nbconvert.preprocessors.sanitize import SanitizeHTML

    root = parser.fragment_fromstring(html, create_parent="div")
    etree.strip_elements(root, "script", "style", with_tail=False)
    shown: list[str] = []
    for image in root.iter("img"):
        if (found := images.get(image.attrib.pop("src", ""))) is not None:
            image.set("src", str(len(shown)))  # the cleaner knows no data, nor shall it
            shown.append(found)
    inner = escape(root.text or "") + "".join(
        parser.tostring(part, encoding="unicode") for part in root
    )
    cleaner = SanitizeHTML(tags=_TAGS, attributes=_ATTRIBUTES, strip=True)
    cleaned = str(cleaner.sanitize_html_tags(inner))
    return _SHOWN.sub(lambda found: f'{found[1]}src="{shown[int(found[2])]}"', cleaned)


def markdown(source: str, images: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return Markdown as cleaned HTML; its headings of the second level have places to go to."""
    html = clean(html_of_markdown(source), images)
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
    spec = chart(output)
    return {DRAWN: drawn(spec)} if spec is not None else encode_images(dict(output))


def chart(output: Mapping[str, Any]) -> Any:
    """Return an output's Vega-Lite in the page's fonts, None if it is no chart."""
    from analysis.charts.font import FONT

    spec = next((spec for mime, spec in output.items() if _VEGA_LITE.fullmatch(mime)), None)
    return spec and {**spec, "config": {"font": FONT, **spec.get("config", {})}}


def drawn(spec: Mapping[str, Any]) -> str:
    """Return a chart as SVG."""
    from analysis.board.drawing import svg, vega

    return svg(vega(spec))


def html_of(output: Mapping[str, Any]) -> str:
    """Return an output that is no widget: a chart as drawn, an image, cleaned HTML, or text."""
    if DRAWN in output:
        return str(output[DRAWN])
    for kind in IMAGES:
        if kind in output:
            told = encode_images(dict(output))[kind]
            data = b64encode(told.encode()).decode() if kind == IMAGES[0] else told
            return f'<img alt="" src="data:{kind};base64,{escape(data)}">'
    if "text/html" in output:
        return clean(output["text/html"])
    if "text/markdown" in output:
        return markdown(output["text/markdown"])
    return f"<pre>{escape(str(output.get('text/plain', '')))}</pre>"


def lost(output: Mapping[str, Any], widgets: Mapping[str, ipywidgets.Widget]) -> str:
    """Say what of an output stands on no page, "" if nothing is missing."""
    if VIEW in output:
        return AS_IT_STANDS if dead(widgets[output[VIEW]["model_id"]]) else ""
    if chart(output) is not None or any(kind in output for kind in IMAGES):
        return ""
    if html := output.get("text/html", ""):
        empty = not re.sub(r"<(?!img)[^>]*>|\s", "", clean(html)) and "<script" in html
        return "a script draws it, and no page runs a notebook's script" if empty else ""
    other = [mime for mime in output if not mime.startswith("text/")]
    return f"no page shows {other[0]}; its text stands there" if other else ""


def _below(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _below(child)


def dead(widget: ipywidgets.Widget) -> bool:
    """Whether a widget holds one that only a notebook can show, as `interact` does."""
    return any(part._model_module not in ALIVE for part in _below(widget))


def control(widget: ipywidgets.Widget) -> str:
    """Return a control's name and value as HTML-safe text, "" for a widget that has none."""
    if not getattr(widget, "description", "") or not hasattr(widget, "value"):
        return ""
    return f"{escape(str(widget.description))}: {escape(str(widget.value))}"


def as_it_stands(widget: ipywidgets.Widget) -> str:
    """Return a widget's controls with their values, and that they answer in a notebook only."""
    rows = [f"<li>{said}</li>" for said in map(control, _below(widget)) if said]
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
