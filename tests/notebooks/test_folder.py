"""A folder of notebooks: what is published, what is left out and why, and copies to work on."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import docx
import nbformat
import pandas as pd
import pytest
from ran import ran
from typer.testing import CliRunner

import analysis
from analysis.cli import app
from analysis.documents.writers import OFFERED
from analysis.files import shown
from analysis.plan import load_plan
from analysis.publish.assemble import page_html
from analysis.publish.outputs import AS_IT_STANDS, markdown
from analysis.publish.pages import chrome, copy_notebooks, notebooks_dir, pages, published
from analysis.publish.site import build
from analysis.text import LANGUAGES, TextError

BRIEFINGS = [page.notebook for page in pages()]


def notebook(path: Path, *cells: str) -> None:
    made = [
        nbformat.v4.new_markdown_cell(cell[3:])
        if cell.startswith("md ")
        else nbformat.v4.new_code_cell(cell)
        for cell in cells
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(notebooks_dir() / "2_fdi_growth.ipynb", tmp_path)
    return tmp_path


def test_the_project_s_own_folder_holds_its_briefings():
    assert len(BRIEFINGS) == len([*notebooks_dir().glob("*.ipynb")]) and not published()[1]
    assert not any(page.own for page in pages())


def test_no_stray_notebook_takes_the_others_down(folder):
    shutil.copy(folder / "2_fdi_growth.ipynb", folder / "2_fdi_growth-Copy1.ipynb")
    (folder / "3_torn.ipynb").write_text("{", encoding="utf-8")
    notebook(folder / "4_wrong.ipynb", "x = 1", "y = (")
    notebook(folder / "fdi_growth.ipynb", "x = 1")
    notebook(
        folder / "8 zones alone.ipynb", "md # How far do zones carry?", "%matplotlib inline\n1"
    )
    there, left_out = published(folder)
    assert [page.slug for page in there] == ["fdi_growth", "8_zones_alone"]
    assert there[1].own and there[1].nav["en"] == "How far do zones carry?"
    told = dict(line.split(" is left out: ") for line in left_out)
    assert "copy" in told["2_fdi_growth-Copy1.ipynb"]
    assert "can't be read" in told["3_torn.ipynb"]
    assert "cell 2, line 1" in told["4_wrong.ipynb"]
    assert "2_fdi_growth.ipynb" in told["fdi_growth.ipynb"]
    assert chrome(folder)["left_out"] == left_out


def test_a_stray_notebook_beside_the_briefings_is_named_and_left_out(monkeypatch, folder):
    monkeypatch.setattr("analysis.publish.pages.notebooks_dir", lambda: folder)
    notebook(folder / "2021_notes.ipynb", "md # Notes")
    there, left_out = published()
    assert [page.slug for page in there] == ["fdi_growth"]
    assert left_out[0].startswith("2021_notes.ipynb is left out: no briefing")


def test_copies_to_work_on_are_made_once_and_nothing_is_overwritten(tmp_path):
    place = tmp_path / "mine"
    assert {path.name for path in copy_notebooks(place)} >= set(BRIEFINGS)
    changed = place / BRIEFINGS[0]
    changed.write_text("mine", encoding="utf-8")
    assert not copy_notebooks(place)
    assert changed.read_text(encoding="utf-8") == "mine"


def test_of_another_plan_those_are_copied_that_it_has_something_for(tmp_path):
    for plan, others in (("jiangan_2021", ["8_side_by_side.ipynb"]), ("ireland_2021_2024", [])):
        with shown(load_plan(plan).folder):
            copied = [path.name for path in copy_notebooks(tmp_path / plan)]
        assert copied == ["1_capital_inflow.ipynb", "4_target_scenarios.ipynb", *others]


PLAIN = (
    "md # How far do the zones alone carry?\n\nMy own page, *in Markdown*.\n\n"
    "| a | b |\n|--|--|\n| 1 | 2 |\n\n## What *follows*",
    "import altair as alt\nimport pandas as pd\nfrom ipywidgets import FloatSlider, interact\n"
    "@interact(x=(0.0, 9.0))\ndef f(x=3.0):\n"
    "    return alt.Chart(pd.DataFrame({'x': [x]})).mark_bar().encode(x='x')",
    "pd.DataFrame({'a<b': [1]})",
    "FloatSlider(description='alive')",
)


@pytest.mark.slow
def test_a_plain_notebook_is_a_page(tmp_path):
    notebook(tmp_path / "own.ipynb", *PLAIN)
    told = ran(tmp_path / "own.ipynb")
    assert not any(cell.get("failed") for cell in told["cells"])
    assert not told["stderr"]
    site = {**chrome(tmp_path), "about": told["about"]}
    html = page_html(told, site, "own", "en", "./", python=False, inline=True)
    body = html[html.index("<main") : html.index("</main>")]
    for seen in ("<h1>How far do the zones alone carry?</h1>", "<em>in Markdown</em>", "<td>2</td>",
                 '<svg xmlns="http', "x: 3.0", "a&lt;b"):  # fmt: skip
        assert seen in body, seen
    assert '<a href="#section-What-follows">What <em>follows</em></a>' in html
    assert body.count("data-model") == 2  # what interact made, and the slider, are alive
    assert "\x1b" not in body and "vegaEmbed" not in html and "&lt;h1" not in body
    (asks,) = told["heard"]  # the slider that interact made; nobody listens to the other
    assert told["state"][asks]["model_name"] == "FloatSliderModel" and len(told["may_set"]) == 2


LOST = (
    "from IPython.display import HTML, Image, display\nfrom ipywidgets import DOMWidget\n"
    "from traitlets import Unicode\n"
    "class Foreign(DOMWidget):\n    _model_module = Unicode('ipyleaflet').tag(sync=True)\n"
    "    _view_name = Unicode('Map').tag(sync=True)\n"
    "Foreign()",
    "display({'application/vnd.plotly.v1+json': {}, 'text/plain': 'Figure'}, raw=True)",
    "HTML('<div><script>draw()</script></div>')",
    "Image(data=b'GIF89a', format='gif')",
    "from ipywidgets import interact\n@interact(x=(0, 3))\ndef g(x=0): return 1 // x",
)


@pytest.mark.slow
def test_what_no_page_shows_is_named_by_notebook_and_cell(tmp_path):
    notebook(tmp_path / "lost.ipynb", *LOST)
    told = ran(tmp_path / "lost.ipynb")
    lines = told["stderr"].splitlines()
    assert lines[0] == f"lost.ipynb, cell 1: {AS_IT_STANDS}"
    assert "cell 2: no page shows application/vnd.plotly" in lines[1]
    assert "cell 3: a script draws it" in lines[2]
    assert [cell["failed"] for cell in told["cells"]] == [False] * 4 + [True]
    image = page_html(told, {**chrome(tmp_path), "about": told["about"]}, "lost", "en", "./",
                      python=False)  # fmt: skip
    assert 'src="data:image/gif;base64,R0lGODlh"' in image and "draw()" not in image


def test_markdown_brings_no_script_and_asks_no_foreign_host():
    html = markdown("<script>steal()</script><style>*{}</style>\n\n[a](javascript:steal())\n\n"
                    '<img src="https://foreign.example/x" onerror="steal()"> 1 < 2')  # fmt: skip
    assert "steal" not in html and "foreign" not in html and "style" not in html
    assert "1 &lt; 2" in html


OWN = """
import altair as alt
import analysis
import pandas as pd

page = analysis.page(
    title={"zh": "开发区多完成 {uplift_zone:.0f}%", "en": "Zones {uplift_zone:.0f}% above"},
    levers=["uplift_zone"],
)
page.scenario = {"uplift_zone": 30}
page.opening(answer=[("uplift_zone > 29", "{capital_total:,.1f}"), ("true", "less")])
"""
PICTURE = """
rows = pd.DataFrame({"a": [1], "b": ["x"]})
chart = alt.Chart(rows).mark_bar().encode(x="a:Q", y="b:N")
page.figure("mine", chart, rows, title="A bar of {uplift_zone:.0f}", source="Source: mine")
"""


def test_a_page_in_words_of_ones_own_follows_its_levers(tmp_path):
    notebook(tmp_path / "zones.ipynb", "md # Zones", OWN, "page.levers()", PICTURE)
    made = ran(tmp_path / "zones.ipynb")
    html = page_html(made, {**chrome(tmp_path), "about": made["about"]}, "zones", "en", "/",
                     python=False)  # fmt: skip
    whole = analysis.load_model().evaluate({"uplift_zone": 30})["capital_total"]
    for said in ("Zones 30% above", f"{whole:,.1f}", "A bar of 30", "Source: mine"):
        assert said in html
    assert 'data-key="uplift_zone"' in html or "wb-lever-uplift_zone" in html
    assert "wb-lever-uplift_outer" not in html


CHANGE = """
picture = page.pictures["past_years"]
chart = picture.altair("en").configure_view(fill="#c0ffee")
page.figure("past_years", chart, picture.data, title="A word of mine")
"""


@pytest.mark.slow
def test_one_word_and_one_colour_of_a_briefing_are_seen_on_its_page(tmp_path):
    place = tmp_path / "1_capital_inflow.ipynb"
    briefing = nbformat.read(notebooks_dir() / place.name, as_version=4)
    at = next(i for i, cell in enumerate(briefing.cells) if '"past_years"' in cell.source)
    briefing.cells.insert(at + 1, nbformat.v4.new_code_cell(CHANGE.strip()))
    nbformat.write(briefing, place)
    told = ran(place)
    html = page_html(told, {**chrome(tmp_path), "about": told["about"]}, "capital_inflow", "en",
                     "/", python=False)  # fmt: skip
    assert len(CHANGE.split("\n")) <= 6
    assert "A word of mine</h2>" in html and 'fill="#c0ffee"' in html


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_begun_by_command_works_as_it_is_and_is_not_written_over(tmp_path, lang):
    begin = ["new", "page", "mine", "--folder", str(tmp_path), "--lang", lang]
    assert CliRunner().invoke(app, begin).exit_code == 0
    path = tmp_path / "mine.ipynb"
    again = CliRunner().invoke(app, begin)
    assert again.exit_code == 1 and "there already" in again.output
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code"]  # fmt: skip
    assert sum(len(source.splitlines()) for source in code) < 25
    told = ran(path)
    assert not told["stderr"] and not any(cell.get("failed") for cell in told["cells"])
    html = page_html(told, {**chrome(tmp_path), "about": told["about"]}, "mine", lang, "/",
                     python=False)  # fmt: skip
    assert "8,431.0" in html and "wb-lever-uplift_central" in html and "<svg" in html
    out = tmp_path / "mine.docx"
    export = ["export", "mine", str(out), "--notebooks", str(tmp_path), "--lang", lang]
    assert CliRunner().invoke(app, export).exit_code == 0
    said = "\n".join(part.text for part in docx.Document(out).paragraphs)
    assert "8,431.0" in said and not re.search(r"^#", said, re.MULTILINE)


RICH = "md # Rich\n\nA *stressed* word and [a link](https://example.org).\n\n- one\n- two\n\n" \
       "| what | how |\n|--|--|\n| a | b |"  # fmt: skip


@pytest.mark.slow
def test_a_page_of_ones_own_is_taken_away_as_briefings_are(tmp_path):
    """It reads what lies beside it; a notebook without a page, or one that fails, takes none."""
    (tmp_path / "mine.csv").write_text("a\n1\n", "utf-8")
    read = OWN + "\nrows = pd.read_csv('mine.csv')"
    shown = "page.opening(answer=[('uplift_zone > 29', 'more'), ('true', 'less')])"
    notebook(tmp_path / "rich.ipynb", RICH, read, shown)
    notebook(tmp_path / "kernel.ipynb", "md # Kernel", OWN, "_dh[0]", shown)
    notebook(tmp_path / "plain.ipynb", "md # Plain", "1 + 1")
    told = build(tmp_path / "site", folder=tmp_path, say=lambda _: None)
    assert len(told) == 1 and told[0].startswith("kernel.ipynb, its documents can't be made: Name")
    made = sorted(path.name for path in (tmp_path / "site" / "export").iterdir())
    assert made == sorted(f"rich.{lang}.{form}" for lang in LANGUAGES for form in OFFERED)
    for slug in ("rich", "kernel", "plain"):
        html = (tmp_path / "site" / "briefing" / slug / "index.html").read_text("utf-8")
        assert ("export/rich.zh.pdf" in html) == (slug == "rich"), slug
    paper = docx.Document(tmp_path / "site" / "export" / "rich.en.docx")
    said = [part.text for part in paper.paragraphs]
    assert "A stressed word and a link." in said and "• two" in said
    assert [cell.text for table in paper.tables for cell in table.rows[1].cells][:2] == ["a", "b"]


def test_a_notebook_without_a_page_is_no_document_and_the_command_says_what_would_be(tmp_path):
    notebook(tmp_path / "plain.ipynb", "md # Plain", "1 + 1")
    asked = ["export", "plain", str(tmp_path / "x.pdf"), "--notebooks", str(tmp_path)]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 1 and "analysis.page(title=…)" in found.output
    assert not (tmp_path / "x.pdf").exists()


def test_a_page_of_ones_own_says_what_it_lacks():
    page = analysis.page(title="Mine")
    for given, said in (({}, "its title and its source"), ({"title": "x"}, "its source"),
                        ({"title": "x", "sourc": "y"}, "did you mean 'source'")):  # fmt: skip
        with pytest.raises(TypeError, match=said):
            page.figure("mine", object(), pd.DataFrame(), **given)
    with pytest.raises(ValueError, match="title=…"):
        analysis.page()
    with pytest.raises(KeyError, match="did you mean 'uplift_zone'"):
        analysis.page(title="x", levers=["uplift_zon"])
    for wrong in ({"zh": "{a}", "en": "{b}"}, {"zh": "only"}):
        with pytest.raises(TextError):
            page.text(wrong)
