"""Wrong names, answered with the nearest right one and the list."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

#: A longer list of names is no answer that anybody reads.
MOST_LISTED = 40


def unknown(kind: str, name: object, known: Iterable[object]) -> str:
    """Say that a name is none of those known, which is nearest, and which there are.

    >>> unknown("lever", "uplif", ["uplift", "share"])
    "unknown lever 'uplif'; did you mean 'uplift'? There are uplift, share"
    """
    names = [str(one) for one in dict.fromkeys(known)]
    folded = {one.casefold(): one for one in reversed(names)}
    near = get_close_matches(str(name).casefold(), folded, 1, 0.5)
    meant = f"; did you mean {folded[near[0]]!r}?" if near else "."
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return f"unknown {kind} {name!r}{meant} There are {', '.join(names[:MOST_LISTED])}{more}"
