"""Notebooks in a real JupyterLab: they run whole, in the dark too, and a copy harms nobody."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from lab_server import BUSY, DARK, begin_all, lab_on, open_notebook, run_all
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Page, expect

from analysis.board.view import VIEW
from analysis.charts.theme import PALETTES
from analysis.publish.pages import pages, published

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OWN = json.dumps(
    {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": "own",
                "metadata": {},
                "outputs": [],
                "source": source,
            }
            for source in (
                "import altair, pandas, analysis  # mine\n"
                "page = analysis.page(title='Zones at {uplift_zone:.0f}%', lang='en')\n"
                "page.scenario = {'uplift_zone': 30}\npage.opening()",
                "page.levers()",
                "rows = pandas.DataFrame({'year': [2020, 2021], 'value': [1, 2]})\n"
                "bars = altair.Chart(rows).mark_bar().encode(x='year:O', y='value')\n"
                "page.figure('mine', bars, rows, title='Two years', source='Source: mine')",
            )
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python",
                                    "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)  # fmt: skip
HANDLE = ".wb-lever-uplift_central .noUi-handle"
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
    page.evaluate("() => document.body.setAttribute('data-jp-theme-light', 'true')")
    page.wait_for_function(f"() => ({INK})() !== 'rgb{wanted}'")
    page.close()


def test_levers_stand_in_a_view_of_their_own_and_their_link_is_a_line_that_sets_them(
    browser: Browser, lab: str
):
    page = browser.new_page(viewport={"width": 1440, "height": 1600})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert run_all(page, lab, "4_target_scenarios.ipynb") == []
    panels, readout = page.locator(".wb-levers"), ".wb-lever-uplift_central .widget-readout"
    panels.first.click(button="right", position={"x": 8, "y": 8})
    page.get_by_text("Create New View for Cell Output").click()
    page.wait_for_function("() => document.querySelectorAll('.wb-levers').length === 2")
    for parts in (".wb-unit", ".wb-group"):
        number = panels.first.locator(parts).count()
        expect(panels.nth(1).locator(parts)).to_have_count(number)
    panels.nth(1).locator(HANDLE).press("ArrowRight")
    moved = panels.nth(1).locator(readout).inner_text()
    expect(panels.first.locator(readout)).to_have_text(moved)
    panels.first.get_by_role("button", name="复制链接").click()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == f'page.scenario = analysis.Scenario.from_link("v1;uplift_central={moved}")'
    # In hand a slider is followed before it is let go.
    card, handle = page.locator(".wb-card-number").first, panels.nth(1).locator(HANDLE)
    before = card.inner_text()
    handle.hover()
    page.mouse.down()
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 120, box["y"] + box["height"] / 2, steps=4)
    expect(card).not_to_have_text(before)
    page.mouse.up()
    page.locator('.lm-DockPanel .lm-TabBar-tabLabel:text-is("4_target_scenarios.ipynb")').click()
    begin_all(page)  # afresh: at their defaults again
    page.wait_for_function(BUSY)
    expect(page.locator(f".jp-Notebook {readout}")).to_have_text("0")
    page.locator('.jp-InputArea:has-text("page.levers()") .cm-content').click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(copied)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(f".jp-Notebook {readout}")).to_have_text(moved)
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
             if "image/svg+xml" in output.get("data", {})]  # fmt: skip
    assert len(shown) >= 4 and not any(VIEW in data for data in shown)
    html, _ = HTMLExporter().from_notebook_node(notebook)
    assert html.count("<img ") == len(shown)
    assert page.locator(".wb-figure svg").count() >= 4 and seen_kept(page) == 0
    page.close()


def seen_kept(page: Page) -> int:
    """How much of what is kept beside widgets is seen."""
    return sum(one.is_visible() for one in page.locator(".wb-kept").all())


def end_kernels(lab: str) -> None:
    """End every kernel that Lab runs."""
    for one in json.loads(urllib.request.urlopen(f"{lab}/api/kernels").read()):
        address = f"{lab}/api/kernels/{one['id']}"
        urllib.request.urlopen(urllib.request.Request(address, method="DELETE")).close()


def other_kernel(page: Page, name: str) -> None:
    """Choose another kernel, or none, and wait until Lab says so."""
    page.locator(".jp-KernelName").click()
    page.locator(".jp-Dialog select").select_option(label=name)
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    page.wait_for_selector(f'.jp-KernelName:has-text("{name}")')


@pytest.mark.parametrize("trusted", [True, False], ids=["own", "a stranger's"])
def test_what_was_saved_shows_words_and_pictures_without_its_kernel(
    browser: Browser, lab: str, folder: Path, trusted: bool
):
    path = folder / ("kept.ipynb" if trusted else "strange.ipynb")
    path.write_text(OWN, encoding="utf-8")
    page = browser.new_page(viewport={"width": 1440, "height": 1600})
    assert run_all(page, lab, path.name) == []
    page.wait_for_selector(".wb-figure svg")
    assert seen_kept(page) == 0
    save(page, path)
    page.close()
    end_kernels(lab)
    if not trusted:  # one character is another than what was signed
        path.write_text(path.read_text("utf-8").replace("# mine", "# ours"), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1440, "height": 1600})
    open_notebook(page, lab, path.name)
    for kernel in ("Python 3 (ipykernel)", "No Kernel"):
        if kernel == "No Kernel":
            other_kernel(page, kernel)
        page.wait_for_timeout(1_000)
        assert seen_kept(page) == 3
        assert page.locator(".jp-OutputArea img").evaluate("one => one.naturalWidth") > 300
        seen = page.locator(".jp-Notebook").inner_text()
        assert "Zones at 30%" in seen and "Source: mine" in seen
        assert "widget" not in seen, seen
    page.close()
