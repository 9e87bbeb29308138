"""The number that a reader's text says: one rule for typing and for links, as in the browser."""

from __future__ import annotations

import math
import re
import unicodedata

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)


def number_in(text: str) -> float:
    """Return it, in digits of any width and with thousands' commas; NaN if the text says none.

    >>> number_in("１，２００"), number_in("1,2")
    (1200.0, nan)
    """
    said = unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-")
    if not (_PLAIN.fullmatch(said) or _GROUPED.fullmatch(said)):
        return math.nan
    return float(said.replace(",", ""))
