"""Which scenario does a link name? Read as the page's own script reads it, and as strictly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

VERSION = "v1"
#: Characters; a longer link is none of ours.
MOST = 2000
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?", re.ASCII | re.IGNORECASE)


def levers_in(text: str, definitions: Iterable[Mapping[str, Any]]) -> dict[str, float] | None:
    """Return the levers that a link's text sets, or None if any part of it is not right.

    Parameters
    ----------
    text : "v1;key=value;key=value"
    definitions : key, low, high and choices of each lever, as the page embeds them
    """
    version, *parts = [part for part in text[:MOST].split(";") if part] or [""]
    if version != VERSION:
        return None
    known = {definition["key"]: definition for definition in definitions}
    levers: dict[str, float] = {}
    for part in parts:
        key, raw = [*part.split("="), ""][:2]
        if key == "name":
            continue
        if key not in known or key in levers or not _allowed(known[key], raw):
            return None
        levers[key] = float(raw)
    return levers


def _allowed(definition: Mapping[str, Any], raw: str) -> bool:
    if not _NUMBER.fullmatch(raw):
        return False
    value, choices = float(raw), definition.get("choices") or ()
    return definition["low"] <= value <= definition["high"] and (not choices or value in choices)
