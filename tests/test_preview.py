"""The picture beside a link to a briefing: its question, and whole sentences of its answer."""

from __future__ import annotations

import re
from html import unescape

import pytest

from analysis.publish.front import answer, gist
from analysis.publish.pages import question
from analysis.publish.preview import BESIDE, MOST_LINES, briefing_svg, lines
from analysis.publish.thumbnail import marks
from analysis.text import both


def texts(slug: str, lang: str, said: dict[str, str]) -> list[str]:
    drawn = briefing_svg(question(slug), said, gist(slug), lang)
    return [unescape(one) for one in re.findall(r"<text[^>]*>([^<]*)", drawn)]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("slug", ["capital_inflow", "target_scenarios"])
def test_a_briefing_s_picture_says_its_question_and_whole_sentences(slug: str, lang: str) -> None:
    name, *words = texts(slug, lang, answer(slug))
    assert name == both("publish.name")[lang]
    asked, said = question(slug)[lang], answer(slug)[lang]
    told = "".join(words)
    assert told.startswith(asked)
    shown = told.removeprefix(asked)
    assert shown and said.startswith(shown.strip()) and shown.rstrip()[-1] in ".。?？)）"
    assert len(lines(shown, BESIDE)) <= MOST_LINES


def test_a_sentence_that_has_no_room_is_left_out_and_markup_is_text() -> None:
    told = texts("capital_inflow", "en", {"en": f"A <b> is short. More {'word ' * 80}end."})
    assert told[-1].strip() == "A <b> is short."
    assert texts("capital_inflow", "en", {"en": "word " * 90})[1:] == lines(
        question("capital_inflow")["en"]
    )


def test_a_picture_of_nothing_stands_for_no_page() -> None:
    frame = '<path class="background" d="M0,0h240v120h-240Z"/>'
    bars = '<g class="mark-rect"><path d="M0,3.8h0v7.4h0Z"/><path d="M0,18h-0.0v7.4h0Z"/></g>'
    tick = '<line transform="translate(0,7)" x2="0" y2="0"/>'
    assert not marks(frame + bars + tick)
    assert marks(frame + bars + '<path d="M0,3.8h12.5v7.4h-12.5Z"/>')
    assert marks(frame + '<line transform="translate(9,0)" x2="0" y2="120"/>')
    assert marks(frame + '<path transform="translate(5,5)" d="M3,0A3,3,0,1,1,-3,0"/>')
