"""Pictures of who is on schedule: capital, share and quotas against what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.marks import (
    TWO_LINES,
    at_value,
    beyond,
    chosen,
    group_colour,
    group_row,
    grouped,
    haloed,
    names,
    room,
    strong,
)
from analysis.charts.theme import COLOUR, DASH, money, money_axis, on_group, themed
from analysis.text import Text


def against_floors(
    frame: pd.DataFrame, first: str, groups: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """Bars of capital in place, 1e8 CNY; the floor a solid line, what is due by now a dashed one.

    frame : columns place, name, tier, capital, floor, due, in the order to be shown
    groups : group -> its name, in the plan's order
    """
    longest = np.nanmax(frame[["capital", "floor"]].to_numpy(float))
    base = alt.Chart(grouped(frame, groups, narrow)).encode(y=names(narrow))
    x = alt.X("capital:Q", title=text("structure.axis.money"))
    x = x.axis(tickCount=4 if narrow else 8, **money_axis(text)).scale(
        domainMin=0, domainMax=room(longest, 52)
    )
    bars = base.mark_bar(height={"band": 0.6}, strokeWidth=2).encode(
        x=x, color=group_colour(groups), stroke=strong()
    )
    floor = base.mark_tick(thickness=2, color=COLOUR["ink"], size=22).encode(x=alt.X("floor:Q"))
    due = base.mark_tick(thickness=2, color=COLOUR["muted"], size=16, strokeDash=DASH).encode(
        x=alt.X("due:Q")
    )
    ground, number = group_colour(groups, alt.Stroke), money("datum.capital", text)
    ink = on_group("tier", groups)
    said = at_value(base, "capital", ["floor", "due"], number, longest, 52, ground, ink)
    chart = alt.layer(bars, due, floor, *said)
    return themed(chart, group_row(narrow) * len(frame) + 10, chosen("district", first))


def shares(
    frame: pd.DataFrame, first: str, groups: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """Industrial share, %, a dot a district, tied to its floor; red where it is short.

    frame : columns place, name, tier, share (none where nothing arrived), share_floor, short (of
        a year that is over)
    groups : group -> its name, in the plan's order
    """
    base = alt.Chart(grouped(frame, groups, narrow)).encode(y=names(narrow))
    known = base.transform_filter("isValid(datum.share)")
    x = alt.X("share:Q", title=text("structure.axis.share"))
    longest = frame[["share", "share_floor"]].max().max()
    short = frame.loc[frame["share"] < frame["share_floor"], "share"].min()
    # Left of a dot that is short of its floor there is room for its number.
    low = alt.ExprRef(f"min(0, {short} - 56 * {longest} / (width - 112))") if short == short else 0
    x = x.axis(tickCount=5, labelExpr="datum.value < 0 ? '' : datum.label")
    x = x.scale(domainMin=low, domainMax=room(longest, 72))
    tie = known.mark_rule(strokeWidth=3).encode(
        x=x,
        x2=alt.X2("share_floor:Q"),
        color=alt.condition("datum.short", alt.value(COLOUR["missing"]), alt.value(COLOUR["band"])),
    )
    floor = base.mark_tick(thickness=2, color=COLOUR["ink"], size=18).encode(
        x=alt.X("share_floor:Q")
    )
    dots = known.mark_point(filled=True, size=110, opacity=1, strokeWidth=2).encode(
        x=x, color=group_colour(groups), stroke=strong()
    )
    share = "format(datum.share, '.1f') + '%'"
    before = known.transform_filter("datum.share < datum.share_floor")
    before = before.transform_calculate(said=share)
    said = [
        beyond(known.transform_filter("datum.share >= datum.share_floor"), "datum.share", share, 9),
        before.mark_text(align="right", dx=-9, fontWeight="bold").encode(x, alt.Text("said:N")),
    ]
    chart = alt.layer(tie, floor, dots, *said)
    return themed(chart, group_row(narrow) * len(frame) + 10, chosen("district", first))


def quotas(frame: pd.DataFrame, first: str, text: Text, narrow: bool) -> alt.LayerChart:
    """A cell a district and quota: projects of those asked for; red where some are missing.

    frame : columns place, name, label (the quota's, "|" breaks it), projects, needed, state
        (met, short at the year's end, to_come before it)
    """
    heads: dict[str, Any] = {
        "labelExpr": f"split(datum.label, regexp('{'[| ]' if narrow else '[|]'}'))",
        "labelPadding": (2 if narrow else 1) * TWO_LINES,
    }
    if narrow and text.lang == "en":  # no column is as wide as a word
        heads = {"labelExpr": "replace(datum.label, '|', ' ')", "labelAngle": -60,
                 "labelAlign": "left"}  # fmt: skip
    base = alt.Chart(frame).encode(
        x=alt.X("label:N", sort=None, title=None).axis(
            orient="top", labelOverlap=False, domain=False, ticks=False, **heads
        ),
        y=names(narrow),
    )
    ground = base.mark_rect(cornerRadius=4, stroke=COLOUR["card"], strokeWidth=3).encode(
        color=alt.value(COLOUR["track"])
    )
    said = (
        base.transform_calculate(
            said="({met: '✓ ', short: '✕ '}[datum.state] || '') + "
            "format(datum.projects, 'd') + '/' + format(datum.needed, 'd')"
        )
        .mark_text(fontWeight="bold")
        .encode(
            text=alt.Text("said:N"),
            color=alt.Color("state:N", legend=None).scale(
                domain=["met", "short", "to_come"],
                range=[COLOUR["met"], COLOUR["missing"], COLOUR["muted"]],
            ),
        )
    )
    ring = base.transform_filter("datum.place === district").mark_rect(
        cornerRadius=4, filled=False, stroke=COLOUR["ink"], strokeWidth=1.5
    )
    chart = alt.layer(ground, said, ring).resolve_scale(color="independent")
    return themed(chart, 28 * frame["place"].nunique(), chosen("district", first))


def year(
    frame: pd.DataFrame, last: int, text: Text, narrow: bool, asked: str = "target"
) -> alt.LayerChart:
    """The year's cumulated capital against schedule, season and the year before, 1e8 CNY.

    frame : `analysis.structure.progress.months`
    last : the month at which this year's and last year's line end, the signal `upto`;
        from there past years' course leads to a bar at the year's end
    asked : what the schedule leads to, the whole's "target" or a district's "floor"
    """
    x = alt.X("month:Q", title=text("structure.axis.month"))
    x = x.axis(values=[0, 3, 6, 9, 12], format="d").scale(domain=[0, 12])
    y = alt.Y("value:Q", title=text("structure.axis.money"))
    y = y.axis(tickCount=5, **money_axis(text))
    base = alt.Chart(frame).encode(x=x)
    band = base.mark_area(color=COLOUR["band"], opacity=0.6).encode(
        y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
    )
    straight = base.mark_line(color=COLOUR["grey"], strokeDash=DASH).encode(y=alt.Y("linear:Q"))
    season = base.mark_line(color=COLOUR["ink"], strokeWidth=1.5).encode(y=alt.Y("seasonal:Q"))
    before = base.transform_filter("isValid(datum.before) && datum.month <= upto").mark_line(
        color=COLOUR["grey"], strokeWidth=2
    ).encode(y=alt.Y("before:Q"))  # fmt: skip
    told = base.transform_filter("isValid(datum.value) && datum.month <= upto")
    line = told.mark_line(color=COLOUR["group_1"], strokeWidth=3).encode(y=y)
    dots = told.mark_point(color=COLOUR["group_1"], filled=True, size=46, opacity=1).encode(y=y)
    target = pd.DataFrame({"at": [float(frame["linear"].iloc[-1])]})
    goal = alt.Chart(target).mark_rule(color=COLOUR["ink"], strokeWidth=1.5).encode(y=alt.Y("at:Q"))
    goal_said = (
        goal.transform_calculate(
            said=f"'{text(f'structure.year.{asked}')} ' + {money('datum.at', text)}"
        )
        .mark_text(align="left", dx=4, dy=-8)
        .encode(x=alt.XValue(0), text=alt.Text("said:N"))
    )
    ends = base.transform_filter("datum.month === upto")
    leads = "upto > 7 && upto < 11"  # before, past years say too little, and then no more
    side, dx = (alt.ExprRef(f"{leads} ? {one}") for one in ("'right' : 'left'", "-6 : 6"))
    labels = [
        ends.transform_calculate(said=money("datum.value", text))
        .mark_text(align=side, dx=dx, dy=-12, fontWeight="bold", color=COLOUR["group_1"])
        .encode(y=alt.Y("value:Q"), text=alt.Text("said:N")),
        ends.transform_filter("isValid(datum.before)")
        .mark_text(align="left", dx=6, dy=14, color=COLOUR["muted"])
        .encode(y=alt.Y("before:Q"), text=alt.TextValue(text("structure.year.before"))),
    ]
    ahead = ends.transform_filter(f"isValid(datum.end_low) && {leads}").transform_calculate(
        december="12",
        said=f"{money('datum.end_low', text)} + '–' + {money('datum.end_high', text)}",
    )
    last_month = alt.X("december:Q")
    look: dict[str, Any] = {"color": COLOUR["group_1"]}
    fan = [
        ahead.mark_rule(strokeDash=DASH, **look).encode(
            x2=alt.X2("december:Q"), y=alt.Y("value:Q"), y2=alt.Y2(f"{end}:Q")
        )
        for end in ("end_low", "end_high")
    ]
    fan.append(
        ahead.mark_rule(strokeWidth=5, **look).encode(
            x=last_month, y=alt.Y("end_low:Q"), y2=alt.Y2("end_high:Q")
        )
    )
    told_end = ahead.encode(x=last_month, y=alt.Y("end_high:Q"), text=alt.Text("said:N"))
    fan += haloed(told_end, align="right", dx=2, dy=-12, **look)
    upto = (
        alt.Chart(pd.DataFrame({"row": [0]}))
        .transform_calculate(at="upto")
        .mark_rule(color=COLOUR["grey"], strokeWidth=1)
        .encode(x=alt.X("at:Q"))
    )
    chart = alt.layer(
        band, upto, goal, goal_said, straight, season, before, line, dots, *fan, *labels
    )
    return themed(chart, 280, alt.param(name="upto", value=float(last)))


def flows(frame: pd.DataFrame, last: int, text: Text, narrow: bool) -> alt.LayerChart:
    """Capital a month, 1e8 CNY, this year beside the year before.

    frame : columns month, year (text), flow
    last : the month at which both years end, the signal `upto`
    """
    years = sorted(frame["year"].unique())
    colour = alt.Color("year:N", title=None).scale(
        domain=years, range=[COLOUR["band"], COLOUR["group_1"]][-len(years) :]
    )
    bars = (
        alt.Chart(frame)
        .transform_filter("datum.month <= upto")
        .mark_bar(stroke=COLOUR["grey"])
        .encode(
            x=alt.X("month:O", title=text("structure.axis.month")).axis(labelOverlap=True),
            xOffset=alt.XOffset("year:N", sort=years),
            y=alt.Y("flow:Q", title=text("structure.axis.money")).axis(
                tickCount=4, **money_axis(text)
            ),
            color=colour,
        )
    )
    return themed(alt.layer(bars), 220, alt.param(name="upto", value=float(last)))
