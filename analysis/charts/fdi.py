"""Pictures of foreign capital: growth against targets, levels, bases, scopes."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts.marks import haloed, params, target_lines
from analysis.charts.theme import COLOUR, DASH, money, money_axis, themed
from analysis.plan import Target
from analysis.text import Text


def growth_over_time(
    past: pd.DataFrame,
    lever: str,
    value: float,
    target: Target,
    year: int,
    text: Text,
    narrow: bool,
) -> alt.LayerChart:
    """Growth in %, each period as long as it was, the scenario's year last; the target's lines.

    past : columns period ("2017", "2019 01–08" for a part of a year), growth_pct
    """
    rows = [
        {"from": int(period[:4]) + (int(period[5:7] or 1) - 1) / 12, "growth_pct": growth,
         "to": int(period[:4]) + int(period[8:] or 12) / 12, "period": period, "live": False}
        for period, growth in past[["period", "growth_pct"]].itertuples(index=False)
    ]  # fmt: skip
    scenario = text("fdi_growth.scenario")
    rows.append({"from": year, "to": year + 1, "growth_pct": value, "period": scenario,
                 "live": True})  # fmt: skip
    ends = [row["growth_pct"] for row in rows[:-1]] + [target.stretch, 0]
    # On a phone the first period is shorter than its number.
    begin = int(rows[0]["from"]) - (0.4 if narrow else 0)
    x = alt.X("from:Q", title=None).axis(
        values=list(range(int(rows[0]["from"]), year + 1)), format="d"
    )
    base = (
        alt.Chart(pd.DataFrame(rows))
        .transform_calculate(growth=f"datum.live ? {lever} : datum.growth_pct")
        .encode(x=x.scale(domain=[begin, year + 1], nice=False))
    )
    y = (
        alt.Y("growth:Q", title=text("fdi_growth.axis.growth"))
        .axis(tickCount=5)
        .scale(
            domainMin=alt.ExprRef(f"min({lever}, {min(ends)})"),
            domainMax=alt.ExprRef(f"max({lever}, {max(ends)}) * 1.15"),
        )
    )
    colour = alt.Color("live:N", legend=None).scale(
        domain=[False, True], range=[COLOUR["grey"], COLOUR["group_1"]]
    )
    lines = base.mark_rule(strokeWidth=6).encode(x2=alt.X2("to:Q"), y=y, color=colour)
    said = base.transform_calculate(
        middle="(datum.from + datum.to) / 2", said="format(datum.growth, '+.1f') + '%'"
    ).encode(x=alt.X("middle:Q"), y=alt.Y("growth:Q"), text=alt.Text("said:N"))
    chart = alt.layer(*target_lines(target, "y", text, narrow), lines, *haloed(said, dy=-13))
    return themed(chart, 220, *params({lever: value}, lever))


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
    hole = text("fdi_growth.hole").split(" ") if narrow else [text("fdi_growth.hole")]
    holes = (
        base.transform_filter("!isValid(datum.value)")
        .transform_calculate(said=f"'{'|'.join(hole)}'")
        # Vega sets the first line on the axis, not the last.
        .mark_text(color=COLOUR["muted"], baseline="bottom", lineBreak="|", lineHeight=14,
                   dy=-4 - 14 * (len(hole) - 1))
        .encode(y=alt.YDatum(0), text=alt.Text("said:N"))
    )  # fmt: skip
    return themed(alt.layer(bars, said, holes), 220)


def line(
    frame: pd.DataFrame,
    axis: str,
    is_money: bool,
    text: Text,
    narrow: bool,
    years: tuple[int, int] | None = None,
    average: bool = False,
) -> alt.LayerChart:
    """One series by year, some of its points said beside them.

    frame : columns year (number), value, said (whether the point is), mark (behind its number)
    years : the axis' ends, where pictures below each other shall share them
    average : draw the even way through the last two years
    """
    first, last = years or (int(frame["year"].min()), int(frame["year"].max()))
    written = money("datum.value", text) if is_money else "format(datum.value, ',.0f')"
    labels = money_axis(text) if is_money else {"format": ",.0f"}
    base = alt.Chart(frame).encode(
        x=alt.X("year:Q", title=None)
        .axis(format="d", tickCount=4 if narrow else 8)
        .scale(domain=[first, last], nice=False),
        y=alt.Y("value:Q", title=text(axis)).axis(tickCount=4, **labels).scale(zero=True),
    )
    drawn = base.mark_line(color=COLOUR["group_1"], point={"color": COLOUR["group_1"], "size": 16})
    said = base.transform_filter("datum.said").transform_calculate(label=f"{written} + datum.mark")
    labelled = haloed(said.encode(text=alt.Text("label:N")), align="right", dy=-12)
    return themed(alt.layer(drawn, *_even(frame, text) if average else (), *labelled), 220)


def _even(frame: pd.DataFrame, text: Text) -> list[alt.Chart]:
    """Return the line from the year before the last to the last but two, its growth on it."""
    ends = frame.iloc[[-3, -1]][["year", "value"]]
    ratio = float(ends["value"].iloc[1] / ends["value"].iloc[0])
    line = alt.Chart(ends).mark_line(color=COLOUR["ink"], strokeDash=DASH, strokeWidth=1.5)
    said = text("fdi_growth.average", rate=100 * (ratio**0.5 - 1))
    middle = pd.DataFrame({"year": [ends["year"].mean()], "value": [ends["value"].mean()]})
    words = alt.Chart(middle.assign(said=said)).encode(
        x=alt.X("year:Q"), y=alt.Y("value:Q"), text=alt.Text("said:N")
    )
    return [line.encode(x=alt.X("year:Q"), y=alt.Y("value:Q")), *haloed(words, dy=34)]
