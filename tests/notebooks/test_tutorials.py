"""The tutorials run as they stand, and say what they do in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from analysis.documents.transcript import last_value

TUTORIALS = sorted((Path(__file__).parents[2] / "notebooks" / "tutorials").glob("*.ipynb"))


@pytest.fixture(scope="module", params=TUTORIALS, ids=lambda path: path.stem)
def cells(request, tmp_path_factory):
    """A tutorial's cells with what each showed, run once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("tutorial"))
        names: dict = {"__name__": "__main__"}
        return [
            (cell, last_value(cell.source, names) if cell.cell_type == "code" else None)
            for cell in nbformat.read(request.param, as_version=4).cells
        ]


def test_it_runs_and_shows_what_it_speaks_of(cells):
    shown = [value for cell, value in cells if cell.cell_type == "code" and value is not None]
    assert len(shown) >= 3


def test_it_is_told_in_both_languages(cells):
    prose = [cell.source for cell, _ in cells if cell.cell_type == "markdown"]
    assert prose[0].startswith("# ") and len(prose) >= 3
    for one in prose:
        assert re.search("[\u4e00-\u9fff]", one) and re.search("[a-z]{3,}", one), one


def test_cells_are_short(cells):
    assert all(len(cell.source.splitlines()) <= 15 for cell, _ in cells)
