"""A notebook with callbacks, as anybody writes one, is a page: each reader has Python apart."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from playwright.sync_api import Browser, Page
from reading import ALIVE, Reading, read
from serving import ready, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORKBOOK = str(Path(sys.executable).with_name("workbook"))
INTERACT = """
import altair as alt, pandas as pd
from ipywidgets import interact
from analysis.model import load_model
m = load_model()
@interact(uplift_zone=(-30.0, 70.0, 0.5))
def f(uplift_zone=0.0):
    o = m.evaluate({"uplift_zone": uplift_zone}, ["capital_total", "capital_margin_expected"])
    return alt.Chart(pd.DataFrame([o]).melt()).mark_bar().encode(x="value", y="variable")
"""
OUTPUT = """
from IPython.display import HTML, display
from ipywidgets import Button, IntText, Label, Output, VBox
told, presses = Output(), []
number, press, heard = IntText(3, description="number"), Button(description="press"), Label("")
@told.capture(clear_output=True)
def show(change):
    print("secret" if change.new == 7 else f"number {change.new}")
    display(HTML(f"<b>{10 // change.new}</b><img src=x onerror='window.stolen = 1'>"))
number.observe(show, "value")
def pressed(_):
    presses.append(1)
    heard.value = f"pressed {len(presses)}"
press.on_click(pressed)
VBox([number, press, heard, told])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("own")
    for name, cell in (("interact", INTERACT), ("output", OUTPUT)):
        heading = nbformat.v4.new_markdown_cell(f"# A page with {name}")
        cells = [heading, nbformat.v4.new_code_cell(cell)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), place / f"{name}.ipynb")
    return place


@pytest.fixture(scope="module")
def own(folder: Path) -> Iterator[str]:
    command = [WORKBOOK, "serve", str(folder), "--no-browser", "--port", "8990"]
    with serving(command) as (site, _):
        ready(site)
        yield site


SHOWN = "text => document.querySelector('.wb-output').innerHTML !== text"


def moved(page: Page, times: int) -> str:
    """Move the slider by so many steps; return the chart that Python makes of it."""
    before = page.locator(".wb-output").inner_html()
    page.locator(".noUi-handle").focus()
    for _ in range(times):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(SHOWN, arg=before)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    return page.locator(".wb-output svg").inner_html()


def opened(browser: Browser, address: str) -> Reading:
    reading = read(browser, address, 390)
    reading.page.wait_for_selector(ALIVE)
    return reading


def type_in(page: Page, number: str) -> None:
    page.locator("input[type=number]").fill(number)
    page.keyboard.press("Enter")


def test_interact_answers_each_reader_for_themselves(browser: Browser, own: str) -> None:
    asked: list[str] = []
    one, other = (opened(browser, f"{own}briefing/interact") for _ in range(2))
    one.page.on("request", lambda request: asked.append(request.url))
    still = other.page.locator(".wb-output").inner_html()
    assert "capital_total" in still and not asked
    far = moved(one.page, 60)
    assert any("/kernel/interact" in url for url in asked)
    assert one.page.locator(".widget-readout").inner_text() == "30.00"
    assert other.page.locator(".wb-output").inner_html() == still
    assert moved(other.page, 1) != far and moved(other.page, 59) == far
    assert not one.faults and not other.faults and not one.overflows()


def test_a_callback_prints_shows_and_fails_for_its_reader_alone(browser: Browser, own: str) -> None:
    one, other = (opened(browser, f"{own}briefing/output") for _ in range(2))
    page = one.page
    type_in(page, "7")
    page.wait_for_selector(".wb-output :text('secret')")
    assert page.locator(".wb-output b").inner_text() == "1"
    for _ in range(2):
        page.locator("button.jupyter-button").click()
    page.wait_for_selector(":text('pressed 2')")
    type_in(page, "0")
    page.wait_for_selector(".wb-output .wb-note")
    assert "ZeroDivision" not in page.content() and page.evaluate("window.stolen") is None
    assert "secret" not in other.page.content() and "pressed 2" not in other.page.content()
    assert not one.faults


def test_who_loses_their_python_goes_on_from_what_they_have_set(
    browser: Browser, folder: Path
) -> None:
    command = [WORKBOOK, "serve", str(folder), "--no-browser", "--port", "8991"]
    with serving(command) as (site, server):
        ready(site)
        page = opened(browser, f"{site}briefing/output").page
        type_in(page, "5")
        page.wait_for_selector(".wb-output :text('number 5')")
        (zygote,) = psutil.Process(server.pid).children()
        (kernel,) = (one for parent in zygote.children() for one in parent.children())
        kernel.kill()
        page.wait_for_timeout(3000)
        page.locator("button.jupyter-button").click()
        page.wait_for_selector(":text('pressed 1')")
        assert page.locator(".wb-output :text('number 5')").count() == 1


def test_with_no_python_it_shows_its_last_state_and_says_so(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    made = [WORKBOOK, "site", str(tmp_path / "site"), "--no-documents", "--single-file"]
    subprocess.run([*made, "--notebooks", str(folder)], check=True)
    page = opened(browser, (tmp_path / "site" / "interact.zh.html").as_uri()).page
    assert "capital_total" in page.locator(".wb-output svg").inner_html()
    assert page.locator(".noUi-target[disabled]").count() == 1
    assert page.locator(".wb-note").inner_text().count("Python") == 1
