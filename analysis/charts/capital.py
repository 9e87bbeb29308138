"""Pictures of a sum over places: floors, own targets, structure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.marks import haloed, in_bars, names, params, pick, target_lines
from analysis.charts.picture import Live
from analysis.charts.theme import COLOUR, group_colours, money, money_axis, on_group, themed
from analysis.model import Model
from analysis.plan import Target
from analysis.text import Text

#: A block of less has no room for its number, %, or for its name, px.
LEAST_SHARE, LEAST_BLOCK = 14, 16


def _colours(model: Model) -> dict[str, str]:
    """Return each place's colour: a group's own, grey for those without a floor."""
    groups = group_colours(_groups(model))
    return {place: groups.get(place, COLOUR["grey"]) for place in model.inputs.places}


def _groups(model: Model) -> Mapping[str, Mapping[str, str]]:
    """Return the groups of places by name; the whole where the plan has none."""
    return model.inputs.group_names or model.inputs.place_names()


def floors_to_target(
    model: Model, values: Mapping[str, float], target: Target, text: Text, narrow: bool
) -> alt.LayerChart:
    """Waterfall from the groups' parts of the sum to its target; the gap is red."""
    places, total = model.inputs.place_names(), f"{model.inputs.sum_stem}_total"
    parts = [f"{model.inputs.sum_stem}_{place}" for place in places]
    said = [names[text.lang] for names in places.values()]
    frame = pd.DataFrame({"step": [*places, "gap"], "name": [*said, text("place.gap")]})
    ends = [" + ".join(parts[: at + 1]) for at in range(len(parts) - 1)] + [total]
    begin = dict(zip(frame["step"], ["0", *ends], strict=True))
    end = dict(zip(frame["step"], [*ends, f"max({total}, {target.expected})"], strict=True))
    form = f",.{model.inputs.digits(target.key)}f"
    base = (
        alt.Chart(frame)
        .transform_calculate(start=pick(begin), end=pick(end))
        .encode(
            y=alt.Y("name:N", sort=None, title=None),
            x=alt.X("start:Q", title=text("place.axis.sum")).axis(
                tickCount=4 if narrow else 8, **money_axis(text, unit=target.unit)
            ),
            x2=alt.X2("end:Q"),
        )
    )
    colours = [*_colours(model).values(), COLOUR["missing"]]
    bars = base.mark_bar(height={"band": 0.62}).encode(
        color=alt.Color("step:N", legend=None).scale(domain=list(frame["step"]), range=colours)
    )
    label = (
        alt.Chart(frame)
        .transform_calculate(start=pick(begin), end=pick(end))
        .transform_calculate(
            amount="datum.end - datum.start",
            middle="datum.step === 'gap' ? datum.start : (datum.start + datum.end) / 2",
            said="datum.amount > 0 ? (datum.step === 'gap' ? '−' : '') "
            f"+ {money('datum.amount', text, form, target.unit)} : '0'",
        )
        .encode(y=alt.Y("name:N", sort=None), x=alt.X("middle:Q"), text=alt.Text("said:N"))
    )
    ahead = 0.8 * target.expected
    # A bar of less than a fifteenth of the target has no room for its number.
    long = f"datum.step !== 'gap' && datum.amount > {target.stretch / 15:.6g}"
    within = label.transform_filter(long)
    hues = alt.Stroke("step:N", legend=None).scale(domain=list(frame["step"]), range=colours)
    inside = in_bars(within, hues, on_group("step", _groups(model)))  # a target's line may be there
    # Before the targets' lines there is room behind a bar, and none before the first.
    sides: list[tuple[str, str, Any, int, str]] = [
        ("datum.step === 'gap' && datum.amount > 0", "start", "right", -6, "missing"),
        (f"datum.step !== 'gap' && datum.end < {ahead:.6g}", "end", "left", 6, "ink"),
        (
            f"(datum.step !== 'gap' || datum.amount <= 0) && datum.end >= {ahead:.6g}",
            "start",
            "right",
            -6,
            "ink",
        ),
    ]
    short = [
        part
        for where, end, align, dx, colour in sides
        for part in haloed(
            label.transform_filter(f"!({long}) && {where}").encode(x=alt.X(f"{end}:Q")),
            align=align, dx=dx, color=COLOUR[colour],
        )
    ]  # fmt: skip
    keys = [f"{model.inputs.sum_stem}_{group}" for group in model.inputs.members] + [total]
    lines = target_lines(target, "x", text, narrow)
    chart = alt.layer(bars, *lines, *inside, *short)
    return themed(chart, 46 * len(frame), *params(values, *keys))


def own_to_target(
    frame: pd.DataFrame, values: Mapping[str, float], text: Text, narrow: bool
) -> alt.LayerChart:
    """Waterfall of the gap alone: floors, own targets over them, the others, the rest, the target.

    frame : columns step (floors, own, others, rest, target), name, start, end, amount (numbers, or
        arithmetic over the scenario), 1e8 CNY
    """
    low, high = float(frame["end"].iloc[0]), float(frame["end"].iloc[-1])
    # The floors are a line at their sum, no bar: from zero the steps could not be told apart.
    pad = alt.ExprRef(f"{low} - {high - low} * 8 / width")
    end = alt.ExprRef(f"max(carried, {high}) + {high - low} * 8 / width")
    said = money("datum.amount", text)
    rows = {str(at): row for at, row in enumerate(frame.to_dict("records"))}
    computed = {
        column: pick({f"'{at}'": _said(row[column]) for at, row in rows.items()}, "row")
        for column in ("start", "end", "amount")
    }
    signs = "{own: '+', others: '+', rest: '−'}"
    base = (
        alt.Chart(frame[["step", "name"]].assign(row=list(rows)))
        .transform_calculate(**computed)
        .transform_calculate(
            said=f"datum.amount > 0 ? (({signs})[datum.step] || '') + {said} : '0'",
            middle="(datum.start + datum.end) / 2",
        )
        .encode(
            y=names(narrow, order=list(frame["name"])),
            x=alt.X("start:Q", title=text("place.axis.sum"))
            .axis(tickCount=3 if narrow else 6, **money_axis(text))
            .scale(domainMin=pad, domainMax=end, nice=False, zero=False),
        )
    )
    bars = base.transform_filter("datum.end > datum.start").mark_bar(height={"band": 0.6})
    coloured = bars.encode(
        x2=alt.X2("end:Q"),
        color=alt.Color("step:N", legend=None).scale(
            domain=["own", "others", "rest"],
            range=[COLOUR["group_1"], COLOUR["grey"], COLOUR["missing"]],
        ),
    )
    fixed = "datum.step === 'floors' || datum.step === 'target'"
    ends = base.transform_filter(fixed).mark_tick(thickness=3, color=COLOUR["ink"])
    written = base.encode(text=alt.Text("said:N"))
    # A short rest has no room for its number, which stands before it.
    wide = f"datum.amount * width > 44 * (max(carried, {high}) - {low})"
    rest = written.transform_filter("datum.step === 'rest'")
    within = rest.transform_filter(wide)
    over = "datum.step === 'own' || datum.step === 'others'"
    beside = written.transform_filter(over).encode(x=alt.X("end:Q"))
    before = written.transform_filter("datum.step === 'target'")
    after = written.transform_filter("datum.step === 'floors'")
    labels = [
        *haloed(beside, align="left", dx=6),
        *haloed(after, align="left", dx=6),
        *haloed(before, align="right", dx=-6),
        *haloed(rest.transform_filter(f"!({wide})"), align="right", dx=-6),
        within.mark_text(fontWeight="bold", color=COLOUR["card"]).encode(x=alt.X("middle:Q")),
    ]
    keys = ("carried", "carried_margin", "others_added")
    chart = alt.layer(coloured, ends, *labels)
    return themed(chart, 34 * len(frame) + 10, *params(values, *keys))


def _said(cell: Any) -> str:
    """Return a cell's arithmetic; a number is its own."""
    return cell.expression if isinstance(cell, Live) else f"{cell}"


def share_mosaic(
    model: Model, values: Mapping[str, float], target: Target, text: Text, narrow: bool
) -> alt.LayerChart:
    """Marimekko: a group's width is its part of the sum, its height the share of it (%)."""
    places, stem, whole = model.inputs.place_names(), model.inputs.sum_stem, target.key
    total = f"{stem}_total"
    frame = pd.DataFrame({"step": list(places), "name": [n[text.lang] for n in places.values()]})
    ends = [" + ".join(f"{stem}_{place}" for place in list(places)[: at + 1])
            for at in range(len(places) - 1)]  # fmt: skip
    left = dict(zip(places, ["0", *ends], strict=True))
    right = dict(zip(places, [*ends, total], strict=True))
    share = {place: f"share_{place}" for place in places}
    base = alt.Chart(frame).transform_calculate(
        left=pick(left), right=pick(right), share=pick(share), full="100"
    )
    colours = _colours(model)
    colour = alt.Color("step:N", legend=None).scale(
        domain=list(colours), range=list(colours.values())
    )
    labelled = money_axis(text, unit=model.outcomes[total].unit)
    x = alt.X("left:Q", title=text("place.axis.sum"))
    x = x.axis(tickCount=4 if narrow else 8, **labelled).scale(nice=False)
    y = alt.Y("share:Q", title=text("place.axis.share")).scale(domain=[0, 100])
    blocks = base.encode(x=x, x2=alt.X2("right:Q"), color=colour)
    industrial = blocks.mark_rect(stroke=COLOUR["card"]).encode(y=y, y2=alt.Y2Datum(0))
    rest = blocks.mark_rect(stroke=COLOUR["card"], opacity=0.22).encode(
        y=alt.Y("full:Q"), y2=alt.Y2("share:Q")
    )
    labels = base.transform_calculate(
        middle="(datum.left + datum.right) / 2", said="format(datum.share, '.1f') + '%'",
        across=f"(datum.right - datum.left) / {total} * width",
    )  # fmt: skip
    # A block as narrow as its name has it upright, and one narrower than a letter none.
    letter = 13 if text.lang == "zh" else 8
    fits = f"datum.across > {letter} * length(datum.name)"
    name = labels.encode(x=alt.X("middle:Q"), y=alt.YValue(6), text=alt.Text("name:N"))
    upright = name.transform_filter(f"!({fits}) && datum.across > {LEAST_BLOCK}")
    named = [
        name.transform_filter(f"{fits} && datum.share < 90").mark_text(baseline="top"),
        *haloed(name.transform_filter(f"{fits} && datum.share >= 90"), baseline="top"),
        *haloed(upright, angle=90, align="left", baseline="middle"),
    ]
    wide = labels.transform_filter("datum.across > 44").encode(
        x=alt.X("middle:Q"), y=alt.YValue(225), text=alt.Text("said:N")
    )
    tall = f"datum.share >= {LEAST_SHARE}"
    shares = [
        wide.transform_filter(tall)
        .mark_text(fontWeight="bold")
        .encode(color=on_group("step", _groups(model))),
        *haloed(wide.transform_filter(f"!({tall})")),  # a low block has no room for its number
    ]
    city = (
        alt.Chart(pd.DataFrame({"row": [0]}))
        .transform_calculate(at=whole, far=total)
        .encode(y=alt.Y("at:Q"))
    )
    short = f"{whole} < {target.expected}"
    hues = {True: COLOUR["missing"], False: COLOUR["met"]}
    tone = alt.ExprRef(f"{short} ? '{hues[True]}' : '{hues[False]}'")
    line = city.mark_rule(color=tone, strokeWidth=2)
    told = city.transform_calculate(
        said=f"'{text('place.whole')} ' + format({whole}, '.2f') + '%'"
    ).encode(x=alt.XValue(0), text=alt.Text("said:N"))
    # On the side of its line that is away from the target's, but where other words stand.
    below = f"({short} && {whole} > 22) || {whole} > 84"
    dy = alt.ExprRef(f"{below} ? 13 : min(-13, 2.4 * {whole} - 34)")
    said = haloed(told, align="left", dx=4, dy=dy, color=tone)
    keys = [f"{stem}_{group}" for group in model.inputs.members] + [total, whole, *share.values()]
    chart = alt.layer(
        industrial, rest, *target_lines(target, "y", text, narrow), line, *named, *shares, *said
    )
    return themed(chart, 240, *params(values, *keys))
