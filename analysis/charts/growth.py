"""Pictures of where growth comes from, and whether a share moved by mix or within."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts.marks import (
    chosen,
    either_room,
    either_side,
    group_colour,
    group_row,
    grouped,
    names,
    room,
    strong,
    zero,
)
from analysis.charts.theme import themed
from analysis.text import Text


def contribution(
    frame: pd.DataFrame, first: str, groups: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """Bars of percentage points, either side of zero; together they are the whole's growth.

    frame : columns place, name, tier, points, in the order to be shown
    """
    longest = frame["points"].abs().max() or 1.0
    falls = frame["points"].lt(0).any()
    ends = either_room(longest, 50) if falls else {"domainMin": 0, "domainMax": room(longest, 50)}
    base = alt.Chart(grouped(frame, groups, narrow)).encode(y=names(narrow))
    x = alt.X("points:Q", title=text("structure.axis.points"))
    x = x.axis(labelExpr="datum.value ? format(datum.value, '+.1f') : '0'", tickCount=5)
    x = x.scale(**ends)
    bars = base.mark_bar(height={"band": 0.6}, strokeWidth=2).encode(
        x=x, color=group_colour(groups), stroke=strong()
    )
    labels = either_side(base, "points", alt.Text("points:Q", format="+.2f"), fontWeight="bold")
    chart = alt.layer(bars, zero(), *labels)
    return themed(chart, group_row(narrow) * len(frame) + 10, chosen("district", first))
