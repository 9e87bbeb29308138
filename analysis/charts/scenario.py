"""Which pictures answer "what would have to be true": frontier, tornado, effort, chance?"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts.capital import params, target_rules
from analysis.charts.theme import COLOUR, themed
from analysis.plan import Target
from analysis.text import Text


def names(narrow: bool) -> alt.Y:
    """Return the axis of names; on a phone a long one breaks before its "in"."""
    y = alt.Y("name:N", sort=None, title=None)
    if not narrow:
        return y.axis(labelLimit=320)
    broken = "split(replace(replace(datum.label, ' in ', '|in '), ' from ', '|from '), '|')"
    return y.axis(labelLimit=200, labelExpr=broken)


def frontier(
    edge: pd.DataFrame,
    values: Mapping[str, float],
    capital: Target,
    share: Target,
    text: Text,
    narrow: bool,
) -> alt.LayerChart:
    """Return the most industrial share, %, at each level of capital, and where the scenario is.

    edge : columns capital_total (1e8 CNY), industrial_share (%), one row a level
    """
    x = alt.X("capital_total:Q", title=text("target_scenarios.axis.capital"))
    x = x.axis(format=",.0f", tickCount=4 if narrow else 7).scale(zero=False)
    y = alt.Y("industrial_share:Q", title=text("target_scenarios.axis.share")).scale(zero=False)
    line = (
        alt.Chart(edge)
        .mark_area(line={"color": COLOUR["grey"]}, color=COLOUR["band"], opacity=0.35)
        .encode(x=x, y=y)
    )
    point = (
        alt.Chart(pd.DataFrame({"row": [0]}))
        .transform_calculate(
            capital_at="capital_total",
            share_at="industrial_share",
            said="format(capital_total, ',.0f') + '  ' + format(industrial_share, '.1f') + '%'",
        )
        .encode(x="capital_at:Q", y="share_at:Q")
    )
    dot = point.mark_point(filled=True, size=110, color=COLOUR["central"], opacity=1)
    said = point.mark_text(align="left", dx=10, dy=12, fontWeight="bold").encode(text="said:N")
    rules = [*target_rules(capital, "x"), *target_rules(share, "y")]
    chart = alt.layer(line, *rules, dot, said)
    return themed(chart.add_params(*params(values, "capital_total", "industrial_share")), 280)


def tornado(
    frame: pd.DataFrame, target: Target, axis: str, text: Text, narrow: bool
) -> alt.LayerChart:
    """Each lever from bound to bound, the others at rest; the target's two lines.

    frame : columns name, at_low, at_high, base
    """
    low, high = frame[["at_low", "at_high"]].min().min(), frame[["at_low", "at_high"]].max().max()
    room = 0.08 * (high - low)
    y = names(narrow)
    x = alt.X("at_low:Q", title=text(axis)).axis(format=",.0f", tickCount=4 if narrow else 7)
    x = x.scale(domain=[low - room, high + room], nice=False)
    base = alt.Chart(frame).encode(y=y)
    bars = base.mark_bar(height={"band": 0.55}, color=COLOUR["grey"]).encode(x=x, x2="at_high:Q")
    rest = alt.Chart(frame.head(1)).mark_rule(color=COLOUR["central"], strokeWidth=2)
    rules = target_rules(target, "x")
    chart = alt.layer(bars, rest.encode(x="base:Q"), *rules)
    return themed(chart, 34 * len(frame) + 20)


def bars(
    frame: pd.DataFrame, axis: str, form: str, text: Text, narrow: bool, end: float | None = None
) -> alt.LayerChart:
    """Plain bars from zero with their number.

    frame : columns name, value; `end` fixes the axis' end
    """
    room = end or 1.15 * max(float(frame["value"].max()), 1e-9)
    base = alt.Chart(frame).encode(
        y=names(narrow),
        x=alt.X("value:Q", title=text(axis)).axis(tickCount=4).scale(domain=[0, room]),
    )
    drawn = base.mark_bar(height={"band": 0.55}, color=COLOUR["central"])
    said = base.mark_text(align="left", dx=5, fontWeight="bold").encode(
        text=alt.Text("value:Q", format=form)
    )
    return themed(alt.layer(drawn, said), 34 * len(frame) + 20)


def compared(frame: pd.DataFrame, target: Target, text: Text, narrow: bool) -> alt.LayerChart:
    """Scenarios by their capital, enlarged around the target: dots, as the axis is cut. 1e8 CNY.

    frame : columns name, value
    """
    x = alt.X("value:Q", title=text("target_scenarios.axis.capital"))
    x = x.axis(format=",.0f", tickCount=4 if narrow else 7).scale(zero=False, padding=50)
    base = alt.Chart(frame).encode(y=names(narrow), x=x)
    dots = base.mark_point(filled=True, size=100, color=COLOUR["central"], opacity=1)
    said = base.mark_text(align="right", dx=-10, fontWeight="bold").encode(
        text=alt.Text("value:Q", format=",.0f")
    )
    return themed(alt.layer(dots, *target_rules(target, "x"), said), 40 * len(frame) + 20)
