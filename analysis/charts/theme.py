"""The look of all pictures, in light, dark and high contrast.

A chart uses tokens only: `COLOUR["group_1"]`. Its light colours are unique, so the
browser can exchange them for those of the reader's colour scheme. Tiers, grey and what
is missing stay apart for readers who see fewer colours, in every scheme; a text in a
tier's mark has the colour that is legible there (`on_central`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import altair as alt

from analysis.charts.font import FONT
from analysis.text import Text
from analysis.words import in_english

PALETTES: dict[str, dict[str, str]] = {
    "light": {
        "ink": "#1d2733",
        "muted": "#566372",
        "line": "#e1e6eb",
        "ground": "#f6f7f8",
        "card": "#ffffff",
        "track": "#e9edf1",
        "grey": "#636d77",
        "group_1": "#274d86",
        "group_2": "#c4780b",
        "group_3": "#4c998b",
        "group_4": "#aa7ee6",
        "group_5": "#7c0d2d",
        "group_6": "#652bf9",
        "group_7": "#6900c3",
        "group_8": "#a24db7",
        "on_group_1": "#fffffe",
        "on_group_2": "#07090c",
        "on_group_3": "#07090d",
        "on_group_4": "#07090e",
        "on_group_5": "#fffffc",
        "on_group_6": "#fffffb",
        "on_group_7": "#fffffa",
        "on_group_8": "#fffff9",
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
        "group_1": "#5b8fd6",
        "group_2": "#febd56",
        "group_3": "#9de6ce",
        "group_4": "#9c586c",
        "group_5": "#9639ff",
        "group_6": "#fefd26",
        "group_7": "#4a69b3",
        "group_8": "#c7450e",
        "on_group_1": "#0b0f14",
        "on_group_2": "#0b0f14",
        "on_group_3": "#0b0f14",
        "on_group_4": "#ffffff",
        "on_group_5": "#ffffff",
        "on_group_6": "#0b0f14",
        "on_group_7": "#ffffff",
        "on_group_8": "#ffffff",
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
        "group_1": "#002a66",
        "group_2": "#9a6909",
        "group_3": "#2a8273",
        "group_4": "#9282fc",
        "group_5": "#8413a7",
        "group_6": "#c08905",
        "group_7": "#f928b1",
        "group_8": "#8a0dff",
        "on_group_1": "#ffffff",
        "on_group_2": "#ffffff",
        "on_group_3": "#ffffff",
        "on_group_4": "#000000",
        "on_group_5": "#ffffff",
        "on_group_6": "#000000",
        "on_group_7": "#000000",
        "on_group_8": "#ffffff",
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
        "group_1": "#5f9dff",
        "group_2": "#fbb541",
        "group_3": "#c1fcf6",
        "group_4": "#952baa",
        "group_5": "#1946fe",
        "group_6": "#c4020a",
        "group_7": "#9773ab",
        "group_8": "#feec86",
        "on_group_1": "#000000",
        "on_group_2": "#000000",
        "on_group_3": "#000000",
        "on_group_4": "#ffffff",
        "on_group_5": "#ffffff",
        "on_group_6": "#ffffff",
        "on_group_7": "#000000",
        "on_group_8": "#000000",
        "missing": "#ed7668",
        "met": "#7fe3cf",
        "band": "#5c5c5c",
        "control": "#ffffff",
        "accent": "#9cc9ff",
    },
}
COLOUR = PALETTES["light"]
#: Colours of a plan's groups of places, in its order.
GROUPS = tuple(f"group_{place}" for place in range(1, 9))
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


def themed(
    chart: Any, height: float | dict[str, int | str] | None = 260, *params: alt.Parameter
) -> Any:
    """Return a finished chart: as wide as its container, in our configuration.

    It is set on the chart itself and validated by the tests: a copy makes all layers anew, and
    `properties` goes through the whole schema, with each picture of each page.

    params : the signals that it reads
    """
    told: dict[str, Any] = {
        "width": "container",
        "padding": {"left": 2, "right": 6, "top": 6, "bottom": 3},
        "autosize": alt.AutoSizeParams(type="fit-x", contains="padding"),
        "config": config(),
    }
    if height is not None:
        told["height"] = height
    if params:
        told["params"] = [param.param for param in params]
    for name, value in told.items():
        chart[name] = value
    return chart


def plain(chart: Any) -> Any:
    """Return a chart of a reader's own in the workbook's look, as wide as its place."""
    if not isinstance(chart, alt.Chart | alt.LayerChart) or chart.config is not alt.Undefined:
        return chart
    return themed(alt.layer(chart), None)  # a layer takes further ones


def money(value: str, text: Text, form: str = ",.0f", unit: str = "1e8") -> str:
    """Return the Vega expression that writes an amount in the reader's unit.

    form : as it is written in Chinese; English, which counts 亿 in billions, may have more decimals
    """
    counted, times, more = in_english(unit)
    if text.lang == "zh" or not counted:
        return f"format({value}, '{form}')"
    decimals = int(form[form.index(".") + 1]) + more
    return f"format(({value}) / {times}, '{form.partition('.')[0]}.{decimals}~f')"


def money_axis(text: Text, form: str = ",.0f", unit: str = "1e8") -> dict[str, Any]:
    """Return how an axis of amounts is labelled; zero has no sign."""
    return {"labelExpr": f"datum.value ? {money('datum.value', text, form, unit)} : '0'"}


def group_colours(groups: Iterable[str]) -> dict[str, str]:
    """Return each group's one colour, by the order in which the plan names them."""
    return {group: COLOUR[token] for group, token in zip(groups, GROUPS, strict=False)}


def on_group(field: str, groups: Iterable[str]) -> Any:
    """Return the colour of a text that stands in a group's mark; other marks are grey.

    It is a condition, no scale: layers would share a scale with the marks.
    """
    colour: Any = alt
    for group, token in zip(groups, GROUPS, strict=False):
        colour = colour.when(f"datum.{field} === '{group}'").then(alt.value(COLOUR[f"on_{token}"]))
    return colour.otherwise(alt.value(COLOUR["card"]))
