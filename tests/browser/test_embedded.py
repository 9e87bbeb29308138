"""Another site shows a picture, or a page, in a frame of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page
from reading import ALIVE, DRAWN, alive, picture
from serving import ready, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAID = "s=v1;uplift_central=20;uplift_zone=10"
NAMED = {"zh": "嵌入", "en": "Embed"}


class Pasted(BaseHTTPRequestHandler):
    """A page of another site with what was pasted into it."""

    def __init__(self, bodies: dict[str, str], *about: Any) -> None:
        self.bodies = bodies
        super().__init__(*about)

    def do_GET(self) -> None:
        body = f"<!doctype html><meta charset=utf-8>{self.bodies.get(self.path, '')}"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *about: Any) -> None:
        """Say nothing."""


@contextmanager
def elsewhere() -> Iterator[tuple[str, dict[str, str]]]:
    """Another site: its address, and what its pages hold by path."""
    bodies: dict[str, str] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pasted, bodies))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bodies
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def other() -> Iterator[tuple[str, dict[str, str]]]:
    with elsewhere() as found:
        yield found


@pytest.fixture(scope="module")
def framable(other: tuple[str, dict[str, str]]) -> Iterator[str]:
    """A site that lets the other one frame it."""
    workbook = str(Path(sys.executable).with_name("workbook"))
    command = [workbook, "serve", "--no-browser", "--port", "8955", "--embed-from", other[0]]
    with serving(command) as (site, _):
        ready(site)
        yield site


def code(page: Page, lang: str = "en", key: str = "floors_to_target") -> str:
    """What a picture's tool gives to be pasted."""
    figure = picture(page, key)
    figure.get_by_role("button", name=NAMED[lang], exact=True).click()
    return figure.locator(".wb-citation").inner_text()


def framed(page: Page) -> Frame:
    """The page in the frame, once it is alive and as high as it says."""
    page.frame_locator("iframe >> nth=0").locator(ALIVE).wait_for(timeout=60_000)
    frame = page.frames[1]
    frame.wait_for_function("() => document.body.getBoundingClientRect().height <= innerHeight")
    return frame


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_another_site_shows_a_picture_as_high_as_it_is(
    browser: Browser, framable: str, other: tuple[str, dict[str, str]], lang: str
) -> None:
    page = browser.new_page()
    alive(page, f"{framable}briefing/capital_inflow?lang={lang}&{SAID}")
    title = page.locator("[data-key=floors_to_target] .wb-title").inner_text()
    address, bodies = other
    bodies[f"/{lang}"] = code(page, lang)
    assert f'title="{title}"' in bodies[f"/{lang}"] and 'loading="lazy"' in bodies[f"/{lang}"]
    page.close()
    for width in (1440, 390):
        host = browser.new_page(viewport={"width": width, "height": 900})
        host.goto(f"{address}/{lang}")
        frame = framed(host)
        assert frame.locator(".wb-title:visible").all_inner_texts() == [title]
        alone = frame.locator(".wb-alone")
        alone.locator(DRAWN).wait_for()
        assert alone.locator("svg").is_visible() and alone.locator(".wb-source").is_visible()
        assert not frame.locator(".wb-header, .wb-levers, .wb-export, h1").locator(
            "visible=true"
        ).count()  # fmt: skip
        assert "20%" in alone.locator(".wb-whole").inner_text()
        whole = str(alone.locator(".wb-whole a").get_attribute("href"))
        assert SAID in whole and f"lang={lang}" in whole and "figure=" not in whole
        high = "Number(document.querySelector('iframe').height)"
        before = host.evaluate(high)
        assert before == frame.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
        alone.get_by_role("button", name="表格" if lang == "zh" else "Table").click()
        host.wait_for_function(f"{high} > {before + 50}")
        alone.get_by_role("button", name="表格" if lang == "zh" else "Table").click()
        host.wait_for_function(f"{high} === {before}")
        host.close()


def test_a_frame_s_height_is_set_by_what_is_in_it_alone_and_within_bounds(
    browser: Browser, framable: str, other: tuple[str, dict[str, str]]
) -> None:
    page = browser.new_page()
    alive(page, f"{framable}briefing/capital_inflow?lang=en")
    address, bodies = other
    pasted = code(page)
    page.close()
    script = pasted[pasted.index("<script>") :]
    bodies["/spoofed"] = f'{pasted}<iframe id="b" src="/attacker"></iframe>'
    bodies["/attacker"] = (
        "<script>setInterval(() => parent.postMessage("
        '{type: "workbook.height", height: 3000}, "*"), 20)</script>'
    )
    host = browser.new_page()
    host.goto(f"{address}/spoofed")
    frame = framed(host)
    own = frame.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
    host.wait_for_timeout(300)  # fifteen messages of the other frame
    host.evaluate("postMessage({ type: 'workbook.height', height: 3000 })")  # and one of its own
    host.wait_for_timeout(100)
    assert host.evaluate("Number(document.querySelector('iframe').height)") == own
    for said, comes in (
        ("1e9", 4000),
        ("-5", 120),
        ("'9<img>'", 120),
        ("NaN", 120),
        ("Infinity", 120),
        ("{}", 120),
    ):
        bodies["/inside"] = (
            f'<script>parent.postMessage({{type: "workbook.height", height: {said}}}, "*")</script>'
        )
        bodies["/bounded"] = f'<iframe src="/inside" height="500"></iframe>{script}'
        host.goto(f"{address}/bounded")
        host.wait_for_function(f"Number(document.querySelector('iframe').height) === {comes}")
    host.close()


def test_what_is_told_is_a_number_and_nothing_else(
    browser: Browser, framable: str, other: tuple[str, dict[str, str]]
) -> None:
    address, bodies = other
    bodies["/heard"] = (
        "<script>heard = []; onmessage = ({ data }) => heard.push(data)</script>"
        f'<iframe src="{framable}briefing/capital_inflow?lang=en&figure=past_years"></iframe>'
        f'<iframe src="{framable}briefing/capital_inflow?lang=en"></iframe>'
    )
    host = browser.new_page()
    host.goto(f"{address}/heard")
    for frame in ("iframe >> nth=0", "iframe >> nth=1"):
        host.frame_locator(frame).locator(ALIVE).wait_for(timeout=60_000)
    heard = host.evaluate("heard")
    assert heard and {tuple(sorted(one)) for one in heard} == {("height", "type")}
    assert {one["type"] for one in heard} == {"workbook.height"}
    assert all(isinstance(one["height"], int) for one in heard)
    host.close()


@pytest.mark.parametrize("key", ["nothing", "", "%3Cimg%20src=x%20onerror=alert(1)%3E", "a%22%5D"])
def test_a_picture_that_is_not_there_is_said_not_to_be(
    browser: Browser, site: str, key: str
) -> None:
    page = browser.new_page()
    faults: list[Any] = []
    page.on("pageerror", lambda error: faults.append(error))
    alive(page, f"{site}briefing/capital_inflow?lang=en&figure={key}&{SAID}")
    note = page.locator(".wb-no-figure")
    assert "no picture of the name" in note.inner_text()
    assert str(note.locator("a").get_attribute("href")).endswith(f"?lang=en&{SAID}")
    assert not page.locator("figure, h1, header").locator("visible=true").count()
    assert not faults and not page.locator("img").count()
    page.close()


def test_the_page_s_own_frame_is_in_its_menu(browser: Browser, framable: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    alive(page, f"{framable}briefing/fdi_growth?lang=en&s=v1;fdi_growth=20")
    page.locator(".wb-export summary").click()
    page.locator(".wb-export").get_by_role("button", name="Embed this page").click()
    said = page.locator(".wb-export code").inner_text()
    assert "fdi_growth?lang=en&amp;s=v1;fdi_growth=20" in said and 'loading="lazy"' in said
    assert "<script" not in said  # as high as a window: its outcomes stay in sight
    box = page.locator(".wb-export ul").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.close()


def test_where_no_site_may_frame_it_no_code_is_offered(browser: Browser, site: str) -> None:
    page = browser.new_page()
    alive(page, f"{site}briefing/capital_inflow?lang=en")
    assert not page.get_by_role("button", name="Embed").count()
    page.close()
