"""A page's words stand in its cells alone: change one, and page and document say it."""

from __future__ import annotations

import csv
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from cell_words import NOTEBOOKS, sentences
from ran import page_of, run_here
from typer.testing import CliRunner

import analysis
from analysis.cli import app
from analysis.documents.transcript import transcript
from analysis.files import shown
from analysis.publish.pages import pages, slug_of
from analysis.text import LANGUAGES, Text
from analysis.text_table import in_plan_words, own_texts

ROOT = Path(__file__).parents[2]
PLANS = ROOT / "tests" / "plans"
#: A label may read as a short heading does.
BRIEF = 12


@pytest.fixture(scope="module")
def shared() -> dict[str, dict[str, str]]:
    with (ROOT / "analysis" / "strings.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_sentence_of_a_page_stands_in_the_table_of_shared_words(path: Path, shared) -> None:
    found = [said for _, said in sentences(path)]
    assert len(found) >= 5
    # The front page and a bulletin have words of their own, and some happen to be the same.
    elsewhere = {
        row["zh"]: key
        for key, row in shared.items()
        if len(row["zh"]) > BRIEF and key.split(".")[0] not in ("document", "publish")
    }
    assert not {elsewhere[said["zh"]] for said in found if said["zh"] in elsewhere}


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_key_that_a_page_speaks_by_is_in_that_table(path: Path, shared) -> None:
    slug = slug_of(path.name)
    page = page_of(slug)
    keys = {*page.messages, *(f"{key}.{part}" for key in page.pictures
                              for part in ("title", "say", "alt", "source"))}  # fmt: skip
    assert len(keys) > 3 and not {key for key in keys if f"{slug}.{key}" in shared}


@pytest.mark.slow
def test_a_word_that_is_changed_in_a_cell_is_changed_wherever_it_is_read(tmp_path: Path) -> None:
    before, after = "How large real projects are", "How large projects that were started are"
    folder, site = tmp_path / "mine", tmp_path / "site"
    folder.mkdir()
    notebook = folder / NOTEBOOKS[2].name
    text = NOTEBOOKS[2].read_text(encoding="utf-8")
    assert text.count(before) == 1
    notebook.write_text(text.replace(before, after), encoding="utf-8")
    made = transcript(notebook, "en", "")
    assert after in [section.heading for section in made.sections]
    told = CliRunner().invoke(
        app, ["site", str(site), "--notebooks", str(folder), "--no-documents"]
    )
    assert told.exit_code == 0, told.output
    page = (site / "briefing" / "project_structure" / "index.html").read_text(encoding="utf-8")
    assert after in page and before not in page


def test_a_plan_speaks_only_where_a_cell_lets_it() -> None:
    """Whoever writes another source into a cell reads it, although the plan has one."""
    page = analysis.page("capital_inflow")
    own, mine = own_texts()["capital_inflow.past_years.source"]["en"], "Source: mine."
    for given, said in ((mine, mine), (page.plan_text("past_years.source", mine), own)):
        page.pictures.clear()
        page.figure(
            "past_years", alt.Chart().mark_bar(), pd.DataFrame(), title="Past", source=given
        )
        assert page.pictures["past_years"].source.render(Text("en")) == said
    assert page.plan_text("past_years.say", mine) == mine


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_question_of_each_page_is_its_notebook_s(path: Path) -> None:
    asked = next(page.question for page in pages() if page.notebook == path.name)
    titles = [said for when, said in sentences(path) if said["en"].endswith("?")]
    assert asked in [in_plan_words({lang: said[lang] for lang in LANGUAGES}) for said in titles]


def test_a_sentence_names_each_level_that_a_plan_asks_for() -> None:
    """The toy plan has three, the second of which no sentence named."""
    words = {"zh": "<each>{gap_<level.key>:amount}至<level.name></each>",
             "en": "<each>{gap_<level.key>:amount} to the <level.name></each>"}  # fmt: skip
    with shown(PLANS / "toy_2030"):
        page = run_here("capital_inflow")
        told = page.messages["answer"].render(Text("en"), page.start)
        assert "EUR 40 million short of the middle target and EUR 80" in told.replace(".0", "")
        assert in_plan_words(words)["en"] == (
            "EUR {gap_low:,.1f} million to the low target, EUR {gap_middle:,.1f} million to the "
            "middle target and EUR {gap_high:,.1f} million to the high target"
        )
        said = page.pictures["past_years" if "past_years" in page.pictures else "share_mosaic"]
        assert "35.0% (middle)" in said.say.render(Text("en"), page.start)
    with shown(PLANS.parents[1] / "data" / "plans" / "ireland_2021_2024"):
        assert in_plan_words(words)["en"] == "{gap_target:,.0f} investments to the target"


def test_sources_cite_where_the_plan_says_so() -> None:
    assert in_plan_words({"zh": "<cited.both>", "en": "<cited.both>"}) == {
        "zh": "方案（2021）序言、第一部分（二）", "en": "plan 2021, preamble and part 1, section 2"
    }  # fmt: skip
    assert in_plan_words({"en": "<cited.quotas>"})["en"] == "plan 2021, part 1, sections 2, 4 and 5"
