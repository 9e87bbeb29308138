"""The picture that other sites show beside a link: where each target stands, as JPEG."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from typing import Any

from analysis.charts.engine import engine
from analysis.charts.font import FAMILY
from analysis.charts.theme import COLOUR
from analysis.documents.document import TONES
from analysis.text import Text

#: Width, height and margin, px, as link previews are cut; Latin letters of a headline's line.
WIDE, HIGH, MARGIN, LETTERS = 1200, 630, 64, 46


def preview(stands: Mapping[str, Any], lang: str) -> str:
    """Return the headline and up to four targets with their status as a JPEG, in base64.

    Parameters
    ----------
    stands : `analysis.publish.standing.standing`
    """
    picture = engine().svg_to_jpeg(drawn(stands, lang), scale=1, quality=85)
    return b64encode(bytes(picture)).decode()


def drawn(stands: Mapping[str, Any], lang: str) -> str:
    """Return the same as SVG."""
    words = [
        _word(MARGIN, 70, 26, Text(lang)("publish.name"), COLOUR["muted"]),
        *(_word(MARGIN, 140 + 60 * at, 44, line, COLOUR["ink"], 700)
          for at, line in enumerate(lines(stands["headline"][lang])[:3])),
    ]  # fmt: skip
    rows = stands["rows"][:4]
    for at, row in enumerate(rows):
        down = HIGH - 70 * (len(rows) - at) + 8
        stood = row["published"] or row["floors"] or {"state": "", "said": {lang: ""}}
        floored = row["floors"] and not row["published"]
        alone = Text(lang)("publish.standing.floors") if floored else ""
        levels = " / ".join(level[lang] for level in row["levels"] if level)
        words += [
            f'<line x1="{MARGIN}" x2="{WIDE - MARGIN}" y1="{down - 42}" y2="{down - 42}"'
            f' stroke="{COLOUR["line"]}"/>',
            _word(MARGIN, down, 26, row["name"][lang], COLOUR["ink"]),
            _word(WIDE - 400, down, 26, levels, COLOUR["ink"], 700, "end"),
            _word(WIDE - MARGIN, down, 22, f"{alone} {stood['said'][lang]}".strip(),
                  COLOUR[TONES.get(stood["state"], "muted")], 700, "end"),
        ]  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{HIGH}">'
        f'<rect width="100%" height="100%" fill="{COLOUR["card"]}"/>'
        f'<g font-family="{FAMILY}">{"".join(words)}</g></svg>'
    )


def lines(text: str) -> list[str]:
    """Return a text in lines: no word or number is cut, a Chinese character counts twice."""
    broken, width = [""], 0
    for part in re.findall(r"[!-~]+ ?| |[^ -~]", text):
        wide = sum(1 if " " <= letter <= "~" else 2 for letter in part)
        if width + wide > LETTERS and part not in "，。：）":
            broken, width = [*broken, ""], 0
        broken[-1], width = broken[-1] + part, width + wide
    return broken


def _word(
    x: int, y: int, size: int, text: str, colour: str, weight: int = 400, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour}"'
        f' text-anchor="{anchor}">{escape(text)}</text>'
    )
