"""A document with everything that a document may hold, hostile texts among it."""

from __future__ import annotations

import pytest

from analysis.board.columns import Column
from analysis.documents.document import Card, Cards, Document, Figure, Section, Table

HOSTILE = '=HYPERLINK("http://example.invalid","x")<script>alert(1)</script>#set page(fill: red)'
SPEC = {
    "width": 300,
    "height": 120,
    "marks": [
        {
            "type": "text",
            "encode": {
                "update": {
                    "text": {"value": "武汉 Wuhan"},
                    "x": {"value": 40},
                    "y": {"value": 60},
                    "font": {"value": "Noto Sans SC"},
                    "fontSize": {"value": 24},
                }
            },
        }
    ],
}


@pytest.fixture
def hostile() -> str:
    """A text that a careless writer would run: as a formula, a script, or markup."""
    return HOSTILE


@pytest.fixture
def document() -> Document:
    """One section of every block; a table long enough to be cut, one text that is a formula."""
    columns = (
        Column("name", "名称"),
        Column("capital_floor", "底线", "亿元"),
        Column("year", "年"),
    )
    rows = ((HOSTILE, 569.0, 2021), ("+1", -1234.5, 2020), ("硚口区", None, 2019))
    long = tuple((f"第 {i} 行", float(i), 2000 + i) for i in range(60))
    table = Table("table", "各区底线", columns, rows, "来源：甲", reading="读法")
    many = Table("many", "很多行", columns, long, "来源：乙", illustrative=True)
    figure = Figure("picture", "图的结论", "图的读法", "替代文字", "来源：甲", SPEC, table)
    card = Card("到位资金", "8,431", "亿元", "距预期差 899", "short", 0.9)
    return Document(
        title=f"标题 {HOSTILE}",
        subtitle="情景：默认",
        about="2021 年方案",
        lang="zh",
        sections=(
            Section("", ("开头的话。", Cards((card, card)))),
            Section("第一节", ("一段话。", figure)),
            Section("第二节", (table, many)),
        ),
        label="示例台账，仅作示意",
    )
