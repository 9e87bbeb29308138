"""What stands on the page before any script has run: texts, numbers, and charts as SVG.

The parts have the classes and the shape of those that the board draws later, so
that the living page takes their place without a jump, and a search engine or a
reader without scripts has the whole briefing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import ipywidgets

from analysis.board import Board
from analysis.board.drawing import svg
from analysis.board.view import View
from analysis.publish.widgets import all_widgets
from analysis.text import Text, fill, holds

#: Widths at which charts are drawn ahead, px: the page's own, and a phone's.
WIDE, NARROW = 940, 330


def first_html(model_id: str, lang: str) -> str:
    """Return a widget's first look in a language; nothing for a widget that has none."""
    return _html(all_widgets()[model_id], lang)


def _html(widget: ipywidgets.Widget, lang: str) -> str:
    if isinstance(widget, View):
        return _part(widget, lang)
    if isinstance(widget, ipywidgets.Box):
        classes = escape(" ".join(widget._dom_classes))
        return f'<div class="{classes}">{"".join(_html(w, lang) for w in widget.children)}</div>'
    if isinstance(widget, ipywidgets.FloatSlider):
        return f'<p class="wb-first-lever">{escape(widget.description)}</p>'
    return ""


def _part(view: View, lang: str) -> str:
    drawn = {"prose": _prose, "cards": _cards, "figure": _figure}.get(view.part)
    return drawn(view.payload, signals(view.board), lang) if drawn else ""


def signals(board: Board) -> dict[str, Any]:
    """Return the names that the board's texts and charts use, at their first values."""
    levers = {key: getattr(board, key) for key in board.model.levers}
    return {**levers, **board.model.evaluate(levers), **board.facts}


def say(message: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    """Return a message's text as HTML-safe text."""
    values = {**message["values"], **known}
    case = next(case for case in message["cases"] if holds(case["when"], values))
    return escape(fill(case[lang], values, lang))


def _prose(payload: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    tag = payload["tag"]
    return f'<{tag} class="wb-prose">{say(payload["message"], known, lang)}</{tag}>'


def _cards(payload: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    return f'<div class="wb-cards">{"".join(_card(c, known, lang) for c in payload["cards"])}</div>'


def _card(card: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    value = known[card["outcome"]]

    def write(number: float) -> str:
        return fill(f"{{number:{card['format']}}}", {"number": number}, lang)

    met = [level for level in ("expected", "stretch") if value >= card[level] - 1e-9]
    state = met[-1] if met else "short"
    text = Text(lang)
    words = text(
        f"board.status.{state}",
        expected=write(abs(known[card["margin_expected"]])),
        stretch=write(abs(known[card["margin_stretch"]])),
        points=text("board.points") if card["gap_in_points"] else "",
    )
    share = 100 * max(0.0, min(1.0, (value - card["low"]) / (card["high"] - card["low"])))
    bar = (
        '<div class="wb-bar" aria-hidden="true"><i class="wb-bar-ground"></i>'
        f'<i class="wb-bar-fill" style="inline-size:{share:.2f}%"></i></div>'
    )
    return (
        f'<article class="wb-card" data-key="{escape(card["key"])}" data-state="{state}">'
        f'<h3 class="wb-card-name">{escape(card["name"][lang])}</h3>'
        f'<p class="wb-card-value"><span class="wb-card-number">'
        f"{escape(write(value))}</span>"
        f"<small>{escape(card['unit'][lang])}</small></p>{bar}"
        f'<p class="wb-status"><span>{escape(words)}</span></p></article>'
    )


def _figure(payload: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    specs = payload["specs"]
    wide = _svg(specs[lang], known, WIDE)
    narrow = _svg(specs.get(f"{lang}-narrow", specs[lang]), known, NARROW)
    title, said = (say(payload[key], known, lang) for key in ("title", "say"))
    alt = say(payload["alt"], known, lang)
    badge = (
        f'<p class="wb-illustrative">{escape(Text(lang)("board.illustrative"))}</p>'
        if payload["illustrative"]
        else ""
    )
    return (
        f'<figure class="wb-figure"><h2 class="wb-title">{title}</h2>{badge}'
        f'<p class="wb-say">{said}</p>'
        f'<div class="wb-chart wb-first-chart" role="img" aria-label="{alt}">'
        f'<div class="wb-wide">{wide}</div><div class="wb-narrow">{narrow}</div></div>'
        f'<figcaption class="wb-caption"><span class="wb-source">'
        f"{say(payload['source'], known, lang)}</span></figcaption></figure>"
    )


def _svg(spec: Mapping[str, Any], known: Mapping[str, Any], width: int) -> str:
    """Draw a compiled chart at a width, in the scenario that the page opens with."""
    drawn = json.loads(json.dumps(spec))
    for signal in drawn.get("signals", []):
        if "containerSize()[0]" in str(signal.get("init", "")):
            signal.pop("init")
            signal.pop("on", None)
            signal["value"] = width - 40
        elif signal["name"] in known and "value" in signal:
            signal["value"] = known[signal["name"]]
    drawn["background"] = "transparent"
    return svg(drawn)
