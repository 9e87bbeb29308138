"""Faults of a data package as a frame, and its tables read anew."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from analysis import datapackage


def check(path: Path | str | None = None) -> pd.DataFrame:
    """Return the faults of a data package's tables, one a row; none if all is well.

    Returns
    -------
    file, row, column, value, problem, remedy

    Examples
    --------
    >>> len(check())
    0
    """
    columns = ["file", "row", "column", "value", "problem", "remedy"]
    faults = datapackage.check(None if path is None else Path(path))
    return pd.DataFrame([asdict(fault) for fault in faults], columns=columns)


def reload() -> None:
    """Forget what was read, so that the next call sees tables as they are now.

    Examples
    --------
    >>> reload()
    """
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "analysis":
            for held in list(vars(module).values()):
                if callable(clear := getattr(held, "cache_clear", None)):
                    clear()
