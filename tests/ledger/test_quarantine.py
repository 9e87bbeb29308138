"""Quarantine files: corrected in place they are read again, and nothing in them runs."""

from __future__ import annotations

import csv
import json
import os

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ledger import marks, quarantine
from analysis.text import LANGUAGES, Text

TEXT = """武汉市到位资金表,,,,
单位：万元,,,,
项目编号,项目名称,所属区,到位日期,到位资金,内部编号
P1,甲,光谷,2021-03-01,100,00123
P2,=cmd|' /C calc'!A0,西青区,2021-13-01,"1,200.5",-
P3,'引号,江岸,2021-03-01,约100,@x
P4,+1+1,江岸,2021-03-01,100,-5
P4,+1+1,江岸,2021-03-01,120,
P5,乙,江岸,2021-03-01,100,,多
合计,,,,520,
"""


@pytest.fixture
def reading(read, tmp_path):
    path = tmp_path / "某区.csv"
    path.write_text(TEXT, encoding="utf-8")
    (found,) = read(path)
    return found


def cells(path):
    """Return a quarantine file as rows of text, its header first."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def rewrite(path, rows):
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        return
    book = openpyxl.load_workbook(path)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            book.worksheets[0].cell(number, column, cell).data_type = "s"
    book.save(path)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_untouched_it_gives_the_same_faults_of_the_same_cells(reading, read, tmp_path, ending):
    (path,) = quarantine.write(reading, tmp_path / f"q.{ending}")
    (again,) = read(path)
    assert again.rows.empty
    assert again.unit == "万元"
    first, second = (
        frame.assign(column=frame["column"].str.removesuffix("（万元）"))
        for frame in (reading.quarantine, again.quarantine)
    )
    told = ["column", "value", "code"]
    pd.testing.assert_frame_equal(first[told], second[told])
    origins = [marks.origin(raw) for raw in again.quarantine["raw"].unique()]
    assert origins == [("某区.csv", "", row) for row in (5, 6, 7, 8, 9)]
    own = [name for name in reading.names if name in json.loads(reading.quarantine["raw"].iat[0])]
    before, after = (
        [[json.loads(raw)[name] for name in own] for raw in frame["raw"].unique()]
        for frame in (reading.quarantine, again.quarantine)
    )
    assert before == after


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_corrected_in_place_its_rows_are_read(reading, read, tmp_path, ending):
    (path,) = quarantine.write([reading], tmp_path / f"q.{ending}")
    header, *rows = cells(path)
    place = {name: number for number, name in enumerate(header)}
    for row in rows:
        row[place["到位日期"]] = "2021-03-02"
        row[place["所属区"]] = "江岸区"
    rows[1][place["到位资金（万元）"]] = "100"
    rows[3][place["项目编号"]] = "P6"
    rows[4][place["+1"]] = ""
    rewrite(path, [header, *rows])
    (again,) = read(path)
    assert again.quarantine.empty
    assert again.rows["project_id"].tolist() == ["P2", "P3", "P4", "P6", "P5"]
    assert again.rows["name"].tolist() == ["=cmd|' /C calc'!A0", "'引号", "+1+1", "+1+1", "乙"]
    assert again.rows["amount"].map(float).tolist() == [1200.5, 100, 100, 120, 100]
    assert json.loads(again.rows["raw"].iat[1])["内部编号"] == "@x"
    assert marks.origin(again.rows["raw"].iat[1]) == ("某区.csv", "", 6)


def test_no_cell_runs_as_a_formula(reading, tmp_path):
    (path,) = quarantine.write(reading, tmp_path / "q.csv")
    written = [cell for row in cells(path) for cell in row]
    assert not [c for c in written if c.startswith(tuple("=+@\t\r")) and c not in ("+1",)]
    assert "'=cmd|' /C calc'!A0" in written
    assert "-5" in written and "'-" in written
    (path,) = quarantine.write(reading, tmp_path / "q.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]


def test_faults_are_said_in_both_languages_and_their_cells_coloured(reading, tmp_path):
    (path,) = quarantine.write(reading, tmp_path / "q.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    header = [cell.value for cell in sheet[1]]
    row = dict(zip(header, sheet[2], strict=True))
    assert row[marks.CODE].value == "unknown_district | date_invalid"
    assert row[marks.PROBLEM].value.startswith("所属区: 不是本市的区。")
    assert row[marks.PROBLEM_EN].value.startswith("所属区: it is no district of this city")
    coloured = [name for name, cell in row.items() if cell.fill.fgColor.rgb == "FFFFE3B3"]
    assert coloured == ["所属区", "到位日期"]
    confirm = sheet.data_validations.dataValidation[0].formula1
    assert confirm == '"' + ",".join(Text(lang)("reading.yes") for lang in LANGUAGES) + '"'


@pytest.mark.parametrize("said", ["", "是", "yes"])
def test_an_odd_amount_goes_in_once_a_person_confirms_it(read, tmp_path, said):
    path = tmp_path / "a.csv"
    rows = [f"P{n},2021-03-01,{100 + n}" for n in range(9)] + ["P9,2021-03-01,1000000"]
    path.write_text("\n".join(["项目编号,到位日期,到位资金（万元）", *rows]), encoding="utf-8")
    (reading,) = read(path)
    (held,) = quarantine.write(reading, tmp_path / "q.csv")
    header, row = cells(held)
    row[header.index(marks.CONFIRMED)] = said
    rewrite(held, [header, row])
    (again,) = read(held)
    assert again.quarantine["code"].tolist() == ([] if said else ["unit_suspect"])


def test_serial_numbers_from_1904_keep_their_dates(read, tmp_path):
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["项目编号", "到位日期", "到位资金（万元）"])
        sheet.write_row(1, 0, ["P1", 42794, "约100"])
    (reading,) = read(path)
    (held,) = quarantine.write(reading, tmp_path / "q.csv")
    rewrite(held, [[cell.replace("约", "") for cell in row] for row in cells(held)])
    (again,) = read(held)
    assert [str(day) for day in again.rows["date"]] == ["2021-03-01"]


def test_readings_of_several_tables_go_to_several_sheets_or_files(reading, read, tmp_path):
    path = tmp_path / "外资.csv"
    path.write_text("所属区,日期,口径,外资金额（万美元）\n西青,2021-03,FDI,1\n", encoding="utf-8")
    both = [reading, *read(path)]
    assert [p.name for p in quarantine.write(both, tmp_path / "q.csv")] == ["q.csv", "q-2.csv"]
    (book,) = quarantine.write(both, tmp_path / "q.xlsx")
    kinds = [again.kind for again in read(book)]
    assert kinds == ["arrivals", "foreign_capital"]
    assert sum(again.counts["quarantined"] for again in read(book)) == 6


def test_nothing_in_quarantine_writes_nothing_and_other_endings_are_refused(read, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("项目编号,到位日期,到位资金（万元）\nP1,2021-03-01,1\n", encoding="utf-8")
    assert quarantine.write(read(path), tmp_path / "q.csv") == []
    assert not (tmp_path / "q.csv").exists()
    with pytest.raises(ValueError, match=r"ends in \.xlsx or \.csv"):
        quarantine.write(read(path), tmp_path / "q.ods")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(reading, tmp_path, monkeypatch):
    path = tmp_path / "out" / "q.csv"
    quarantine.write(reading, path)
    old = path.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        quarantine.write(reading, path)
    assert path.read_bytes() == old
    assert [p.name for p in path.parent.iterdir()] == ["q.csv"]


@given(st.text())
def test_what_is_neutralised_is_restored_and_never_runs(text):
    neutral = marks.neutral(text)
    assert marks.restored(neutral) == text
    numeric = marks._NUMBER.fullmatch(neutral)
    assert numeric or not neutral.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
