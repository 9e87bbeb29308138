"""A part of the board on the page, and how it is kept in a saved notebook."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets
from ipywidgets import widget_serialization

from analysis.charts.theme import PALETTES
from analysis.show import lines as paragraphs

#: Width of a chart that is drawn ahead, px: a desk's.
WIDTH = 940
STATIC = Path(__file__).parent / "static"
VIEW = "application/vnd.jupyter.widget-view+json"
SVG = "image/svg+xml"
#: The environment of a kernel that JupyterLab or nbconvert started names who did; of one that
#: Voilà started, its server, too.
STARTED_BY, VOILA = "JPY_PARENT_PID", "VOILA_BASE_URL"
# Of an output that holds a widget JupyterLab and nbconvert show the widget, whatever else is
# there: "model not found" without its kernel, nothing where a page's scripts can't be fetched. So
# that stands beside it which is seen while no widget is.
_WIDGET = ".jp-OutputArea-child > .lm-Panel"
_KEPT = ".jp-OutputArea-child:has(> * > .wb-kept)"
_ONE_OF_TWO = f"""<style>{_KEPT}:has(+ {_WIDGET} > *), {_KEPT} + {_WIDGET}:not(:has(*)),
{_KEPT}:has(+ * .widget-subarea > *) {{ display: none }}</style>"""


class Kept(ipywidgets.Widget):
    """A widget that a saved notebook keeps as words and picture, too, for who has no kernel."""

    kept: Callable[[], dict[str, str]]
    """What stands for it: MIME type -> content, `text/html` among them."""

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return the widget with what stands for it."""
        bundle = super()._repr_mimebundle_(**options)
        # ipywidgets give data, anywidgets data and metadata
        data, about = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, **self.kept(), "text/plain": repr(self)}, about

    def _ipython_display_(self) -> None:
        """In a notebook to be kept, show what stands for it in an output of its own, too."""
        if STARTED_BY not in os.environ or VOILA in os.environ:
            raise NotImplementedError  # then IPython asks for all in one
        from IPython.display import display

        bundle, _ = self._repr_mimebundle_()
        widget = {VIEW: bundle.pop(VIEW), "text/plain": ""}
        kept = f'<div class="wb-kept">{_ONE_OF_TWO}{bundle["text/html"]}</div>'
        display({**bundle, "text/html": kept}, raw=True)
        display(widget, raw=True)


class View(Kept, anywidget.AnyWidget):
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
        """What it says as it stands."""
        return "\n".join(self._said("message", "title", "source", *self._own)) or f"<{self.part}>"

    def kept(self) -> dict[str, str]:
        """Return its words as HTML and, of a picture, the chart as it stands."""
        words = paragraphs(*self._said("message", "title", "say", "source", *self._own))
        if self.part != "figure":
            return {"text/html": words}
        from analysis.board.drawing import svg
        from analysis.board.still import signals, still

        spec = still(self.payload["specs"][self.board.lang], signals(self.board), WIDTH)
        # As pages draw it, which is kept, so that none is drawn twice; here on a ground.
        ground = f'<rect width="100%" height="100%" fill="{PALETTES["light"]["card"]}"/>'
        drawn = svg(spec).replace(">", f">{ground}", 1)
        data = b64encode(drawn.encode()).decode()
        picture = f'<img alt="{escape(self._said("alt")[0])}" src="data:{SVG};base64,{data}">'
        return {"text/html": words.replace("</p>", f"</p>{picture}", 1), SVG: drawn}

    @property
    def _own(self) -> tuple[str, ...]:
        return ("cards",) if self.part == "cards" else ()  # the levers' foot has them, too

    def _said(self, *keys: str) -> list[str]:
        from analysis.board.still import cards, signals
        from analysis.text import said

        told = {key: self.payload[key] for key in keys if key in self.payload}
        shown = told.pop("cards", ())
        known = signals(self.board) if told else {}
        return [said(message, known, self.board.lang) for message in told.values()] + cards(
            self.board, shown
        )


class Stack(Kept, ipywidgets.VBox):
    """Parts below each other, kept in a saved notebook as their words and as where controls stand.

    parts : views and controls
    names : its classes on the page
    """

    def __init__(self, parts: Iterable[ipywidgets.Widget], *names: str) -> None:
        super().__init__(tuple(parts), _dom_classes=names)

    def __repr__(self) -> str:
        """What its parts say, a line each."""
        lines = [_control(part) or repr(part) for part in self.children]
        return "\n".join(line for line in lines if line and not line.startswith("<"))

    def kept(self) -> dict[str, str]:
        """Return its parts' words as HTML, all of them."""
        parts = [part.kept()["text/html"] if isinstance(part, Kept) else paragraphs(_control(part))
                 for part in self.children]  # fmt: skip
        return {"text/html": "".join(parts)}


def _control(part: ipywidgets.Widget) -> str:
    return f"{part.description}: {part.value:g}" if isinstance(part, ipywidgets.FloatSlider) else ""
