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
name = "<i onclick='window.stolen = 1'>number</i>"
number = IntText(3, description=name, description_allow_html=True)
press, heard = Button(description="press"), Label("")
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
MADE = """
from IPython.display import display
from ipywidgets import Button, DOMWidget, HTML, IntText, Label, Output, VBox
from traitlets import Unicode
class Foreign(DOMWidget):
    _model_module = Unicode("ipyleaflet").tag(sync=True)
    _model_name = Unicode("MapModel").tag(sync=True)
    _view_module = Unicode("ipyleaflet").tag(sync=True)
    _view_name = Unicode("MapView").tag(sync=True)
rows, add, total, told = VBox(), Button(description="add"), Label("total 0"), Output()
def summed(_):
    total.value = f"total {sum(one.value for one in rows.children)}"
def added(_):
    number = IntText(1, description=f"row {len(rows.children)}")
    number.observe(summed, "value")
    rows.children = (*rows.children, number)
    summed(None)
add.on_click(added)
foreign, anew, hoard = (Button(description=name) for name in ("foreign", "anew", "hoard"))
foreign.on_click(lambda _: setattr(rows, "children", (*rows.children, Foreign())))
rounds, kept = [], []
@told.capture(clear_output=True)
def renewed(_):
    rounds.append(1)
    display(VBox([IntText(one) for one in range(60)]), HTML(f"round {len(rounds)}"))
anew.on_click(renewed)
@told.capture(clear_output=True)
def hoarded(_):
    kept.append([IntText() for _ in range(2000)])
hoard.on_click(hoarded)
with told:
    display(IntText(5, description="own"))
VBox([add, foreign, anew, hoard, rows, total, told])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("own")
    for name, cell in (("interact", INTERACT), ("output", OUTPUT), ("made", MADE)):
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
    page.locator(".widget-label i").click()
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


def press(page: Page, name: str) -> None:
    page.locator(f"button.jupyter-button:text-is('{name}')").click()


def test_what_a_callback_makes_answers_too(browser: Browser, own: str) -> None:
    one, other = (opened(browser, f"{own}briefing/made") for _ in range(2))
    page = one.page
    page.wait_for_selector(".wb-output input")
    for rows in (1, 2):
        press(page, "add")
        page.wait_for_selector(f":text('total {rows}')")
    page.locator("input[type=number]").nth(1).fill("40")
    page.keyboard.press("Enter")
    page.wait_for_selector(":text('total 41')")
    press(page, "foreign")
    page.wait_for_selector(".wb-note :text('这里的控件只在笔记本里可用')")
    assert page.locator("input[type=number]").count() == 3
    assert "total 0" in other.page.content() and other.page.locator("input").count() == 1
    assert not one.faults and not other.faults


def test_nobody_makes_widgets_without_end(browser: Browser, own: str) -> None:
    reading = opened(browser, f"{own}briefing/made")
    page = reading.page
    for rounds in range(1, 13):  # some two hundred widgets each: those out of sight are closed
        press(page, "anew")
        page.wait_for_selector(f".wb-output :text('round {rounds}')")
    assert page.locator(".wb-output input").count() == 60
    press(page, "hoard")
    page.wait_for_selector(".wb-output .wb-note")
    press(page, "anew")
    page.wait_for_selector(".wb-output :text('round 13')")
    assert not reading.faults


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
    assert page.locator(".wb-note:visible").inner_text().count("Python") == 1
