"""Pictures of how far each lever moves an outcome: alone from bound to bound, and in all draws."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts.marks import haloed, names, params, pick, target_lines
from analysis.charts.scenario import PINNED, listed
from analysis.charts.theme import COLOUR, money, money_axis, themed
from analysis.model.scenario_model import swing_name
from analysis.plan import Target
from analysis.text import Text


def tornado(
    frame: pd.DataFrame,
    outcome: str,
    reach: tuple[float, float],
    target: Target,
    axis: str,
    text: Text,
    narrow: bool,
) -> alt.LayerChart:
    """Each lever from bound to bound, the others as in the scenario; the target's two lines.

    frame : columns lever, name, at_low, at_high, base
    reach : the least and the most that the outcome can be: the axis stays while levers move
    """
    labels = {} if target.unit == "%" else money_axis(text, unit=target.unit)
    x = alt.X("from:Q", title=text(axis)).axis(tickCount=4 if narrow else 7, **labels)
    # On a phone the bars need the room that numbers would take.
    x = x.scale(domain=list(reach), nice=narrow, zero=False, padding=0 if narrow else 48)
    ends = {
        end: {lever: swing_name(outcome, lever, end) for lever in frame["lever"]}
        for end in ("low", "high")
    }
    rows = (
        alt.Chart(frame[["lever", "name"]])
        .transform_calculate(
            **{"from": pick(ends["low"], "lever"), "to": pick(ends["high"], "lever")}
        )
        .transform_calculate(
            least="min(datum.from, datum.to)", most="max(datum.from, datum.to)", now=outcome
        )
        .encode(y=names(narrow))
    )
    bar = rows.mark_bar(height={"band": 0.55}, stroke=COLOUR["grey"], strokeWidth=1)
    bars = [
        bar.encode(x=x, x2=alt.X2("now:Q"), fill=alt.FillValue(COLOUR["track"])),
        bar.encode(x=alt.X("to:Q"), x2=alt.X2("now:Q"), fill=alt.FillValue(COLOUR["grey"])),
    ]
    written = (
        (lambda field: f"format({field}, '.1f') + '%'")
        if target.unit == "%"
        else (lambda field: money(field, text, unit=target.unit))
    )
    # At its bar's end, also where a target's line is: past the line it would be read as the line's.
    said = [
        part
        for field, align, dx in (() if narrow else (("least", "right", -5), ("most", "left", 5)))
        for part in haloed(
            rows.transform_calculate(said=written(f"datum.{field}")).encode(
                x=alt.X(f"{field}:Q"), text=alt.Text("said:N")
            ),
            align=align,
            dx=dx,
        )
    ]
    now = alt.Chart(pd.DataFrame({"of": ["all"]})).transform_calculate(now=outcome)
    rest = now.mark_rule(color=COLOUR["group_1"], strokeWidth=2).encode(x=alt.X("now:Q"))
    first = {outcome: float(frame["base"].iloc[0])}
    for end in ("low", "high"):
        first |= dict(zip(ends[end].values(), frame[f"at_{end}"], strict=True))
    held = listed("pinned", outcome).encode(x=alt.X(f"pinned_{outcome}:Q"))
    lines = held.mark_rule(color=COLOUR["ink"], strokeWidth=1, strokeDash=[1, 3], aria=False)
    letters = held.mark_text(align="left", dx=3, baseline="top", aria=False).encode(
        text=alt.Text("letter:N"), y=alt.YValue(0)
    )
    chart = alt.layer(*bars, rest, *target_lines(target, "x", text, narrow), *said, lines, letters)
    return themed(chart, (48 if narrow else 34) * len(frame) + 20, PINNED, *params(first, *first))


def indices(frame: pd.DataFrame, text: Text, narrow: bool) -> alt.LayerChart:
    """Each lever's share in an outcome's variance, with its 95% interval: two outcomes by colour.

    frame : columns name, outcome, total, total_error
    """
    outcomes = list(dict.fromkeys(frame["outcome"]))
    short = ".short" if narrow else ""
    said = {
        key: text(f"target_scenarios.indices.{part}{short}")
        for key, part in zip(outcomes, ("total", "share"), strict=False)
    }
    shown = frame.assign(
        said=frame["outcome"].map(said),
        low=(frame["total"] - frame["total_error"]).clip(lower=0),
        high=frame["total"] + frame["total_error"],
    )
    colour = alt.Color("said:N", title=None, sort=list(said.values()))
    legend = alt.Legend(orient="top", columns=1 if narrow else 0)
    colour = colour.legend(legend)
    kinds, hues = list(said.values()), [COLOUR["group_1"], COLOUR["grey"]][: len(said)]
    colour = colour.scale(domain=kinds, range=hues)
    base = alt.Chart(shown[["name", "said", "total", "low", "high"]]).encode(
        y=names(narrow), color=colour
    )
    shape = alt.Shape("said:N", title=None, sort=kinds).legend(legend)
    shape = shape.scale(domain=kinds, range=["circle", "diamond"][: len(kinds)])
    x = alt.X("total:Q", title=text("target_scenarios.axis.indices"))
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=x.axis(tickCount=4).scale(domainMin=0), shape=shape
    )
    lines = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    return themed(alt.layer(lines, dots), (48 if narrow else 34) * frame["lever"].nunique() + 20)
