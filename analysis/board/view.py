"""How does a part of the board get onto the page?"""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets
from ipywidgets import widget_serialization

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
