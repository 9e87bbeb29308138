"""A scenario goes from page to page where the reader takes it along."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from reading import ALIVE, alive, picture

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


@pytest.mark.parametrize("lives", [True, False], ids=["alive", "left-before-it-lives"])
def test_a_link_s_scenario_is_offered_on_the_next_page(opened: Any, site: str, lives: bool) -> None:
    page = opened("briefing/fdi_growth?lang=en")
    if not lives:
        page.route("**/app/*.js", lambda route: route.abort())
    page.goto(f"{site}briefing/capital_inflow?lang=en&{SAID}", wait_until="domcontentloaded")
    if lives:
        page.locator(ALIVE).wait_for()
    else:
        page.unroute("**/app/*.js")
    page.locator("a[href*=target_scenarios]").first.click()
    page.wait_for_url("**/target_scenarios**")
    page.locator(ALIVE).wait_for()
    assert "Central districts above floor 20%" in page.locator(".wb-along").inner_text()
    page.get_by_role("button", name="Use it here").click()
    page.wait_for_url("**uplift_central=20;uplift_zone=10*")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_reader_names_the_scenario_and_the_name_goes_with_it(
    opened: Any, site: str, width: int
) -> None:
    page = opened(f"briefing/capital_inflow?lang=en&{SAID}", width, height=800)
    if width == 390:
        page.locator(".wb-handle").click()
    page.get_by_role("button", name="Changes and name").press("Enter")
    panel = page.locator(".wb-naming")
    assert "2 levers changed: Central districts above floor 20%" in panel.inner_text()
    field = panel.get_by_role("textbox", name="Name of this scenario")
    field.fill("=HYPERLINK(evil)")
    field.press("Enter")
    assert "no full stop, slash or address" in panel.get_by_role("status").inner_text()
    assert field.get_attribute("aria-invalid") == "true" and "name=" not in page.url
    field.fill("稳健 A")
    field.press("Enter")
    page.wait_for_url("**;name=%E7%A8%B3%E5%81%A5%20A*")
    calls = ".wb-levers-title"
    assert page.locator(calls).text_content() == "Scenario: “稳健 A”"
    address = page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.reload()
    page.wait_for_selector("html[data-alive]")
    assert page.locator(calls).text_content() == "Scenario: “稳健 A”"  # still the reader's own
    alive(page, f"{site}briefing/target_scenarios?lang=en")
    chip = page.locator(".wb-along")
    assert "“稳健 A” (Central districts above floor 20%" in chip.inner_text()
    chip.get_by_role("button", name="Use it here").press("Enter")
    page.wait_for_url("**;name=%E7%A8%B3*")
    other = opened(address.removeprefix(site), width)
    assert "as the link's sender calls it" in (other.locator(calls).text_content() or "")
    assert "稳健" not in "".join(other.locator("h1, .wb-title").all_text_contents()) + other.title()
    if width == 390:
        other.locator(".wb-handle").click()
    other.evaluate("document.querySelector('.wb-lever .noUi-handle').focus()")
    other.keyboard.press("ArrowRight")
    other.wait_for_url(lambda url: "name=" not in url)  # other levers have none


def test_a_name_that_none_may_have_is_left_out_and_that_is_said(opened: Any) -> None:
    hostile = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
    page = opened(f"briefing/capital_inflow?lang=en&{SAID};name={hostile}")
    assert "name in the link" in page.locator(".wb-fault").inner_text()
    assert "own (2 changed)" in page.locator(".wb-levers-title").inner_text()
    assert not page.locator("img").count() and "onerror" not in page.locator("body").inner_text()


def test_pinned_scenarios_bring_their_names_as_the_sender_s(opened: Any) -> None:
    hostile = "v1;uplift_central=11;name=%3Cimg%20src%3Dx%3E"
    page = opened(
        f"briefing/target_scenarios?lang=zh&{SAID}&p=v1;uplift_zone=12;name=%E5%9F%BA%E7%BA%BF%20A"
        f"&p={hostile}"
    )
    given = "“基线 A”（名称为链接发送人所取）"
    heads = page.locator(".wb-compare thead th").all_inner_texts()
    assert given in heads[1] and "“" not in heads[2] and not page.locator("img").count()
    assert page.get_by_role("button", name=f"取消固定情景 A {given}").count() == 1
    legend = picture(page, "reach").locator(".wb-pins")
    assert legend.inner_text() == (
        f"A {given}（国家级开发区超出底线幅度 12%） · B 自定情景（中心城区超出底线幅度 11%）"
    )
    moved(page)  # and sent on with the name that it may have
    page.wait_for_url(lambda url: "img" not in url)
    assert "p=v1;uplift_zone=12;name=%E5%9F%BA%E7%BA%BF%20A&p=v1;uplift_central=11" in page.url
    assert "基线" not in "".join(page.locator("h1, .wb-title").all_text_contents())


@pytest.mark.parametrize(
    ("lang", "said", "more", "last"),
    [
        ("zh", "中心城区超出底线幅度 20%、国家级开发区超出底线幅度 10%", "另有 1 项",
         "利益共享比例 30%"),
        ("en", "Central districts above floor 20%; National development zones above floor 10%",
         "and 1 more", "Benefit-sharing proportion 30%"),
    ],
)  # fmt: skip
def test_what_a_scenario_changes_stands_beside_its_name(
    opened: Any, lang: str, said: str, more: str, last: str
) -> None:
    page = opened(f"briefing/target_scenarios?lang={lang}&{SAID};benefit_share=30")
    changes = page.locator(".wb-changes")
    assert changes.locator("span").inner_text() == said
    button = changes.get_by_role("button", name=more)
    button.press("Enter")
    assert changes.locator("span").inner_text().endswith(last)
    assert changes.get_by_role("button").get_attribute("aria-expanded") == "true"
    assert changes.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    changes.get_by_role("button").press("Enter")
    assert changes.locator("span").inner_text() == said
    page.locator(".wb-preset").first.click()
    expect(changes).to_be_hidden()
