"""The board in a browser: a page under a strict policy, with no kernel anywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
#: What anywidget says where two seconds were too few; the page comes all the same.
LATE = "[anywidget] Failed to initialize model."


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Open]:
    """Open the page; at the end nothing may have been said on the console or asked elsewhere."""
    faults: list[str] = []
    contexts = []

    def told(fault: str) -> None:
        if fault != LATE:
            faults.append(fault)

    def go(suffix: str = "", width: int = 1440, height: int = 844, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: told(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: told(error.message))
        page.on(
            "request",
            lambda r: (
                None if r.url.startswith((address[:21], "blob:", "data:")) else faults.append(r.url)
            ),
        )
        page.goto(address + suffix)
        page.wait_for_selector(".wb-figure svg", state="attached")
        page.wait_for_selector(".wb-lever-fdi_growth .wb-why", state="attached")
        return page

    yield go
    for context in contexts:
        context.close()
    assert not faults


def press(page: Page, key: str, lever: str = "uplift_zone", times: int = 1) -> None:
    page.locator(f".wb-lever-{lever} .noUi-handle").focus()
    for _ in range(times):
        page.keyboard.press(key)


def until(page: Page, condition: str) -> None:
    """Wait for a condition; the page's own policy forbids Playwright's way of waiting."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def bar_top(page: Page) -> list[str]:
    return page.locator(".wb-figure svg .mark-rect path[aria-roledescription='bar']").evaluate_all(
        "all => all.map((path) => path.getAttribute('d'))"
    )


def number(page: Page, card: str = "capital_in_place") -> str:
    return page.locator(f".wb-card[data-key={card}] .wb-card-number").inner_text()


def test_a_key_moves_number_words_and_picture_in_one_frame(opened: Open) -> None:
    page = opened()
    assert number(page) == "8,431"
    before = bar_top(page)
    assert len(before) == 3
    press(page, "ArrowRight", times=4)
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    assert number(page) == "8,474"
    assert page.locator("h1.wb-prose").inner_text() == page.locator(".wb-title").inner_text()
    assert "856" in page.locator(".wb-card[data-key=capital_in_place] .wb-status").inner_text()
    after = bar_top(page)
    assert after[:2] == before[:2]
    assert after[2] != before[2]


def test_status_is_a_sign_and_words(opened: Open) -> None:
    page = opened()
    states = page.locator(".wb-card").evaluate_all("all => all.map((card) => card.dataset.state)")
    assert states == ["short", "short", "expected", "expected"]
    signs = page.locator(".wb-card .wb-sign").all_inner_texts()
    assert signs == ["✕", "✕", "✓", "✓"]


def test_language_switches_everything_and_the_address(opened: Open) -> None:
    page = opened()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.locator(".wb-lang button[data-lang=en]").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert (
        page.locator(".wb-lever-uplift_zone .widget-label").inner_text()
        == "National zones above floor"
    )
    assert "short of baseline" in page.locator(".wb-status").first.inner_text()
    assert page.locator(".wb-figure svg text", has_text="CNY 100m").count() == 1
    assert "lang=en" in page.url


def test_the_address_follows_and_restores(opened: Open) -> None:
    page = opened()
    press(page, "ArrowRight", times=2)
    until(page, "location.search === '?s=v1;uplift_zone=1'")
    other = opened("?lang=en&s=v1;uplift_zone=12.5")
    assert number(other) == "870.3"
    card = other.locator(".wb-card[data-key=capital_in_place] .wb-card-value")
    assert card.inner_text() == "CNY 870.3 billion"
    assert other.locator(".wb-lever-uplift_zone .widget-readout").inner_text() == "12.5"
    assert "lang=en" in other.url


@pytest.mark.parametrize("link", ["v9;uplift_zone=1", "v1;uplift_mars=1", "v1;uplift_zone=900"])
def test_a_bad_link_opens_the_default_and_says_why(opened: Open, link: str) -> None:
    page = opened(f"#s={link}")
    assert number(page) == "8,431"
    assert len(page.locator(".wb-fault").inner_text()) > 10


def test_undo_redo_reset_and_presets(opened: Open) -> None:
    page = opened()
    press(page, "ArrowRight", times=2)
    page.wait_for_selector("[data-act=undo]:enabled")
    page.locator("[data-act=undo]").click()
    until(page, "document.querySelector('.wb-card-number').textContent === '8,431'")
    page.locator("[data-act=redo]").click()
    until(page, "document.querySelector('.wb-card-number').textContent === '8,453'")
    page.locator(".wb-preset").nth(1).click()
    until(page, "document.querySelector('.wb-card').dataset.state === 'expected'")
    assert page.locator(".wb-preset").nth(1).get_attribute("aria-pressed") == "true"
    page.locator(".wb-lever-uplift_zone .wb-reset").click()
    until(page, "document.querySelector('.wb-card-number').textContent === '8,431'")
    page.locator("[data-act=reset_all]").click()
    until(
        page,
        "document.querySelector('.wb-lever-share_zone .widget-readout').textContent === '50'",
    )


def test_pinned_scenarios_are_compared(opened: Open) -> None:
    page = opened()
    page.locator("[data-act=pin]").click()
    press(page, "ArrowRight", times=2)
    until(page, "document.querySelector('.wb-compare')?.textContent.includes('−22')")
    heads = page.locator(".wb-compare thead th").all_inner_texts()
    assert [head[0] for head in heads] == ["现", "A"]
    for _ in range(3):
        page.locator("[data-act=pin]").click()
    assert page.locator("[data-act=pin]").is_disabled()
    compared = page.locator(".wb-compare tbody").inner_text()
    page.goto(page.url)  # the link holds what it is compared with
    until(page, "document.querySelectorAll('.wb-compare thead th').length === 5")
    assert page.locator(".wb-compare tbody").inner_text() == compared


def test_a_lever_tells_why_and_takes_a_typed_value(opened: Open) -> None:
    page = opened()
    why = page.locator(".wb-lever-uplift_zone .wb-why")
    why.click()
    assert why.get_attribute("aria-expanded") == "true"
    assert "−30" in page.locator(".wb-lever-uplift_zone .wb-reason").inner_text()
    page.keyboard.press("Escape")
    assert why.get_attribute("aria-expanded") == "false"
    readout = page.locator(".wb-lever-uplift_zone .widget-readout")
    readout.fill("10")
    readout.press("Enter")
    until(page, "document.querySelector('.wb-card-number').textContent === '8,648'")


@pytest.mark.parametrize(
    ("typed", "value"), [("12.34", "12.34"), ("１２．５", "12.5"), ("-7", "−7"), ("0.125", "0.125")]
)
def test_a_typed_value_is_the_same_everywhere(opened: Open, typed: str, value: str) -> None:
    page = opened("?lang=en")
    lever = page.locator(".wb-lever-uplift_zone")
    lever.locator(".widget-readout").fill(typed)
    lever.locator(".widget-readout").press("Enter")
    until(page, f"location.search.endsWith('uplift_zone={value.replace('−', '-')}')")
    assert lever.locator(".widget-readout").inner_text() == value
    handle = lever.locator(".noUi-handle")
    assert handle.get_attribute("aria-valuetext") == f"{value}%"
    assert handle.get_attribute("aria-valuenow") == value.replace("−", "-")
    assert f"National zones above floor {value}%" in page.locator(".wb-printed").text_content()
    assert not lever.locator(".wb-refused").is_visible()


@pytest.mark.parametrize(
    ("lang", "typed", "said"),
    [
        ("zh", "5,5", "“5,5”不是数值，没有采用"),
        ("zh", "1e9", "可取 −30 至 50（%）之间的任何数值"),
        ("en", "abc", "“abc” is not a number and was not taken"),
        ("en", "50.01", "may be any number from −30 to 50 (%)"),
    ],
)
def test_what_a_lever_cannot_have_is_refused_in_words(
    opened: Open, lang: str, typed: str, said: str
) -> None:
    page = opened(f"?lang={lang}&s=v1;uplift_zone=12.34")
    lever = page.locator(".wb-lever-uplift_zone")
    lever.locator(".widget-readout").fill(typed)
    lever.locator(".widget-readout").press("Enter")
    assert said in lever.locator(".wb-refused").inner_text()
    assert lever.locator(".widget-readout").inner_text() == "12.34"
    assert page.url.endswith("uplift_zone=12.34")
    lever.locator(".widget-readout").fill("10")
    lever.locator(".widget-readout").press("Enter")
    until(page, "location.search.endsWith('uplift_zone=10')")
    assert not lever.locator(".wb-refused").is_visible()


def test_text_of_data_is_never_markup(opened: Open) -> None:
    page = opened()
    assert "<img src=x" in page.locator(".wb-source").inner_text()
    assert page.locator(".wb-figure img").count() == 0


def test_data_pictures_and_workbook_can_be_taken(opened: Open, tmp_path: Path) -> None:
    page = opened()

    def take(selector: str) -> Path:
        with page.expect_download() as waiting:
            page.locator(selector).click()
        target = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(target)
        return target

    tool = ".wb-figure .wb-tool:text-is('{}')".format
    table = take(tool("数据 CSV")).read_bytes()
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    about = ["来源", "许可", "情景", "网址", "下载日期"]
    assert rows[0] == ["区域类别", "到位（亿元）", *about]
    assert [row[:2] for row in rows[1:]] == [["中心城区", "3983.5"], ["'=1+1", "-2"]]
    assert {row[4] for row in rows[1:]} == {"默认情景"} and all(row[5] for row in rows[1:])
    drawing = take(tool("SVG")).read_text(encoding="utf-8")
    assert "<svg" in drawing and "899" in drawing
    assert take(tool("PNG")).read_bytes()[:4] == b"\x89PNG"
    book = openpyxl.load_workbook(take(".wb-tables"))
    assert (book.sheetnames[0], book.sheetnames[2]) == ("情景", "来源")
    sheet = book.worksheets[1]
    assert (sheet["A5"].value, sheet["A6"].value, sheet["B6"].value) == (
        "区域类别",
        "中心城区",
        3983.5,
    )
    assert sheet["A7"].value == "'=1+1" and sheet["A5"].font.bold
    assert sheet.freeze_panes == "B6" and sheet.column_dimensions["A"].width >= 8


def test_a_picture_is_cited_with_source_scenario_and_address(opened: Open) -> None:
    page = opened("?lang=en")
    figure = page.locator(".wb-figure")
    figure.get_by_role("button", name="Cite").click()
    citation = figure.locator(".wb-citation")
    said = citation.inner_text()
    title = page.locator(".wb-title").inner_text()
    assert said.startswith(f"{title}. Source: <img") and "Scenario: default scenario. http" in said
    press(page, "ArrowRight", times=4)
    until(page, "() => document.querySelector('.wb-citation').innerText.includes('uplift_zone=2')")
    assert citation.inner_text().startswith(f"{page.locator('.wb-title').inner_text()}. ")
    figure.locator(".wb-tool[aria-expanded=true]").click()
    assert not citation.is_visible()


def test_a_picture_fills_the_screen_and_answers_there(opened: Open) -> None:
    page = opened("?lang=en")
    page.get_by_role("button", name="Enlarge").click()
    until(page, "() => document.fullscreenElement?.matches('.wb-figure') ?? false")
    bar = page.locator(".wb-chart svg .mark-rect path").first
    box = bar.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator(".wb-tip:visible", has_text="capital 3983").wait_for()  # as its author has it
    page.get_by_role("button", name="Enlarge").click()
    until(page, "() => !document.fullscreenElement")


def test_ctrl_z_undoes_and_redoes_where_no_text_is_typed(opened: Open) -> None:
    page = opened()
    press(page, "ArrowRight", times=4)
    page.wait_for_timeout(400)
    moved = number(page)
    page.keyboard.press("Control+z")
    until(page, "() => !location.search.includes('s=')")
    assert number(page) == "8,431" != moved
    page.keyboard.press("Control+Shift+z")
    page.wait_for_url("**s=v1**")
    assert number(page) == moved


def test_colours_follow_the_readers_scheme(opened: Open) -> None:
    fills = "all => all.map((path) => path.getAttribute('fill'))"
    bars = ".wb-figure svg .mark-rect path[aria-roledescription='bar']"
    light = opened().locator(bars).evaluate_all(fills)
    page = opened(color_scheme="dark")
    dark = page.locator(bars).evaluate_all(fills)
    assert len(dark) == 3 and not set(light) & set(dark)
    page.emulate_media(color_scheme="light")
    until(page, f"document.querySelector(\"{bars}\").getAttribute('fill') === '{light[0]}'")


def test_the_phone_has_a_sheet_a_strip_and_thumb_sized_targets(opened: Open) -> None:
    page = opened(width=390, height=560, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.locator(".wb-lever-uplift_zone").is_visible()
    page.locator(".wb-handle").click()
    assert page.locator(".wb-lever-uplift_zone").is_visible()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_selector(".wb-strip[data-shown]")
    small = page.locator(".wb-levers button:visible").evaluate_all(
        "all => all.map((b) => b.getBoundingClientRect())"
        # Part-way through a slide a box on the screen may lack 0.00003 px.
        ".filter(({ width, height }) => width < 43.999 || height < 43.999).length"
    )
    assert small == 0
    press(page, "ArrowRight", times=2)
    until(page, "document.querySelector('.wb-chip-value').textContent === '✕ 8,453'")
