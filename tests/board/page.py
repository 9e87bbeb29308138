"""Writes a page of the board as a file: widgets' state and views, no kernel anywhere."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
from ipywidgets.embed import dependency_state, embed_data
from standin import PLAN, Model, Picture, Said, waterfall

from analysis.board import Board

ANYWIDGET = Path(anywidget.__file__).parent / "nbextension" / "index.js"
PRESETS = (
    {"name": {"zh": "仅底线", "en": "Floors only"}, "levers": {}},
    {"name": {"zh": "预期", "en": "Expected"}, "levers": {"uplift_zone": 41.5, "share_zone": 52.0}},
)
#: What the page may do: its own scripts and no eval; anywidget loads widgets' modules as blobs.
POLICY = "default-src 'self' data: blob:; script-src 'self' blob:; style-src 'self' 'unsafe-inline'"

HOSTILE = "<img src=x onerror=alert(1)>"
ZONES = Said((("true", "开发区 {capital_zone:,.1f} 亿元", "Zones: {capital_zone:,.1f}"),))


def picture() -> Picture:
    """The stand-in's one picture; its table holds a cell that a spreadsheet would run."""
    return Picture(
        key="waterfall",
        chart=waterfall,
        title=Said(
            (
                (
                    "capital_margin_expected >= 0",
                    "到位资金 {capital_total:,.0f} 亿元，达到预期",
                    "Capital in place of {capital_total:,.0f} meets expected",
                ),
                (
                    "true",
                    "到位资金与预期相差 {capital_margin_expected:+,.0f} 亿元",
                    "Capital in place is {capital_margin_expected:+,.0f} from expected",
                ),
            )
        ),
        say=ZONES,
        alt=ZONES,
        source=Said((("true", "来源：{name}", "Source: {name}"),), {"name": HOSTILE}),
        formula=r"C = \sum_t C_t (1 + u_t)",
        data=pd.DataFrame({"tier": ["central", "=1+1"], "capital": [3983.5, -2.0]}),
    )


def board() -> tuple[Board, dict[str, Any]]:
    """A board of the stand-in model and the parts of its page."""
    made = Board(Model(), presets=PRESETS, plan=PLAN)
    parts = {
        "language": made.language(),
        "opening": made.prose(picture().title, tag="h1"),
        "cards": made.cards(),
        "figure": made.figure(picture()),
        "tables": made.tables(),
        "levers": made.levers(),
    }
    return made, parts


def _json(value: Any) -> str:
    return json.dumps(value).replace("<", "\\u003c")


def write(folder: Path) -> Path:
    """Write `index.html` beside the scripts that it needs."""
    _, parts = board()
    # Of these parts only: other tests of the run have made thousands of widgets.
    views = list(parts.values())
    own = dependency_state(views, drop_defaults=False)
    state = embed_data(views, drop_defaults=False, state=own)["manager_state"]
    places = "".join(
        f'<div class="tag-{name}" data-place="{part.model_id}"></div>'
        for name, part in parts.items()
        if name != "levers"
    )
    scripts = {
        "state": state,
        "views": [part.model_id for part in parts.values()],
    }
    data = "".join(
        f'<script type="application/json" id="{name}">{_json(value)}</script>'
        for name, value in scripts.items()
    )
    (folder / "anywidget.js").write_bytes(ANYWIDGET.read_bytes())
    (folder / "start.js").write_text("startPage();")
    (folder / "index.html").write_text(
        "<!doctype html><html><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        "<link rel=icon href=data:,><link rel=stylesheet href=manager.css>"
        "<style>body{margin:0;background:var(--wb-ground)}"
        "main{display:grid;gap:20px;padding:20px 16px;max-width:1360px;margin:auto}"
        "@media(min-width:1100px){main{grid-template-columns:minmax(0,1fr) 320px}}"
        "section{display:grid;gap:20px;min-width:0;align-content:start}</style>"
        f"<body><main><section>{places}</section>"
        f'<aside data-place="{parts["levers"].model_id}"></aside></main>{data}'
        "<script src=manager.js></script><script src=anywidget.js></script>"
        "<script src=start.js></script>",
        encoding="utf-8",
    )
    return folder / "index.html"
