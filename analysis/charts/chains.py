"""Pictures of the chains: their capital, their links by district, sizes, concentration."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.marks import TWO_LINES, at_value, beside, beyond, chosen, names, room, strong
from analysis.charts.theme import COLOUR, money, money_axis, themed
from analysis.text import Text


def chains(frame: pd.DataFrame, first: str, text: Text, narrow: bool) -> alt.LayerChart:
    """Bars of capital in place, 1e8 CNY; a tick where the year before stood.

    frame : columns place, name, capital, before, growth, in the order to be shown
    """
    longest = float(frame[["capital", "before"]].max().max()) or 1.0
    base = alt.Chart(frame).encode(y=names(narrow))
    x = alt.X("capital:Q", title=text("structure.axis.money"))
    x = x.axis(tickCount=4 if narrow else 8, **money_axis(text))
    bars = base.mark_bar(height={"band": 0.6}, strokeWidth=2, color=COLOUR["group_1"]).encode(
        x=x.scale(domainMax=room(longest, 110)), stroke=strong("chain")
    )
    before = base.mark_tick(thickness=2, color=COLOUR["ink"], size=26).encode(x=alt.X("before:Q"))
    growth = "(isValid(datum.growth) ? '  ' + format(datum.growth, '+.1f') + '%' : '')"
    words = f"{money('datum.capital', text)} + {growth}"
    ground, ink = alt.value(COLOUR["group_1"]), alt.value(COLOUR["on_group_1"])
    said = at_value(base, "capital", ["before"], words, longest, 110, ground, ink)
    chart = alt.layer(bars, before, *said)
    return themed(chart, 44 * len(frame) + 10, chosen("chain", first))


def _labels(text: Text) -> dict[str, Any]:
    """Return how districts' names stand over narrow columns: in two lines, or aslant if long."""
    if text.lang == "zh":
        # Where a column is narrow, a name goes without the word for a district.
        short = "split(width < 560 ? replace(datum.label, regexp('区$'), '') : datum.label, '|')"
        return {"labelExpr": short, "labelPadding": TWO_LINES}
    return {"labelExpr": "replace(datum.label, '|', ' ')", "labelAngle": -60, "labelAlign": "left"}


def links(frame: pd.DataFrame, first: str, text: Text, narrow: bool) -> alt.LayerChart:
    """A cell a link and place with its projects; a link with none anywhere is red.

    frame : columns chain, name (of the link), column ("|" breaks it), projects, gap (no project
        in any place), in the order to be shown
    """
    most = max(1.0, float(frame["projects"].max()))
    shown = frame.assign(level=0.15 + 0.45 * frame["projects"] / most)
    base = alt.Chart(shown).encode(
        x=alt.X("column:N", sort=None, title=None).axis(
            orient="top", labelOverlap=False, domain=False, ticks=False, **_labels(text)
        ),
        y=names(narrow),
    )
    ground = base.mark_rect(cornerRadius=3, stroke=COLOUR["card"], strokeWidth=2).encode(
        color=alt.condition("datum.gap", alt.value(COLOUR["missing"]), alt.value(COLOUR["track"])),
        opacity=alt.condition("datum.gap", alt.value(0.22), alt.value(0.6)),
    )
    filled = (
        base.transform_filter("datum.projects > 0")
        .mark_rect(cornerRadius=3, stroke=COLOUR["card"], strokeWidth=2)
        .encode(
            color=alt.condition(
                "datum.chain === chain", alt.value(COLOUR["group_1"]), alt.value(COLOUR["grey"])
            ),
            opacity=alt.Opacity("level:Q", legend=None, scale=None),
        )
    )
    said = (
        base.transform_filter("datum.projects > 0")
        .mark_text(fontWeight="bold")
        .encode(text=alt.Text("projects:Q", format=",d"))
    )
    none = (
        base.transform_filter("datum.gap")
        .mark_text(fontWeight="bold", color=COLOUR["missing"])
        .encode(text=alt.TextValue("✕"))
    )
    chart = alt.layer(ground, filled, said, none).resolve_scale(color="independent")
    return themed(chart, 26 * frame["name"].nunique(), chosen("chain", first))


def pending(frame: pd.DataFrame, lever: float, text: Text, narrow: bool) -> alt.LayerChart:
    """What was signed and what of it is in place, 1e8 CNY; a tick at the lever's conversion.

    frame : columns place, name, signed, arrived, rate (%); lever : `conversion`, %, a signal
    """
    base = alt.Chart(frame).transform_calculate(due="conversion / 100 * datum.signed")
    base = base.encode(y=names(narrow))
    x = alt.X("signed:Q", title=text("structure.axis.signed"))
    x = x.axis(tickCount=4 if narrow else 8, **money_axis(text))
    pale: dict[str, Any] = {"color": COLOUR["band"], "stroke": COLOUR["grey"]}
    whole = base.mark_bar(height={"band": 0.6}, **pale).encode(
        x=x.scale(domainMax=room(frame["signed"].max() or 1.0, 44))
    )
    part = base.mark_bar(height={"band": 0.6}, color=COLOUR["group_1"]).encode(x=alt.X("arrived:Q"))
    due = base.mark_tick(thickness=3, size=30, color=COLOUR["ink"]).encode(x=alt.X("due:Q"))
    words = "isValid(datum.rate) ? format(datum.rate, '.0f') + '%' : ''"
    said = beyond(base, "datum.signed", words)
    chart = alt.layer(whole, part, due, said)
    return themed(chart, 44 * len(frame) + 10, alt.param(name="conversion", value=lever))


def classes(frame: pd.DataFrame, text: Text, narrow: bool) -> alt.LayerChart:
    """Two bars a size class, %: of the projects and of their capital.

    frame : columns size_class, name, of_projects, of_size, in the classes' order
    """
    kinds = {key: text(f"structure.classes.{key}") for key in ("of_projects", "of_size")}
    long = frame.melt(["size_class", "name"], list(kinds), "kind", "share").assign(
        said=lambda rows: rows["kind"].map(kinds)
    )
    order = list(kinds.values())
    base = alt.Chart(long).encode(y=names(narrow), yOffset=beside("said:N", order))
    bars = base.mark_bar(stroke=COLOUR["grey"]).encode(
        x=alt.X("share:Q", title=text("structure.axis.percent"))
        .axis(tickCount=5)
        .scale(domainMin=0, domainMax=room(long["share"].max(), 28)),
        color=alt.Color("said:N", title=None, sort=order)
        .legend(columns=1 if narrow else 0)
        .scale(domain=order, range=[COLOUR["band"], COLOUR["group_1"]]),
    )
    labels = base.mark_text(align="left", dx=4).encode(
        x=alt.X("share:Q"), text=alt.Text("share:Q", format=".0f")
    )
    return themed(alt.layer(bars, labels), 44 * len(frame) + 10)


def tops(frame: pd.DataFrame, text: Text, narrow: bool) -> alt.LayerChart:
    """The largest projects' part of each chain's capital, %: one, five, ten of them.

    frame : columns name, top1, top5, top10 (%)
    """
    order = ["top10", "top5", "top1"]
    hues = {"top10": COLOUR["track"], "top5": COLOUR["band"], "top1": COLOUR["group_1"]}
    said = {key: text(f"structure.top.{key}") for key in order}
    base = alt.Chart(frame).encode(y=names(narrow))
    # A bar keeps its row's numbers, by which it is known in the table.
    long = frame.melt(["name"], order, "top", "share").merge(frame, on="name")
    long["said"] = long["top"].map(said)
    colour = alt.Color("said:N", title=None, sort=list(reversed(said.values())))
    colour = colour.legend(columns=1 if narrow else 0).scale(
        domain=[said[key] for key in reversed(order)], range=[hues[key] for key in reversed(order)]
    )
    bars = [
        alt.Chart(long[long["top"].eq(key)])
        .mark_bar(height={"band": 0.6}, stroke=COLOUR["grey"], strokeWidth=0.5)
        .encode(
            y=names(narrow),
            x=alt.X("share:Q", title=text("structure.axis.of_capital"), stack=None)
            .axis(values=list(range(0, 101, 20)))
            .scale(domain=[0, 100]),
            color=colour,
        )
        for key in order
    ]
    labels = [
        base.mark_text(align="right", dx=-5, fontWeight="bold", color=COLOUR[colour]).encode(
            x=alt.X(f"{key}:Q"), text=alt.Text(f"{key}:Q", format=".0f")
        )
        for key, colour in (("top1", "on_group_1"), ("top5", "ink"), ("top10", "ink"))
    ]
    return themed(alt.layer(*bars, *labels), 44 * len(frame) + 10)
