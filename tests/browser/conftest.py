"""A served workbook for the tests of this folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from reading import ALIVE
from serving import ready, serving


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a workbook served for this session, or of the one in WORKBOOK_SITE."""
    if running := os.environ.get("WORKBOOK_SITE"):
        yield running
        return
    workbook = str(Path(sys.executable).with_name("workbook"))
    with serving([workbook, "serve", "--no-browser", "--port", "8950"]) as (site, _):
        ready(site)
        yield site


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Any]:
    """Open a page with a context's settings; all are closed at the end."""
    contexts = []

    def open_page(
        path: str, width: int = 1440, alive: bool = True, height: int = 900, **settings: Any
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.goto(site + path)
        if alive:
            page.wait_for_selector(ALIVE, timeout=60_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
