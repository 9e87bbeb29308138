"""Pictures of what came before: past years, their season, days of signing and starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.marks import haloed, in_bars, target_lines
from analysis.charts.published import by_stage
from analysis.charts.theme import COLOUR, DASH, money, money_axis, themed
from analysis.plan import Target
from analysis.text import Text


def past_years(frame: pd.DataFrame, target: Target, text: Text, narrow: bool) -> alt.LayerChart:
    """The sum by year, in the target's unit; bounds are open bars, past years' targets ticks.

    frame : columns year (text), level (result, or a level of that year's target), value, bound,
        sign, mark (before and behind its number)
    """
    known = frame["year"].astype(int)
    years = [str(year) for year in range(known.min(), known.max() + 1)]  # also those without a bar
    upright = "width < 210"  # a small phone, where a bar is narrower than its number
    step = f"width / {len(years)}"
    wide = alt.ExprRef(f"min({upright} ? 24 : {40 if narrow else 64}, {step} - 4)")
    mark = alt.ExprRef(f"min({upright} ? 30 : {48 if narrow else 72}, {step})")
    said = f"datum.sign + {money('datum.value', text, unit=target.unit)} + datum.mark"
    base = (
        alt.Chart(frame)
        .transform_calculate(label=said)
        .encode(
            x=alt.X("year:N", title=None).scale(domain=years),
            y=alt.Y("value:Q", title=text("place.axis.sum")).axis(
                tickCount=4, **money_axis(text, unit=target.unit)
            ),
        )
    )
    results = base.transform_filter("datum.level === 'result'")
    bars = results.mark_bar(width=wide, stroke=COLOUR["grey"]).encode(
        fill=alt.Color("bound:N", legend=None).scale(
            domain=["exact", "lower"], range=[COLOUR["grey"], COLOUR["track"]]
        )
    )
    look: dict[str, Any] = {
        "angle": alt.ExprRef(f"{upright} ? 270 : 0"),
        "align": alt.ExprRef(f"{upright} ? 'right' : 'center'"),
        "baseline": "middle",
        "dx": alt.ExprRef(f"{upright} ? -12 : 0"),
        "dy": alt.ExprRef(f"{upright} ? 0 : 32"),
    }
    grounds, inks = ([COLOUR[one] for one in pair] for pair in (("grey", "track"), ("card", "ink")))
    bounds = ["exact", "lower"]
    number = results.encode(text=alt.Text("label:N"))
    ground = alt.Stroke("bound:N", legend=None).scale(domain=bounds, range=grounds)
    ink = alt.Color("bound:N", legend=None).scale(domain=bounds, range=inks)
    labels = in_bars(number, ground, ink, 4, **look)  # a past target's tick may be there
    aims = base.transform_filter("datum.level !== 'result'")
    ticks = aims.mark_tick(thickness=3, size=mark, color=COLOUR["group_1"], opacity=1)
    rules = target_lines(target, "y", text, narrow)
    return themed(alt.layer(bars, *rules, ticks, *labels).resolve_scale(color="independent"), 230)


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


def days(
    frame: pd.DataFrame, past: pd.DataFrame, stages: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """What was signed or started on a day, 1e8 CNY, below what was realized in the years.

    frame : columns date, day, stage (signed, started), name, projects, amount, mark
    past : `analysis.briefing.capital_inflow.past_years`; stages : stage -> its name
    """
    keys = [key for key in stages if key in set(frame["stage"])]
    x = alt.X("day:T", title=None).axis(format="%Y", tickCount="year", labelOverlap=True)
    x = x.scale(nice="year")
    y = alt.Y("amount:Q", title=text("place.axis.sum")).axis(tickCount=4, **money_axis(text))
    base = alt.Chart(frame).encode(x=x, y=y)
    look = by_stage(keys, stages, narrow)
    stems = base.mark_rule(strokeWidth=1.5).encode(y2=alt.Y2Datum(0), color=look["color"])
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(**look)
    first, last = frame["day"].min()[:4], frame["day"].max()[:4]
    years = past[past["level"].eq("result") & past["year"].between(first, last)]
    whole = alt.Chart(years).transform_calculate(
        day="toDate(datum.year + '-01-01')", until="toDate(datum.year + '-12-31')",
        label=f"(width > 760 ? '{text('capital_inflow.realized')} ' : '') + datum.sign"
        f" + {money('datum.value', text)} + datum.mark",
    ).encode(y=alt.Y("value:Q"))  # fmt: skip
    lines = whole.mark_rule(strokeWidth=3, color=COLOUR["grey"]).encode(
        x=alt.X("day:T"), x2=alt.X2("until:T")
    )
    at = alt.XValue(alt.ExprRef("min(scale('x', datum.day), width - 8 * length(datum.label))"))
    number = whole.encode(x=at if narrow else alt.X("day:T"), text=alt.Text("label:N"))
    every = 2 if narrow else 1  # a phone's year is narrower than its number: by turns above, below
    said = [
        number.transform_filter(f"datum.year % {every} == {odd}").mark_text(
            align="left", dy=16 if odd else -10, fontWeight="bold"
        )
        for odd in range(every)
    ]
    return themed(alt.layer(lines, *said, stems, dots), 260)
