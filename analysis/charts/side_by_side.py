"""Pairs of bars, one pair a measure, those of one unit on one scale."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts.marks import beside, chosen, haloed, names
from analysis.charts.published import ROW
from analysis.charts.theme import COLOUR, themed
from analysis.text import Text

#: Room that a pair of bars takes, px.
STEP = 44
SIDES = {"one": "group_1", "other": "band"}


def paired(
    frame: pd.DataFrame,
    sides: Mapping[str, Mapping[str, str]],
    first: str,
    text: Text,
    narrow: bool,
) -> alt.LayerChart:
    """What two sides ask for, measure by measure, from zero; a diamond is the highest level.

    frame : by (the pair), row (its name), mark (the side), end and top (the longest of
        its unit is one), words, known
    sides : pair -> side -> its name; first : the pair that the page opens with
    """
    words = 110 if narrow else 300
    legend = alt.Legend(
        title=None, orient="top", columns=1, clipHeight=ROW,
        labelExpr=f"({ {key: dict(of) for key, of in sides.items()} })[pair][datum.value]",
    )  # fmt: skip
    low = min(0.0, float(frame["end"].min()))
    base = (
        alt.Chart(frame)
        .transform_filter("datum.by === pair")
        .encode(
            y=names(narrow, "row:N", list(dict.fromkeys(frame["row"]))),
            yOffset=beside("mark:N", SIDES),
            x=alt.X("end:Q", axis=None).scale(
                nice=False, domainMin=low,
                domainMax=alt.ExprRef(  # a thumbnail has no words
                    f"width > {words} ? 1 + {1 - low} * {words} / (width - {words}) : 1"
                ),
            ),
        )
    )  # fmt: skip
    colour = alt.Color("mark:N", legend=legend).scale(
        domain=list(SIDES), range=[COLOUR[token] for token in SIDES.values()]
    )
    bars = base.mark_bar(stroke=COLOUR["grey"]).encode(color=colour)
    tops = base.transform_filter("isValid(datum.top)").mark_point(
        shape="diamond", filled=False, strokeWidth=2, size=90, opacity=1, color=COLOUR["ink"]
    )
    written = base.transform_calculate(far="max(datum.end, datum.top || 0, 0)").encode(
        x=alt.X("far:Q"), text=alt.Text("words:N")
    )
    chart = alt.layer(
        bars,
        tops.encode(x=alt.X("top:Q")),
        *haloed(written.transform_filter("datum.known"), align="left", dx=9),
        written.transform_filter("!datum.known").mark_text(
            align="left", dx=9, color=COLOUR["muted"]
        ),
    )
    return themed(chart, {"step": STEP, "for": "position"}, chosen("pair", first))
