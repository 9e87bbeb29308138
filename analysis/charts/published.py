"""Pictures of what is published of districts: floors, own targets, results, floors a head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.marks import LINE, abbreviated, haloed, names, room
from analysis.charts.theme import COLOUR, money_axis, themed
from analysis.text import Text

#: How a level is drawn: the floor a stroke, targets hollow, the result full.
SHAPES = {"floor": "stroke", "expected": "circle", "stretch": "diamond", "result": "circle"}
COLOURS = {"floor": "ink", "expected": "group_1", "stretch": "group_1", "result": "met"}
#: Of a mark, px²; a result stands within the target that it met.
SIZE = {"floor": 260, "target": 130, "result": 40}
_STROKE = "M0,-1L0,1"
#: A legend's row, px: without it a browser gives each row more than a picture drawn ahead.
ROW = 14


def _marks(base: alt.Chart, levels: Mapping[str, str], narrow: bool) -> alt.Chart:
    """Return the marks of levels with their legend; what is derived has a broken outline."""
    keys = list(levels)
    legend = alt.Legend(
        title=None, orient="top", columns=1 if narrow else 0, clipHeight=ROW,
        labelLimit=220,
        labelExpr=f"({dict(levels)})[datum.value]",
    )  # fmt: skip
    shapes = [_STROKE if SHAPES[key] == "stroke" else SHAPES[key] for key in keys]
    size = f"({SIZE})[datum.mark] || {SIZE['target']}"
    drawn = base.transform_calculate(pixels=size).mark_point(strokeWidth=2, opacity=1)
    return drawn.encode(
        shape=alt.Shape("mark:N", legend=legend).scale(domain=keys, range=shapes),
        color=alt.Color("mark:N", legend=legend).scale(
            domain=keys, range=[COLOUR[COLOURS[key]] for key in keys]
        ),
        size=alt.Size("pixels:Q", scale=None, legend=None),
        fill=alt.Fill("mark:N", legend=legend).scale(
            domain=keys, range=[COLOUR["met"] if key == "result" else "transparent" for key in keys]
        ),
        strokeDash=alt.condition("datum.derived", alt.value([2, 2]), alt.value([1, 0])),
    )


def _beside(base: alt.Chart, narrow: bool) -> list[alt.Chart]:
    """Return the words beside a row, on a phone in lines; muted where nothing is known."""
    lines = "split(replace(datum.words, ' / ', ' / |'), regexp(' · |[|]'))"
    said = lines if narrow else "datum.words"
    written = base.transform_calculate(said=said).encode(text=alt.Text("said:N"))
    up = alt.ExprRef(f"{-LINE / 2} * (length({lines}) - 1)") if narrow else 0
    look: dict[str, Any] = {"align": "left", "dx": 12, "dy": up, "lineHeight": LINE}
    return [
        *haloed(written.transform_filter("!datum.unknown"), **look),
        written.transform_filter("datum.unknown").mark_text(color=COLOUR["muted"], **look),
    ]


def _scale(low: float, high: float, words: int) -> dict[str, alt.ExprRef]:
    """Return an axis from a little below the least value to room for words behind the last."""
    span = max(high - low, 1.0)
    end = f"{high} + {span} * {words} / max(16, width - {words})"
    return {"domainMin": alt.ExprRef(f"{low} - {span * 0.06}"), "domainMax": alt.ExprRef(end)}


def asked(
    points: pd.DataFrame, beside: pd.DataFrame, levels: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """Floor, own targets and result of each district, 1e8 CNY; the axis starts at the floors.

    points : name, mark (floor, expected, stretch, result), value, derived
    beside : name, far, unknown, words, in the order to be shown
    levels : mark -> its name for a reader
    """
    order = list(beside["name"])
    low, high = float(points["value"].min()), float(points["value"].max())
    x = (
        alt.X("value:Q", title=text("structure.axis.money"))
        .axis(tickCount=3 if narrow else 6, labelBound=True, **money_axis(text))
        .scale(zero=False, nice=False, **_scale(low, high, 90 if narrow else 250))
    )
    base = alt.Chart(points).encode(y=names(narrow, order=order), x=x)
    span = (
        alt.Chart(points)
        .transform_aggregate(low="min(value)", high="max(value)", groupby=["name"])
        .mark_rule(color=COLOUR["band"], strokeWidth=4)
        .encode(y=names(narrow, order=order), x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    )
    words = alt.Chart(beside).encode(y=names(narrow, order=order), x=alt.X("far:Q"))
    chart = alt.layer(span, _marks(base, levels, narrow), *_beside(words, narrow))
    return themed(chart, (34 if narrow else 28) * len(order) + 10)


def earlier(
    frame: pd.DataFrame, levels: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """What districts aimed at or reported in earlier years beside their later floor, 1e8 CNY.

    frame : name (district and year), value, floor, mark, derived, words
    """
    floors = frame.assign(value=frame["floor"], mark="floor", derived=False)
    points = pd.concat([floors, frame], ignore_index=True)
    beside = frame.assign(far=frame[["value", "floor"]].max(axis=1), unknown=False)
    return asked(points, beside, levels, text, narrow)


def outcomes(frame: pd.DataFrame, text: Text, narrow: bool) -> alt.LayerChart:
    """Results as a percentage of the target that a district set itself; 100 is the line.

    frame : name, ratio, words
    """
    base = alt.Chart(frame.assign(unknown=False)).encode(
        y=names(narrow, order=list(frame["name"])),
        x=alt.X("ratio:Q", title=text("districts.axis.of_target"))
        .axis(tickCount=3 if narrow else 6, format=".0f")
        .scale(
            zero=False, nice=False,
            **_scale(min(100.0, float(frame["ratio"].min())),
                     max(100.0, float(frame["ratio"].max())), 110 if narrow else 220),
        ),
    )  # fmt: skip
    rule = alt.Chart(pd.DataFrame({"at": [100]})).mark_rule(color=COLOUR["ink"], strokeWidth=1.5)
    ties = base.mark_rule(color=COLOUR["band"], strokeWidth=4).encode(x2=alt.X2Datum(100))
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        color=alt.condition(
            "datum.ratio >= 100", alt.value(COLOUR["met"]), alt.value(COLOUR["missing"])
        )
    )
    chart = alt.layer(rule.encode(x=alt.X("at:Q")), ties, dots, *_beside(base, narrow))
    return themed(chart, (46 if narrow else 34) * len(frame) + 10)


def a_head(frame: pd.DataFrame, text: Text, narrow: bool) -> alt.LayerChart:
    """Floor over people, CNY a head, from zero; the people beside.

    frame : name, a_head, words, in the order to be shown
    """
    longest = float(frame["a_head"].max())
    base = alt.Chart(frame.assign(unknown=False)).encode(
        y=names(narrow, order=list(frame["name"])),
        x=alt.X("a_head:Q", title=text("districts.axis.a_head"))
        .axis(tickCount=3 if narrow else 6, format=",.0f", labelBound=True)
        .scale(domainMin=0, domainMax=room(longest, 80 if narrow else 200)),
    )
    bars = base.mark_bar(color=COLOUR["grey"], height={"band": 0.6})
    return themed(alt.layer(bars, *_beside(base, narrow)), (34 if narrow else 28) * len(frame) + 10)


#: How a stage of a project's life is drawn.
LIFE = {"signed": ("circle", "group_1"), "started": ("square", "group_3"),
        "producing": ("triangle-up", "met"), "ended": ("cross", "missing"),
        "undated": ("diamond", "muted")}  # fmt: skip


def lives(
    frame: pd.DataFrame, stages: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """Projects on a line of time from signing over start to production, or to their end.

    frame : name_zh, stage, day, in the order to be shown; stages : stage -> its name
    """
    keys = [key for key in stages if key in set(frame["stage"])]
    # Names are as their sources write them, and long ones are broken where the line ends.
    frame = frame.assign(name=[_in_lines(name, 9 if narrow else 22) for name in frame["name_zh"]])
    order = list(dict.fromkeys(frame["name"]))
    y = names(narrow, order=order)
    base = alt.Chart(frame).encode(y=y)
    span = (
        base.transform_aggregate(low="min(day)", high="max(day)", groupby=["name"])
        .transform_calculate(low="toDate(datum.low)", high="toDate(datum.high)")
        .mark_rule(color=COLOUR["band"], strokeWidth=4)
        .encode(x=alt.X("low:T", title=None), x2=alt.X2("high:T"))
    )
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=alt.X("day:T", title=None)
        .axis(format="%Y", tickCount="year", labelOverlap=True, labelBound=True)
        .scale(padding=10),
        **by_stage(keys, stages, narrow),
    )
    return themed(alt.layer(span, dots), (48 if narrow else 28) * len(order) + 10)


def where(
    tiles: pd.DataFrame, dots: pd.DataFrame, stages: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """A dot a project in its district's tile, drawn by the last stage that it came to.

    tiles : across, down, label ("|" breaks it); dots : x, y (in tiles), stage
    stages : stage -> its name
    """
    right, below = float(tiles["across"].max()) + 1, float(tiles["down"].max()) + 1
    x = alt.X("left:Q", axis=None).scale(domain=[0, right], nice=False)
    y = alt.Y("above:Q", axis=None).scale(domain=[below, 0], nice=False)
    base = (
        alt.Chart(tiles)
        .transform_calculate(
            left="datum.across + 0.03", right="datum.across + 0.97",
            above="datum.down + 0.03", below="datum.down + 0.97",
        )
        .encode(x=x, y=y)
    )  # fmt: skip
    ground = base.mark_rect(color=COLOUR["track"], cornerRadius=6).encode(
        x2=alt.X2("right:Q"), y2=alt.Y2("below:Q")
    )
    name = (
        abbreviated(base)
        .mark_text(
            align="left",
            baseline="top",
            dx=4,
            dy=4,
            fontWeight="bold",
            lineBreak="|",
            lineHeight=14,
        )
        .encode(text=alt.Text("shown:N"))
    )
    keys = [key for key in stages if key in set(dots["stage"])]
    drawn = (
        alt.Chart(dots[["name_zh", "place", "stage", "year", "x", "y"]])
        .mark_point(filled=True, size=14 if narrow else 30, opacity=1)
        .encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), **by_stage(keys, stages, narrow))
    )
    return themed(alt.layer(ground, name, drawn), (82 if narrow else 100) * int(below))


def by_stage(
    keys: list[str], stages: Mapping[str, str], narrow: bool
) -> dict[str, alt.Shape | alt.Color]:
    """Return shape and colour by stage, with one legend."""
    legend = alt.Legend(
        title=None, orient="top", columns=2 if narrow else 0, clipHeight=ROW,
        labelExpr=f"({dict(stages)})[datum.value]",
    )  # fmt: skip
    shapes, colours = ([LIFE[key][at] for key in keys] for at in (0, 1))
    return {
        "shape": alt.Shape("stage:N", legend=legend).scale(domain=keys, range=shapes),
        "color": alt.Color("stage:N", legend=legend).scale(
            domain=keys, range=[COLOUR[colour] for colour in colours]
        ),
    }


def _in_lines(name: str, most: int) -> str:
    """Break a name into lines of so many signs, about equally long."""
    count = -(-len(name) // most)
    long = -(-len(name) // count)
    return "|".join(name[at : at + long] for at in range(0, len(name), long))
