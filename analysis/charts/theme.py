"""How do all pictures look alike, in light, dark and high contrast?

A chart uses tokens only: `COLOUR["central"]`. Its light colours are unique, so the
browser can exchange them for those of the reader's colour scheme. Tiers, grey and what
is missing stay apart for readers who see fewer colours, in every scheme; a text in a
tier's mark has the colour that is legible there (`on_central`).
"""

from __future__ import annotations

from typing import Any

import altair as alt

from analysis.text import Text

PALETTES: dict[str, dict[str, str]] = {
    "light": {
        "ink": "#1d2733",
        "muted": "#566372",
        "line": "#e1e6eb",
        "ground": "#f6f7f8",
        "card": "#ffffff",
        "track": "#e9edf1",
        "grey": "#636d77",
        "central": "#274d86",
        "outer": "#c4780b",
        "zone": "#4c998b",
        "on_central": "#fffffe",
        "on_outer": "#07090c",
        "on_zone": "#07090d",
        "missing": "#b6351b",
        "met": "#1f6f62",
        "band": "#c9d3dd",
        "control": "#7d8a98",
        "accent": "#2f5f9b",
    },
    "dark": {
        "ink": "#e8ecf0",
        "muted": "#a9b4c0",
        "line": "#333d48",
        "ground": "#12171d",
        "card": "#1a2129",
        "track": "#2b343e",
        "grey": "#a5afba",
        "central": "#5b8fd6",
        "outer": "#febd56",
        "zone": "#9de6ce",
        "on_central": "#0b0f14",
        "on_outer": "#0b0f14",
        "on_zone": "#0b0f14",
        "missing": "#e57159",
        "met": "#6cc7b4",
        "band": "#3d4a58",
        "control": "#76828f",
        "accent": "#8db8ec",
    },
    "contrast": {
        "ink": "#000000",
        "muted": "#2b2b2b",
        "line": "#5a5a5a",
        "ground": "#ffffff",
        "card": "#ffffff",
        "track": "#d0d0d0",
        "grey": "#4a545d",
        "central": "#002a66",
        "outer": "#9a6909",
        "zone": "#2a8273",
        "on_central": "#ffffff",
        "on_outer": "#ffffff",
        "on_zone": "#ffffff",
        "missing": "#6f1b0a",
        "met": "#00513f",
        "band": "#a8a8a8",
        "control": "#000000",
        "accent": "#003c99",
    },
    "contrast_dark": {
        "ink": "#ffffff",
        "muted": "#d9d9d9",
        "line": "#8a8a8a",
        "ground": "#000000",
        "card": "#000000",
        "track": "#3d3d3d",
        "grey": "#b8c2ce",
        "central": "#5f9dff",
        "outer": "#fbb541",
        "zone": "#c1fcf6",
        "on_central": "#000000",
        "on_outer": "#000000",
        "on_zone": "#000000",
        "missing": "#ed7668",
        "met": "#7fe3cf",
        "band": "#5c5c5c",
        "control": "#ffffff",
        "accent": "#9cc9ff",
    },
}
COLOUR = PALETTES["light"]
TIERS = ("central", "outer", "zone")
FONT = (
    '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", '
    '"Microsoft YaHei", system-ui, sans-serif'
)
#: No text on a page is smaller, pictures included.
FONT_SIZE = 12
DASH = [4, 3]


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration of all pictures."""
    return {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": FONT_SIZE,
            "titleFontSize": FONT_SIZE,
            "titleFontWeight": "normal",
            "labelColor": COLOUR["muted"],
            "titleColor": COLOUR["muted"],
            "domainColor": COLOUR["grey"],
            "tickColor": COLOUR["grey"],
            "gridColor": COLOUR["line"],
            "labelLimit": 220,
        },
        "axisX": {"grid": False, "labelAngle": 0, "titleAnchor": "end"},
        "axisY": {"domain": False, "ticks": False},
        "legend": {
            "labelFontSize": FONT_SIZE,
            "titleFontSize": FONT_SIZE,
            "labelColor": COLOUR["ink"],
            "titleColor": COLOUR["muted"],
            "orient": "top",
            "labelLimit": 320,
        },
        "header": {
            "labelFontSize": FONT_SIZE,
            "labelColor": COLOUR["ink"],
            "labelFontWeight": "bold",
            "title": None,
        },
        "text": {"fontSize": FONT_SIZE, "color": COLOUR["ink"], "font": FONT},
        "rule": {"color": COLOUR["ink"]},
    }


def themed(chart: Any, height: float | None = 260, *params: alt.Parameter) -> Any:
    """Return a finished chart: as wide as its container, in our configuration.

    It is set on one shallow copy and validated by the tests: `properties` would go through
    the whole schema with each picture of each page.

    params : the signals that it reads
    """
    told: dict[str, Any] = {
        "width": "container",
        "padding": {"left": 2, "right": 6, "top": 6},
        "autosize": alt.AutoSizeParams(type="fit-x", contains="padding"),
        "config": config(),
    }
    if height is not None:
        told["height"] = height
    if params:
        told["params"] = [param.param for param in params]
    finished = chart.copy(deep=False)
    for name, value in told.items():
        finished[name] = value
    return finished


def plain(chart: Any) -> Any:
    """Return a chart of a reader's own in the workbook's look, as wide as its place."""
    if not isinstance(chart, alt.Chart | alt.LayerChart) or chart.config is not alt.Undefined:
        return chart
    return themed(alt.layer(chart), None)  # a layer takes further ones


def money(value: str, text: Text, form: str = ",.0f") -> str:
    """Return the Vega expression that writes an amount of 1e8 in the reader's unit.

    form : of 亿; in billions there may be one decimal more
    """
    if text.lang == "zh":
        return f"format({value}, '{form}')"
    decimals = int(form[form.index(".") + 1]) + 1
    return f"format(({value}) / 10, '{form.partition('.')[0]}.{decimals}~f')"


def money_axis(text: Text, form: str = ",.0f") -> dict[str, Any]:
    """Return how an axis of amounts of 1e8 is labelled."""
    return {"labelExpr": money("datum.value", text, form)}


def tier_scale(order: tuple[str, ...] = TIERS) -> alt.Scale:
    """Return the scale that gives each tier its one colour."""
    return alt.Scale(domain=list(order), range=[COLOUR[tier] for tier in order])


def on_tier(field: str) -> Any:
    """Return the colour of a text that stands in a tier's mark; other marks are grey.

    It is a condition, no scale: layers would share a scale with the marks.
    """
    colour: Any = alt
    for tier in TIERS:
        colour = colour.when(f"datum.{field} === '{tier}'").then(alt.value(COLOUR[f"on_{tier}"]))
    return colour.otherwise(alt.value(COLOUR["card"]))
