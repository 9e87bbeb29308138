"""Notebooks in a real JupyterLab: they run whole, in the dark too, and a copy harms nobody."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

import psutil
import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from analysis.charts.theme import PALETTES
from analysis.publish.pages import pages, published

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SETTINGS = {
    "themes": {"theme": "JupyterLab Dark"},
    "notification": {"fetchNews": "false", "checkForUpdates": False},
}
ERRORS = """() => [...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.error"],\
 [data-mime-type="application/vnd.jupyter.stderr"]')].map((one) => one.textContent.slice(0, 300))"""
BUSY = """() => [...document.querySelectorAll('.jp-InputPrompt')].every(
  (prompt) => !prompt.textContent.includes('*'))"""
BEGUN = """() => [...document.querySelectorAll('.jp-InputPrompt')].some(
  (prompt) => /[*0-9]/.test(prompt.textContent))"""
INK = "() => getComputedStyle(document.querySelector('h1.wb-prose')).color"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab") / "mine"


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[str]:
    """JupyterLab on a folder of one's own, its dark theme on a light system."""
    settings = folder.parent / "settings"
    place = settings / "@jupyterlab" / "apputils-extension"
    place.mkdir(parents=True)
    for name, values in SETTINGS.items():
        (place / f"{name}.jupyterlab-settings").write_text(json.dumps(values))
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    given = {"JUPYTERLAB_SETTINGS_DIR": settings, "JUPYTER_CONFIG_DIR": folder.parent / "config",
             "JUPYTERLAB_WORKSPACES_DIR": folder.parent / "spaces"}  # fmt: skip
    command = [Path(sys.executable).with_name("workbook"), "lab", folder, "--", f"--port={port}",
               "--no-browser", "--allow-root", "--IdentityProvider.token=",
               "--ServerApp.disable_check_xsrf=True"]  # fmt: skip
    with (folder.parent / "log").open("wb") as log:
        env = os.environ | {key: str(value) for key, value in given.items()}
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
        try:
            address = f"http://localhost:{port}"
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"{address}/api").close()
                    break
                except URLError:
                    time.sleep(0.5)
            yield address
        finally:
            for one in [*psutil.Process(process.pid).children(recursive=True), process]:
                one.kill()  # JupyterLab and its kernels, too
            process.wait(30)


def run_all(page: Page, address: str, name: str) -> list[str]:
    """Open a notebook, run its cells, and return what went wrong."""
    page.goto(f"{address}/lab/tree/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    # "idle" is shown before a kernel is there, too: cells run then would each ask for one
    page.wait_for_selector('.jp-KernelName:has-text("Python 3")', timeout=120_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=120_000)
    for _ in range(8):  # a menu that is clicked while Lab still settles closes again
        with suppress(PlaywrightError):
            page.locator('.lm-MenuBar-itemLabel:text-is("Run")').click(timeout=5_000)
            page.locator('.lm-Menu-itemLabel:text-is("Run All Cells")').click(timeout=5_000)
            page.wait_for_function(BEGUN, timeout=20_000)
            break
    else:
        asked = page.locator(".jp-Dialog").all_inner_texts()
        raise AssertionError(f"no cell ran; Lab asks {asked}")
    page.wait_for_function(BUSY, timeout=240_000)
    return list(page.evaluate(ERRORS))


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
