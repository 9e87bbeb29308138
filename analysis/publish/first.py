"""What stands on the page before any script has run: texts, numbers, and charts as SVG.

The parts have the classes and the shape of those that the board draws later, so
that the living page takes their place without a jump, and a search engine or a
reader without scripts has the whole briefing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import ipywidgets

from analysis.board.board import Board
from analysis.board.drawing import svg
from analysis.board.still import card, filled, signals, still
from analysis.board.view import WIDTH, View
from analysis.charts.theme import PALETTES
from analysis.publish import output_area
from analysis.publish.first_levers import levers_html
from analysis.publish.first_tables import made_up, records, say, table
from analysis.publish.outputs import control
from analysis.publish.widgets import all_widgets
from analysis.text import Text

#: Widths at which charts are drawn ahead, px; the sheet of styles shows the one that fits.
WIDTHS = {"wide": WIDTH, "middle": 630, "narrow": 328}
#: What a status begins with; the words say the same.
SIGNS = {"short": "✕", "expected": "✓", "stretch": "✓✓", "to_come": "…", "so_far": "…",
         "unknown": ""}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look is written for.

    lang : "zh" or "en"
    levers : a scenario's levers, None for the one that the page opens with
    draw : how a Vega specification becomes SVG
    """

    lang: str
    levers: Mapping[str, float] | None = None
    draw: Callable[[Mapping[str, Any]], str] = svg
    _known: dict[Board, dict[str, Any]] = field(default_factory=dict)

    def known(self, board: Board) -> dict[str, Any]:
        """Return the names that a board's texts and charts use, which all its parts share."""
        if board not in self._known:
            self._known[board] = signals(board, self.levers)
        return self._known[board]


def first_html(model_id: str, look: Look) -> str:
    """Return a widget's first look; a control's is its name and value."""
    return _html(all_widgets()[model_id], look)


def _html(widget: ipywidgets.Widget, look: Look) -> str:
    if isinstance(widget, View):
        return part_html(widget, look)
    if isinstance(widget, ipywidgets.Box):
        if "wb-levers" in widget._dom_classes:
            known = look.known(widget.children[0].board)
            return levers_html(widget, known, look.lang)
        classes = escape(" ".join(widget._dom_classes))
        return f'<div class="{classes}">{"".join(_html(w, look) for w in widget.children)}</div>'
    if isinstance(widget, ipywidgets.Output):
        return output_area.first_html(widget)
    return f"<p>{said}</p>" if (said := control(widget)) else ""


def part_html(view: View, look: Look) -> str:
    """Return the first look of one part of a page."""
    known = look.known(view.board)
    if view.part == "figure":
        return _figure(view.payload, known, look)
    parts = {"prose": _prose, "cards": _cards, "tables": _tables, "table": table,
             "records": records, "choice": _choice}  # fmt: skip
    drawn = parts.get(view.part)
    if drawn is None:
        return _room(view.part, view.payload, look.lang)
    return drawn(view.payload, known, look.lang)


def _prose(payload: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    tag = payload["tag"]
    return f'<{tag} class="wb-prose">{say(payload["message"], known, lang)}</{tag}>'


def _cards(payload: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    heading = escape(Text(lang)("board.targets"))
    cards = "".join(_card(card, known, lang) for card in payload["cards"])
    badge = made_up(lang) if payload["illustrative"] else ""
    grid = f'<div class="wb-cards">{cards}</div>'
    return f'<div><h2 class="wb-unseen">{heading}</h2>{badge}{grid}</div>'


def bar_marks(definition: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield how each level is marked on a card's bar, and where: the lowest, and those above."""
    yield "expected", definition["expected"]
    yield from (("stretch", one["value"]) for one in definition.get("levels", ())[1:-1])
    yield "stretch", definition["stretch"]


def _card(definition: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    shown = card(definition, known, lang)
    before, after = (f"<small>{escape(part)}</small>" if part else "" for part in shown.around)
    marks = "".join(
        f'<i class="wb-bar-{level}" style="inset-inline-start:'
        f'{100 * filled(definition, value):.2f}%"></i>'
        for level, value in bar_marks(definition)
    )
    bar = (
        '<div class="wb-bar" aria-hidden="true"><i class="wb-bar-ground"></i>'
        f'<i class="wb-bar-fill" style="inline-size:{100 * shown.share:.2f}%"></i>{marks}</div>'
    )
    return (
        f'<article class="wb-card" data-key="{escape(definition["key"])}"'
        f' data-state="{shown.state}">'
        f'<h3 class="wb-card-name">{escape(definition["name"][lang])}</h3>'
        f'<p class="wb-card-value">{before}<span class="wb-card-number">'
        f"{escape(shown.value)}</span>{after}</p>{bar}"
        f'<p class="wb-status"><span class="wb-sign" aria-hidden="true">{SIGNS[shown.state]}</span>'
        f"<span>{escape(shown.status)}</span></p></article>"
    )


def _tables(_: Mapping[str, Any], __: Mapping[str, Any], lang: str) -> str:
    name = escape(Text(lang)("board.all_tables"))
    return f'<div><button class="wb-tool wb-tables" disabled>{name}</button></div>'


def _room(part: str, payload: Mapping[str, Any], lang: str) -> str:
    """Keep the room of a part that scripts alone can fill, with what is known to be said in it."""
    words = "".join(f"<p>{escape(one['said'][lang])}</p>" for one in payload.get("known", [])[:1])
    panel = f'<div class="wb-panel">{words}</div>' if part != "language" else ""
    return f'<div class="wb-room" data-part="{escape(part)}">{panel}</div>'


#: What a reader may do with any picture, in the order of its buttons.
TOOLS = ("enlarge", "table", "cite", "embed", "data", "svg", "png")


def _figure(payload: Mapping[str, Any], known: Mapping[str, Any], look: Look) -> str:
    specs, lang = payload["specs"], look.lang

    def drawn_at(name: str, spec: Mapping[str, Any]) -> str:
        return lean(in_the_readers_colours(look.draw(still(spec, known, WIDTHS[name]))))

    drawn = "".join(
        f'<div class="wb-{name}" style="min-block-size:{height(chart)}px">{chart}</div>'
        for name, chart in {
            "wide": drawn_at("wide", specs[lang]),
            "middle": drawn_at("middle", specs[lang]),
            "narrow": drawn_at("narrow", specs.get(f"{lang}-narrow", specs[lang])),
        }.items()
    )
    title, reading = (say(payload[key], known, lang) for key in ("title", "say"))
    alt = say(payload["alt"], known, lang)
    text = Text(lang)
    badge = made_up(lang) if payload["illustrative"] else ""
    # Room for the buttons, which come alive with the scripts.
    names = ["formula"] * bool(payload["formula"]) + [*TOOLS]
    tools = "".join(
        f'<button class="wb-tool" data-tool="{name}" disabled>'
        f"{escape(text(f'board.{name}'))}</button>"
        for name in names
    )
    return (
        f'<figure class="wb-figure" data-key="{escape(payload["key"])}">'
        f'<h2 class="wb-title">{title}</h2>{badge}<p class="wb-say">{reading}</p>'
        f'<div class="wb-chart wb-first-chart" role="img" aria-label="{alt}">{drawn}</div>'
        f'<figcaption class="wb-caption"><span class="wb-source">'
        f"{say(payload['source'], known, lang)}</span>"
        f'<span class="wb-tools" aria-hidden="true">{tools}</span></figcaption>'
        f"{_links(payload['links'], lang)}</figure>"
    )


def _choice(payload: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    chosen = next(one for one in payload["options"] if one["key"] == known[payload["key"]])
    return (
        f'<div class="wb-panel wb-choice"><label><span>{escape(payload["name"][lang])}</span>'
        f"<select disabled><option>{escape(chosen['name'][lang])}</option></select></label></div>"
    )


def _links(links: list[Mapping[str, str]], lang: str) -> str:
    if not links:
        return ""
    items = "".join(
        f'<li><a href="{escape(link["url"])}" target="_blank" rel="noopener noreferrer">'
        f"{escape(link['title'])}</a></li>"
        for link in links
    )
    name = escape(Text(lang)("board.links"))
    return f'<details class="wb-links"><summary>{name}</summary><ul>{items}</ul></details>'


def height(chart: str) -> str:
    """Return a drawn chart's height, px: it keeps that room where it is drawn smaller."""
    found = re.search(r'\sheight="([\d.]+)"', chart)
    return found[1] if found else "0"


def in_the_readers_colours(drawn: str) -> str:
    """Name each colour of ours by its token, which the reader's scheme fills in."""
    tokens = {colour: token for token, colour in PALETTES["light"].items()}
    return re.sub(
        r'"(#[0-9a-f]{6})"',
        lambda found: f'"var(--wb-{tokens[found[1]]})"' if found[1] in tokens else found[0],
        drawn,
    )


def lean(drawn: str) -> str:
    """Leave out of a picture what nobody sees or hears: half of its bytes.

    Coordinates keep a hundredth of a pixel. The picture is told as a whole by its alternative
    text, so its marks tell nothing; its letters are the page's own, by the sheet of styles.
    """
    bare = re.sub(r' (?:aria-[a-z]+|role|font-family)="[^"]*"', "", drawn)
    return re.sub(
        r"<[^>]+>",
        lambda tag: re.sub(r"\d+\.\d{3,}", lambda n: f"{float(n[0]):.2f}", tag[0]),
        bare,
    )
