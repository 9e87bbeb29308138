"""A cell that fails is named at once, and neither takes other pages down nor passes for whole."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.files import data_dir
from analysis.publish import parents as warm
from analysis.publish import site
from analysis.publish.parent import hollow
from analysis.publish.parents import Parents

pytestmark = [pytest.mark.slow]
#: A cell that shows one published figure, and fails in a data package that lacks it.
NEEDS = (
    "from analysis.evidence import load_evidence\n"
    "print(load_evidence().figures.set_index('id').loc['capital_in_place_wuhan_2020', 'value'])"
)
#: One that shows a part of a page, of which documents are made.
SHOWS = "import analysis\nanalysis.page(title='Whole').text('Whole')"
CELLS = {
    "1_capital_inflow": ["print('before')", NEEDS, "print('after')", SHOWS],
    "2_fdi_growth": [SHOWS],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give two notebooks, and data that lack a figure that one of them shows."""
    data = shutil.copytree(data_dir(), tmp_path / "data")
    lines = (data / "evidence" / "figures.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("capital_in_place_wuhan_2020,")]
    assert len(kept) == len(lines) - 1
    (data / "evidence" / "figures.csv").write_text("".join(kept), "utf-8")
    monkeypatch.setenv("WORKBOOK_DATA", str(data))
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path / "cache"))
    (tmp_path / "notebooks").mkdir()
    for stem, cells in CELLS.items():
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nbformat.write(made, tmp_path / "notebooks" / f"{stem}.ipynb")
    return tmp_path


def names_the_cell(told: str) -> bool:
    line = NEEDS.splitlines()[-1]
    return f"1_capital_inflow.ipynb, cell 2, {line}: KeyError: 'capital_in_place" in told


def test_the_static_edition_names_it_writes_the_others_and_exits_1(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(site, "notebooks_dir", lambda: folder / "notebooks")
    monkeypatch.setattr(
        site, "_documents", lambda *told: written.extend(p.slug for p in told[2]) or {}
    )
    done = CliRunner().invoke(app, ["site", str(folder / "site")])
    assert done.exit_code == 1
    assert names_the_cell(done.output)
    broken, whole = (
        (folder / "site" / "briefing" / slug / "index.html").read_text("utf-8")
        for slug in ("capital_inflow", "fdi_growth")
    )
    assert "wb-fault-page" in broken and "wb-fault-page" not in whole
    assert "before" in broken and "after" in broken
    assert "KeyError" not in broken
    page = "export/{}.zh.pdf"
    assert page.format("capital_inflow") not in broken and page.format("fdi_growth") in whole
    assert written == ["fdi_growth"], "a document of half a page would pass for a whole one"


def test_the_served_site_names_it_and_is_not_ready(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    monkeypatch.setattr(warm, "QUIET", 0.0)

    async def story() -> None:
        here = Parents(folder / "notebooks" / f"{stem}.ipynb" for stem in CELLS)
        try:
            with caplog.at_level(logging.ERROR):
                pages = {stem: await here.page(stem) for stem in CELLS}
            assert names_the_cell(caplog.text)
            assert [hollow(page) for page in pages.values()] == [True, False]
            assert "capital_in_place" not in json.dumps(pages["1_capital_inflow"]["cells"][1])
            assert here.state("1_capital_inflow") == "hollow"
            assert here.state("2_fdi_growth") == "ready"
            # It isn't kept as good: another start runs it again.
            assert Parents(here.notebooks.values()).kept("1_capital_inflow") is None
        finally:
            here.close()

    alone(story())
