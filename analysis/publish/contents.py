"""The sections and pictures of a page, for the rail beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.publish.outputs import VIEW, headings, markdown

#: How the first look of a section, or of a picture, begins.
_BEGINS = {
    "section": re.compile(r'<div class="wb-section at-(\w+)"><h2 class="wb-prose">(.*?)</h2>'),
    "figure": re.compile(r'<figure class="wb-figure" data-key="(\w+)"><h2 class="wb-title">(.*?)<'),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on the page that a reader may go to.

    kind : "section" or "figure"
    place : the id of its element, e.g. "figure-floors_to_target"
    title : its heading as HTML-safe text, in the language of the page
    """

    kind: str
    place: str
    title: str


def entry(first: str) -> Entry | None:
    """Return the entry of a part by its first look; None if it is neither section nor picture."""
    for kind, begins in _BEGINS.items():
        if found := begins.match(first):
            return Entry(kind, f"{kind}-{found[1]}", found[2])
    return None


def contents(page: Mapping[str, Any], lang: str) -> list[Entry]:
    """Return the entries of a page in its order.

    Parameters
    ----------
    page : what the warm parent told
    """
    found: list[Entry] = []
    for cell in page["cells"]:
        if cell["type"] == "markdown":
            found += [Entry("section", *one) for one in headings(markdown(cell["source"]))]
        for output in cell.get("outputs", []):
            if VIEW in output:
                one = entry(page["first"][lang].get(output[VIEW]["model_id"], ""))
                found += [one] if one else []
    return found
