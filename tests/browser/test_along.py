"""A scenario goes from page to page where the reader takes it along."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page
from reading import alive

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAID = "s=v1;uplift_central=20;uplift_zone=10"


def moved(page: Page) -> str:
    """Move a lever, and return the scenario in the address."""
    page.locator(".tag-levers [role=slider], .tag-levers .noUi-handle").first.press("ArrowRight")
    page.wait_for_url("**s=v1;**")
    return page.url


def offered(page: Page) -> bool:
    return page.locator(".wb-along:visible").count() == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_a_reader_takes_the_scenario_along_or_drops_it(opened: Any, site: str, width: int) -> None:
    page = opened("briefing/capital_inflow?lang=en", width, height=800)
    assert not offered(page)
    if width == 390:
        page.locator(".wb-handle").click()
    scenario = moved(page).split("s=")[1]
    alive(page, f"{site}briefing/target_scenarios?lang=en")
    assert "s=" not in page.url
    chip = page.locator(".wb-along")
    key, value = scenario.split(";")[1].split("=")
    assert value in chip.inner_text() and "_" not in chip.inner_text()
    box = chip.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    chip.get_by_role("button", name="Use it here").click()
    page.wait_for_url(f"**{key}={value}*")
    assert not offered(page)
    alive(page, f"{site}briefing/project_structure?lang=zh")
    assert offered(page)
    page.get_by_role("button", name="不再沿用").click()
    assert not offered(page)
    alive(page, f"{site}briefing/capital_inflow?lang=zh")
    assert not offered(page)


def test_a_link_s_own_scenario_goes_before_what_was_kept(opened: Any, site: str) -> None:
    page = opened("briefing/capital_inflow?lang=en")
    moved(page)
    alive(page, f"{site}briefing/target_scenarios?lang=en&{SAID}")
    assert not offered(page) and SAID in page.url
