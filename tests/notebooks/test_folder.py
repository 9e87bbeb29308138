"""A folder of notebooks: what is published, what is left out and why, and copies to work on."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from analysis.publish.pages import chrome, copy_notebooks, notebooks_dir, pages, published

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
    assert len(BRIEFINGS) == 7 and not published()[1]
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
