"""Pictures of what is signed on its way: funnel, waits, cohorts, conversion."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts.marks import beyond, chosen, names, room
from analysis.charts.theme import COLOUR, DASH, themed
from analysis.text import Text


def funnel(frame: pd.DataFrame, text: Text, narrow: bool, chain: str = "") -> alt.LayerChart:
    """Bars of projects by the stage they have reached, each with its part of those signed.

    frame : columns name, stage, projects, of_signed (%), in the stages' order; chain, if one is
    chain : the one that is chosen first; all share one axis
    """
    order = list(dict.fromkeys(frame["stage"]))
    base = alt.Chart(frame).encode(y=names(narrow))
    base = base.transform_filter("datum.chain === chain") if chain else base
    x = alt.X("projects:Q", title=text("structure.axis.projects"))
    x = x.axis(format=",d", tickCount=4).scale(domainMax=room(frame["projects"].max(), 96))
    bars = base.mark_bar(height={"band": 0.62}).encode(x=x, color=_last_coloured(order))
    # What stands before signing is no part of it.
    part = "(datum.of_signed <= 100 ? ' · ' + format(datum.of_signed, '.0f') + '%' : '')"
    words = f"format(datum.projects, ',d') + {part}"
    chart = alt.layer(bars, beyond(base, "datum.projects", words))
    signals = [chosen("chain", chain)] if chain else []
    return themed(chart, 40 * len(order) + 10, *signals)


def _last_coloured(order: list[str]) -> alt.Color:
    hues = [*[COLOUR["grey"]] * (len(order) - 1), COLOUR["group_1"]]
    return alt.Color("stage:N", legend=None).scale(domain=order, range=hues)


def waiting(frames: pd.DataFrame, text: Text, narrow: bool) -> alt.LayerChart:
    """Part of the projects that have come to a stage, by months since the stage before, %.

    frames : columns wait (its name), months, arrived, low, high; one curve or several
    """
    order = list(dict.fromkeys(frames["wait"]))
    hues = [COLOUR["group_1"], COLOUR["ink"], COLOUR["grey"]][: len(order)]
    legend = alt.Legend(
        orient="top",
        columns=1 if narrow else len(order),
        symbolOpacity=1,
        symbolType="stroke",
        symbolStrokeWidth=2.5,
        symbolSize=400,
    )
    colour = alt.Color("wait:N", title=None, sort=order, legend=legend)
    dash = alt.StrokeDash("wait:N", title=None, sort=order, legend=legend)
    dash = dash.scale(domain=order, range=[[1, 0], [8, 3], [2, 2]][: len(order)])
    colour = colour.scale(domain=order, range=hues)
    base = alt.Chart(frames).encode(
        x=alt.X("months:Q", title=text("structure.axis.months_after")).axis(tickCount=6),
        color=colour,
    )
    band = base.mark_area(opacity=0.18, interpolate="step-after").encode(
        y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(strokeWidth=2.5, interpolate="step-after").encode(
        y=alt.Y("arrived:Q", title=text("structure.axis.of_projects")).scale(domain=[0, 100]),
        strokeDash=dash,
    )
    half = (
        alt.Chart(pd.DataFrame({"at": [50]}))
        .mark_rule(color=COLOUR["grey"], strokeDash=DASH)
        .encode(y=alt.Y("at:Q"))
    )
    return themed(alt.layer(half, band, line), 260)


def cohorts(frame: pd.DataFrame, text: Text, narrow: bool) -> alt.LayerChart:
    """A row a quarter of signing, a column a month of age: % of the signed size in place.

    frame : columns cohort, months, share
    """
    most = max(1.0, float(frame["share"].max()))
    ends = frame.sort_values("months").drop_duplicates("cohort", keep="last")
    y = alt.Y("cohort:N", title=None)
    base = alt.Chart(frame.assign(level=(frame["share"] / most).clip(0.04, 1)))
    # Room for the number that ends each row.
    domain = list(range(int(frame["months"].max()) + 4))
    x = alt.X("months:O", title=text("structure.axis.months_after"))
    cells = base.mark_rect(color=COLOUR["group_1"], stroke=COLOUR["card"], strokeWidth=1).encode(
        x=x.axis(values=domain[::6]).scale(domain=domain),
        y=y,
        opacity=alt.Opacity("level:Q", legend=None, scale=None),
    )
    said = (
        alt.Chart(ends.assign(beyond=ends["months"] + 1))
        .transform_calculate(said="format(datum.share, '.0f') + '%'")
        .mark_text(align="left", dx=-4, fontWeight="bold")
        .encode(x=alt.X("beyond:O").scale(domain=domain), y=y, text=alt.Text("said:N"))
    )
    return themed(alt.layer(cells, said), 24 * frame["cohort"].nunique() + 10)


def conversion(
    frame: pd.DataFrame, rate: float, months: int, lever: float, text: Text, narrow: bool
) -> alt.LayerChart:
    """Part of what was signed that is in place, by months since, %; the band is the cohorts'.

    frame : columns months, share, low, high
    lever : the model's conversion, %: a signal, the dashed line
    """
    base = alt.Chart(frame).encode(
        x=alt.X("months:Q", title=text("structure.axis.months_after")).axis(tickCount=6)
    )
    band = base.mark_area(color=COLOUR["band"], opacity=0.6).encode(
        y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
    )
    y = alt.Y("share:Q", title=text("structure.axis.of_signed")).scale(domainMin=0)
    line = base.mark_line(color=COLOUR["group_1"], strokeWidth=2.5).encode(y=y)
    at = alt.Chart(pd.DataFrame({"months": [months], "share": [rate]}))
    dot = at.mark_point(filled=True, size=90, opacity=1, color=COLOUR["group_1"]).encode(
        x=alt.X("months:Q"), y=alt.Y("share:Q")
    )
    said = (
        at.transform_calculate(said="format(datum.share, '.0f') + '%'")
        .mark_text(align="right", dx=-8, dy=-10, fontWeight="bold")
        .encode(x=alt.X("months:Q"), y=alt.Y("share:Q"), text=alt.Text("said:N"))
    )
    now = (
        alt.Chart(pd.DataFrame({"row": [0]}))
        .transform_calculate(rate="conversion")
        .mark_rule(color=COLOUR["ink"], strokeDash=DASH, strokeWidth=1.5)
        .encode(y=alt.Y("rate:Q"))
    )
    told = (
        alt.Chart(pd.DataFrame({"row": [0]}))
        .transform_calculate(rate="conversion", said="format(conversion, '.0f') + '%'")
        .mark_text(align="left", dx=4, dy=-8, fontWeight="bold")
        .encode(x=alt.XValue(0), y=alt.Y("rate:Q"), text=alt.Text("said:N"))
    )
    chart = alt.layer(band, now, line, dot, said, told)
    return themed(chart, 240, alt.param(name="conversion", value=lever))
