"""A briefing's first picture drawn small: its marks alone, with no axis and no letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis.board.drawing import svg
from analysis.board.still import signals, still
from analysis.board.view import View
from analysis.publish.first import in_the_readers_colours, lean
from analysis.publish.widgets import all_widgets
from analysis.words import languages

#: Width and height of a thumbnail, px.
SIZE = (240, 120)


def thumbnail(
    shown: Sequence[str], made_up: bool, draw: Callable[[Mapping[str, Any]], str] = svg
) -> str:
    """Return the first picture of a page that shows a mark, small, as SVG; "" without one.

    Where all that a picture draws is nothing in the first scenario, the next stands for the page.
    No letter is in it, so that it is of no language.

    Parameters
    ----------
    shown : the views of the page in their order
    made_up : whether it stands beside a made-up number, and is to be made up, too
    """
    views = [all_widgets()[view] for view in shown]
    figures = [one for one in views if isinstance(one, View) and one.part == "figure"]
    figures.sort(key=lambda one: one.payload["illustrative"] != made_up)
    drawn = (_small(one, draw) for one in figures)
    return lean(in_the_readers_colours(next(filter(marks, drawn), "")))


def _small(figure: View, draw: Callable[[Mapping[str, Any]], str]) -> str:
    spec = still(figure.payload["specs"][languages()[0]], signals(figure.board), SIZE[0])
    return draw(bare(spec))


def marks(drawn: str) -> bool:
    """Return whether a drawn picture holds a mark that is more than a point wide or high."""
    shapes = re.findall(r'<path (?!class="(?:back|fore)ground)[^>]*\bd="([^"]+)"', drawn)
    lines = re.findall(r'<line [^>]*\bx2="([^"]*)" y2="([^"]*)"', drawn)
    return any(not _NOTHING.search(one) for one in shapes) or any(
        float(x) or float(y) for x, y in lines
    )


#: A bar of no length.
_NOTHING = re.compile(r"h-?0(\.0+)?v|v-?0(\.0+)?h|^M[^a-zA-Z]*$")


def bare(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Vega specification with its marks alone, low enough for a thumbnail."""
    kept = {key: value for key, value in spec.items() if key not in _AROUND}
    if "marks" in kept:
        kept["marks"] = [bare(mark) for mark in kept["marks"] if mark["type"] != "text"]
    if "$schema" in kept:
        kept |= {"padding": 2, "autosize": "pad"}
        if isinstance(kept.get("height"), int | float):
            kept["height"] = SIZE[1]
    return kept


#: What stands around marks.
_AROUND = ("axes", "legends", "title", "description")
