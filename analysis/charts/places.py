"""Districts where they lie: tiles that need no geometry, or real bounds.

The tile grid is a layout that resembles the city. The real map is drawn from a file of the
user's own; a zone that is no administrative district has no bounds and stands beside it.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.marks import abbreviated, chosen, strong
from analysis.charts.theme import COLOUR, themed
from analysis.text import Text

#: A place's part of its floor, and its schedule in a sign; none where nothing is recorded.
SAID = (
    "datum.of_floor === 0 ? '–' : (datum.met ? '✓ ' : '✕ ') + format(datum.of_floor, '.0f') + '%'"
)

_HUES = ["met", "missing", "grey"]
_SIDES: Any = alt.Color("side:N", legend=None).scale(
    domain=_HUES, range=[COLOUR[hue] for hue in _HUES]
)


def tiles(frame: pd.DataFrame, first: str, text: Text, narrow: bool) -> alt.LayerChart:
    """Return a tile a district: how much of its floor is in place, and its schedule in a sign.

    Its colour says which side of the schedule it is on, and how deep it is how far.

    frame : columns place, label ("|" breaks it), across, down, floor, of_floor (%),
        ahead_linear (1e8 CNY)
    first : the district that is chosen first; the signal `district` moves it
    """
    side = 70 if narrow else 84
    high = float(frame["down"].max()) + 1
    shown = _distance(frame)
    base = alt.Chart(shown).encode(
        x=alt.X("across:O", axis=None).scale(paddingInner=0.05, paddingOuter=0.02),
        y=alt.Y("down:O", axis=None).scale(paddingInner=0.06, paddingOuter=0.02),
    )
    ground = base.mark_rect(cornerRadius=6, stroke=COLOUR["grey"], strokeWidth=1).encode(
        color=_SIDES, opacity=alt.Opacity("level:Q", legend=None, scale=None)
    )
    ring = base.mark_rect(cornerRadius=6, filled=False, strokeWidth=2.5).encode(stroke=strong())
    name = (
        abbreviated(base)
        .mark_text(fontWeight="bold", dy=-14, lineBreak="|", baseline="middle")
        .encode(text=alt.Text("shown:N"))
    )
    two = "indexof(datum.label, '|') < 0"
    share = base.transform_calculate(said=SAID)
    drawn = [  # in ink: green and red don't stand out from every tile
        share.transform_filter(condition)
        .mark_text(dy=dy, baseline="middle", fontWeight="bold", fontSize=13)
        .encode(text=alt.Text("said:N"))
        for condition, dy in ((two, 8), (f"!({two})", 22))
    ]
    chart = alt.layer(ground, ring, name, *drawn).resolve_scale(color="independent")
    return themed(chart, side * high, chosen("district", first))


def regions(
    frame: pd.DataFrame, rings: pd.DataFrame, first: str, text: Text, narrow: bool
) -> alt.LayerChart:
    """Return the districts' own bounds, coloured as `tiles` are.

    frame : as for `tiles`, with x, y (where its label stands; a zone without bounds stands
        beside the others and is a dot)
    rings : place, xs, ys, as `analysis.structure.boundaries.boundaries` gives them
    """
    height = 360 if narrow else 520
    frame = _distance(frame)
    shown = rings[["place", "xs", "ys"]].merge(frame[["place", "side", "level"]], on="place")
    shown = shown.assign(ring=range(len(shown)))
    x, y = _square(rings, frame, height)
    drawn = (
        alt.Chart(shown)
        .transform_flatten(["xs", "ys"])
        .mark_line(filled=True, interpolate="linear-closed", strokeWidth=1)
        .encode(x=x, y=y, detail=alt.Detail("ring:N"), order=alt.OrderValue(0))
    )
    ground = drawn.encode(
        fill=_SIDES,
        fillOpacity=alt.Opacity("level:Q", legend=None, scale=None),
        stroke=alt.condition(
            "datum.place === district", alt.value(COLOUR["ink"]), alt.value(COLOUR["grey"])
        ),
    )
    base = alt.Chart(frame).transform_calculate(said=SAID)
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    point = base.transform_filter("!datum.bounded").mark_point(filled=True, size=420, opacity=0.5)
    name = base.mark_text(fontWeight="bold", dy=-8).encode(text=alt.Text("label:N"), **at)
    share = base.mark_text(dy=8, fontWeight="bold").encode(text=alt.Text("said:N"), **at)
    layers = [ground, point.encode(color=_SIDES, **at), name, share]
    chart = alt.layer(*layers).resolve_scale(color="independent", fill="independent")
    return themed(chart, height, chosen("district", first))


def _distance(frame: pd.DataFrame) -> pd.DataFrame:
    """Return which side of the schedule a place is on, and how deep its colour is.

    What is behind is missing once the year is over; before, it is still to come, and grey.
    """
    ahead = 100 * frame["ahead_linear"] / frame["floor"]
    over = (frame["of_floor"] - ahead).max() > 99.9
    met = frame["ahead_linear"].ge(0)
    silent = frame["of_floor"].eq(0)  # none recorded is not none arrived
    side = met.map({True: "met", False: "missing" if over else "grey"}).mask(silent, "grey")
    # Ink stays legible on the deepest.
    far = ahead.abs().mask(silent, 0)
    level = 0.15 + 0.4 * far / max(1.0, float(far.max()))
    return frame.assign(met=met, side=side, level=level)


def _square(rings: pd.DataFrame, frame: pd.DataFrame, height: int) -> tuple[alt.X, alt.Y]:
    """Return axes on which a degree is as wide as high, whatever width there is."""
    xs = [value for ring in rings["xs"] for value in ring] + frame["x"].tolist()
    ys = [value for ring in rings["ys"] for value in ring] + frame["y"].tolist()
    half = 0.53 * (max(ys) - min(ys))
    half_x = 0.53 * (max(xs) - min(xs))
    middle, centre = (min(ys) + max(ys)) / 2, (min(xs) + max(xs)) / 2
    # Degrees a pixel: what the height asks for, or the width if that is scarcer.
    scale = f"max({half} / {height / 2}, {half_x} / (width / 2))"
    return (
        alt.X("xs:Q", axis=None).scale(
            domainMin=alt.ExprRef(f"{centre} - {scale} * width / 2"),
            domainMax=alt.ExprRef(f"{centre} + {scale} * width / 2"),
            nice=False, zero=False,
        ),
        alt.Y("ys:Q", axis=None).scale(
            domainMin=alt.ExprRef(f"{middle} - {scale} * {height / 2}"),
            domainMax=alt.ExprRef(f"{middle} + {scale} * {height / 2}"),
            nice=False, zero=False,
        ),
    )  # fmt: skip
