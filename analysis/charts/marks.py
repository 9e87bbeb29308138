"""Pieces that pictures share: groups' colours, names, the chosen place, signals, targets' lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.theme import COLOUR, DASH, group_colours, money
from analysis.plan import Target
from analysis.text import Text
from analysis.words import begun

#: A place that is in no group is grey.
NONE = "none"
#: How far a name's next line stands below it, px.
LINE = 14
#: Room above a picture for an axis whose names take two lines: the first is what is placed, px.
TWO_LINES = 20


def chosen(name: str, first: str) -> alt.Parameter:
    """Return the signal that says which district, chain or period the reader has chosen."""
    return alt.param(name=name, value=first)


def group_colour(groups: Iterable[str], channel: Any = alt.Color) -> Any:
    """Return each group's one colour, without a legend: `grouped` rows name it."""
    colours = group_colours(groups)
    scale = {"domain": [*colours, NONE], "range": [*colours.values(), COLOUR["grey"]]}
    return channel("tier:N", legend=None, scale=scale)


def grouped(frame: pd.DataFrame, groups: Mapping[str, str], narrow: bool) -> pd.DataFrame:
    """Return rows of places with each one's group behind its name: no hue tells it alone.

    frame : columns name, tier; groups : group -> its name
    """
    between = "|" if narrow else " · "
    behind = frame["tier"].map({group: between + name for group, name in groups.items()})
    return frame.assign(name=frame["name"] + behind.fillna(""))


def group_row(narrow: bool) -> int:
    """Return the height of a `grouped` row, px: on a phone its name takes two lines."""
    return 38 if narrow else 30


def names(narrow: bool, field: str = "name:N", order: Any = None) -> alt.Y:
    """Return the axis of names in the frame's order.

    "|" in a name breaks its line, and so does a space where a line is long, or on a phone the
    length itself where there is no space.
    """
    breaks = [("(.{16,}?) ", "$1|"), ("(（.{6,})", "|$1"), (_LONG_HAN, "$1|")]
    label = "datum.label"
    for long, broken in breaks if narrow else [("  ", "|"), ("(.{26,}?) ", "$1|")]:
        label = f"replace({label}, regexp('{long}', 'g'), '{broken}')"
    axis = alt.Axis(
        labelLimit=150 if narrow else 320,
        labelExpr=f"split({label}, '|')",
        # Vega sets the first line at the bar's middle, not the lines' own.
        labelOffset=alt.ExprRef(f"{-LINE / 2} * (length(split({label}, '|')) - 1)"),
    )
    return alt.Y(field, sort=order, title=None, axis=axis)


def beside(field: str, kinds: Iterable[Any]) -> alt.YOffset:
    """Return where the bars of one row stand: each kind's below the one before, in their order."""
    return alt.YOffset(field, scale=alt.Scale(domain=list(kinds), paddingInner=0.12))


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


def in_bars(
    base: alt.Chart, ground: alt.Stroke, ink: Any, width: int = 5, **look: Any
) -> list[alt.Chart]:
    """Return the same of words within bars of several colours, which show around them.

    ground, ink : the colours of bars, and of what can be read on them
    """
    words = {"fontWeight": "bold", **look}
    return [base.mark_text(strokeWidth=width, **words).encode(stroke=ground),
            base.mark_text(**words).encode(color=ink)]  # fmt: skip


def beyond(base: alt.Chart, far: str, said: str, dx: int = 6) -> alt.Chart:
    """Return bold words to the right of a row's farthest mark, both given as expressions."""
    worded = base.transform_calculate(far=far, said=said)
    drawn = worded.mark_text(align="left", dx=dx, fontWeight="bold")
    # As objects: Altair looks for the class of a bare text among all that it has.
    return drawn.encode(x=alt.X("far:Q"), text=alt.Text("said:N"))


def at_value(
    base: alt.Chart,
    value: str,
    others: list[str],
    said: str,
    longest: float,
    words: int,
    ground: Any,
    ink: Any,
) -> list[alt.Chart]:
    """Return bold words right of a row's bar; where its other marks leave no room, at its end.

    Beyond the marks, where they could be taken for a mark's, they stand if the bar is too short.

    longest : the longest bar, whose axis has `room` for `words` px beyond it
    ground, ink : the colour of bars, and of what can be read on them
    """
    next_mark = ", ".join(f"(datum.{of} > datum.{value} ? datum.{of} : 1e15)" for of in others)
    last = ", ".join(f"datum.{of}" for of in (value, *others))
    needed = f"{words} * {longest} / (width - {words})"
    room_there = f"min({next_mark}, 1e15) - datum.{value} > {needed}"
    within = f"!({room_there}) && datum.{value} > {needed}"
    outside = base.transform_filter(f"!({within})")
    inside = base.transform_filter(within).transform_calculate(said=said)
    inside = inside.encode(x=alt.X(f"{value}:Q"), text=alt.Text("said:N"))
    return [
        beyond(outside, f"{room_there} ? datum.{value} : max({last})", said),
        *in_bars(inside, ground, ink, align="right", dx=-6),
    ]


def abbreviated(base: alt.Chart) -> alt.Chart:
    """Return places named by `shown`: where a tile is small, a long name ends in a point."""
    return base.transform_calculate(
        shown="width < 300 && length(datum.label) > 6 && indexof(datum.label, '|') < 0"
        " && test('[a-z]', datum.label) ? slice(datum.label, 0, 5) + '.' : datum.label"
    )


def strong(name: str = "district") -> Any:
    """Return a frame around the mark of what the reader has chosen, a place or a chain."""
    chosen = {"test": f"datum.place === {name}", "value": COLOUR["ink"]}
    return alt.StrokeValue(None, condition=chosen)


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


def target_lines(target: Target, axis: str, text: Text, narrow: bool) -> list[alt.Chart]:
    """Return the target's lines, its lowest level solid and those above it dashed, with names.

    Names stand outside the plot: above it where the lines are upright, one row a level, else right
    of it, the lowest level's below its line and the others' above theirs, each clear of the last.
    """
    lines: list[alt.Chart] = []
    beside = ""
    broken = narrow and axis == "y" and len(target.levels) < 3
    percent = "format(datum.at, ',.1~f') + '%'"
    number = percent if target.unit == "%" else money("datum.at", text, ",.1~f", target.unit)
    for at, (level, value) in enumerate(target.levels.items()):
        row = alt.Chart(pd.DataFrame({"at": [value]}))
        place = alt.X("at:Q") if axis == "x" else alt.Y("at:Q")
        dash = DASH if at else [1, 0]
        rule = row.mark_rule(color=COLOUR["ink"], strokeDash=dash, strokeWidth=1.5)
        called = begun(target.called[level][text.lang]) + ("|" if broken else " ")
        named = row.transform_calculate(said=f"'{called}' + {number}")
        named = named.encode(text=alt.Text("said:N"))
        if axis == "x":
            above = -8 - LINE * (len(target.levels) - 1 - at)
            # Ends at its line, unless it would begin far left of the plot.
            ends = alt.ExprRef("max(scale('x', datum.at), 7 * length(datum.said) - 40)")
            name = named.mark_text(align="right").encode(x=alt.XValue(ends), y=alt.YValue(above))
            lines += [rule.encode(x=place), name]
            continue
        line = f"scale('y', {float(value)!r})"
        if at:
            beside = f"min({line} - {LINE / 2}, {beside} - {LINE})"
        else:
            beside = line if len(target.levels) == 1 else f"{line} + {LINE / 2}"
        dy = -LINE if broken and at else 0
        name = named.mark_text(align="left", dx=4, dy=dy, lineBreak="|", lineHeight=LINE)
        right, height = alt.XValue(alt.ExprRef("width")), alt.YValue(alt.ExprRef(beside))
        lines += [rule.encode(y=place), name.encode(x=right, y=height)]
    return lines
