"""The workbook's pages, and its look for charts of one's own."""

from __future__ import annotations

from typing import Any

from analysis.briefing import Briefing
from analysis.charts.theme import config


def page(name: str, lang: str = "zh") -> Briefing:
    """Return a page of the workbook, afresh: its levers, figures and texts, on one board.

    Its notebook shows how it is used; each call has sliders of its own.

    Raises
    ------
    KeyError : a name that is no page's; the nearest one is named

    Examples
    --------
    >>> page("capital_inflow").section("past").children[0].part
    'prose'
    """
    return Briefing(name, lang)


def theme() -> dict[str, Any]:
    """Return the workbook's look as an Altair theme: `alt.theme.enable("workbook")`.

    Examples
    --------
    >>> theme()["config"]["view"]
    {'stroke': None}
    """
    return {"config": config()}
