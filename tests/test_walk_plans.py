"""A walk of scenarios through every sentence and card of other plans' pages, in both languages.

Presets, each lever at both ends, all levers at once at both, and random scenarios. What is expected
is worked out here from the plan's targets and the model's outcomes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from ran import run_here
from test_walk_scenarios import FAULTY, scenarios, texts, words

from analysis.amounts import amount
from analysis.board.still import card, signals
from analysis.briefing import Briefing, answers, target_scenarios
from analysis.documents.tools import TOOLS
from analysis.plan import coverage
from analysis.publish import front, pages
from analysis.scenario import Scenario
from analysis.text import LANGUAGES, fill, said
from tests.plans import OTHERS, TOY

RANDOM = 40
LESS = {"zh": "比{level}少 {size}", "en": "{size} short of"}
SAME = {"zh": "与{level}持平", "en": "level with"}
MORE = {"zh": "比{level}多 {size}", "en": "{size} above"}


#: One of them is quick to walk.
PLANS = [
    pytest.param(plan, marks=[] if plan == TOY else pytest.mark.slow)
    for plan in ("jiangan_2021", *OTHERS)
]


@pytest.fixture(scope="module", params=PLANS)
def opened(request: pytest.FixtureRequest) -> Iterator[dict[str, Briefing]]:
    """Each page of a plan by its slug, while the plan is the one that opens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_PLAN", request.param)
        yield {page.slug: run_here(page.slug) for page in pages.pages()}


def gap(page: Briefing, known: Mapping[str, Any], lang: str) -> str:
    """How the sum stands to the lowest level of its target."""
    total = page.plan.total
    assert total is not None
    target = page.plan[total.key]
    over = round(known[total.outcome] - target.expected, 6)
    size = fill(amount(total.unit, total.digits)[lang], {"value": abs(over)}, lang)
    level = page.plan.levels.query("not floor")[f"name_{lang}"].iloc[0]
    none = not re.search("[1-9]", size)
    said = SAME if none else LESS if over < 0 else MORE
    return said[lang].format(level=level, size=size)


def met(page: Briefing, known: Mapping[str, Any], level: str) -> bool:
    """Whether every target that has the level reaches it."""
    of = page.model.inputs.outcome_of
    return all(known[of[key]] >= one.levels[level] - 1e-6 for key, one in page.plan.targets.items())


@cache
def walk(page: Briefing) -> list[dict[str, Any]]:
    return [signals(page.board, levers) for levers in scenarios(page.model, RANDOM)]


@pytest.mark.slow
def test_every_sentence_reads(opened: dict[str, Briefing]) -> None:
    for slug, page in opened.items():
        held = texts(page)
        for known in walk(page):
            for key, message in held.items():
                for lang in LANGUAGES:
                    sentence = said(message, known, lang)
                    assert not re.search(FAULTY[lang], sentence), (slug, key, sentence)


def test_sentences_judge_by_their_numbers(opened: dict[str, Briefing]) -> None:
    inflow, target = opened["capital_inflow"], opened["target_scenarios"]
    lowest = next(iter(inflow.model.inputs.level_names))
    reached = {"zh": r"(都|当前情景)达到", "en": "This scenario meets"}
    on_base = f"{inflow.model.inputs.sum_stem}_base"
    for known in walk(inflow):
        for lang in LANGUAGES:
            expected = gap(inflow, known, lang)
            for message in (inflow.messages["answer"], inflow.pictures["floors_to_target"].title):
                assert expected in said(message.to_dict(), known, lang), known
            answer = said(target.messages["answer"].to_dict(), known, lang)
            assert bool(re.search(reached[lang], answer)) == met(target, known, lowest), answer
            if on_base in known:
                years = len(inflow.plan.about.years)
                rise = 100 * (known[inflow.plan.total.outcome] / years / known[on_base] - 1)
                forms = {"zh": ("低 #%", "持平", "高 #%"),
                         "en": ("#% below", "level with", "#% above")}[lang]  # fmt: skip
                sentence = said(inflow.messages["past.text"].to_dict(), known, lang)
                assert words(rise, 1, *forms) in sentence, sentence
                # A year's result stands beside a year's part of the floors.
                floors = coverage(inflow.plan, inflow.plan[inflow.plan.total.key]).guaranteed
                over = abs(signals(inflow.board)[on_base] - floors / years)
                sentence = said(inflow.pictures["floors_to_target"].say.to_dict(), known, lang)
                size = fill(amount(inflow.plan.total.unit, inflow.plan.total.digits)[lang],
                            {"value": over}, lang)  # fmt: skip
                assert size in sentence, sentence


@pytest.mark.slow
def test_cards_judge_by_their_numbers(opened: dict[str, Briefing]) -> None:
    page = opened["target_scenarios"]
    for known in walk(page):
        for one in page.board.cards_shown:
            value, levels = known[one["outcome"]], page.plan[one["key"]]
            state = (
                "stretch" if value >= levels.stretch - 1e-9
                else "expected" if value >= levels.expected - 1e-9 else "short"
            )  # fmt: skip
            for lang in LANGUAGES:
                shown = card(one, known, lang)
                assert shown.state == state and not re.search(FAULTY[lang], shown.status)
                if len(levels.levels) > 2 and state != "stretch":  # each between is named, too
                    named = page.plan.levels.set_index("level")[f"short_{lang}"]
                    assert all(named[level] in shown.status for level in levels.levels)
                    missed = sum(known[one["outcome"]] < asked - 1e-9
                                 for asked in levels.levels.values())  # fmt: skip
                    assert len(re.findall({"zh": "差", "en": "short of"}[lang],
                                          shown.status)) == missed, shown.status  # fmt: skip


def test_what_is_still_to_go_judges_by_its_numbers(opened: dict[str, Briefing]) -> None:
    page = opened["target_scenarios"]
    told = {"zh": "当前情景已达到", "en": r"(are met in|This scenario meets)"}
    for levers in [*scenarios(page.model, 6)]:
        known = page.model.evaluate(levers) | levers
        for level in page.model.inputs.level_names:
            for lang, sentence in answers.still_to_go(page.model, levers, level).items():
                assert not re.search(FAULTY[lang], sentence), sentence
                assert bool(re.search(told[lang], sentence)) == met(page, known, level), sentence


def test_the_front_page_answers_for_each_page(opened: dict[str, Briefing]) -> None:
    told = front.answers()
    assert set(told) == set(opened)
    for lang in LANGUAGES:
        assert not [one for one in told.values() if re.search(FAULTY[lang], one[lang])]


def test_every_level_of_a_target_may_be_asked_for(opened: dict[str, Briefing]) -> None:
    """On the page, in its pictures and on paper, the middle one of three as well."""
    page = opened["target_scenarios"]
    levels = list(page.model.inputs.level_names)
    tools = target_scenarios.tools(page.plan, page.evidence, page.model)
    for one in (*tools["goal"]["targets"], *tools["increment"]["choices"]):
        assert [level["key"] for level in one["levels"]] == levels
        assert len({level["name"]["en"] for level in one["levels"]}) == len(levels)
    drawn = page.pictures["drawn"].data
    assert {f"all_{level}" for level in levels} <= set(drawn["lever"])
    assert {f"asked_{level}" for level in levels} <= set(page.pictures["cases"].data)
    known = page.model.defaults | page.board.facts
    (table,) = TOOLS["goal"](tools["goal"], page.board, Scenario(), known, "en")
    for key in page.model.inputs.moved:
        asked = [column.key for column in table.columns if column.key.startswith(f"{key}_")]
        assert asked == [f"{key}_{level}" for level in levels]
    # What moves to count for a share stands in no plan that has none.
    table, *_ = TOOLS["increment"](tools["increment"], page.board, Scenario(), known, "en")
    moved = "document.increment.moved" in {column.key for column in table.columns}
    assert moved == (page.model.inputs.share is not None)
