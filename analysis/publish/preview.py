"""The pictures that other sites show beside a link to a page of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from analysis.charts.font import FAMILY
from analysis.charts.theme import COLOUR
from analysis.documents.document import TONES
from analysis.text import Text

#: Width, height and margin, px, as link previews are cut; Latin letters of a headline's line.
WIDE, HIGH, MARGIN, LETTERS = 1200, 630, 64, 46
#: Letters of a line beside a picture, and how many lines have room there.
BESIDE, MOST_LINES = 42, 7


def standing_svg(stands: Mapping[str, Any], lang: str) -> str:
    """Return the headline and up to four targets with their status, for the front page.

    Parameters
    ----------
    stands : `analysis.publish.standing.standing`
    """
    words = _head(stands["headline"][lang], lang)
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
    return _whole(words)


def briefing_svg(
    question: Mapping[str, str], answer: Mapping[str, str], brief: Mapping[str, Any], lang: str
) -> str:
    """Return a briefing's question, its answer in the default scenario, and its first picture.

    Parameters
    ----------
    brief : `analysis.publish.front.gist`, with `svg`, see `analysis.publish.thumbnail`
    """
    words = _head(question[lang], lang)
    if brief.get("illustrative"):
        words.append(_word(WIDE - MARGIN, 70, 26, Text(lang)("board.illustrative"),
                           COLOUR["missing"], 700, "end"))  # fmt: skip
    # Whole sentences: what is cut within one may have been its caveat.
    sentences = re.split(r"(?<=。)|(?<=\. )(?=[A-Z])", answer.get(lang, ""))
    fitting = (lines("".join(sentences[:many]), BESIDE) for many in range(len(sentences), 0, -1))
    said = next((one for one in fitting if len(one) <= MOST_LINES), [])
    words += [_word(MARGIN, 342 + 38 * at, 26, line, COLOUR["muted"])
              for at, line in enumerate(said)]  # fmt: skip
    if small := brief.get("svg"):
        bare = re.sub(r"var\(--wb-(\w+)\)", lambda token: COLOUR[token[1]], small)
        words.append(f'<g transform="translate({WIDE - MARGIN - 500} 320) scale(2.05)">{bare}</g>')
    return _whole(words)


def _head(text: str, lang: str) -> list[str]:
    """Return the site's name, and a headline below it."""
    return [
        _word(MARGIN, 70, 26, Text(lang)("publish.name"), COLOUR["muted"]),
        *(_word(MARGIN, 140 + 60 * at, 44, line, COLOUR["ink"], 700)
          for at, line in enumerate(lines(text)[:3])),
    ]  # fmt: skip


def _whole(words: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{HIGH}">'
        f'<rect width="100%" height="100%" fill="{COLOUR["card"]}"/>'
        f'<g font-family="{FAMILY}">{"".join(words)}</g></svg>'
    )


def lines(text: str, letters: int = LETTERS) -> list[str]:
    """Return a text in lines: no word or number is cut, a Chinese character counts twice."""
    broken, width = [""], 0
    for part in re.findall(r"[!-~]+ ?| |[^ -~]", text):
        wide = sum(1 if " " <= letter <= "~" else 2 for letter in part)
        if width + wide > letters and part not in "，。：）":
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
