"""What a picture is besides its chart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.theme import plain
from analysis.text import Message, Text
from analysis.words import languages

#: The texts of a picture.
SAID = ("title", "say", "alt", "source")


@dataclass(frozen=True, slots=True)
class Live:
    """A cell that follows the scenario: arithmetic over levers and outcomes."""

    expression: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with all that a reader needs to trust and reuse it.

    key : its name on the page, e.g. "floors_to_target"
    chart : (text, narrow) -> chart of width "container"; `narrow` is a phone's
    title : the finding, written from the data; it follows the scenario
    say : one or two sentences that read the chart
    alt : the alternative text for those who can't see it
    source : where its numbers come from
    formula : LaTeX of what is computed in it, or None
    data : the chart's rows, as offered for download; a cell may be `Live`
    illustrative : whether any of it is made up for illustration
    """

    key: str
    chart: Callable[[Text, bool], alt.TopLevelMixin]
    title: Message
    say: Message
    alt: Message
    source: Message
    formula: str | None
    data: pd.DataFrame
    illustrative: bool = False

    def altair(self, lang: str = "", narrow: bool = False) -> Any:
        """Return its chart in a language, else the plan's first, as the page opens with it."""
        return self.chart(Text(lang or languages()[0]), narrow)

    def changed(self, chart: Any) -> Picture:
        """Return the same picture with another chart; `page.figure` puts it on the page."""
        return replace(self, chart=lambda text, narrow: plain(chart))

    def __repr__(self) -> str:
        return f"<Picture {self.key}: {len(self.data)} rows>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.altair()._repr_mimebundle_(**options)
