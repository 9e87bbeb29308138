"""The status board: one page, each district by each target, its states true and told in words."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from docx import Document as read_word
from PIL import Image
from typer.testing import CliRunner

from analysis.bulletin.board import compose, published_board
from analysis.cli import app
from analysis.documents.document import Table
from analysis.documents.pdf import pages
from analysis.documents.writers import writer
from analysis.evidence import load_evidence
from analysis.files import shown
from analysis.plan import load_plan
from analysis.structure import Period, answers, report
from analysis.text import Text
from tests.plans import IRELAND


@pytest.fixture(scope="module")
def plan():
    return load_plan()


@pytest.fixture(scope="module")
def city(plan):
    return report(answers(), plan, Period.of("2021-09"))


def matrix(made):
    return next(block for block in made.sections[0].blocks if isinstance(block, Table))


def rows(made):
    return {row[0]: row[1:] for row in matrix(made).rows}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_one_page_of_a4_lying_down_whatever_it_shows(city, plan, lang):
    year = replace(city, period=Period.of("2021"))
    january = report(answers(), plan, Period.of("2021-01"))
    empty = replace(city, known=0, place=city.place.replace(city.place["capital"], 0.0))
    for made in (*(compose(one, plan, lang) for one in (city, year, january, empty)),
                 published_board(plan, load_evidence(), lang)):  # fmt: skip
        (page,) = pages(made, ppi=25.4)
        assert Image.open(io.BytesIO(page)).size == (297, 210)
        assert len(rows(made)) == len(plan.floors) + 1


def test_every_cell_of_a_ledgers_board_is_the_reports(city, plan):
    found = rows(compose(city, plan, "zh"))
    for row in city.districts[city.districts["floor"].notna()].to_dict("records"):
        money, share, *_ = found[row["name_zh"].split("（")[0].split(" ")[0]]
        value, state = money.split("\n")
        assert value == f"{row['capital']:,.0f} / {row['floor']:,.0f} · {row['of_floor']:.0f}%"
        ahead = row["capital"] >= row["due_linear"]
        met = row["capital"] >= row["floor"]
        assert state == ("已完成" if met else "达到时序进度" if ahead else "落后于时序进度")
        assert share.startswith(f"{row['share']:.1f} / {row['share_floor']:.1f}\n目前")
    total = found["全市合计"]
    assert total[0].startswith(f"{city.place['capital']:,.0f} / 9,330 ·")
    quotas = city.quotas[city.quotas["place"].eq("jiangan")].set_index("quota")["projects"]
    assert f"{quotas['service_30']:.0f} / 1 ·" in found["江岸区"][2]
    # What the plan doesn't ask of a district is no target that it misses.
    assert found["江岸区"][-1] is None


def test_only_a_year_that_is_over_is_told_as_short_and_colours_follow_words(city, plan):
    said = {}
    for period in ("2021-09", "2021"):
        made = compose(replace(city, period=Period.of(period)), plan, "en")
        table = matrix(made)
        said[period] = {
            (cell.split("\n")[-1], tone)
            for row, tones in zip(table.rows, table.tones, strict=True)
            for cell, tone in zip(row[1:], tones[1:], strict=True)
            if cell
        }
    assert {"Met", "On schedule", "Behind schedule"} <= {words for words, _ in said["2021-09"]}
    assert not {tone for _, tone in said["2021-09"]} & {"missing"}
    assert said["2021"] == {("Met", "met"), ("Short", "missing")}


def test_what_no_ledger_or_source_tells_is_said_to_be_unknown(city, plan):
    empty = replace(city, known=0, place=city.place.replace(city.place["capital"], 0.0))
    for cells in rows(compose(empty, plan, "zh")).values():
        assert cells[0].startswith("– / ") and cells[0].endswith("台账无记录")
    found = rows(published_board(plan, load_evidence(), "zh"))
    assert found["临空港经开区"][0] == "726 / 726 · 100%\n已完成"
    assert found["江岸区"][0] == "– / 709\n结果未公布", "its own target, not the floor"
    assert found["江汉区"][0] == "– / 569\n结果未公布" and found["江汉区"][2] == "目标未公布"
    assert found["全市合计"][0] == "≥9,330 / 9,330 · ≥100%\n已完成"


def test_a_result_of_one_year_is_not_set_beside_a_target_of_four_and_a_bound_decides_nothing(plan):
    ireland = load_plan(IRELAND)
    with shown(ireland.folder):
        found = rows(published_board(ireland, load_evidence(), "en"))
    assert "– / 800\nNo result published" in found["The country"]
    evidence = load_evidence()
    held = evidence.figures["series"].eq(plan.total.series) & evidence.figures["bound"].eq("lower")
    less = evidence.figures.assign(value=evidence.figures["value"].mask(held, 9_000.0))
    found = rows(published_board(plan, replace(evidence, figures=less), "en"))
    assert found["The city"][0] == "≥900 / 933 · ≥96%\nNot to be decided yet"


def test_a_year_that_the_plan_is_not_of_has_no_board_but_a_reason(city, plan):
    made = compose(replace(city, period=Period.of("2020-09")), plan, "zh")
    assert not list(made.tables()) and "不作评判" in made.sections[0].blocks[0]


def test_every_form_has_it_and_excel_has_its_numbers(city, plan):
    made = compose(city, plan, "en")
    word = read_word(io.BytesIO(writer("docx")(made)))
    page = word.sections[0]
    assert page.page_width > page.page_height
    (grid,) = word.tables
    assert grid.cell(1, 1).text == matrix(made).rows[0][1]
    html = writer("html")(made).decode()
    assert 'class="met"' in html and "A4 landscape" in html
    book = openpyxl.load_workbook(io.BytesIO(writer("xlsx")(made)))
    sheet = book[book.sheetnames[1]]
    first = [cell.value for cell in sheet[6]]
    capital = city.districts.iloc[0]["capital"]
    assert first[0] == "Jiang'an" and first[3] == pytest.approx(capital / 10)
    assert not {"missing", "board"} & {str(cell.value) for cell in sheet[5]}
    assert Text("en")("document.bulletin.label") == made.label


def test_the_command_writes_it_from_published_figures_without_a_ledger(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_LEDGER", str(tmp_path / "none.csv"))
    words = ["bulletin", "--published", "--board", "--lang", "zh,en", "--to", "pdf", "--out"]
    told = CliRunner().invoke(app, [*words, str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert {path.name for path in (tmp_path / "2021-published").iterdir()} == {
        "board.zh.pdf", "board.en.pdf"}  # fmt: skip
    more = CliRunner().invoke(app, [*words, str(tmp_path), "--district", "江岸区"])
    assert more.exit_code == 2 and "--board" in more.output
