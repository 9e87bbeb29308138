"""Each briefing in a real browser, in both languages, on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from reading import ALIVE, SILENT, asks, read, silent, wait_for_figures

from analysis.publish.pages import pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUGS = [page.slug for page in pages()]
MUST_SHOW = {
    ("capital_inflow", "zh"): ["8,431 亿元", "899", "929", "35.42", "0.02%", "0.34%"],
    ("capital_inflow", "en"): ["CNY 843.1 billion", "89.9", "92.9", "35.42", "0.02%", "0.34%"],
    ("project_structure", "zh"): [
        "30 亿元以上服务业项目 10 个、30 亿元以上工业项目 10 个",
        "总部项目 17 个",
        "13",
    ],
    ("project_structure", "en"): ["Service projects of CNY 3 billion and above, 10", "17", "13"],
}
#: In which language every picture is asked by the arrow key.
ASKED_IN = {1440: "en", 390: "zh"}

SHIFTS = """
globalThis.__shift = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries())
    if (!hadRecentInput) globalThis.__shift += value;
}).observe({ type: "layout-shift", buffered: true });
"""
HEIGHTS = """() => [...document.querySelectorAll(".wb-view")].map((view) => {
  const box = view.querySelector(".wb-levers") ?? view; // a phone's sheet is not in the flow
  return [view.id || view.closest(".wb-cell").className, box.offsetHeight];
})"""


def heights_before_scripts(browser: Browser, address: str, width: int) -> list[list[object]]:
    """What stands on the page, and how high, before any script has run."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(address)
    heights = page.evaluate(HEIGHTS)
    context.close()
    return heights


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("slug", SLUGS)
def test_briefing_keeps_still_reads_answers_and_moves_in_both_languages(
    browser: Browser, site: str, slug: str, width: int
):
    address = f"{site}briefing/{slug}"
    first = heights_before_scripts(browser, address, width)
    reading = read(browser, address, width, script=SHIFTS)
    page = reading.page
    page.wait_for_selector("html[data-alive]", timeout=60_000)
    page.wait_for_timeout(300)
    assert page.evaluate("globalThis.__shift") < 0.02
    jumps = [
        (place, was, now)
        for (place, was), (_, now) in zip(first, page.evaluate(HEIGHTS), strict=True)
        if abs(was - now) > 2 and "tool" not in place
    ]
    assert not jumps
    wait_for_figures(page)
    for lang, html in (("zh", "zh-CN"), ("en", "en")):
        page.click(f"[data-site-lang={lang}]")
        page.wait_for_function("lang => document.documentElement.lang === lang", arg=html)
        assert page.title()
        assert not reading.empty(), lang
        assert not reading.overflows(), lang
        assert not reading.tiny(), lang
        for text in MUST_SHOW.get((slug, lang), []):
            assert text in page.locator("main").inner_text(), (lang, text)
        if lang == ASKED_IN[width]:
            assert silent(page) <= SILENT[width]
        if page.locator(".wb-handle").is_visible():
            page.locator(".wb-handle").click()
        asks(page)
        if page.locator(".wb-levers[data-open] .wb-handle").is_visible():
            page.locator(".wb-handle").click()
    severe = [
        f"{found['id']}: {found['nodes'][0]['html'][:120]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in {"serious", "critical"}
    ]
    assert not severe
    assert not reading.faults
    page.context.close()


def test_dark_pages_are_dark(browser: Browser, site: str):
    reading = read(browser, f"{site}briefing/{SLUGS[0]}", 1440, scheme="dark")
    wait_for_figures(reading.page)
    ground = reading.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(int(part) for part in ground[4:-1].split(",")) < 200
    assert not reading.faults
    reading.page.context.close()


def test_sliders_live_before_pictures_and_none_tells_of_another_scenario(
    browser: Browser, site: str
):
    never_idle = "globalThis.requestIdleCallback = () => 0;"
    page = read(browser, f"{site}briefing/target_scenarios", 1440, script=never_idle).page
    page.wait_for_selector(ALIVE)
    first, charts = page.locator(".wb-figure .wb-first-chart"), page.locator(".wb-figure .wb-chart")
    assert first.count() == charts.count()
    with page.expect_download() as saved:
        page.locator(".wb-figure").last.get_by_role("button", name="SVG").click()
    assert "var(--" not in Path(saved.value.path()).read_text("utf-8")
    page.locator(".wb-lever-uplift_zone .noUi-handle").press("End")
    expect(first).to_have_count(0)
    out_of_sight = charts.filter(has_not=page.locator("svg"))
    assert 0 < out_of_sight.count() < charts.count()
    wait_for_figures(page)
    expect(out_of_sight).to_have_count(0)
