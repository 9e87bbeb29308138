"""Which rows of a ledger are the same thing, reported twice."""

from __future__ import annotations

import pandas as pd

from analysis.ledger.form import KEYS, form

#: How the key of a row without an id begins.
WITHOUT_ID = "by:"


def row_keys(kind: str, rows: pd.DataFrame) -> pd.Series:
    """Return what identifies each row: its id if it has one, else its other keys together.

    rows : stored columns; missing is None

    A date counts with its precision: March and the first of March are two things. What the
    ledger's own export gives for an id, where there is none, is such a key already.
    """
    own, others = KEYS[kind]
    columns = []
    for name in others:
        columns.append(rows[name].map(_text))
        if name in form(kind).of_type("date"):
            columns.append(rows[f"{name}_precision"].map(_text))
    joined = [
        _key(one, cells if others else None)
        for one, *cells in zip(rows[own], *columns, strict=True)
    ]
    return pd.Series(joined, index=rows.index, dtype=object)


def _key(own: object, others: list[str] | None) -> str:
    if others is not None and str(own).startswith(WITHOUT_ID):
        return str(own)
    return f"id:{_text(own)}" if _text(own) or others is None else WITHOUT_ID + "|".join(others)


def _text(value: object) -> str:
    missing = value is None or value != value
    return "" if missing else str(value).replace("\\", "\\\\").replace("|", "\\|")
