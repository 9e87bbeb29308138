"""Pictures of where growth comes from, and whether a share moved by mix or within."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt
import pandas as pd

from analysis.charts.marks import (
    chosen,
    either_room,
    either_side,
    group_colour,
    names,
    room,
    strong,
    zero,
)
from analysis.charts.theme import COLOUR, themed
from analysis.text import Text


def contribution(
    frame: pd.DataFrame, first: str, groups: Iterable[str], text: Text, narrow: bool
) -> alt.LayerChart:
    """Bars of percentage points, either side of zero; together they are the whole's growth.

    frame : columns place, name, tier, points, in the order to be shown
    """
    longest = frame["points"].abs().max() or 1.0
    falls = frame["points"].lt(0).any()
    ends = either_room(longest, 50) if falls else {"domainMin": 0, "domainMax": room(longest, 50)}
    base = alt.Chart(frame).encode(y=names(narrow))
    x = alt.X("points:Q", title=text("structure.axis.points"))
    x = x.axis(format="+.1f", tickCount=5).scale(**ends)
    bars = base.mark_bar(height={"band": 0.6}, strokeWidth=2).encode(
        x=x, color=group_colour(groups), stroke=strong()
    )
    labels = either_side(base, "points", alt.Text("points:Q", format="+.2f"), fontWeight="bold")
    chart = alt.layer(bars, zero(), *labels)
    return themed(chart, 28 * len(frame) + 10, chosen("district", first))


def mix_within(frame: pd.DataFrame, text: Text, narrow: bool) -> alt.LayerChart:
    """Points of industrial share by tier and effect; the last rows are the whole.

    frame : columns name, effect (mix, within), points; in the order to be shown
    """
    effects = {key: text(f"structure.effect.{key}") for key in ("mix", "within")}
    shown = frame.assign(said=frame["effect"].map(effects))
    longest = frame["points"].abs().max() or 1.0
    base = alt.Chart(shown).encode(
        y=names(narrow), yOffset=alt.YOffset("said:N", sort=list(effects.values()))
    )
    x = alt.X("points:Q", title=text("structure.axis.share_points"))
    x = x.axis(format="+.2f", tickCount=4).scale(**either_room(longest, 50))
    bars = base.mark_bar().encode(
        x=x,
        color=alt.Color("said:N", title=None, sort=list(effects.values()))
        .legend(columns=1 if narrow else 2, labelLimit=320)
        .scale(domain=list(effects.values()), range=[COLOUR["band"], COLOUR["grey"]]),
    )
    labels = either_side(base, "points", alt.Text("points:Q", format="+.2f"))
    return themed(alt.layer(bars, zero(), *labels), 52 * frame["name"].nunique() + 10)
