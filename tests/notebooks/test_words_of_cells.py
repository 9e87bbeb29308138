"""A page's words stand in its cells alone: change one, and page and document say it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from cell_words import NOTEBOOKS, sentences
from ran import page_of
from typer.testing import CliRunner

from analysis.cli import app
from analysis.documents.transcript import transcript
from analysis.publish.pages import slug_of

ROOT = Path(__file__).parents[2]
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
