"""Which scenario does a link name? Read as the page's own script reads it, and as strictly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.numerals import number_in

VERSION = "v1"
#: Characters; a longer link is none of ours.
MOST = 4000


def levers_in(text: str, definitions: Iterable[Mapping[str, Any]]) -> dict[str, float] | None:
    """Return the levers that a link's text sets, or None if any part of it is not right.

    Parameters
    ----------
    text : "v1;key=value;key=value"
    definitions : key, low, high and choices of each lever, as the page embeds them
    """
    version, *parts = text.strip().split(";")
    if version != VERSION or len(text) > MOST:
        return None
    known = {definition["key"]: definition for definition in definitions}
    levers: dict[str, float] = {}
    named = False
    for part in filter(None, parts):
        key, equals, raw = part.partition("=")
        if key == "name" and equals and not named:
            named = True
            continue
        value = _read(known[key], raw) if key in known and equals and key not in levers else None
        if value is None:
            return None
        levers[key] = value
    return levers


def _read(definition: Mapping[str, Any], raw: str) -> float | None:
    """Return the value that a lever takes from a text, without what a tenth leaves in floats."""
    number = number_in(raw)
    if not math.isfinite(number):
        return None
    value, choices = float(f"{number:.12g}"), definition.get("choices") or ()
    right = definition["low"] <= value <= definition["high"] and (not choices or value in choices)
    return value if right else None
