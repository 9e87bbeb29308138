"""Pictures of projects: by group of districts, by place, by size class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import altair as alt
import pandas as pd

from analysis.charts.marks import LINE, beside, beyond, names, params, pick, room
from analysis.charts.theme import COLOUR, group_colours, themed
from analysis.plan import Target
from analysis.text import Text


def by_group(
    frame: pd.DataFrame, axis: str, groups: Mapping[str, str], text: Text, narrow: bool
) -> alt.LayerChart:
    """A bar for each row's total and one for each group, with its name and number at its end.

    frame : columns row (its label), tier, value, and by what its table knows a row; in the
        order in which rows are shown, each one's groups being in the plan's
    groups : group -> its name, in the plan's order
    """
    order = list(dict.fromkeys(frame["row"]))
    named = frame.assign(group=frame["tier"].map(groups))
    ranks = {group: rank for rank, group in enumerate(groups)}
    at = pd.DataFrame({"row": named["row"].map(order.index), "tier": named["tier"].map(ranks)})
    at = at.reset_index(drop=True).sort_values(["row", "tier"], kind="stable")
    named = named.iloc[at.index]
    whole = text("structure.effect.total")
    sums = frame["row"].map(frame.groupby("row")["value"].sum())
    totals = named.assign(value=sums, tier="whole", group=whole).drop_duplicates("row")
    rows = pd.concat([totals, named], ignore_index=True)
    # A group that has none leaves no hole between the others.
    rows["slot"] = rows.groupby("row").cumcount()
    kinds, hues = [whole, *groups.values()], [COLOUR["grey"], *group_colours(groups).values()]
    letter = 13 if text.lang == "zh" else 7
    x = alt.X("value:Q", title=text(axis)).stack(None).axis(tickMinStep=1, tickCount=5, format=",d")
    x = x.scale(domainMax=room(totals["value"].max(), 44 + letter * max(map(len, kinds))))
    base = alt.Chart(rows).encode(
        x=x, y=names(narrow, "row:N", order), yOffset=beside("slot:O", range(len(kinds)))
    )
    bars = base.mark_bar().encode(
        color=alt.Color("group:N", legend=None).scale(domain=kinds, range=hues)
    )
    words = beyond(base, "datum.value", "format(datum.value, ',d') + ' ' + datum.group", 5)
    return themed(alt.layer(bars, words), (17 * len(kinds) + 10) * len(order) + 10)


def group_shares(
    frame: pd.DataFrame,
    target: Target,
    groups: Iterable[str],
    values: Mapping[str, float],
    text: Text,
    narrow: bool,
) -> alt.LayerChart:
    """Bars of the share of each group and of the whole, %, with what is asked of them as ticks.

    frame : columns place, name, signal (of its share), asked_for (%; a row a level for the whole),
        said
    groups : those that have a colour, in the plan's order
    """  # fmt: skip
    signals = dict(zip(frame["place"], frame["signal"], strict=True))
    colours = group_colours(groups)
    most = max(float(frame["asked_for"].max()), 1.0)
    longest = f"max({most}, {', '.join(signals.values())})"
    base = (
        alt.Chart(frame[["place", "name", "asked_for", "said"]])
        .transform_calculate(share=pick(signals, "place"))
        .encode(y=names(narrow))
    )
    x = alt.X("share:Q", title=text("place.axis.share")).axis(values=list(range(0, 101, 20)))
    one = base.transform_filter("isValid(datum.said)")
    bars = one.mark_bar(height={"band": 0.6}).encode(
        x=x.scale(domainMin=0, domainMax=room(longest, 84 if narrow else 190)),
        color=alt.Color("place:N", legend=None).scale(
            domain=[*signals], range=[colours.get(place, COLOUR["grey"]) for place in signals]
        ),
    )
    ticks = base.mark_tick(thickness=2.5, size=28, color=COLOUR["ink"]).encode(
        x=alt.X("asked_for:Q")
    )
    # On a phone each thing stands in a line of its own.
    between = "|" if narrow else "  "
    asked = "replace(datum.said, regexp('、|, ', 'g'), '|')" if narrow else "datum.said"
    far = f"max(datum.share, datum.place === 'whole' ? {target.stretch} : datum.asked_for)"
    lines = f"split(format(datum.share, '.1f') + '%{between}' + {asked}, '|')"
    up = alt.ExprRef(f"{-LINE / 2} * (length(datum.words) - 1)")
    said = one.transform_calculate(far=far, words=lines)
    written = said.mark_text(align="left", dx=8, dy=up, lineHeight=LINE, fontWeight="bold")
    chart = alt.layer(bars, ticks, written.encode(x=alt.X("far:Q"), text=alt.Text("words:N")))
    return themed(chart, 46 * len(signals) + 10, *params(values, *signals.values()))


def bars(frame: pd.DataFrame, axis: str, text: Text, narrow: bool) -> alt.LayerChart:
    """Plain bars with their number; a row marked `left` is what nobody is named for.

    frame : columns row, value, left
    """
    base = alt.Chart(frame).encode(
        y=names(narrow, "row:N"),
        x=alt.X("value:Q", title=text(axis))
        .axis(tickMinStep=1, tickCount=5, format=",d")
        .scale(domainMax=room(frame["value"].max(), 36)),
    )
    drawn = base.mark_bar(height={"band": 0.6}, stroke=COLOUR["grey"]).encode(
        color=alt.Color("left:N", legend=None).scale(
            domain=[False, True], range=[COLOUR["grey"], COLOUR["band"]]
        )
    )
    said = base.mark_text(align="left", dx=5, fontWeight="bold").encode(
        text=alt.Text("value:Q", format=",.0f")
    )
    return themed(alt.layer(drawn, said), 40 * len(frame) + 10)
