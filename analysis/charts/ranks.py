"""Pictures of who ranks where, how surely, and what sharing a lead would change."""

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
    in_bars,
    names,
    strong,
    zero,
)
from analysis.charts.theme import COLOUR, money, money_axis, on_group, themed
from analysis.text import Text


def ranks(
    frame: pd.DataFrame, first: str, groups: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """A dot a district at its rank; the bar holds 90% of its ranks under other weights.

    frame : columns place, name, tier, rank, low, high, best, worst, sorted by rank
    """
    base = alt.Chart(grouped(frame, groups, narrow)).encode(y=names(narrow))
    x = alt.X("rank:Q", title=text("structure.axis.rank"))
    x = x.axis(values=[1, 5, 10, len(frame)], format="d").scale(domain=[0.5, len(frame) + 0.8])
    whole = base.mark_rule(color=COLOUR["band"], strokeWidth=2).encode(
        x=alt.X("best:Q"), x2=alt.X2("worst:Q")
    )
    middle = base.mark_rule(strokeWidth=9, opacity=0.4, strokeCap="round").encode(
        x=alt.X("low:Q"), x2=alt.X2("high:Q"), color=group_colour(groups)
    )
    dots = base.mark_point(filled=True, size=380, opacity=1, strokeWidth=2).encode(
        x=x, color=group_colour(groups), stroke=strong()
    )
    numbers = base.encode(x=alt.X("rank:Q"), text=alt.Text("rank:Q", format="d"))
    said = in_bars(numbers, group_colour(groups, alt.Stroke), on_group("tier", groups), 3)
    chart = alt.layer(whole, middle, dots, *said)
    return themed(chart, group_row(narrow) * len(frame) + 10, chosen("district", first))


def sharing(
    frame: pd.DataFrame,
    values: Mapping[str, float],
    groups: Mapping[str, str],
    text: Text,
    narrow: bool,
) -> alt.LayerChart:
    """What leads to others bring and cost a district, 1e8 CNY; the lever moves what is credited.

    frame : columns place, name, tier, led_out, led_in, in the order to be shown
    values : the lever `benefit_share` (%), a signal
    """
    rows = grouped(frame, groups, narrow).assign(net=frame["led_out"] - frame["led_in"])
    longest = rows["net"].abs().max() or 1.0
    base = (
        alt.Chart(rows)
        .transform_calculate(
            shift="benefit_share / 100 * datum.net",
            # While nothing is shared, what could be is said in brackets.
            said=f"benefit_share > 0 ? {money('benefit_share / 100 * datum.net', text, '+,.1f')}"
            f" : '(' + {money('datum.net', text, '+,.1f')} + ')'",
        )
        .encode(y=names(narrow))
    )
    x = alt.X("net:Q", title=text("structure.axis.shift"))
    x = x.axis(tickCount=5, **money_axis(text, "+,.0f")).scale(**either_room(longest, 64))
    whole = base.mark_bar(
        height={"band": 0.6}, color=COLOUR["track"], stroke=COLOUR["grey"]
    ).encode(x=x)
    part = base.mark_bar(height={"band": 0.6}).encode(
        x=alt.X("shift:Q"), color=group_colour(groups)
    )
    labels = either_side(base, "net", "said:N", fontWeight="bold")
    lever = alt.param(name="benefit_share", value=float(values["benefit_share"]))
    return themed(
        alt.layer(whole, part, zero(), *labels), group_row(narrow) * len(frame) + 10, lever
    )
