"""What may stand in a cell, so that no program takes a text for a formula."""

from __future__ import annotations

import re
from typing import Any

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
#: Characters that XML, and so every Office file, may not hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def neutral(value: Any) -> Any:
    """Return a cell's value: a text that begins like a formula gets an apostrophe in front.

    Numbers stay numbers.
    """
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if _FORMULA.match(text.lstrip(" \u3000\ufeff") or " ") else text


def printable(text: str) -> str:
    """Return a text without the characters that an Office file may not hold."""
    return _NOT_IN_XML.sub("", text)
