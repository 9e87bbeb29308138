"""Notebooks in a real JupyterLab: they run whole, in the dark too, and a copy harms nobody."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from lab_server import DARK, lab_on, open_notebook, run_all
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Page

from analysis.charts.theme import PALETTES
from analysis.publish.pages import pages, published

pytestmark = [pytest.mark.browser, pytest.mark.slow]
INK = "() => getComputedStyle(document.querySelector('h1.wb-prose')).color"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab") / "mine"


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[str]:
    """JupyterLab on a folder of one's own, its dark theme on a light system."""
    with lab_on(folder, DARK) as address:
        yield address


def test_a_briefing_runs_whole_and_is_legible_in_the_dark(browser: Browser, lab: str):
    page = browser.new_page(color_scheme="light", viewport={"width": 1440, "height": 1000})
    assert run_all(page, lab, "1_capital_inflow.ipynb") == []
    page.wait_for_selector("h1.wb-prose", timeout=60_000)
    ink = PALETTES["dark"]["ink"]
    wanted = tuple(int(ink[at : at + 2], 16) for at in (1, 3, 5))
    assert page.evaluate(INK) == f"rgb{wanted}"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制链接").first.click()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == 'page.scenario = analysis.Scenario.from_link("v1")'
    page.evaluate("() => document.body.setAttribute('data-jp-theme-light', 'true')")
    page.wait_for_function(f"() => ({INK})() !== 'rgb{wanted}'")
    page.close()


def test_a_tutorial_runs_whole(browser: Browser, lab: str):
    page = browser.new_page()
    assert run_all(page, lab, "tutorials/1_ten_minutes.ipynb") == []
    page.close()


def test_a_copy_made_there_is_left_out_and_named(lab: str, folder: Path):
    asked = urllib.request.Request(
        f"{lab}/api/contents/",
        json.dumps({"copy_from": "2_fdi_growth.ipynb"}).encode(),
        method="POST",
    )
    made = json.loads(urllib.request.urlopen(asked).read())["name"]
    there, left_out = published(folder)
    assert len(there) == len(pages()) and made in left_out[0]


def save(page: Page, path: Path) -> None:
    """Save what is open, and wait until it is written."""
    before = path.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    for _ in range(100):
        if path.stat().st_mtime_ns != before:
            page.wait_for_timeout(500)
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing was saved")


def test_opening_and_saving_changes_nothing(browser: Browser, lab: str, folder: Path):
    path = folder / "2_fdi_growth.ipynb"
    before = path.read_bytes()
    page = browser.new_page()
    open_notebook(page, lab, path.name)
    save(page, path)
    page.close()
    assert path.read_bytes() == before


def test_a_slider_moves_and_what_is_saved_shows_with_no_kernel(
    browser: Browser, lab: str, folder: Path
):
    path = folder / "3_project_structure.ipynb"
    page = browser.new_page(viewport={"width": 1440, "height": 6000})
    assert run_all(page, lab, path.name) == []
    card = page.locator(".wb-card-number").first
    before = card.inner_text()
    page.locator(".wb-lever-uplift_central .noUi-handle").press("ArrowRight")
    page.wait_for_function("was => document.querySelector('.wb-card-number').innerText !== was",
                           arg=before)  # fmt: skip
    with page.expect_download() as got:
        page.locator(".wb-figure button:text-is('SVG')").first.click()
    assert "<svg" in Path(got.value.path()).read_text("utf-8")
    save(page, path)
    notebook = nbformat.read(path, as_version=4)
    shown = [output.data for cell in notebook.cells for output in cell.get("outputs", ())
             if "page.figure(" in cell.source and "data" in output]  # fmt: skip
    assert len(shown) >= 4 and all("image/svg+xml" in data for data in shown)
    html, _ = HTMLExporter().from_notebook_node(notebook)
    assert html.count("<img ") == len(shown)
    page.close()
