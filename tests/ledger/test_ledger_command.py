"""`workbook ledger`, from the blank template to what readers see."""

from __future__ import annotations

import csv
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from analysis.cli import app
from analysis.ledger.aggregates import capital
from analysis.ledger.engine import REPORTED, open_ledger
from analysis.ledger.frames import frame
from analysis.ledger.lock import writer_lock
from analysis.ledger.store import open_store
from analysis.ledger.stored import value_columns

HEADER = "项目编号,项目名称,所属区,产业类别,总投资（亿元）,签约日期,投产日期,外向型项目\n"
GOOD = (
    "P1,甲,光谷,工业,1.5,2021年3月,计划2099-06,是\n"
    "P2,\"=cmd|' /C calc'!A0\",江岸区,服务业,0.1234567891,2021Q2,,\n"
    "P3,<img onerror=x>,东西湖区,工业,12345678.1234567891,2021-05-06,2021H2,否\n"
)
BAD = "P4,丁,北京市海淀区,工业,3,2021-05-06,,\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Path:
    """A ledger that the environment names."""
    monkeypatch.setenv("WORKBOOK_LEDGER", str(tmp_path / "ledger"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "ledger"


def run(*arguments: object, code: int = 0) -> Result:
    """Run a command and hold its exit code."""
    result = CliRunner().invoke(app, ["ledger", *map(str, arguments)])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_reading_stores_nothing(place, tmp_path):
    file = write(tmp_path / "a.csv", HEADER + GOOD + BAD)
    said = run("read", file, code=3).output
    assert "3 accepted, 1 quarantined" in said and "北京市海淀区" in said and "row 5" in said
    assert not place.exists() and (tmp_path / "a-quarantine.xlsx").exists()


def test_quarantine_is_corrected_in_place_and_read_again(place, tmp_path):
    file = write(tmp_path / "a.csv", HEADER + GOOD + BAD)
    said = run("import", file, "--yes", code=3).output
    assert "3 added" in said and "reconciled" in said and "a-quarantine.xlsx" in said
    assert "1 rows in quarantine" in run("quarantine", "q.csv").output
    with Path("q.csv").open(encoding="utf-8-sig", newline="") as held:
        lines = list(csv.DictReader(held))
    assert lines[0]["所属区"] == "北京市海淀区"
    lines[0]["所属区"] = "武昌区"
    with Path("q.csv").open("w", encoding="utf-8-sig", newline="") as held:
        writer = csv.DictWriter(held, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    said = run("import", "q.csv", "--yes").output
    assert "1 added" in said and "1 settled, 0 open" in said
    assert len(open_store(place).rows("projects")) == 4
    assert "Nothing changed." in run("import", "q.csv", "--yes").output
    assert "Nothing changed." in run("import", file, "--yes").output


def test_a_quarantine_file_in_somebodys_hands_is_not_written_over(place, tmp_path):
    file = write(tmp_path / "a.csv", HEADER + GOOD + BAD)
    held = tmp_path / "a-quarantine.xlsx"
    run("read", file, code=3)
    first = held.read_bytes()
    run("import", file, "--yes", code=3)
    assert held.read_bytes() == first and not (tmp_path / "a-quarantine-2.xlsx").exists()
    book = openpyxl.load_workbook(held)
    book.active.cell(2, 1 + [c.value for c in book.active[1]].index("所属区")).value = "江汉"
    book.save(held)
    corrected = held.read_bytes()
    run("import", file, "--yes", code=3)
    assert held.read_bytes() == corrected and (tmp_path / "a-quarantine-2.xlsx").exists()
    assert "1 settled" in run("import", held, "--yes").output


def test_a_quarantine_file_of_another_kind_is_refused_before_anything_is_stored(place, tmp_path):
    file = write(tmp_path / "a.csv", HEADER + BAD)
    said = run("import", file, "--yes", "--quarantine", "q.txt", code=2).output
    assert "q.txt:" in said and not place.exists()
    assert "q.txt:" in run("quarantine", "q.txt", code=2).output


def test_a_row_that_is_still_wrong_stays_in_quarantine_once(place, tmp_path):
    file = write(tmp_path / "a.csv", HEADER + GOOD + BAD)
    run("import", file, "--yes", code=3)
    run("quarantine", "q.csv")
    text = Path("q.csv").read_text(encoding="utf-8-sig").replace("北京市海淀区,工业", "上海,工业")
    write(Path("q.csv"), text)
    assert "1 settled, 1 open" in run("import", "q.csv", "--yes", code=3).output
    run("quarantine", "again.csv")
    with Path("again.csv").open(encoding="utf-8-sig", newline="") as held:
        (line,) = csv.DictReader(held)
    assert line["所属区"] == "上海" and line["原文件 File"] == "a.csv"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_exported_is_imported_again_as_it_was(place, tmp_path, lang):
    run("import", write(tmp_path / "a.csv", HEADER + GOOD), "--yes")
    run("export", "out.xlsx", "--lang", lang)
    run("import", "out.xlsx", "--yes", "--database", "other")
    told = [name for name in value_columns("projects") if name != "amount_unit"]
    before, after = (open_store(each).rows("projects")[told] for each in (place, "other"))
    pd.testing.assert_frame_equal(before, after)
    assert before["name"].tolist() == ["甲", "=cmd|' /C calc'!A0", "<img onerror=x>"]
    sheet = openpyxl.load_workbook("out.xlsx").worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    assert cells["=cmd|' /C calc'!A0"].data_type == "s" and cells["=cmd|' /C calc'!A0"].quotePrefix
    assert cells[15_000].data_type == "n"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_ledgers_own_export_changes_nothing_in_it(place, tmp_path, lang):
    run("import", write(tmp_path / "a.csv", HEADER + GOOD), "--yes")
    head = "项目编号,到位日期,到位资金（万美元）,币种\n"
    dollars = write(tmp_path / "usd.csv", f"{head}P1,2021-06-03,100,美元\nP1,2021-07-03,1,美元\n")
    yuan = "项目编号,到位日期,到位资金（万元）,到位编号\nP1,2021-06-03,645,\nP2,2021-06,5,A1\n"
    run("import", dollars, write(tmp_path / "b.csv", yuan), "--yes", "--rate", "USD=6.45@2021")
    before = [open_store(place).rows(kind) for kind in ("projects", "arrivals")]
    assert before[1]["amount"].sum() == 2 * 645 + Decimal("6.45") + 5
    run("export", "out.xlsx", "--lang", lang)
    assert "0 rows changed; 0 new in quarantine" in run("import", "out.xlsx", "--yes").output
    for kind, was in zip(("projects", "arrivals"), before, strict=True):
        pd.testing.assert_frame_equal(open_store(place).rows(kind), was)


def test_parquet_for_other_engines(place, tmp_path):
    run("import", write(tmp_path / "a.csv", HEADER + GOOD), "--yes")
    run("export", "parquet")
    found = pd.read_parquet("parquet/projects.parquet", dtype_backend="pyarrow")
    assert found["size"].tolist() == open_store(place).rows("projects")["size"].tolist()
    assert len(pd.read_parquet("parquet/arrivals.parquet")) == 0
    assert "there already" in run("export", "parquet", code=1).output


def test_a_total_that_does_not_agree_waits_for_a_word(place, tmp_path):
    file = write(tmp_path / "a.csv", HEADER + GOOD + "合计,,,,99,,,\n")
    assert "Kept, but readers still see" in run("import", file, "--yes", code=3).output
    said = run("status").output
    assert "readers see import 0 of 1" in said and "合计 says" in said
    run("publish", code=3)
    assert "Readers see it" in run("publish", "--accept-mismatch").output
    assert "projects: 3 rows" in run("status").output


def test_a_total_of_some_rows_is_no_mismatch_and_one_in_words_is_told(place, tmp_path):
    head = "项目编号,到位日期,到位资金（万元）\nP1,2021-06-06,1000\nP1,2021-06-07,500\n"
    some = write(tmp_path / "some.csv", head + "合计,,1500\n其中：光谷,,1000\n")
    assert "come to" not in run("read", some).output
    run("import", some, "--yes")
    words = write(tmp_path / "words.csv", head.replace("06-0", "07-0") + "合计,,约1500\n")
    assert "合计 says no number that can be read, the rows come to 1,500" in (
        run("read", words, code=3).output
    )
    assert "Kept, but readers still" in run("import", words, "--yes", code=3).output
    assert "says no number" in run("status").output


def test_what_was_imported_is_what_aggregates_read(place, tmp_path):
    file = write(tmp_path / "a.csv", "项目编号,到位日期,到位资金（亿元）\nP1,2021-06-06,1.5\n")
    run("import", write(tmp_path / "p.csv", HEADER + GOOD), file, "--yes")
    first = open_ledger(place)
    told = frame(capital(first, ("district",))).to_dict("records")
    assert told == [{"district": "east_lake", "capital": 1.5, "arrivals": 1, "projects": 1}]
    assert first.kind == REPORTED
    run("import", write(file, file.read_text("utf-8").replace("1.5", "2")), "--yes")
    then = open_ledger(place)
    assert then.stamp != first.stamp and frame(capital(then))["capital"].tolist() == [2.0]


def test_arrivals_of_projects_that_are_not_there_are_told(place, tmp_path):
    file = write(
        tmp_path / "a.csv",
        "项目编号,到位日期,到位资金（亿元）\nP1,2021-06-06,1.5\nP9,2021-06-06,2\n",
    )
    projects = write(tmp_path / "p.csv", HEADER + GOOD)
    assert (
        "2 arrivals (sum 35,000, CNY 10,000) are of 2 projects" in run("import", file, "-y").output
    )
    said = run("import", projects, "-y").output
    assert "1 arrivals (sum 20,000, CNY 10,000)" in said and "(P9)" in said
    run(
        "import",
        write(projects, HEADER + GOOD + GOOD[: GOOD.index("\n")].replace("P1", "P9")),
        "-y",
    )
    assert "projects that" not in run("import", projects, "-y").output


def test_history_shows_each_version_with_its_file(place, tmp_path):
    run("import", write(tmp_path / "a.csv", HEADER + GOOD), "--yes")
    changed = HEADER + GOOD.replace("工业,1.5,", "工业,2.5,")
    run("import", write(tmp_path / "b.csv", changed), "--yes")
    first, second = run("history", "projects", "P1").output.splitlines()
    assert "version 1" in first and "15000" in first and "until import 2" in first
    assert "version 2" in second and "b.csv, row 2" in second
    assert "size was 15000" in second and "is 25000" in second and "name was" not in second
    assert "No row" in run("history", "projects", "nobody", code=1).output


def test_running_numbers_of_two_files_do_not_replace_each_other(place, tmp_path):
    head = "编号,项目名称,所属区,产业类别,总投资（亿元）\n"
    first = write(tmp_path / "a.csv", head + "1,甲,江岸区,工业,1\n2,乙,江岸区,工业,2\n")
    second = write(tmp_path / "b.csv", head + "1,丙,洪山区,工业,3\n2,丁,洪山区,工业,4\n")
    run("import", first, "--yes")
    said = run("import", second, "--yes", code=1).output
    assert "b.csv, row 2, column 项目编号: 1 is 甲, jiangan in the ledger" in said
    assert "here it is 丙, hongshan (rows like this: 2)" in said and "write ids" in said
    assert list(open_store(place).rows("projects")["name"]) == ["甲", "乙"]
    # One that was renamed is the same still, and a file may stand for the whole table.
    renamed = write(tmp_path / "c.csv", head + "1,甲二期,江岸区,工业,1\n")
    assert "1 changed" in run("import", renamed, "--yes").output
    assert "2 changed" in run("import", second, "--yes", "--replace").output


def test_a_stated_rate_is_used_in_its_time(place, tmp_path):
    head = "项目编号,到位日期,到位资金（万美元）,币种\n"
    file = write(tmp_path / "usd.csv", f"{head}P1,2021-06-03,100,美元\nP1,2021-07-03,100,美元\n")
    said = run("import", file, "--yes", "--rate", "USD=6.45@2021-06", code=3).output
    assert "sum before 0, accepted 645, after 645" in said
    run("import", file, "--yes", "--rate", "USD=6.45@2021-06", "--rate", "USD=6.5@2021Q3")
    assert open_store(place).status().sums["arrivals"] == 1295
    said = run("read", file, "--rate", "USD=6.45@2021-06", "--rate", "USD=6.4@2021", code=1).output
    assert "two different rates of USD on 2021-06-01: 6.45 and 6.4" in said
    with open_store(place).reading() as ledger:
        abouts = [json.loads(about)[0] for (about,) in ledger.run("SELECT about FROM files")]
    told = next(about for about in abouts if len(about["rates"]) == 2)["rates"][1]
    assert told[:4] == ["USD", "2021-07-01", "2021-09-30", "6.5"] and "when importing" in told[4]
    for wrong in ("USD=6.45", "XYZ=1@2021", "USD=-1@2021", "USD=1@2021.13"):
        run("import", file, "--yes", "--rate", wrong, code=2)


def test_faults_have_their_exit_codes(place, tmp_path):
    file = write(tmp_path / "a.csv", HEADER + GOOD)
    assert "nowhere.csv" in run("read", "nowhere.csv", code=1).output
    run("read", file, "--kind", "nothing", code=2)
    assert "holds no ledger" in run("status", code=1).output
    run("import", file, "--yes")
    with writer_lock(place):
        assert "busy" in run("import", file, "--yes", code=75).output
    assert run("import", write(tmp_path / "b.csv", HEADER), "--yes", code=1)
    assert "are for a shared ledger" in run("roles", code=2).output
    assert "nothing to restore" in run("restore").output
    assert "present form" in run("migrate").output
    result = CliRunner().invoke(app, ["ledger", "import", str(file)], input="n\n")
    assert result.exit_code == 1 and "Store this in" in result.output
    asked = ["ledger", "import", str(file), "--lang", "zh"]
    for answer in ("n\n", ""):
        told = CliRunner().invoke(app, asked, input=answer)
        asked_for = told.output.partition("存入")[2].replace(str(place), "")
        assert told.exit_code == 1 and not re.search("[A-Za-z]{2}", asked_for)
    assert CliRunner().invoke(app, asked, input="是\n").exit_code == 0


def test_the_template_is_written(tmp_path):
    assert "Wrote" in run("template", tmp_path / "t.xlsx", "--lang", "en").output
    assert len(openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames) == 4
    run("template", tmp_path / "t.xlsx", "--lang", "fr", code=2)


def test_a_shared_ledger_needs_its_form_first(tmp_path, monkeypatch, postgres_url):
    monkeypatch.setenv("WORKBOOK_LEDGER", postgres_url)
    file = write(tmp_path / "a.csv", HEADER + GOOD)
    said = run("import", file, "--yes", code=1).output
    assert (
        "workbook ledger migrate" in said and postgres_url.split(":")[2].split("@")[0] not in said
    )
    assert "0001 tables" in run("migrate").output
    assert "3 added" in run("import", file, "--yes").output
    assert "projects: 3 rows" in run("status").output
    assert "restored by PostgreSQL" in run("restore", code=2).output
    run("export", tmp_path / "parquet")
    assert len(pd.read_parquet(tmp_path / "parquet" / "projects.parquet")) == 3


def sheets(path: Path, *tables: list[list[str]]) -> Path:
    """Write a workbook with a sheet a table."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(tables, start=1):
        page = book.create_sheet(f"{number}月")
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def test_reading_says_what_an_import_does_with_rows_on_several_sheets(place, tmp_path):
    head = ["项目编号", "到位日期", "到位资金（万元）"]
    first = [head, ["P1", "2021-03-01", "5"], ["P2", "2021-03-02", "6"]]
    second = [head, ["P1", "2021-03-01", "5"], ["P2", "2021-03-02", "7"]]
    file = sheets(tmp_path / "two.xlsx", first, second)
    said = run("read", file, code=3).output
    assert said.count("1 accepted, 1 quarantined") == 1 and "2 quarantined" in said
    written = (tmp_path / "two-quarantine.xlsx").read_bytes()
    (tmp_path / "two-quarantine.xlsx").unlink()
    said = run("import", file, "--yes", code=3).output
    assert "3 new in quarantine" in said and "two-quarantine.xlsx" in said
    assert (tmp_path / "two-quarantine.xlsx").read_bytes() == written
    assert len(open_store(place).quarantine()) == 3


def test_a_file_that_is_named_twice_is_read_once(place, tmp_path):
    file = write(tmp_path / "a.csv", HEADER + GOOD)
    copy = write(tmp_path / "b.csv", HEADER + GOOD)
    said = run("import", file, copy, file, "--yes").output
    assert said.count("read once") == 2 and "3 added" in said


def test_keys_that_a_later_file_has_too_are_told(place, tmp_path):
    write(tmp_path / "a.csv", HEADER + GOOD)
    write(tmp_path / "b.csv", HEADER + GOOD.replace("甲", "乙"))
    assert "b.csv has 3 of the keys" in run("read", "a.csv", "b.csv").output


@pytest.mark.parametrize(
    "lang, locale", [("zh", ""), ("", "zh_CN.UTF-8"), ("", "zh"), ("en", "zh_CN.UTF-8")]
)
def test_a_clerk_is_spoken_to_in_her_language(place, tmp_path, monkeypatch, lang, locale):
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    file = write(tmp_path / "a.csv", HEADER + GOOD + BAD)
    more = ["--lang", lang] if lang else []
    said = run("read", file, *more, code=3).output
    said += run("import", file, "--yes", *more, code=3).output
    said += run("status", *more).output
    said += run("history", "projects", "P1", *more).output
    said += run("import", write(tmp_path / "c.csv", "甲,乙\n1,2\n"), "-y", *more, code=1).output
    said += run("status", "--database", "none", *more, code=1).output
    english = ("Reading", "accepted", "Readers see", "readers see", "version 1", "no header")
    chinese = (
        "正在读",
        "可用 3",
        "读者已能看到",
        "读者看到",
        "第 1 版",
        "找不到表头",
        "还没有台账",
    )
    assert all((word in said) == (lang == "en") for word in english)
    assert all((word in said) == (lang != "en") for word in chinese)


def test_a_name_forges_no_line(place, tmp_path):
    file = write(tmp_path / "a\nImport 9: all is well\u202e.csv", HEADER + GOOD)
    said = run("read", file).output
    assert "\\nImport 9" in said and "\nImport 9" not in said and "\u202e" not in said


@pytest.mark.parametrize("command", ["migrate", "roles", "status"])
def test_a_shared_ledger_without_its_library_names_it(place, monkeypatch, command):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = run(command, "--database", "postgresql://localhost:1/none", code=1).output
    assert "investment-workbook[postgres]" in said
