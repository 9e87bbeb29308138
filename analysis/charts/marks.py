"""Which pieces do a ledger's pictures share: tiers' colours, names, the chosen place?"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.theme import COLOUR, TIERS

#: A place that is in no tier is grey.
NONE = "none"
#: Room above a picture for an axis whose names take two lines: the first is what is placed, px.
TWO_LINES = 20


def chosen(name: str, first: str) -> alt.Parameter:
    """Return the signal that says which district, chain or period the reader has chosen."""
    return alt.param(name=name, value=first)


def tier_colour(field: str = "tier:N") -> alt.Color:
    """Return each tier's one colour, without a legend."""
    return alt.Color(field, legend=None).scale(
        domain=[*TIERS, NONE], range=[*(COLOUR[tier] for tier in TIERS), COLOUR["grey"]]
    )


def tier_legend(names: dict[str, str], field: str = "tier:N") -> alt.Color:
    """Return each tier's one colour, with the tiers' names above the picture."""
    shown = alt.Legend(labelExpr=f"({names})[datum.value]", orient="top")
    return alt.Color(field, title=None, legend=shown).scale(
        domain=list(TIERS), range=[COLOUR[tier] for tier in TIERS]
    )


def names(narrow: bool, field: str = "name:N", limit: int = 220) -> alt.Y:
    """Return the axis of names in the frame's order; "|" in a name breaks its line."""
    return alt.Y(field, sort=None, title=None).axis(
        labelLimit=120 if narrow else limit, labelExpr="split(datum.label, '|')"
    )


def strong(name: str = "district") -> Any:
    """Return a frame around the mark of what the reader has chosen, a place or a chain."""
    return alt.condition(f"datum.place === {name}", alt.value(COLOUR["ink"]), alt.value(None))


def either_side(base: alt.Chart, field: str, text: alt.Text | str, **look: Any) -> list[alt.Chart]:
    """Return the numbers of bars that go either way from zero, each beyond its bar's end."""
    right = base.transform_filter(f"datum.{field} >= 0").mark_text(align="left", dx=5, **look)
    left = base.transform_filter(f"datum.{field} < 0").mark_text(align="right", dx=-5, **look)
    return [side.encode(x=alt.X(f"{field}:Q"), text=text) for side in (right, left)]


def zero() -> alt.Chart:
    """Return the line that bars of either sign stand on."""
    return (
        alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(color=COLOUR["grey"]).encode(x=alt.X("at:Q"))
    )
