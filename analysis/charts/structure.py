"""Pictures of projects: by group of districts, by place, by size class."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts.marks import beside, beyond, names, room
from analysis.charts.theme import COLOUR, group_colours, themed
from analysis.text import Text


def by_group(
    frame: pd.DataFrame, axis: str, groups: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """A bar for each row's total and one for each group, with its name and number at its end.

    frame : columns row (its label), tier, value; rows in the order to be shown
    groups : group -> its name, in the plan's order
    """
    order = list(dict.fromkeys(frame["row"]))
    named = frame.assign(group=frame["tier"].map(groups))[["row", "tier", "group", "value"]]
    whole = text("structure.effect.total")
    totals = named.groupby("row", sort=False, as_index=False)["value"].sum().assign(group=whole)
    rows = pd.concat([totals.assign(tier=""), named], ignore_index=True)
    kinds, hues = [whole, *groups.values()], [COLOUR["grey"], *group_colours(groups).values()]
    letter = 13 if text.lang == "zh" else 7
    x = alt.X("value:Q", title=text(axis)).axis(tickMinStep=1, tickCount=5, format=",d")
    x = x.scale(domainMax=room(totals["value"].max(), 44 + letter * max(map(len, kinds))))
    base = alt.Chart(rows).encode(
        x=x, y=names(narrow, "row:N", order), yOffset=beside("group:N", kinds)
    )
    bars = base.mark_bar().encode(
        color=alt.Color("group:N", legend=None).scale(domain=kinds, range=hues)
    )
    words = beyond(base, "datum.value", "format(datum.value, ',d') + ' ' + datum.group", 5)
    return themed(alt.layer(bars, words), (17 * len(kinds) + 10) * len(order) + 10)


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
