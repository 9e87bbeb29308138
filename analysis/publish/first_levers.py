"""The levers on the page before any script has run.

Each with its name, its value, its unit and its place on the track, in the shape of
the living panel; nothing in it can be moved yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import ipywidgets

from analysis.text import Text, fill
from analysis.words import PLAIN

#: The classes of a living slider, whose rules shape this one.
SLIDER = "jupyter-widgets widget-inline-hbox widget-slider widget-hslider"


def levers_html(panel: ipywidgets.Box, known: Mapping[str, Any], lang: str) -> str:
    """Return the first look of a panel made by `analysis.board.panel.lever_panel`.

    Parameters
    ----------
    known : names and values of the scenario that the page opens with
    """
    head, *_, foot = panel.children
    board, text = foot.board, Text(lang)
    definitions = {lever["key"]: lever for lever in board.lever_definitions}
    presets = "".join(_preset(one, known, definitions, lang) for one in head.payload["presets"])
    levers = "".join(
        _lever(definitions[key], known[key], foot.payload, lang) for key in foot.payload["keys"]
    )
    name = escape(_scenario(head.payload["presets"], known, definitions, text))
    names = ("undo", "redo", "reset_all", "play", "pin", "copy_link", "naming")
    tools = "".join(
        f'<button class="wb-tool" disabled>{escape(text(f"board.{one}"))}</button>' for one in names
    )
    played = definitions[next(iter(foot.payload["keys"] or definitions))]
    return (
        f'<div class="wb-levers">'
        f'<div><p class="wb-handle">{escape(text("board.open_levers"))} · {name}</p></div>'
        f'<h2 class="wb-levers-title">{text("board.scenario_now", name=name)}</h2>'
        f'<div class="wb-presets">{presets}</div>{_left_out(head.payload, lang)}{levers}'
        f'<p class="wb-binding">{escape(_binding(foot.payload["cards"], known, lang))}</p>'
        f'<div class="wb-actions" aria-hidden="true">{tools}'
        f'<p class="wb-plays">{escape(_plays(played, text))}</p>'
        "</div></div>"
    )


def _value(lever: Mapping[str, Any], value: float, lang: str) -> str:
    """Return a lever's value as `js/src/number.js` writes it."""
    return fill("{x:.12g}", {"x": value * lever["scale"][lang]}, lang)


def _plays(lever: Mapping[str, Any], text: Text) -> str:
    """Say what *Play* will do, in as many seconds as `js/src/play.js` takes."""
    lang = text.lang
    ends = (_value(lever, lever[end], lang) for end in ("low", "high"))
    low, high = (lever["said"][lang].replace(PLAIN, end) for end in ends)
    return text("board.play_one", name=lever["name"][lang], low=low, high=high, seconds=6)


def _left_out(payload: Mapping[str, Any], lang: str) -> str:
    told = payload["left_out"][lang]
    return f'<p class="wb-left-out">{escape(told)}</p>' if told else ""


def _scenario(
    presets: list[Mapping[str, Any]],
    known: Mapping[str, Any],
    definitions: Mapping[str, Mapping[str, Any]],
    text: Text,
) -> str:
    """Return what the scenario is called: the default, a preset, or how much of it is one's own."""
    changed = [lever for key, lever in definitions.items() if known[key] != lever["default"]]
    if not changed:
        return text("board.scenario_default")
    for preset in presets:
        if _stands(preset, known, definitions):
            return str(preset["name"][text.lang])
    return text("board.scenario_moved", count=len(changed))


def _stands(
    preset: Mapping[str, Any],
    known: Mapping[str, Any],
    definitions: Mapping[str, Mapping[str, Any]],
) -> bool:
    levers = {key: lever["default"] for key, lever in definitions.items()} | preset["levers"]
    return all(known[key] == value for key, value in levers.items())


def _preset(
    preset: Mapping[str, Any],
    known: Mapping[str, Any],
    definitions: Mapping[str, Mapping[str, Any]],
    lang: str,
) -> str:
    mark = ' data-here="true"' if _stands(preset, known, definitions) else ""
    return f'<span class="wb-preset"{mark}>{escape(preset["name"][lang])}</span>'


def _lever(lever: Mapping[str, Any], value: float, payload: Mapping[str, Any], lang: str) -> str:
    heading, folds = escape(lever["group_name"][lang]), lever["group"] in payload["folded"]
    group = (
        f'<h3 class="wb-group"><button class="wb-fold" disabled aria-expanded="'
        f'{"false" if folds else "true"}">{heading}</button></h3>'
        if payload["first"][lever["key"]]
        else ""
    )
    folded = " data-folded" if folds and value == lever["default"] else ""

    def at(number: float) -> str:
        share = 100 * (number - lever["low"]) / (lever["high"] - lever["low"])
        return f"inset-inline-start:{share:.2f}%"

    return (
        f'<div class="{SLIDER} wb-lever"{folded}>{group}'
        f'<span class="widget-label">{escape(lever["name"][lang])}</span>'
        f'<div class="slider-container" aria-hidden="true"><div class="noUi-target"></div>'
        f'<i class="wb-default" style="{at(lever["default"])}"></i>'
        f'<i class="wb-first-handle" style="{at(value)}"></i></div>'
        f'<span class="widget-readout">{_value(lever, value, lang)}</span>'
        f'<span class="wb-unit">{escape(lever["unit"][lang])}</span>'
        f'<span class="wb-lever-tools" aria-hidden="true">'
        f'<button class="wb-why" disabled>?</button></span></div>'
    )


def _binding(cards: list[Mapping[str, Any]], known: Mapping[str, Any], lang: str) -> str:
    """Say which expected targets are not met."""
    short = [card for card in cards if known[card["outcome"]] < card["expected"] - 1e-9]
    text = Text(lang)
    if not short:
        return text("board.none_short")
    names = text("board.list_end").join(card["short"][lang] for card in short)
    return text("board.short_now", names=names)
