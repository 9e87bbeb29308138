"""A briefing's document says what its page says, in the scenario that is asked for."""

import io
import re
from pathlib import Path

import nbformat
import openpyxl
import pytest
from docx import Document as read_word
from docx.oxml.ns import qn
from ran import page_of

from analysis.board.still import signals
from analysis.documents.document import Cards, Figure, Table
from analysis.documents.transcript import transcript
from analysis.documents.writers import writer
from analysis.publish.rendering import scenario_of
from analysis.scenario import Scenario
from analysis.scenario.value import ScenarioError
from analysis.text import Text

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CAPITAL = NOTEBOOKS / "1_capital_inflow.ipynb"
TARGETS = NOTEBOOKS / "4_target_scenarios.ipynb"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_title_figures_and_sources_are_the_pages_own(lang):
    made = transcript(CAPITAL, lang, "about")
    page = page_of("capital_inflow")
    at, text = signals(page.board), Text(lang)
    assert made.title == page.messages["title"].render(text, at)
    figures = list(made.figures())
    assert [figure.key for figure in figures] == list(page.pictures)
    for figure in figures:
        picture = page.pictures[figure.key]
        assert figure.title == picture.title.render(text, at)
        assert figure.alt == picture.alt.render(text, at)
        assert figure.source == picture.source.render(text, at) and figure.source in made.sources()
    (cards,) = [b for s in made.sections for b in s.blocks if isinstance(b, Cards)]
    assert (cards.cards[0].value, cards.cards[0].unit) == (
        ("8,431", "亿元") if lang == "zh" else ("843.1", "CNY billion")
    )
    (scenario,) = made.annexes
    assert ("v1" in {row[1] for row in scenario.rows}) and scenario.key == "scenario"


def test_a_picture_of_nothing_is_left_to_its_sentence(monkeypatch):
    monkeypatch.setenv("WORKBOOK_PLAN", "ireland_2021_2024")  # its regions meet all that it asks
    met, short = (transcript(TARGETS, "en", "", Scenario(levers))
                  for levers in ({}, {"uplift_dublin_region": -10.0}))  # fmt: skip
    assert "increment" not in {figure.key for figure in met.figures()}
    assert any("All seven targets are met" in str(b) for s in met.sections for b in s.blocks)
    assert "increment" in {figure.key for figure in short.figures()}
    (drawn,) = [figure for figure in met.figures() if figure.key == "drawn"]
    assert "with a common correlation of 0.5, 16.3% do" in drawn.reading


def test_a_scenario_moves_titles_cards_and_charts():
    plain = next(transcript(CAPITAL, "zh", "").figures())
    made = transcript(CAPITAL, "zh", "", Scenario({"uplift_zone": 50.0}))
    moved = next(made.figures())
    assert "899" in plain.title and "899" not in moved.title
    plain_values, values = (
        {signal["name"]: signal.get("value") for signal in figure.spec["signals"]}
        for figure in (plain, moved)
    )
    assert values["capital_zone"] == pytest.approx(1.5 * plain_values["capital_zone"])
    (cards,) = [b for s in made.sections for b in s.blocks if isinstance(b, Cards)]
    assert cards.cards[0].value == "9,517"


def test_figures_are_counted_in_word_and_a_scenarios_numbers_written_as_any_other():
    levers = {"uplift_zone": -30.0, "capital_unfloored": 1500.0}
    made = transcript(CAPITAL, "en", "", Scenario(levers))
    assert "floor −30%;" in made.subtitle
    assert "floor CNY 150 billion" in made.subtitle
    levers["base_year"] = 2019
    told = transcript(CAPITAL, "zh", "", Scenario(levers)).subtitle
    assert " 1,500 亿元" in told and " 2019 年" in told
    word = read_word(io.BytesIO(writer("docx")(made)))
    fields = list(word.element.body.iter(qn("w:fldSimple")))
    shown = ["".join(text.text for text in one.iter(qn("w:t"))) for one in fields]
    assert shown == [str(number) for number in range(1, len(shown) + 1)] and len(shown) > 2


def test_what_only_a_screen_has_becomes_tables_and_pythons_answer_a_sentence():
    made = transcript(TARGETS, "en", "", Scenario({"uplift_zone": 20.0}))
    tables = {b.key: b for s in made.sections for b in s.blocks if isinstance(b, Table)}
    assert set(tables) == {"goal", "least_increment", "basis"}
    model = page_of("target_scenarios").board.model
    row = next(row for row in tables["goal"].rows if row[0] == model.levers["uplift_zone"].name_en)
    needed = model.seek("capital_total", 9330, "uplift_zone", {"uplift_zone": 20.0}).needed
    assert row[2] == 20.0 and needed <= row[5] < needed + 0.1 and round(row[5], 1) == row[5]
    start = model.check(dict(model.defaults, uplift_zone=20.0))
    asked = model.least_increment("expected", start=start)
    said = " ".join(b for s in made.sections for b in s.blocks if isinstance(b, str))
    assert f"At least CNY {asked.new_capital / 10:.2f} billion more is needed" in said
    assert "From this scenario to all four baseline targets" in said and "{" not in said
    drawn = next(figure for figure in made.figures() if figure.key == "drawn")
    assert "around this scenario" in drawn.title
    values = {row[0]: row[1] for row in drawn.table.rows}
    usual = page_of("target_scenarios").board.facts["drawn_capital_total_expected"]
    assert values["capital_total_expected"] > usual + 5


def test_a_notebook_of_ones_own_keeps_its_words_and_tables(tmp_path):
    book = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell("## Mine\nA sentence."),
        nbformat.v4.new_code_cell(
            "import analysis\npage = analysis.page('fdi_growth')\npage.opening()"
        ),
        nbformat.v4.new_code_cell("import pandas\npandas.DataFrame({'year': [2021], 'x': [1.5]})"),
    ])  # fmt: skip
    nbformat.write(book, tmp_path / "own.ipynb")
    made = transcript(tmp_path / "own.ipynb", "en", "")
    assert made.sections[0].heading == "Mine" and made.sections[0].blocks[0] == "A sentence."
    assert not any(isinstance(block, Figure) for block in made.sections[0].blocks)
    (table,) = [b for b in made.sections[0].blocks if isinstance(b, Table)]
    assert table.rows == ((2021, 1.5),)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_name_stands_in_quotes_beside_what_it_is_and_in_no_headline(lang):
    link = "v1;uplift_zone=20;name="
    names = ("%E7%A8%B3%20A-1", "%3Dcmd%7C%27%20/C%20calc%27!A0")
    named, hostile = (transcript(CAPITAL, lang, "", scenario_of(link + name)) for name in names)
    whose = {"zh": "“稳 A-1”（读者所取名称）", "en": "“稳 A-1” (a reader's name for it)"}[lang]
    assert whose in named.subtitle and "20" in named.subtitle
    assert "cmd" not in str(hostile) and named.title == hostile.title
    heads = [section.heading for section in named.sections]
    assert "稳 A-1" not in str([named.title, *heads])


def test_a_scenario_is_read_from_an_address_and_a_wrong_one_is_refused():
    link = "http://host/briefing/x?lang=en#s=v1;uplift_zone=20"
    assert scenario_of(link).levers == {"uplift_zone": 20.0}
    assert scenario_of("v1;uplift_zone=20") == scenario_of(link)
    assert scenario_of("").values == {}
    with pytest.raises(ScenarioError, match="unknown lever"):
        scenario_of("v1;nothing=1")
    with pytest.raises(ScenarioError, match="outside"):
        transcript(CAPITAL, "zh", "", Scenario({"uplift_zone": 1e9}))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["5_districts", "6_chains"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_column_of_a_sheet_is_headed_by_a_machines_word(name, lang):
    made = writer("xlsx")(transcript(NOTEBOOKS / f"{name}.ipynb", lang, ""))
    book = openpyxl.load_workbook(io.BytesIO(made))
    heads = [cell.value for sheet in book for cell in sheet[5] if isinstance(cell.value, str)]
    assert len(heads) > 50 and not [head for head in heads if re.fullmatch("[a-z_0-9]+", head)]


@pytest.mark.parametrize("plan", ["", "jiangan_2021"])
def test_cards_that_levers_alone_move_are_no_ledgers(monkeypatch, plan):
    monkeypatch.setenv("WORKBOOK_PLAN", plan)
    made = transcript(TARGETS, "en", "")
    (cards,) = [b for s in made.sections for b in s.blocks if isinstance(b, Cards)]
    assert cards.source == "" and "default scenario" in made.subtitle


def test_the_data_behind_figures_begin_a_page_and_leave_none_empty():
    word = read_word(io.BytesIO(writer("docx")(transcript(CAPITAL, "en", ""))))
    breaks = [one for one in word.element.body.iter(qn("w:br")) if one.get(qn("w:type")) == "page"]
    begun = [p.text for p in word.paragraphs if p.paragraph_format.page_break_before]
    assert not breaks and begun == ["Data behind the figures"]
