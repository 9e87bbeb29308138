"""A part of the board on the page, and how it is kept in a saved notebook."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets
from ipywidgets import widget_serialization

from analysis.show import lines as paragraphs

#: Width of a chart that is drawn ahead, px: a desk's.
WIDTH = 940
STATIC = Path(__file__).parent / "static"


class View(anywidget.AnyWidget):
    """One part of the page; the board whose key it holds draws it in the browser.

    board : the board itself, so that whoever embeds this view embeds the board too
    part : which part, a name that `js/src/index.js` knows
    payload : what the part needs to draw itself
    """

    _esm = STATIC / "view.js"

    board = traitlets.Instance(anywidget.AnyWidget).tag(sync=True, **widget_serialization)
    board_key = traitlets.Unicode().tag(sync=True)
    part = traitlets.Unicode().tag(sync=True)
    payload = traitlets.Dict().tag(sync=True)

    def __repr__(self) -> str:
        """What it says as it stands, which a saved notebook keeps and shows without a kernel."""
        from analysis.board.still import signals
        from analysis.text import said

        told = [self.payload[key] for key in ("message", "title", "source") if key in self.payload]
        known = signals(self.board) if told else {}
        return " | ".join(said(message, known, self.board.lang) for message in told) or (
            f"<{self.part}>"
        )

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return the widget with its words and, of a picture, the chart as it stands."""
        bundle = super()._repr_mimebundle_(**options)
        if bundle is None or self.part != "figure":
            return bundle
        from analysis.board.drawing import svg
        from analysis.board.still import signals, still

        spec = still(self.payload["specs"][self.board.lang], signals(self.board), WIDTH)
        return {**bundle[0], "image/svg+xml": svg(spec)}, bundle[1]


class Stack(ipywidgets.VBox):
    """Parts below each other, kept in a saved notebook as their words and as where controls stand.

    parts : views and controls
    names : its classes on the page
    """

    def __init__(self, parts: Iterable[ipywidgets.Widget], *names: str) -> None:
        super().__init__(tuple(parts), _dom_classes=names)

    def __repr__(self) -> str:
        """What its parts say, a line each."""
        lines = [f"{part.description}: {part.value:g}" if isinstance(part, ipywidgets.FloatSlider)
                 else repr(part) for part in self.children]  # fmt: skip
        return "\n".join(line for line in lines if line and not line.startswith("<"))

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return the widget with its words, all of them."""
        bundle = super()._repr_mimebundle_(**options)
        return bundle and {
            **bundle,
            "text/plain": repr(self),
            "text/html": paragraphs(*repr(self).splitlines()),
        }
