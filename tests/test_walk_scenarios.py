"""A walk of scenarios through every sentence of the four briefings on the plan, in both languages.

Presets, each lever at both ends, all levers at once at both, and random scenarios: no sentence
has a hole or a sign for a word, and each that judges is held to the numbers that it judges. What
is expected is worked out here from targets and outcomes, not from the margins that texts use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from ran import page_of

from analysis.board.still import card, signals
from analysis.briefing import answers
from analysis.model import Model, load_model
from analysis.plan import load_plan
from analysis.publish import front
from analysis.scenario import presets
from analysis.text import LANGUAGES, fill, said

PAGES = ("capital_inflow", "fdi_growth", "project_structure", "target_scenarios")
MODEL, PLAN = load_model(), load_plan()
RANDOM = 200
Known = Mapping[str, Any]

#: A number from a thousand on without its commas, and no year.
UNGROUPED = r"(?<![\d.,])(?!(?:19|20)\d\d(?!\d))\d{4,}"
#: What no sentence may hold: holes, signs in place of words, counts against grammar, old words.
FAULTY = {
    "zh": r"null|undefined|nan|None|–%|[{}]|[+−]\s?\d|-\d|(?<![\d.])0 个|概率|努力|杠杆|e8|¥"
    rf"|[\u4e00-\u9fff]\d|{UNGROUPED}",
    "en": r"(?i)\bnull|undefined|\bnan\b|\bnone\b(?! (moved|has))|–%|[{}]|[+−]\s?\d|\d-\d"
    r"|(?<![\d.])1 (districts|projects|months|levers|targets|points|splits)\b"
    r"|(?<![\d.])0 (districts|projects)|\bchances?\b|probab|likel|\befforts?\b|\de8|¥"
    r"|\b(?P<noun>[a-z]{4,}) [\d,.]+ (?P=noun)\b"  # jobs 25,000 jobs short
    rf"|{UNGROUPED}",
}


def scenarios(model: Model, number: int) -> Iterator[dict[str, float]]:
    """Levers of each scenario on the walk, whole; the last ones at random."""
    free = [key for key, lever in model.levers.items() if not lever.choices]
    for preset in presets(model):
        yield model.defaults | dict(preset.scenario.levers)
    for key, lever in model.levers.items():
        for end in lever.choices or (lever.low, lever.high):
            yield model.defaults | {key: end}
    for end in ("low", "high"):
        yield model.defaults | {key: getattr(model.levers[key], end) for key in free}
    random = np.random.default_rng(2021)
    for _ in range(number):
        yield {
            key: float(random.choice(lever.choices or [random.uniform(lever.low, lever.high)]))
            for key, lever in model.levers.items()
        }


WALK = list(scenarios(MODEL, RANDOM))


@cache
def walk(name: str) -> list[dict[str, Any]]:
    """All that a page's texts know in each scenario of the walk."""
    return [signals(page_of(name).board, levers) for levers in WALK]


def texts(page: Any) -> dict[str, Any]:
    """Every text of a page, by key: prose, and each picture's title, reading, alt and source."""
    found = {key: message.to_dict() for key, message in page.messages.items()}
    for key, picture in page.pictures.items():
        for part in ("title", "say", "alt", "source"):
            found[f"{key}.{part}"] = getattr(picture, part).to_dict()
    return found


def words(value: float, decimals: int, below: str, level: str, above: str) -> str:
    """The words that a difference asks for, `#` being its size."""
    size = fill(f"{{x:,.{decimals}f}}", {"x": abs(value)}, "en")
    word = level if not float(size.replace(",", "")) else above if value > 0 else below
    return word.replace("#", size)


#: What a sentence calls a level.
LEVELS = {"expected": {"zh": "预期", "en": "baseline"}, "stretch": {"zh": "拼搏", "en": "stretch"}}


def gap(key: str, value: float, lang: str, at: str) -> str:
    """How an outcome stands to its target at a level, in a sentence."""
    over, level = value - PLAN[key].levels[at], LEVELS[at][lang]
    decimals = {"capital_in_place": 0, "industrial_share": 2}.get(key, 1)
    if key == "capital_in_place" and lang == "en":
        size = fill("{x:bn}", {"x": abs(over)}, "en")
        sign = 0 if size == "0" else 1 if over > 0 else -1
        said = (f"CNY {size} billion short of", "level with", f"CNY {size} billion above")[1 + sign]
        return f"{said} the {level}"
    if lang == "en":
        return words(over, decimals, "# points short", "level", "# points above")
    unit = "亿元" if key == "capital_in_place" else "个百分点"
    much, little = ("多", "少") if key == "capital_in_place" else ("高", "低")
    return words(over, decimals, f"比{level}目标{little} # {unit}", f"与{level}目标持平",
                 f"比{level}目标{much} # {unit}")  # fmt: skip


def change(value: float, lang: str, decimals: int = 1) -> str:
    if lang == "zh":
        return words(value, decimals, "下降 #%", "持平", "增长 #%")
    return words(value, decimals, "falls #%", "does not change", "grows #%")


def against(key: str, value: float, lang: str, decimals: int, at: str) -> str:
    over, level = value - PLAN[key].levels[at], LEVELS[at][lang]
    if lang == "zh":
        return words(over, decimals, f"低于{level}目标", f"即为{level}目标", f"高于{level}目标")
    return words(over, decimals, *(f"{how} the {level}" for how in ("short of", "just", "above")))


def on_base(known: Known, lang: str) -> str:
    rise = 100 * (known["capital_total"] / known["capital_base"] - 1)
    if lang == "zh":
        return words(rise, 2, "低 #%", "持平", "高 #%")
    return words(rise, 2, "#% below", "level with", "#% above")


OUTCOMES = {
    "capital_in_place": "capital_total",
    "industrial_share": "industrial_share",
    "foreign_capital_growth": "foreign_capital_growth",
    "fdi_growth": "fdi_growth",
}


def met(known: Known, level: str = "expected") -> bool:
    return all(known[o] >= getattr(PLAN[key], level) - 1e-6 for key, o in OUTCOMES.items())


def all_four(known: Known, lang: str) -> str:
    reached = {"zh": "四项预期目标都达到", "en": "meets all four baseline targets"}
    short = {"zh": "没有全部达到", "en": "does not meet them all"}
    return (reached if met(known) else short)[lang]


def gap_of(key: str, at: str = "expected") -> Callable[[Known, str], str]:
    return lambda known, lang: gap(key, known[OUTCOMES[key]], lang, at)


def change_of(key: str) -> Callable[[Known, str], str]:
    return lambda known, lang: change(known[key], lang)


def against_each(key: str, decimals: int) -> list[Callable[[Known, str], str]]:
    return [
        lambda known, lang, at=at: against(key, known[OUTCOMES[key]], lang, decimals, at)
        for at in LEVELS
    ]


#: Page, text -> what its numbers ask it to say.
JUDGED: dict[tuple[str, str], list[Callable[[Known, str], str]]] = {
    ("capital_inflow", "answer"): [gap_of("capital_in_place")],
    ("capital_inflow", "floors_to_target.title"): [
        gap_of("capital_in_place", level) for level in LEVELS
    ],
    ("capital_inflow", "past.text"): [on_base],
    ("capital_inflow", "share_mosaic.title"): against_each("industrial_share", 2),
    ("project_structure", "share.text"): against_each("industrial_share", 2),
    ("fdi_growth", "answer"): [
        change_of("foreign_capital_growth"), gap_of("foreign_capital_growth"),
        change_of("fdi_growth"), gap_of("fdi_growth"),
    ],
    ("fdi_growth", "foreign_capital_growth.title"): [
        change_of("foreign_capital_growth"), *against_each("foreign_capital_growth", 1)
    ],
    ("fdi_growth", "fdi_growth.title"): [change_of("fdi_growth"), *against_each("fdi_growth", 1)],
    ("fdi_growth", "foreign_capital_growth.say"): [change_of("foreign_capital_growth_cny")],
    ("target_scenarios", "answer"): [all_four],
}  # fmt: skip


@pytest.mark.parametrize("name", [*PAGES[:-1], pytest.param(PAGES[-1], marks=pytest.mark.slow)])
def test_every_sentence_reads_and_judges_by_its_numbers(name: str) -> None:
    page = page_of(name)
    held = texts(page)
    assert {key for of, key in JUDGED if of == name} <= set(held)
    for levers, known in zip(WALK, walk(name), strict=True):
        for key, message in held.items():
            for lang in LANGUAGES:
                sentence = said(message, known, lang)
                assert not re.search(FAULTY[lang], sentence), (key, levers, sentence)
                for expected in JUDGED.get((name, key), ()):
                    assert expected(known, lang) in sentence, (levers, sentence)


@pytest.mark.slow
def test_cards_judge_by_their_numbers() -> None:
    board = page_of("target_scenarios").board
    for known in walk("target_scenarios"):
        for one in board.cards_shown:
            value, plan = known[one["outcome"]], PLAN[one["key"]]
            reached = sum(value >= level - 1e-9 for level in (plan.expected, plan.stretch))
            for lang in LANGUAGES:
                shown = card(one, known, lang)
                assert shown.state == ("short", "expected", "stretch")[reached]
                assert not re.search(FAULTY[lang], shown.status), shown


@pytest.mark.slow
def test_texts_that_name_a_scenarios_outcomes_follow_it() -> None:
    """A picture that moves has an alternative text that moves, on each page of scenarios."""
    for name in PAGES:
        page = page_of(name)
        low, high = (
            signals(page.board, {key: getattr(MODEL.levers[key], end) for key in page._levers})
            for end in ("low", "high")
        )
        for key, picture in page.pictures.items():
            drawn = {p.name for p in _parameters(picture.chart)} & set(MODEL.compiled.order)
            for lang in LANGUAGES:
                first, second = (said(picture.alt.to_dict(), at, lang) for at in (low, high))
                assert not drawn or first != second, (name, key)


def _parameters(chart: Callable[..., Any]) -> list[Any]:
    from analysis.text import Text

    params = chart(Text("zh"), False).params
    return [p for p in params if not hasattr(p, "select")] if isinstance(params, list) else []


@pytest.mark.slow
def test_what_is_still_to_go_judges_by_its_numbers() -> None:
    """Presets, ends, some random scenarios: who meets the targets is told so, who lacks what."""
    asked = [*WALK[:6], *WALK[-RANDOM - 2 :][:8]]
    for levers in asked:
        known = MODEL.evaluate(levers) | levers
        for level, of in LEVELS.items():
            sentences = answers.still_to_go(MODEL, levers, level)
            told = {
                "zh": f"已达到四项{of['zh']}目标",
                "en": f"All four {of['en']} targets are met in",
            }
            for lang, sentence in sentences.items():
                assert not re.search(FAULTY[lang], sentence), sentence
                assert (told[lang] in sentence) == met(known, level), (levers, sentence)
            lacking = PLAN["capital_in_place"].levels[level] - known["capital_total"]
            if lacking > 0:
                first = re.search(r"至少新增 ([\d,.]+) 亿元", sentences["zh"])
                assert first and float(first[1].replace(",", "")) >= lacking - 0.06, sentences
        shares = answers.shares_of_draws(MODEL, levers).values()
        assert all(0 <= share <= 100 for share in shares)


@pytest.mark.slow
def test_every_increment_reads_and_names_what_it_takes() -> None:
    found = [
        one["facts"]
        for levers in (WALK[0], WALK[-3])
        for one in answers.combinations(MODEL, levers)
    ]
    for facts in found:
        for lang in LANGUAGES:
            assert not re.search(FAULTY[lang], facts["added_said"][lang]), facts["added_said"]
        new, moved = f"{facts['added_new']:,.1f}", f"{facts['added_moved']:,.1f}"
        sentence = facts["added_said"]["zh"]
        assert (f"至少新增 {new} 亿元" if new != "0.0" else "无须新增，") in sentence
        assert (f"把 {moved} 亿元转到" if moved != "0.0" else "无须转向") in sentence
        for key in MODEL.levers:
            if f"added_{key}" in facts:
                low, value, high = (facts[f"added_{key}{end}"] for end in ("_low", "", "_high"))
                assert low - 1e-3 <= value <= high + 1e-3


@pytest.mark.parametrize("slug", list(front.OF_PLAN))
def test_the_front_pages_answers_read(slug: str) -> None:
    for lang, sentence in front.answer(slug).items():
        assert not re.search(FAULTY[lang], sentence), sentence
