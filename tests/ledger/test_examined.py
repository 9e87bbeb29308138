"""What a reader's own ledger is told on the page is what the command line tells of it."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from analysis.ledger.imports import reading_lines
from analysis.ledger.reading import read_ledger
from analysis.publish.examine import examine
from analysis.text import LANGUAGES, Text

HEAD = ["项目编号", "到位日期", "到位资金（万元）", "经办"]


def book(path: Path) -> Path:
    """A shown sheet with a hidden row and an unknown column; a hidden and a very hidden one."""
    with xlsxwriter.Workbook(path) as made:
        for number, state in enumerate(["", "hide", "very_hidden"], start=1):
            sheet = made.add_worksheet(f"{number}月")
            sheet.write_row(0, 0, HEAD)
            for row in (1, 2):
                sheet.write_row(row, 0, [f"P{row}", f"2021-{number:02}-01", "1万", "李"])
            sheet.set_row(2, None, None, {"hidden": True})
            if state:
                getattr(sheet, state)()
    return path


def test_the_page_has_every_warning_of_the_command_line(tmp_path):
    path = book(tmp_path / "a.xlsx")
    tables = examine(path.read_bytes(), path.name)["tables"]
    readings = read_ledger(path)
    assert [table["sheet"] for table in tables] == ["1月", "2月", "3月"]
    for table, reading in zip(tables, readings, strict=True):
        for lang in LANGUAGES:
            told = "\n".join(reading_lines(reading, Text(lang)))
            assert len(table["warnings"][lang]) == len({w.code for w in reading.warnings}) >= 2
            assert all(line in told for line in table["warnings"][lang])
    hidden = [any("隐藏的，也读了" in w for w in table["warnings"]["zh"]) for table in tables]
    assert hidden == [False, True, True]


def test_a_table_that_stands_on_a_hidden_sheet_alone_is_read(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        made.add_worksheet("封面").write_row(0, 0, ["招商引资台账"])
        sheet = made.add_worksheet("数据")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["P1", "2021-01-01", 1, "李"])
        sheet.hide()
    (reading,) = read_ledger(tmp_path / "a.xlsx")
    assert len(reading.rows) == 1 and "hidden_sheet" in {w.code for w in reading.warnings}
