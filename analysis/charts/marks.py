"""Pieces that pictures share: groups' colours, names, the chosen place, signals, targets' lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.theme import COLOUR, DASH, group_colours
from analysis.plan import Target

#: A place that is in no group is grey.
NONE = "none"
#: How far a name's next line stands below it, px.
LINE = 14
#: Room above a picture for an axis whose names take two lines: the first is what is placed, px.
TWO_LINES = 20


def chosen(name: str, first: str) -> alt.Parameter:
    """Return the signal that says which district, chain or period the reader has chosen."""
    return alt.param(name=name, value=first)


def group_colour(groups: Iterable[str], field: str = "tier:N") -> alt.Color:
    """Return each group's one colour, without a legend."""
    colours = group_colours(groups)
    return alt.Color(field, legend=None).scale(
        domain=[*colours, NONE], range=[*colours.values(), COLOUR["grey"]]
    )


def group_legend(groups: Mapping[str, str], narrow: bool, field: str = "tier:N") -> alt.Color:
    """Return each group's one colour, with the groups' names above the picture."""
    shown = alt.Legend(
        labelExpr=f"({dict(groups)})[datum.value]", orient="top", columns=2 if narrow else 0
    )
    colours = group_colours(groups)
    return alt.Color(field, title=None, legend=shown).scale(
        domain=list(colours), range=list(colours.values())
    )


def names(narrow: bool, field: str = "name:N", order: Any = None) -> alt.Y:
    """Return the axis of names in the frame's order.

    "|" in a name breaks its line, and so does a space where a line is long, or on a phone the
    length itself where there is no space.
    """
    breaks = [("(.{16,}?) ", "$1|"), ("(（.{6,})", "|$1"), (_LONG_HAN, "$1|")]
    label = "datum.label"
    for long, broken in breaks if narrow else [("  ", "|"), ("(.{26,}?) ", "$1|")]:
        label = f"replace({label}, regexp('{long}', 'g'), '{broken}')"
    return alt.Y(field, sort=order, title=None).axis(
        labelLimit=150 if narrow else 320,
        labelExpr=f"split({label}, '|')",
        # Vega sets the first line at the bar's middle, not the lines' own.
        labelOffset=alt.ExprRef(f"{-LINE / 2} * (length(split({label}, '|')) - 1)"),
    )


#: Eight Han characters with more than one behind them.
_LONG_HAN = "([\u4e00-\u9fff]{8})(?=[\u4e00-\u9fff]{2})"


def room(longest: object, words: int, sides: int = 1) -> alt.ExprRef:
    """Return where an axis ends so that words fit beyond its longest bar, whatever the width.

    longest : the bar's end, a number or the expression of a signal
    words : how wide they are, px, on each of the axis' `sides`
    """
    return alt.ExprRef(f"({longest}) / max(0.3, 1 - {sides * words} / width)")


def haloed(base: alt.Chart, ground: Any = COLOUR["card"], **look: Any) -> list[alt.Chart]:
    """Return bold words that no line strikes through: the ground shows around them."""
    behind = base.mark_text(fontWeight="bold", stroke=ground, strokeWidth=5, **look)
    return [behind, base.mark_text(fontWeight="bold", **look)]


def beyond(base: alt.Chart, far: str, said: str, dx: int = 6) -> alt.Chart:
    """Return bold words to the right of a row's farthest mark, both given as expressions."""
    worded = base.transform_calculate(far=far, said=said)
    return worded.mark_text(align="left", dx=dx, fontWeight="bold").encode(x="far:Q", text="said:N")


def at_value(
    base: alt.Chart,
    value: str,
    others: list[str],
    said: str,
    longest: float,
    words: int,
    dx: int = 6,
) -> alt.Chart:
    """Return bold words right of a row's value; where its other marks leave no room, beyond them.

    longest : the longest bar, whose axis has `room` for `words` px beyond it
    """
    next_mark = ", ".join(f"(datum.{of} > datum.{value} ? datum.{of} : 1e15)" for of in others)
    last = ", ".join(f"datum.{of}" for of in (value, *others))
    room_there = f"min({next_mark}, 1e15) - datum.{value} > {words} * {longest} / (width - {words})"
    return beyond(base, f"{room_there} ? datum.{value} : max({last})", said, dx)


def strong(name: str = "district") -> Any:
    """Return a frame around the mark of what the reader has chosen, a place or a chain."""
    return alt.condition(f"datum.place === {name}", alt.value(COLOUR["ink"]), alt.value(None))


def either_side(base: alt.Chart, field: str, text: alt.Text | str, **look: Any) -> list[alt.Chart]:
    """Return the numbers of bars that go either way from zero, each beyond its bar's end."""
    right = base.transform_filter(f"datum.{field} >= 0").mark_text(align="left", dx=5, **look)
    left = base.transform_filter(f"datum.{field} < 0").mark_text(align="right", dx=-5, **look)
    return [side.encode(x=alt.X(f"{field}:Q"), text=text) for side in (right, left)]


def either_room(longest: float, words: int) -> dict[str, alt.ExprRef]:
    """Return the two ends of an axis whose bars go either way, with room for words beyond each."""
    return {"domainMin": room(-longest, words, 2), "domainMax": room(longest, words, 2)}


def zero() -> alt.Chart:
    """Return the line that bars of either sign stand on."""
    return (
        alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(color=COLOUR["grey"]).encode(x=alt.X("at:Q"))
    )


def params(values: Mapping[str, float], *keys: str) -> list[alt.Parameter]:
    """Return the signals that the board sets, at their first values."""
    return [alt.param(name=key, value=float(values[key])) for key in keys]


def pick(pairs: Mapping[str, str], column: str = "step") -> str:
    """Return the Vega expression that picks an expression by a row's key."""
    inner = ", ".join(f"{key}: {expression}" for key, expression in pairs.items())
    return f"({{{inner}}})[datum.{column}]"


def target_rules(target: Target, axis: str) -> list[alt.Chart]:
    """Return the target's lines: its lowest level solid, those above it dashed."""
    rules = []
    for at, value in enumerate(target.levels.values()):
        dash = DASH if at else [1, 0]
        channel = {"x": alt.X("at:Q")} if axis == "x" else {"y": alt.Y("at:Q")}
        rule = alt.Chart(pd.DataFrame({"at": [value]})).mark_rule(
            color=COLOUR["ink"], strokeDash=dash, strokeWidth=1.5
        )
        rules.append(rule.encode(**channel))
    return rules
