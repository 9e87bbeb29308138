"""Pictures of foreign capital: growth against targets, levels, bases, scopes."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts.marks import haloed, params, room, target_rules
from analysis.charts.theme import COLOUR, money, money_axis, themed
from analysis.plan import Target
from analysis.text import Text


def growth_rows(
    past: pd.DataFrame, lever: str, value: float, target: Target, text: Text, narrow: bool
) -> alt.LayerChart:
    """Growth in %, a row a published period, the scenario last; the target's two lines.

    past : columns period, growth_pct, in the order to be shown
    """
    rows = past.assign(live=False)[["period", "growth_pct", "live"]]
    scenario = {"period": text("fdi_growth.scenario"), "growth_pct": value, "live": True}
    frame = pd.concat([rows, pd.DataFrame([scenario])], ignore_index=True)
    base = (
        alt.Chart(frame)
        .transform_calculate(growth=f"datum.live ? {lever} : datum.growth_pct", zero="0")
        .encode(y=alt.Y("period:N", sort=None, title=None))
    )
    x = alt.X("growth:Q", title=text("fdi_growth.axis.growth")).axis(tickCount=5)
    longest = f"max({lever}, {max(target.stretch, *past['growth_pct'])})"
    x = x.scale(domainMax=room(longest, 62))
    bars = base.mark_bar(height={"band": 0.55}).encode(
        x=x,
        color=alt.Color("live:N", legend=None).scale(
            domain=[False, True], range=[COLOUR["grey"], COLOUR["group_1"]]
        ),
    )
    labels = (
        base.transform_calculate(said="format(datum.growth, '+.1f') + '%'")
        .transform_calculate(far="max(datum.growth, 0)")
        .encode(x=alt.X("far:Q"), text=alt.Text("said:N"))
    )
    chart = alt.layer(bars, *target_rules(target, "x"), *haloed(labels, align="left", dx=6))
    return themed(chart, 42 * len(frame) + 10, *params({lever: value}, lever))


def levels(frame: pd.DataFrame, text: Text, narrow: bool) -> alt.LayerChart:
    """Annual levels in 1e8 USD; a year with no figure that may be shown is a marked hole.

    frame : columns year (text), value (NaN in a hole), mark (behind its number)
    """
    x = alt.X("year:N", title=None)
    base = alt.Chart(frame[["year", "value", "mark"]]).encode(x=x)
    known = base.transform_filter("isValid(datum.value)").transform_calculate(
        label=f"{money('datum.value', text, ',.1f')} + datum.mark"
    )
    bars = known.mark_bar(color=COLOUR["grey"], width={"band": 0.6}).encode(
        y=alt.Y("value:Q", title=text("fdi_growth.axis.usd")).axis(tickCount=4, **money_axis(text))
    )
    said = known.mark_text(dy=-8, fontWeight="bold").encode(
        y=alt.Y("value:Q"), text=alt.Text("label:N")
    )
    holes = (
        base.transform_filter("!isValid(datum.value)")
        .transform_calculate(said=f"'{text('fdi_growth.hole')}'")
        .mark_text(color=COLOUR["missing"], angle=270, align="left", dx=6)
        .encode(y=alt.YDatum(0), text=alt.Text("said:N"))
    )
    return themed(alt.layer(bars, said, holes), 220)


def pairs(frame: pd.DataFrame, text: Text, narrow: bool) -> alt.LayerChart:
    """The city within its province, one count and one period a row, 1e8 USD.

    frame : columns period, whole, part, label
    """
    y = alt.Y("period:N", sort=None, title=None)
    base = alt.Chart(frame).encode(y=y)
    whole = base.mark_bar(color=COLOUR["band"], height={"band": 0.6}).encode(
        x=alt.X("whole:Q", title=text("fdi_growth.axis.usd")).axis(tickCount=5, **money_axis(text))
    )
    part = base.mark_bar(color=COLOUR["group_1"], height={"band": 0.6}).encode(x=alt.X("part:Q"))
    said = base.mark_text(align="right", dx=-6, color=COLOUR["card"], fontWeight="bold").encode(
        x=alt.X("part:Q"), text=alt.Text("label:N")
    )
    return themed(alt.layer(whole, part, said), 44 * len(frame) + 10)


def line(
    frame: pd.DataFrame, axis: str, is_money: bool, text: Text, narrow: bool
) -> alt.LayerChart:
    """One series by year, some of its points said beside them.

    frame : columns year (number), value, said (whether the point is), mark (behind its number)
    """
    written = money("datum.value", text) if is_money else "format(datum.value, ',.0f')"
    labels = money_axis(text) if is_money else {"format": ",.0f"}
    base = alt.Chart(frame).encode(
        x=alt.X("year:Q", title=None).axis(format="d", tickCount=4 if narrow else 8),
        y=alt.Y("value:Q", title=text(axis)).axis(tickCount=4, **labels).scale(zero=True),
    )
    drawn = base.mark_line(color=COLOUR["group_1"], point={"color": COLOUR["group_1"], "size": 16})
    said = base.transform_filter("datum.said").transform_calculate(label=f"{written} + datum.mark")
    labelled = haloed(said.encode(text=alt.Text("label:N")), align="right", dy=-12)
    return themed(alt.layer(drawn, *labelled), 220)
