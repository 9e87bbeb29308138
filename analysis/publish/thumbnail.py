"""A briefing's first picture drawn small: its marks alone, with no axis and no letter."""

from __future__ import annotations

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
    """Return the first picture of a page, small, as SVG; "" without one.

    No letter is in it, so that it is of no language.

    Parameters
    ----------
    shown : the views of the page in their order
    made_up : whether it stands beside a made-up number, and is to be made up, too
    """
    views = [all_widgets()[view] for view in shown]
    figures = [one for one in views if isinstance(one, View) and one.part == "figure"]
    if not figures:
        return ""
    alike = (one for one in figures if one.payload["illustrative"] == made_up)
    figure = next(alike, figures[0])
    spec = still(figure.payload["specs"][languages()[0]], signals(figure.board), SIZE[0])
    return lean(in_the_readers_colours(draw(bare(spec))))


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
