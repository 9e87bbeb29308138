"""The front page, the switch of languages, and the doors that stay closed."""

from __future__ import annotations

import io
import json
import re
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from reading import DRAWN, read

from analysis.publish.pages import pages

pytestmark = pytest.mark.browser


def status(url: str, host: str | None = None) -> int:
    request = Request(url, headers={"Host": host} if host else {})
    try:
        with urlopen(request) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


#: How far what stands on the page has jumped since it was opened, and what it took to load.
OPENING = """() => {
  const all = (type) => performance.getEntriesByType(type);
  const jumps = new Promise((done) => {
    const watch = new PerformanceObserver((list) => done(list.getEntries()));
    watch.observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done([]), 300);
  });
  const loaded = [...all("navigation"), ...all("resource")];
  return jumps.then((found) => ({
    jumped: found.reduce((sum, { value }) => sum + value, 0),
    bytes: loaded.reduce((sum, { transferSize }) => sum + transferSize, 0),
  }));
}"""


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_front_page_says_where_the_city_stands_and_answers_a_lever(
    browser: Browser, site: str, width: int, scheme: str
):
    reading = read(browser, site, width, scheme)
    page = reading.page
    page.wait_for_selector("html[data-alive]")
    opening = page.evaluate(OPENING)
    assert opening["bytes"] < 250_000 and opening["jumped"] == 0
    zh, en = ("8,431 亿元", "899", "929"), ("CNY 843.1 billion", "89.9", "92.9")
    for lang, word, amounts in (("zh", "底线", zh), ("en", "floors", en)):
        page.click(f"[data-site-lang={lang}]")
        text = page.locator("main").inner_text()
        for answer in (*amounts, "0.02%", "0.34%", "35.42%", "13", "24", word):
            assert answer in text
        assert not reading.overflows() + reading.tiny() + reading.faults
        title = page.locator(".wb-figure .wb-title")
        before, drawn = title.inner_text(), page.locator(DRAWN).inner_html()
        page.locator(".wb-slider input").press("End" if lang == "zh" else "Home")
        expect(title).not_to_have_text(before)
        assert page.locator(DRAWN).inner_html() != drawn
    expect(page.locator(".wb-more")).to_have_attribute("href", re.compile("s=v1;[a-z_]+=-"))
    assert not severe(page)
    page.reload()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.context.close()


def severe(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found
        if one["impact"] in {"serious", "critical"} or one["id"] == "heading-order"
    ]


def test_the_front_page_is_whole_before_any_script(browser: Browser, site: str):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site)
    expect(page.locator(".wb-live .wb-first-chart svg:visible").first).to_be_visible()
    briefings = page.locator("li.wb-briefing")
    assert page.locator(".wb-thumbnail svg").count() == briefings.count() == len(pages())
    assert not page.locator(".wb-thumbnail text").count()
    made_up = page.locator("[data-shelf=ledger] .wb-illustrative")
    assert made_up.count() == page.locator("[data-shelf=ledger] li").count() == 3
    page.context.close()


def test_a_briefing_is_whole_before_any_script(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}briefing/capital_inflow")
    expect(page.locator("h1")).to_be_visible()
    text = page.locator("main").inner_text()
    assert all(number in text for number in ("8,431", "899", "929"))
    figures = page.locator(".wb-figure")
    assert figures.count() >= 4
    for figure in figures.all():
        expect(figure.locator("svg:visible").first).to_be_visible()
        assert figure.locator(".wb-source").inner_text()
    context.close()


def test_a_reader_who_only_reads_starts_no_kernel(browser: Browser, site: str):
    before = json.load(urlopen(f"{site}healthz"))["kernels"]
    reading = read(browser, f"{site}briefing/capital_inflow", 1440)
    reading.page.wait_for_selector("html[data-alive]")
    reading.page.wait_for_timeout(300)
    assert json.load(urlopen(f"{site}healthz"))["kernels"] <= before
    reading.page.context.close()


def test_no_scenario_of_ours_needs_a_kernel(browser: Browser, site: str):
    page = read(browser, f"{site}briefing/target_scenarios?s=v1;uplift_zone=12", 1440).page
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".wb-lever-uplift_outer .noUi-handle").press("End")
    page.wait_for_timeout(1000)
    assert not [one for one in asked if "kernel" in one]
    page.context.close()


CLOSED = [
    *("voila/files/1_capital_inflow.ipynb", "voila/tree/", "voila/render/x.ipynb"),
    *("voila/static/voila.js", "voila/api/contents/", "api/kernels/0", "api/me", "login"),
    *("app/../handlers.py", "app/manifest.json", "kernel/target_scenarios"),
    *("briefing/nothing", "style/handlers.css"),
]


@pytest.mark.parametrize("path", ["", "briefing/districts"])
def test_the_picture_of_a_link_is_drawn_when_it_is_asked_for(site: str, path: str):
    page = BeautifulSoup(urlopen(site + path).read(), "html.parser")
    address = page.find("meta", property="og:image")["content"]
    with urlopen(urljoin(site, address)) as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert Image.open(io.BytesIO(answer.read())).size == (1200, 630)
    assert status(re.sub(r"preview-\w", "preview-0", urljoin(site, address))[:-5] + "0.jpg") == 404


def test_closed_doors(site: str):
    for path in CLOSED:
        assert status(site + path) in {403, 404, 405}, path
    assert status(site, host="foreign.example") == 403


def test_every_answer_carries_the_headers(site: str):
    for path in ("", "style/site.css", "style/notices.txt", "healthz", "briefing/capital_inflow"):
        headers = urlopen(site + path).headers
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_hostile_query_text_is_not_in_the_page(site: str):
    body = urlopen(f"{site}?lang=%3Cb%3Ehostile&theme=%3Cb%3Ehostile&template=../x").read().decode()
    assert "hostile" not in body
