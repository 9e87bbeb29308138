"""Pictures of projects: by group of districts, by place, by size class."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts.marks import group_legend, names, room
from analysis.charts.theme import COLOUR, on_group, themed
from analysis.text import Text


def by_group(
    frame: pd.DataFrame, axis: str, groups: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """Stacked bars by group, each part said inside, the total at the end.

    frame : columns row (its label), tier, value; rows in the order to be shown
    groups : group -> its name, in the plan's order
    """
    order = list(dict.fromkeys(frame["row"]))
    frame = frame.assign(place=frame["tier"].map({group: i for i, group in enumerate(groups)}))
    y = names(narrow, "row:N", order)
    base = alt.Chart(frame).transform_stack(
        stack="value", as_=["start", "end"], groupby=["row"], sort=[alt.SortField("place")]
    )
    x = alt.X("start:Q", title=text(axis)).axis(tickMinStep=1, tickCount=5, format=",d")
    x = x.scale(domainMax=room(frame.groupby("row")["value"].sum().max(), 36))
    bars = base.mark_bar(height={"band": 0.62}).encode(
        x=x, x2=alt.X2("end:Q"), y=y, color=group_legend(groups, narrow)
    )
    inside = (
        base.transform_filter(f"datum.value > {0.12 * frame['value'].max()}")
        .transform_calculate(middle="(datum.start + datum.end) / 2")
        .mark_text(fontWeight="bold")
        .encode(
            x=alt.X("middle:Q"),
            y=y,
            text=alt.Text("value:Q", format=",.0f"),
            color=on_group("tier", groups),
        )
    )
    totals = (
        alt.Chart(frame)
        .transform_aggregate(total="sum(value)", groupby=["row"])
        .mark_text(align="left", dx=5, fontWeight="bold")
        .encode(x=alt.X("total:Q"), y=y, text=alt.Text("total:Q", format=",.0f"))
    )
    return themed(alt.layer(bars, inside, totals), (58 if narrow else 46) * len(order) + 10)


def bars(frame: pd.DataFrame, axis: str, text: Text, narrow: bool) -> alt.LayerChart:
    """Plain bars with their number; a row marked `left` is what nobody is named for.

    frame : columns row, value, left
    """
    base = alt.Chart(frame).encode(
        y=names(narrow, "row:N"),
        x=alt.X("value:Q", title=text(axis))
        .axis(tickMinStep=1, tickCount=5, format=",d")
        .scale(domainMax=room(frame["value"].max(), 36)),
    )
    drawn = base.mark_bar(height={"band": 0.6}, stroke=COLOUR["grey"]).encode(
        color=alt.Color("left:N", legend=None).scale(
            domain=[False, True], range=[COLOUR["grey"], COLOUR["band"]]
        )
    )
    said = base.mark_text(align="left", dx=5, fontWeight="bold").encode(
        text=alt.Text("value:Q", format=",.0f")
    )
    return themed(alt.layer(drawn, said), 40 * len(frame) + 10)
