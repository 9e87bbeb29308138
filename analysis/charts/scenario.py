"""Pictures of what it takes to meet the targets: reach, increment, cases, draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.marks import LINE, beside, haloed, names, params, pick, room, target_lines
from analysis.charts.theme import COLOUR, money, money_axis, themed
from analysis.plan import Target
from analysis.text import Text


def reach(
    edges: pd.DataFrame,
    presets: pd.DataFrame,
    outcomes: Sequence[str],
    values: Mapping[str, float],
    capital: Target,
    share: Target,
    text: Text,
    narrow: bool,
) -> alt.LayerChart:
    """Return the corner of the two targets: what is met in each quarter, presets, the scenario.

    It reaches as far as the scenario does; behind lies what is within the levers' bounds.

    edges : a row a level: the sum's outcome, least_share, most_share (%)
    presets : a row a preset: name_zh, name_en, and both outcomes
    outcomes : those of the sum and of its share
    """
    total, part = outcomes
    labels = money_axis(text, unit=capital.unit)
    x = alt.X(f"{total}:Q", title=text("target_scenarios.axis.capital"))
    x = x.axis(tickCount=4 if narrow else 7, **labels).scale(**corner(presets, total, capital))
    y = alt.Y("most_share:Q", title=text("target_scenarios.axis.share"))
    y = y.scale(**corner(presets, part, share))
    line = (
        alt.Chart(edges)
        .mark_area(line={"color": COLOUR["grey"], "clip": True}, color=COLOUR["band"],
                   opacity=0.35, clip=True)
        .encode(x=x, y=y, y2=alt.Y2("least_share:Q"))
    )  # fmt: skip
    chosen = alt.Chart(presets[[f"name_{text.lang}", total, part]])
    chosen = chosen.encode(x=alt.X(f"{total}:Q"), y=alt.Y(f"{part}:Q"))
    dots = chosen.mark_point(size=70, color=COLOUR["grey"], fill=COLOUR["card"], opacity=1)
    point = (
        alt.Chart(pd.DataFrame({"row": [0]}))
        .transform_calculate(
            capital_at=total,
            share_at=part,
            said=f"{money(total, text, unit=capital.unit)} + '{text('board.list')}'"
            f" + format({part}, '.1f') + '%'",
        )
        .encode(x=alt.X("capital_at:Q"), y=alt.Y("share_at:Q"))
    )
    dot = point.mark_point(filled=True, size=110, color=COLOUR["group_1"], opacity=1)
    # On the inner sides of the point, whichever they are: in the corners stand the quarters' words.
    low = f"{part} < {(share.expected + float(presets[part].min())) / 2}"
    right = f"{total} > {(capital.expected + float(presets[total].min())) / 2}"
    said = haloed(
        point.encode(text=alt.Text("said:N")),
        align=alt.ExprRef(f"{right} ? 'right' : 'left'"),
        dx=alt.ExprRef(f"{right} ? -10 : 10"),
        dy=alt.ExprRef(f"{low} ? -12 : 12"),
    )
    rules = [*target_lines(capital, "x", text, narrow), *target_lines(share, "y", text, narrow)]
    held = listed("pinned", total, part)
    held = held.encode(x=alt.X(f"pinned_{total}:Q"), y=alt.Y(f"pinned_{part}:Q"))
    rings = held.mark_point(size=110, color=COLOUR["ink"], opacity=1, aria=False, clip=True)
    letters = held.mark_text(align="right", dx=-9, dy=-9, aria=False, clip=True).encode(
        text=alt.Text("letter:N")
    )
    way = (
        listed("trail", total, part)
        .mark_line(color=COLOUR["group_1"], opacity=0.6, strokeWidth=1.5, clip=True, aria=False)
        .encode(x=alt.X(f"trail_{total}:Q"), y=alt.Y(f"trail_{part}:Q"), order=alt.Order("at:Q"))
    )
    chart = alt.layer(line, *rules, *quarters(text, narrow), way, dots, rings, letters, *said, dot)
    return themed(chart, REACH_HEIGHT, *params(values, total, part), PINNED, TRAIL)


REACH_HEIGHT = 320


def corner(presets: pd.DataFrame, outcome: str, target: Target) -> dict[str, Any]:
    """Return a scale around a target and the presets, as wide as the scenario needs it."""
    ends = [*presets[outcome], *target.levels.values()]
    room = (max(ends) - min(ends)) / 6
    low, high = min(ends) - room, max(ends) + room
    return {
        "domainMin": alt.ExprRef(f"min({low}, {outcome} - ({high} - {outcome}) / 6)"),
        "domainMax": alt.ExprRef(f"max({high}, {outcome} + ({outcome} - {low}) / 6)"),
        "zero": False,
        "nice": False,
    }


def quarters(text: Text, narrow: bool) -> list[alt.Chart]:
    """Return what is met on either side of the two lowest levels, each in its corner."""
    # On a phone two corners have no room for their words in one line.
    step = LINE + 2 if narrow else 0
    high, low = 14, REACH_HEIGHT - 8
    spots = {
        "share": ("left", 6, high), "both": ("right", "width - 6", high + step),
        "none": ("left", 6, low - step), "sum": ("right", "width - 6", low),
    }  # fmt: skip
    return [
        part
        for key, (align, across, down) in spots.items()
        for part in haloed(
            alt.Chart(pd.DataFrame({"quarter": [text(f"target_scenarios.quarter.{key}")]})).encode(
                x=alt.XValue(alt.ExprRef(str(across))),
                y=alt.YValue(down),
                text=alt.Text("quarter:N"),
            ),
            align=align,
            color=COLOUR["muted"],
        )
    ]


#: The scenarios that the reader has pinned, and those that they came by; the board sets them.
PINNED = alt.param(name="pinned", value=[])
TRAIL = alt.param(name="trail", value=[])


def listed(signal: str, *outcomes: str) -> alt.Chart:
    """Return a row for each scenario of a list: its letter, place, and `<signal>_<outcome>`."""
    fields = {f"{signal}_{outcome}": f"datum.one.{outcome}" for outcome in outcomes}
    return (
        alt.Chart(pd.DataFrame({"row": [0]}))
        .transform_calculate(one=signal)
        .transform_flatten(["one"])
        .transform_filter("isValid(datum.one)")
        .transform_window(at="row_number()")
        .transform_calculate(letter="datum.one.letter", **fields)
    )


def bars(
    frame: pd.DataFrame, axis: str, form: str, text: Text, narrow: bool, end: float | None = None
) -> alt.LayerChart:
    """Bars from zero with their number, each following a signal.

    frame : columns lever, signal, name, value, scale (what its number is multiplied with); with
        low and high also a line between the two signals of those ends, with kind bars side by side
    end : fixes the axis' end
    """
    scaled = frame[["lever", "signal", "scale"]].to_numpy()

    def following(which: str) -> dict[str, str]:
        return {
            str(lever): f"(isValid({signal}{which}) ? {signal}{which} * {scale} : null)"
            for lever, signal, scale in scaled
        }

    signals, ends = following(""), [which for which in ("low", "high") if which in frame]
    # Room for the number beyond the longest bar or line, as it is now.
    longest = ", ".join(following("_high" if ends else "").values())
    ticks = {"values": [0, end / 4, end / 2, 3 * end / 4, end]} if end else {"tickCount": 4}
    x = alt.X("now:Q", title=text(axis)).axis(**ticks)
    x = x.scale(domainMin=0, domainMax=room(end or f"max(1, {longest})", 40 if end else 48))
    kinds = list(dict.fromkeys(frame["kind"])) if "kind" in frame else []
    base = (
        alt.Chart(frame[["lever", "name", *(["kind"] if kinds else [])]])
        .transform_calculate(now=pick(signals, "lever"))
        .encode(y=names(narrow), x=x)
    )
    drawn = base.mark_bar(height={"band": 0.55}, color=COLOUR["group_1"])
    if kinds:
        base = base.encode(yOffset=beside("kind:N", kinds))
        rest = [COLOUR["grey"], COLOUR["band"]][1 - len(kinds) :]
        hues = [COLOUR["group_1"], *rest][: len(kinds)]
        colour = alt.Color("kind:N", title=None, sort=kinds).scale(domain=kinds, range=hues)
        drawn = base.mark_bar(stroke=COLOUR["grey"]).encode(color=colour)
    said = base.mark_text(align="left", dx=5, fontWeight="bold").encode(
        text=alt.Text("now:Q", format=form)
    )
    first = dict(zip(frame["signal"], frame["value"], strict=True))
    lines = []
    if ends:
        far = {which: pick(following(f"_{which}"), "lever") for which in ends}
        line = base.transform_calculate(**far).mark_rule(color=COLOUR["ink"], strokeWidth=1.5)
        lines = [line.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))]
        # The number stands beyond the line, which would strike it through.
        said = said.transform_calculate(**far).encode(x=alt.X("high:Q"))
        for which in ends:
            first |= dict(zip(frame["signal"] + f"_{which}", frame[which], strict=True))
    chart = alt.layer(drawn, *lines, said)
    rows = frame["name"].nunique()
    high = 16 + 18 * len(kinds) if kinds else 48 if narrow else 34
    return themed(chart, high * rows + 20, *params(first, *first))


def cases(frame: pd.DataFrame, levels: Sequence[str], text: Text, narrow: bool) -> alt.LayerChart:
    """Each target from the low case to the high one, a row with a scale of its own.

    frame : columns target, name, signal, low, value, high, and the levels; factor and form by
        which a number is written
    levels : what targets ask for, the lowest first; asked_<level> is a column each
    """
    asked = [f"asked_{level}" for level in levels]
    shown = ["target", "name", "low", "high", *asked, "factor", "form"]
    rows = frame[shown]
    signals = dict(zip(frame["target"], frame["signal"], strict=True))
    span = "(datum.high - datum.low)"
    places = {f"{name}_at": f"(datum.{name} - datum.low) / {span}" for name in asked}
    numbers = {
        f"{name}_said": f"format(datum.{name} * datum.factor, datum.form)"
        for name in ("low", "now", "high")
    }
    base = (
        alt.Chart(rows)
        .transform_calculate(now=pick(signals, "target"))
        .transform_calculate(now_at=f"(datum.now - datum.low) / {span}", **places, **numbers)
        .transform_calculate(zero="0", one="1")
        .encode(y=names(narrow))
    )
    # Room for the numbers at both ends, px of the width that there is.
    one = "(width - 112)"
    x = alt.X("zero:Q", axis=None).scale(
        domainMin=alt.ExprRef(f"-54 / {one}"), domainMax=alt.ExprRef(f"1 + 58 / {one}"), nice=False
    )
    line = base.mark_rule(color=COLOUR["grey"], strokeWidth=5).encode(x=x, x2=alt.X2("one:Q"))
    ticks = [
        base.mark_tick(color=COLOUR["ink"], thickness=2, size=22, opacity=opacity).encode(
            x=alt.X(f"{level}_at:Q")
        )
        for level, opacity in zip(asked, np.linspace(1, 0.5, len(asked)), strict=True)
    ]
    dot = base.mark_point(filled=True, size=110, color=COLOUR["group_1"], opacity=1).encode(
        x=alt.X("now_at:Q")
    )
    texts = [
        base.mark_text(align="right", dx=-6, color=COLOUR["muted"]).encode(
            x=alt.X("zero:Q"), text=alt.Text("low_said:N")
        ),
        base.mark_text(align="left", dx=6, color=COLOUR["muted"]).encode(
            x=alt.X("one:Q"), text=alt.Text("high_said:N")
        ),
        base.mark_text(dy=-19, fontWeight="bold").encode(
            x=alt.X("now_at:Q"), text=alt.Text("now_said:N")
        ),
    ]
    first = dict(zip(frame["signal"], frame["value"], strict=True))
    chart = alt.layer(line, *ticks, dot, *texts)
    return themed(chart, 56 * len(frame) + 10, *params(first, *first))
