"""A walk of young ledgers through every sentence, card and picture of the pages on a ledger.

Ledgers of no row, one, two and ten, and one of another year, which end in one month or
another: no sentence has a hole or a count against its grammar, and each that judges is held to
the numbers that it judges, worked out here from the rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from altair.utils.schemapi import debug_mode
from ledger_tables import table
from ran import PUBLISHED, page_of
from test_walk_scenarios import UNGROUPED

from analysis.board import drawing
from analysis.board.still import card, signals, still
from analysis.briefing import bulletin, ledger
from analysis.briefing.page import Briefing
from analysis.bulletin import figures
from analysis.bulletin.compose import compose
from analysis.documents.document import Cards, Figure
from analysis.ledger.engine import in_memory
from analysis.ledger.form import KINDS
from analysis.plan import load_plan
from analysis.publish import front
from analysis.structure import Answers, Report, report
from analysis.text import LANGUAGES, Text, fill, said

PAGES = ("districts", "chains", "bulletin")
PLAN = load_plan()
TARGET = PLAN["capital_in_place"].expected
#: id, district, chain, link, industry project, size (万元), lead district
PROJECTS = [
    ("P0", "jiangan", None, None, None, 350_000, None),
    ("P1", "east_lake", "it", "晶圆制造", True, 620_000, "jianghan"),
    ("P2", "airport", "automotive", "关键核心零部件", True, 90_000, None),
    ("P3", "caidian", "automotive", "其他", False, 40_000, None),
    ("P4", "east_lake", "health", "新药研发", None, 150_000, "wuchang"),
    ("P5", "hongshan", None, None, False, 12_000, None),
    ("P6", None, "equipment", "机器人", True, 55_000, None),
    ("P7", "jiangan", "it", "终端产品", True, 300_000, None),
    ("P8", "wedz", "automotive", "新能源整车制造", True, 1_100_000, None),
    ("P9", "huangpi", None, None, None, 20_000, "airport"),
]
#: No words for a hole, and counts with their grammar; no sign and no zero where words belong.
FAULTY = {
    "zh": r"null|undefined|nan|None|inf|–%|[{}]|[+−]\s?\d|(?<![\d.,–])0 个|1–1 月"
    r"|[\u4e00-\u9fff]\d|本期|季节进度|用户台账|，，|。。|；。"
    rf"|{UNGROUPED}",
    "en": r"(?i)\bnull|undefined|\bnan\b|\binf\b|–%|[{}]|[+−]\s?\d"
    r"|(?<![\d.,])1 (districts|projects|months|links|points|quarters)\b"
    r"|(?<![\d.,])0 (districts|projects|months|links)|to 14 to|months 1|,,|,\.|seasonal schedule"
    rf"|{UNGROUPED}",
}


def young(count: int, month: int, year: int = 2021) -> Any:
    """A ledger of so many projects, an arrival each, the last of them in that month."""
    columns = ("project_id", "district", "chain", "link", "industry_project", "size",
               "lead_district")  # fmt: skip
    projects, arrivals = [], []
    for at, values in enumerate(PROJECTS[:count]):
        row = dict(zip(columns, values, strict=True))
        day = date(year, max(1, month - at), 5)
        projects.append({**row, "name": row["project_id"], "size": Decimal(row["size"]),
                         "sector": "service" if at % 2 else "industrial",
                         "signed_date": day, "signed_date_precision": "day"})  # fmt: skip
        if at != 4:  # one has no capital so far
            amount = Decimal(row["size"] // 2)
            arrivals.append({"project_id": row["project_id"], "date": day, "amount": amount,
                             "date_precision": "day"})  # fmt: skip
    found = dict(zip(KINDS, (projects, arrivals, []), strict=True))
    tables = {kind: table(kind, found[kind]) for kind in KINDS}
    return in_memory(tables, "reported", f"young {count} {month} {year}")


CASES = [(0, 12, 2021), (10, 6, 2020), (1, 1, 2021), (2, 6, 2021), (10, 9, 2021)]
#: Months that sentences tell apart: the first, one before past years' readings begin and one
#: after, quarters' ends of both kinds, the one with a single month to come, and the last. Few
#: projects end in one of each kind, many in every month.
FEW = {1: (1, 2, 3, 8, 9, 11, 12), 2: (1, 5, 6, 9, 10, 11, 12), 10: range(1, 13)}
MORE = [(count, month, 2021) for count, months in FEW.items() for month in months
        if (count, month, 2021) not in CASES]  # fmt: skip


#: Charts by what they show: those of published figures alone are the same for every ledger.
CHARTS: dict[tuple[str, ...], dict[str, Any]] = {}


@cache
def chart_of(name: str, key: str) -> dict[str, Any]:
    """A picture's chart, for a desk; its numbers are those of the other language."""
    picture = page_of(name).pictures[key]
    shown = (key, picture.data.to_json())
    if key not in PUBLISHED or shown not in CHARTS:
        CHARTS[shown] = picture.chart(Text("en"), False).to_dict(validate=False)
    return CHARTS[shown]


@pytest.fixture
def held(request, tmp_path_factory) -> Iterator[Report]:
    """The report of a young ledger, which the pages show while it is held."""
    answers = Answers.of(young(*request.param))
    cached = (
        ledger.current, bulletin.standings, bulletin._options, front.answer, page_of, chart_of
    )  # fmt: skip
    # Other tests hold charts against their schema, and draw those of bulletins.
    with pytest.MonkeyPatch.context() as patch, debug_mode(False):
        patch.setattr(figures, "compiled", lambda chart: {})
        patch.setenv("WORKBOOK_CACHE", str(tmp_path_factory.mktemp("young")))
        patch.setattr(ledger, "ledger", lambda: answers)
        for one in cached:
            one.cache_clear()
        yield ledger.current()
    for one in cached:
        one.cache_clear()


def faulty(sentence: str, lang: str) -> bool:
    return re.search(FAULTY[lang], sentence) is not None


def options(page: Briefing) -> list[dict[str, Any]]:
    return page._tools["choice"]["options"]


def sentences_cards_and_pictures_read(held: Report) -> None:
    bad: set[tuple[str, str, str]] = set()
    for name in PAGES:
        page = page_of(name)
        texts = {key: message.to_dict() for key, message in page.messages.items()}
        for key, picture in page.pictures.items():
            for part in ("title", "say", "alt", "source"):
                texts[f"{key}.{part}"] = getattr(picture, part).to_dict()
            assert "NaN" not in json.dumps(chart_of(name, key)), (name, key)
        for option in options(page):
            known = {**signals(page.board), **option["facts"]}
            for lang in LANGUAGES:
                for key, message in texts.items():
                    sentence = said(message, known, lang)
                    if faulty(sentence, lang) or not sentence.strip():
                        bad.add((name, key, sentence))
                assert held.known or not page.board.cards_shown
                for one in page.board.cards_shown:
                    shown = card(one, known, lang)
                    assert not faulty(shown.status, lang), one["key"]
                    if known["ledger_part"]:
                        assert shown.state != "short", (name, option["key"], one["key"])
    assert not bad, sorted(bad)
    for slug in front.OF_LEDGER:
        for lang, sentence in front.answer(slug).items():
            assert not faulty(sentence, lang), sentence


#: Pictures as they were drawn before: those of the plan alone are the same for every ledger.
DRAWN: set[str] = set()


def pictures_are_drawn(held: Report) -> None:
    for name in PAGES:
        page = page_of(name)
        known = signals(page.board)
        for key in page.pictures:
            spec = still(drawing.vega(chart_of(name, key)), known, 600)
            if (told := json.dumps(spec)) not in DRAWN:
                svg = drawing.svg_unkept(spec)
                assert not re.search("NaN|undefined|null", svg), (name, key)
                DRAWN.add(told)


def concentration_is_compared_among_many_projects(held: Report) -> None:
    page = page_of("chains")
    if "tops" in page.pictures:
        title = said(page.pictures["tops"].title.to_dict(), signals(page.board), "en")
        assert "no more than five projects" in title, title


def bulletins_read(held: Report) -> None:
    for district in (None, "jiangan"):
        whole = report(ledger.ledger(), PLAN, held.period, district) if district else held
        for lang in LANGUAGES:
            for section in compose(whole, PLAN, lang).sections:
                for block in section.blocks:
                    if isinstance(block, str):
                        found = [block]
                    elif isinstance(block, Figure):
                        found = [block.title, block.reading, block.alt, block.source]
                    elif isinstance(block, Cards):
                        assert held.known  # of nothing there is no card, and nobody has a rank
                        found = [f"{one.value}{one.unit}" for one in block.cards]
                        found += [one.status for one in block.cards]
                    else:
                        assert held.known or block.key not in ("standing", "one_table")
                        found = [block.title, block.source]
                    for sentence in found:
                        assert not faulty(sentence, lang), (district, lang, sentence)


def judgements_agree_with_their_numbers(held: Report) -> None:
    page = page_of("bulletin")
    for option in options(page):
        known = {**signals(page.board), **option["facts"]}
        stand = bulletin.standings()[option["key"]]
        answer = said(page.messages["answer"].to_dict(), known, "zh")
        capital, month = float(stand.place["capital"]), stand.period.month
        if not capital:
            assert "没有到位记录" in answer or "的到位记录" in answer
            continue
        off = capital - TARGET * month / 12
        size = fill("{x:,.0f}", {"x": abs(off)}, "zh")
        assert f"比时序进度{'少' if off < 0 else '多'} {size} 亿元" in answer
        # Past years have no reading before August, and at the year's end their range is a point.
        assert ("往年同期进度（参考）" in answer) == (8 <= month < 12)
        needed = (TARGET - capital) / max(1, 12 - month)
        asked = fill("须月均到位 {x:,.1f} 亿元", {"x": needed}, "zh")
        assert (asked in answer) == (month < 12 and capital < TARGET)
        due = stand.districts["floor"] * month / 12
        on = int(stand.districts["capital"].ge(due).sum())
        assert (f"{on} 个区达到时序进度" if on else "没有区达到时序进度") in answer
        # Who has no record is not said to be behind.
        silent = int(stand.districts["capital"][due.notna()].eq(0).sum())
        assert f"{due.count() - on - silent} 个区落后，{silent} 个区没有到位记录" in answer


#: What is asked of a ledger, and of which of the cases that are not slow.
ASKED = {
    sentences_cards_and_pictures_read: CASES,
    pictures_are_drawn: [(2, 6, 2021)],
    concentration_is_compared_among_many_projects: [(10, 9, 2021)],
    bulletins_read: [(0, 12, 2021), (10, 6, 2020), (2, 6, 2021)],
    judgements_agree_with_their_numbers: CASES[-1:],
}
#: Each case runs its pages once; every third month goes to another process.
GROUPED = [
    pytest.param(case, marks=pytest.mark.xdist_group(f"walk {case[1] % 3}")) for case in MORE
]


@pytest.mark.slow
@pytest.mark.parametrize("held", [*CASES, *GROUPED], indirect=True, ids=str)
def test_a_young_ledger_reads_is_drawn_and_judged(held: Report, request) -> None:
    case = request.node.callspec.params["held"]
    for ask, cases in ASKED.items():
        if case in MORE or case in cases:
            ask(held)
