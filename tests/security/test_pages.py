"""Attacks on and with a page in Chromium: in vain on the published site, not with doors open.

An attack returns whether it got what it wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, Page, Route
from world import SLUG, forked, in_turn, patience, within

pytestmark = [pytest.mark.slow, pytest.mark.browser]
#: What a page calls to get Python.
ATTACH = "globalThis[Symbol.for('investment-workbook-python')].attach()"


class Elsewhere(BaseHTTPRequestHandler):
    """Another site: it frames what it is asked to, and remembers who asked."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer with a page that shows another in a frame."""
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<iframe src="{self.path.partition("?")[2]}"></iframe>'.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of another site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


Attack = Callable[[Browser, str, str], bool]


def opened(browser: Browser, site: str) -> Page:
    """Return a briefing's living page, in English."""
    page = browser.new_page()
    page.goto(f"{site}briefing/{SLUG}?lang=en")
    page.wait_for_selector("html[data-alive]")
    return page


def frames_the_site(browser: Browser, site: str, elsewhere: str) -> bool:
    page = browser.new_page()
    page.goto(f"{elsewhere}?{site}briefing/{SLUG}")
    (frame,) = (frame for frame in page.frames if frame != page.main_frame)
    shown = frame.query_selector("body.wb-site") is not None
    page.close()
    return shown


def runs_a_script_in_its_html(browser: Browser, site: str, _: str) -> bool:
    page = opened(browser, site)
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "globalThis.ran = true";
            document.body.append(script);
        }"""
    )
    ran = bool(page.evaluate("globalThis.ran === true"))
    page.close()
    return ran


def _runs(page: Page, code: str) -> None:
    """Run code of the page's own, as what a widget brings is run, in its time and not in ours."""
    page.evaluate(
        """(code) => {
            const script = document.createElement("script");
            const text = `setTimeout(async () => { ${code} })`;
            script.src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
            document.head.append(script);
        }""",
        code,
    )
    page.wait_for_function("() => globalThis.tried")


def runs_a_text_as_code(browser: Browser, site: str, _: str) -> bool:
    page = opened(browser, site)
    _runs(page, "globalThis.tried = true; globalThis.ran = new Function('return true')()")
    ran = bool(page.evaluate("globalThis.ran === true"))
    page.close()
    return ran


def sends_what_it_reads_elsewhere(browser: Browser, site: str, elsewhere: str) -> bool:
    page = opened(browser, site)
    Elsewhere.asked.clear()
    fetched = f'fetch("{elsewhere}fetched", {{ mode: "no-cors" }})'
    drawn = f"""new Promise((end) => {{
        const image = new Image();
        image.onload = image.onerror = end;
        image.src = "{elsewhere}drawn";
    }})"""
    _runs(page, f"await Promise.allSettled([{fetched}, {drawn}]); globalThis.tried = true")
    page.close()
    return bool(Elsewhere.asked)


def leaves_a_kernel_by_reloading(browser: Browser, site: str, _: str) -> bool:
    page, before = opened(browser, site), forked(site)
    page.evaluate(f"() => {ATTACH}")
    mine = forked(site) - before
    assert mine
    page.reload()
    page.close()
    return not within(patience(site), lambda: not any(kernel.is_running() for kernel in mine))


ATTACKS = [
    frames_the_site, runs_a_script_in_its_html, runs_a_text_as_code,
    sends_what_it_reads_elsewhere, leaves_a_kernel_by_reloading,
]  # fmt: skip


@in_turn(ATTACKS)
def test_an_attack_is_in_vain_unless_the_doors_are_open(
    browser: Browser, attacked: tuple[str, bool], elsewhere: str, attack: Attack
) -> None:
    site, succeeds = attacked
    assert attack(browser, site, elsewhere) == succeeds


def test_a_message_that_is_too_long_is_not_sent_and_the_page_says_so(
    browser: Browser, guarded: str, defended: bool
) -> None:
    page = opened(browser, guarded)

    def bounded(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        assert told["most"] == 64_000
        # Nothing on this page is ever as long: the bound comes down to what it asks.
        route.fulfill(response=answer, json=told | {"most": 2_100 if defended else told["most"]})

    page.route(f"**/kernel/{SLUG}*", bounded)
    page.locator(".wb-lever-uplift_outer .noUi-handle").press("End")
    told = page.locator(".wb-fault").get_by_text("too long and was not sent")
    if defended:
        told.wait_for()
    else:
        page.wait_for_timeout(3000)
        assert not told.count()
    page.close()
