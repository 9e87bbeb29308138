"""Pictures of what came before: past years, their season, signing ceremonies and starts."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts.marks import haloed, names, room, target_rules
from analysis.charts.theme import COLOUR, DASH, money, money_axis, themed
from analysis.plan import Target
from analysis.text import Text

#: So many bars stand closer together.
MANY = 12


def past_years(frame: pd.DataFrame, target: Target, text: Text, narrow: bool) -> alt.LayerChart:
    """The sum by year, in the target's unit; lower bounds are open bars with a sign.

    frame : columns year (text), value, bound, sign, mark (before and behind its number)
    """
    y = alt.Y("value:Q", title=text("place.axis.sum"))
    said = f"datum.sign + {money('datum.value', text, unit=target.unit)} + datum.mark"
    base = (
        alt.Chart(frame)
        .transform_calculate(label=said)
        .encode(
            x=alt.X("year:N", title=None),
            y=y.axis(tickCount=4, **money_axis(text, unit=target.unit)),
        )
    )
    bars = base.mark_bar(width=58 if narrow else 64, stroke=COLOUR["grey"]).encode(
        fill=alt.Color("bound:N", legend=None).scale(
            domain=["exact", "lower"], range=[COLOUR["grey"], COLOUR["track"]]
        )
    )
    labels = base.mark_text(dy=14, fontWeight="bold").encode(
        text=alt.Text("label:N"),
        color=alt.Color("bound:N", legend=None).scale(
            domain=["exact", "lower"], range=[COLOUR["card"], COLOUR["ink"]]
        ),
    )
    rules = target_rules(target, "y")
    return themed(alt.layer(bars, *rules, labels).resolve_scale(color="independent"), 230)


def season(
    profile: pd.DataFrame, readings: pd.DataFrame, text: Text, narrow: bool
) -> alt.LayerChart:
    """Cumulative share of the year by month, %: past years' band, readings, the straight line.

    profile : month, low, share, high; readings : year, month, share
    """
    x = alt.X("month:Q", title=text("capital_inflow.axis.month"))
    x = x.axis(values=[0, 3, 6, 9, 12], format="d").scale(domain=[0, 12])
    y = alt.Y("share:Q", title=text("capital_inflow.axis.of_year")).scale(domain=[0, 100])
    base = alt.Chart(profile).encode(x=x)
    band = base.mark_area(color=COLOUR["band"], opacity=0.6).encode(
        y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=COLOUR["ink"]).encode(y=y)
    straight = (
        alt.Chart(pd.DataFrame({"month": [0, 12], "share": [0, 100]}))
        .mark_line(color=COLOUR["grey"], strokeDash=DASH)
        .encode(x=alt.X("month:Q"), y=alt.Y("share:Q"))
    )
    points = alt.Chart(readings).encode(x=alt.X("month:Q"), y=alt.Y("share:Q"))
    dots = points.mark_point(color=COLOUR["group_1"], filled=True, size=60)
    # Two readings of one month: the upper is said above, the lower below.
    said = [
        part
        for sign, look in (
            ("<", {"align": "right", "dx": -8, "dy": -8}),
            ("==", {"dy": 18} if narrow else {"align": "left", "dx": 8, "dy": 14}),
        )
        for part in haloed(
            points.transform_filter(f"datum.year {sign} {int(readings['year'].max())}").encode(
                text=alt.Text("label:N")
            ),
            **look,
        )
    ]
    return themed(alt.layer(band, straight, line, *said, dots), 250)


def ceremonies(frame: pd.DataFrame, axis: str, text: Text, narrow: bool) -> alt.LayerChart:
    """Signed or started on each occasion, 1e8 CNY; both are other stages than capital in place.

    frame : columns name, month (instead of it on a phone), amount, mark (behind its number)
    axis : title of the amounts
    """
    said = f"{money('datum.amount', text)} + datum.mark"
    base = (
        alt.Chart(frame)
        .transform_calculate(label=said)
        .encode(
            y=names(narrow, f"{'month' if narrow else 'name'}:N"),
            x=alt.X("amount:Q", title=axis)
            .axis(tickCount=3 if narrow else 6, labelBound=4, **money_axis(text))
            .scale(domainMax=room(frame["amount"].max(), 60)),
        )
    )
    bars = base.mark_bar(color=COLOUR["grey"], height={"band": 0.6})
    labels = base.mark_text(align="left", dx=4, fontWeight="bold").encode(text=alt.Text("label:N"))
    return themed(alt.layer(bars, labels), (46 if len(frame) < MANY else 28) * len(frame) + 20)
