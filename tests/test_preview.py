"""The picture beside a link to a briefing: its question, and whole sentences of its answer."""

from __future__ import annotations

import re
from html import unescape

import pytest

from analysis.publish.front import answer, gist
from analysis.publish.preview import BESIDE, MOST_LINES, briefing_svg, lines
from analysis.text import both


def texts(slug: str, lang: str, said: dict[str, str]) -> list[str]:
    drawn = briefing_svg(both(f"publish.question.{slug}"), said, gist(slug), lang)
    return [unescape(one) for one in re.findall(r"<text[^>]*>([^<]*)", drawn)]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("slug", ["capital_inflow", "target_scenarios"])
def test_a_briefing_s_picture_says_its_question_and_whole_sentences(slug: str, lang: str) -> None:
    name, *words = texts(slug, lang, answer(slug))
    assert name == both("publish.name")[lang]
    question, said = both(f"publish.question.{slug}")[lang], answer(slug)[lang]
    told = "".join(words)
    assert told.startswith(question)
    shown = told.removeprefix(question)
    assert shown and said.startswith(shown.strip()) and shown.rstrip()[-1] in ".。?？)）"
    assert len(lines(shown, BESIDE)) <= MOST_LINES


def test_a_sentence_that_has_no_room_is_left_out_and_markup_is_text() -> None:
    told = texts("capital_inflow", "en", {"en": f"A <b> is short. More {'word ' * 80}end."})
    assert told[-1].strip() == "A <b> is short."
    assert texts("capital_inflow", "en", {"en": "word " * 90})[1:] == lines(
        both("publish.question.capital_inflow")["en"]
    )
