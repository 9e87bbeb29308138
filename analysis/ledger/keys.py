"""Which rows of a ledger are the same thing, reported twice?"""

from __future__ import annotations

import pandas as pd

from analysis.ledger.form import KEYS, form


def row_keys(kind: str, rows: pd.DataFrame) -> pd.Series:
    """Return what identifies each row: its id if it has one, else its other keys together.

    rows : stored columns; missing is None

    A date counts with its precision: March and the first of March are two things.
    """
    own, others = KEYS[kind]
    columns = []
    for name in others:
        columns.append(rows[name].map(_text))
        if name in form(kind).of_type("date"):
            columns.append(rows[f"{name}_precision"].map(_text))
    joined = [
        f"id:{_text(one)}" if _text(one) or not others else "by:" + "|".join(cells)
        for one, *cells in zip(rows[own], *columns, strict=True)
    ]
    return pd.Series(joined, index=rows.index, dtype=object)


def _text(value: object) -> str:
    missing = value is None or value != value
    return "" if missing else str(value).replace("\\", "\\\\").replace("|", "\\|")
