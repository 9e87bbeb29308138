"""How do all pictures look alike, in light, dark and high contrast?

A chart uses tokens only: `COLOUR["central"]`. Its light colours are unique, so the
browser can exchange them for those of the reader's colour scheme.
"""

from __future__ import annotations

from typing import Any

import altair as alt

PALETTES: dict[str, dict[str, str]] = {
    "light": {
        "ink": "#1d2733",
        "muted": "#566372",
        "line": "#e1e6eb",
        "ground": "#f6f7f8",
        "card": "#ffffff",
        "track": "#e9edf1",
        "grey": "#8b97a4",
        "central": "#3f6ea8",
        "outer": "#c98a1b",
        "zone": "#2c8c7c",
        "missing": "#b3402e",
        "met": "#1f6f62",
        "band": "#c9d3dd",
    },
    "dark": {
        "ink": "#e8ecf0",
        "muted": "#a9b4c0",
        "line": "#333d48",
        "ground": "#12171d",
        "card": "#1a2129",
        "track": "#2b343e",
        "grey": "#7f8b98",
        "central": "#7ba7dc",
        "outer": "#e0ab4a",
        "zone": "#58b8a6",
        "missing": "#f08a76",
        "met": "#6cc7b4",
        "band": "#3d4a58",
    },
    "contrast": {
        "ink": "#000000",
        "muted": "#2b2b2b",
        "line": "#5a5a5a",
        "ground": "#ffffff",
        "card": "#ffffff",
        "track": "#d0d0d0",
        "grey": "#595959",
        "central": "#00428f",
        "outer": "#7a4b00",
        "zone": "#00574a",
        "missing": "#9c1300",
        "met": "#00513f",
        "band": "#a8a8a8",
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
        "axisX": {"grid": False, "labelAngle": 0},
        "axisY": {"domain": False, "ticks": False},
        "legend": {
            "labelFontSize": FONT_SIZE,
            "titleFontSize": FONT_SIZE,
            "labelColor": COLOUR["ink"],
            "titleColor": COLOUR["muted"],
            "orient": "top",
            "labelLimit": 240,
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


def themed(chart: Any, height: float | None = 260) -> Any:
    """Return a finished chart: as wide as its container, in our configuration."""
    sized = chart.properties(width="container", padding={"left": 2, "right": 6, "top": 6})
    if height is not None:
        sized = sized.properties(height=height)
    return sized.properties(
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    ).properties(config=config())


def tier_scale(order: tuple[str, ...] = TIERS) -> alt.Scale:
    """Return the scale that gives each tier its one colour."""
    return alt.Scale(domain=list(order), range=[COLOUR[tier] for tier in order])
