"""Tables that values show of themselves in a notebook's cell, at most a screen high."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

#: Rows of a table in a cell; what is more is counted.
MOST_ROWS = 16
_DIGITS = 4


def table(frame: pd.DataFrame, caption: str) -> str:
    """Return a frame as a table in the notebook's own colours, which suit light and dark.

    The notebook's style has the colours: none stands here.
    """
    left = len(frame) - MOST_ROWS
    shown = frame.head(MOST_ROWS)
    more = f" – the first {MOST_ROWS} of {len(frame)} rows" if left > 0 else ""
    styled = (
        Styler(shown, uuid="shown", cell_ids=False)
        .hide(axis="index")
        .set_caption(f"<b>{escape(caption)}</b>{more}")
        .format(_written, escape="html")
        .set_table_styles(
            [{"selector": "caption", "props": "text-align: left; white-space: nowrap"}]
        )
    )
    return str(styled.to_html(table_attributes='class="dataframe"'))


def pairs(caption: str, facts: Iterable[tuple[str, Any]]) -> str:
    """Return a thing's properties as a table, one a row."""
    return table(pd.DataFrame(facts, columns=["", " "]), caption)


def lines(*sentences: str) -> str:
    """Return sentences as paragraphs."""
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences if sentence)


def _written(value: Any) -> str:
    """Return a cell: numbers to four decimals, what is missing as a dash."""
    if isinstance(value, float):
        return "–" if value != value else f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".")
    return "–" if value is None or value is pd.NaT else str(value)
