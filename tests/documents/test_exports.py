"""The command line writes documents; the server makes few at once and none for ever."""

import asyncio
import io
import re
from pathlib import Path

import openpyxl
import pytest
from docx import Document as read_word
from ran import ran
from typer.testing import CliRunner

from analysis.cli import app
from analysis.publish import exports
from analysis.publish.exports import ExportFailedError, Exports, ExportsFullError
from analysis.publish.rendering import paper

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "2_fdi_growth.ipynb"
#: Makes its document slowly enough that others wait: the form is how long, s.
SLOW = "import sys, time; time.sleep(float(sys.argv[2])); print(sys.argv[4], end='')"


def run(*words: str):
    return CliRunner().invoke(app, [*map(str, words)])


def test_export_writes_what_is_asked_for(tmp_path):
    told = run("export", "fdi_growth", tmp_path / "a" / "fdi.xlsx", "--to", "xlsx", "--lang", "en")
    assert told.exit_code == 0, told.output
    book = openpyxl.load_workbook(tmp_path / "a" / "fdi.xlsx")
    assert {"Targets", "Scenario", "Sources"} <= set(book.sheetnames)
    told = run(
        "export", "fdi_growth", tmp_path, "--to", "docx,html", "--scenario", "v1;fdi_growth=20"
    )
    assert told.exit_code == 0, told.output
    assert sorted(path.name for path in tmp_path.glob("*.*")) == [
        "fdi_growth.zh.docx", "fdi_growth.zh.html",
    ]  # fmt: skip
    assert "fdi_growth=20" not in (tmp_path / "fdi_growth.zh.html").read_text("utf-8")
    assert "自定情景" in (tmp_path / "fdi_growth.zh.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing", "."), "capital_inflow"),
        (("fdi_growth", ".", "--to", "odt"), "pdf, docx"),
        (("fdi_growth", ".", "--lang", "fr"), "zh, en"),
        (("fdi_growth", ".", "--scenario", "v1;nothing=1"), "unknown lever"),
    ],
)
def test_export_says_what_would_be_right(words, said):
    told = run("export", *words)
    assert told.exit_code == 2
    assert said in told.output.replace("\n", " ").replace("│", "")


def test_at_the_limit_others_are_told_to_come_again_and_each_is_made_once(monkeypatch, alone):
    monkeypatch.setattr(exports, "START", SLOW)

    async def ask():
        made = Exports(at_once=1, waiting=1)
        first = [asyncio.ensure_future(made.get(NOTEBOOK, "0.4", "zh", "a")) for _ in range(3)]
        second = asyncio.ensure_future(made.get(NOTEBOOK, "0.4", "zh", "b"))
        await asyncio.sleep(0)
        with pytest.raises(ExportsFullError):
            await made.get(NOTEBOOK, "0.4", "zh", "c")
        assert await asyncio.gather(*first) == [b"a"] * 3
        assert await second == b"b"
        monkeypatch.setattr(exports, "START", "raise SystemExit(1)")
        # What was made is kept; what was not fails now.
        assert await made.get(NOTEBOOK, "0.4", "zh", "a") == b"a"
        with pytest.raises(ExportFailedError):
            await made.get(NOTEBOOK, "0.4", "zh", "c")
        assert not made._making.whose

    alone(ask())


def test_one_that_takes_too_long_is_ended_and_room_is_bounded(monkeypatch, alone):
    monkeypatch.setattr(exports, "START", SLOW)

    async def ask():
        made = Exports(deadline=0.3, room=3)
        with pytest.raises(ExportFailedError):
            await made.get(NOTEBOOK, "30", "zh", "a")
        made.deadline = 20
        for text in ("aa", "bb"):
            assert await made.get(NOTEBOOK, "0", "zh", text) == text.encode()
        assert [key[3] for key in made._kept] == ["bb"]

    alone(ask())


def test_the_servers_process_makes_a_document_that_opens(alone):
    async def ask():
        return await Exports().get(NOTEBOOK, "xlsx", "en", "v1;fdi_growth=20")

    book = openpyxl.load_workbook(io.BytesIO(alone(ask())))
    values = {row[0].value: row[1].value for row in book["Scenario"].iter_rows(min_row=6)}
    assert values["Link"] == "v1;fdi_growth=20"


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_status_board_is_made_of_the_period_that_is_asked_for(lang):
    asked, last = (paper("board", "docx", lang, period) for period in ("2021-06", ""))
    said = [
        "\n".join(one.text for one in read_word(io.BytesIO(made)).paragraphs)
        for made in (asked, last)
    ]
    months = {"zh": "1–6 月", "en": "January–June 2021"}[lang]
    assert months in said[0] and months not in said[1]


@pytest.mark.slow
def test_the_static_edition_links_documents_that_are_there(tmp_path, monkeypatch):
    from analysis.publish import site

    monkeypatch.setattr(site, "run_each", lambda notebooks: ((ran(one), []) for one in notebooks))
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / NOTEBOOK.name).write_bytes(NOTEBOOK.read_bytes())
    site.build(tmp_path / "site", say=lambda _: None, folder=folder)
    page = (tmp_path / "site" / "briefing" / "fdi_growth" / "index.html").read_text("utf-8")
    linked = re.findall(r'href="\.\./\.\./(export/[\w.]+)"', page)
    assert [Path(link).suffix for link in linked] == [".pdf", ".docx", ".pptx", ".xlsx"]
    assert all((tmp_path / "site" / link).stat().st_size > 5000 for link in linked)
    assert len(list((tmp_path / "site" / "export").iterdir())) == 8
