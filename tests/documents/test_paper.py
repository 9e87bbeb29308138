"""Documents speak to readers of paper, in one language, and never in a machine's names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.bulletin.compose import compose
from analysis.documents.document import Cards, Document, Figure
from analysis.documents.transcript import transcript
from analysis.plan import load_plan
from analysis.structure import Period, answers, report

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
BULLETINS = (None, "hanyang")

SCREEN = re.compile(
    r"滑块|固定对比|钉住|移动滑|点击|鼠标|按钮|上面选|选一个|换一期|用滑"
    r"|slider|\bpins?\b|\bclick|\bbutton|\bchoose|chosen above|\bdrag\b|\bhover",
    re.IGNORECASE,
)
MACHINE = re.compile(r"\b[a-z]+_[a-z0-9_]+|\d\.\d{5,}|\de8\b|\b1e8\b|¥|\bnull\b|\bNaN\b|undefined")
ENGLISH = re.compile(r"(?:[A-Za-z][A-Za-z'’-]*[\s,;:]+){3,}[A-Za-z]+")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Titles of sources and names of projects stay in the language that they have.
NAMES = frozenset(
    {"source_title", "source", "title", "name", "name_zh", "column 0", "board.source"}
    | {f"published.{key}" for key in ("term", "source")}
    | {f"named.{key}" for key in ("name", "sector", "investor", "source")}
)


def said(made: Document) -> Iterator[tuple[str, str]]:
    """Return each text of a document that a reader sees, with its place."""
    yield from (("title", made.title), ("subtitle", made.subtitle), ("label", made.label))
    for section in made.sections:
        yield "heading", section.heading
        for block in section.blocks:
            if isinstance(block, str):
                yield section.heading, block
            elif isinstance(block, Cards):
                for card in block.cards:
                    yield "card", f"{card.name} {card.value} {card.unit} {card.status}"
            elif isinstance(block, Figure):
                for part in (block.title, block.reading, block.alt, block.source):
                    yield block.key, part
    for table in made.tables():
        read = table.for_reading(made.lang)
        for part in (read.title, read.reading, read.source):
            yield table.key, part
        for column in read.columns:
            yield f"{table.key}, heading", column.heading
            if re.fullmatch("[a-z]+", column.name):
                yield f"{table.key}, heading", f"machine_{column.name}"
        for row in read.texts(made.lang, len(read.rows)):
            for column, text in zip(read.columns, row, strict=True):
                if not text.startswith("v1"):  # the scenario's link
                    yield column.key, text


def faults(made: Document) -> list[tuple[str, str]]:
    """Return what no reader of the document should meet, with its place."""
    found = []
    for place, text in said(made):
        foreign = ENGLISH if made.lang == "zh" else CHINESE
        plain = re.sub(r"[(（][^()（）]*[)）]", "", text)  # a term beside its translation
        if (
            SCREEN.search(text)
            or MACHINE.search(text)
            or (place not in NAMES and foreign.search(plain))
        ):
            found.append((place, text))
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_briefing_on_paper_speaks_to_its_reader(notebook, lang):
    assert not faults(transcript(notebook, lang, ""))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("district", BULLETINS)
def test_a_bulletin_speaks_to_its_reader(district, lang):
    plan = load_plan()
    asked = (answers(), plan, Period.of("2021-09"))
    made = compose(report(*asked, district) if district else report(*asked), plan, lang)
    assert not faults(made)
