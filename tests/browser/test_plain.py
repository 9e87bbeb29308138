"""Where there is no fork, and under plain Voilà, the same notebooks run for each reader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from serving import serving

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "4_target_scenarios.ipynb"
pytestmark = [pytest.mark.browser, pytest.mark.slow]
NO_FORK = """
from analysis.publish import server
server.CAN_FORK = False
server.serve(port=8980, browser=False)
"""
VOILA = [sys.executable, "-m", "voila", str(NOTEBOOK), "--no-browser", "--port=8985"]


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ([sys.executable, "-c", NO_FORK], "briefing/target_scenarios"),
        (VOILA, ""),
    ],
    ids=["no fork", "plain Voilà"],
)
def test_the_page_is_drawn_and_moves(browser: Browser, command: list[str], path: str) -> None:
    with serving(command, errors=subprocess.STDOUT) as (site, _):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(site + path, timeout=90_000)
        page.wait_for_selector(".wb-figure svg", timeout=90_000)
        handle = page.locator(".wb-lever-uplift_central .noUi-handle")
        handle.wait_for()
        before = page.locator(".wb-card-number").first.inner_text()
        handle.focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(600)
        assert page.locator(".wb-card-number").first.inner_text() != before
        page.close()
