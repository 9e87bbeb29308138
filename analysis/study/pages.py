"""The workbook's pages, and its look for charts of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.briefing import Briefing
from analysis.charts.theme import config
from analysis.text import Words


def page(
    name: str = "",
    lang: str = "",
    *,
    title: Words = "",
    levers: Iterable[str] | None = None,
    plan: Path | str | None = None,
) -> Briefing:
    """Return a page, afresh: its levers, figures and texts, on one board with sliders of its own.

    Parameters
    ----------
    name : a page of the workbook, whose notebook shows how it is used; none for one of your own
    lang : "zh" or "en", in which it opens; the plan's first if none
    title : {"zh": ..., "en": ...}, or one text for both languages; texts may name levers,
        outcomes and the page's values: "{capital_total:amount}"
    levers : its sliders, all if None
    plan : a plan's folder, or the id of one that ships; pages of several stand side by side

    Raises
    ------
    KeyError : a name that is no page's, or a lever that isn't; the nearest one is named
    LookupError : the plan has nothing for that page; why not is said in both languages
    ValueError : neither name nor title

    Examples
    --------
    >>> page("capital_inflow").text("At {capital_total:amount}").part
    'prose'
    >>> mine = page(title="Zones at {uplift_zone:.0f}%", levers=["uplift_zone"])
    >>> mine.scenario = {"uplift_zone": 30}
    >>> mine.opening().children[1].payload["message"]["cases"][0]["en"]
    'Zones at {uplift_zone:.0f}%'
    """
    return Briefing(name, lang, title=title, levers=levers, plan=plan)


def theme() -> dict[str, Any]:
    """Return the workbook's look as an Altair theme: `alt.theme.enable("workbook")`.

    Examples
    --------
    >>> theme()["config"]["view"]
    {'stroke': None}
    """
    return {"config": config()}
