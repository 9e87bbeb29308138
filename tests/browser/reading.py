"""What a reader would notice: errors, foreign requests, cut or tiny text, empty charts."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page

#: What a page is once its script runs.
ALIVE = "html[data-alive]"
#: A picture that lives: until it is drawn, its first look stands in its place.
DRAWN = ".wb-chart:not(.wb-first-chart) svg"

OVERFLOWS = """() => {
  const cut = [];
  if (document.documentElement.scrollWidth > innerWidth + 1) cut.push('page scrolls sideways');
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg, [hidden], .wb-skip, .wb-visually-hidden, .lm-mod-hidden')) continue;
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const style = getComputedStyle(e);
    if (!own || !e.clientWidth || style.overflowX === 'auto') continue;
    if (style.position === 'absolute' || e.scrollWidth <= e.clientWidth + 1) continue;
    cut.push(e.className + ': ' + e.textContent.slice(0, 60));
  }
  return cut;
}"""

TINY = """() => [...document.querySelectorAll('body *')]
  .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .filter((e) => !['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(e.tagName) && e.getClientRects().length)
  .filter((e) => !e.closest('details:not([open]), :is(msub, msup, msubsup) > :not(:first-child)'))
  .filter((e) => {
    const matrix = e.closest('svg') && e.getScreenCTM ? e.getScreenCTM() : null;
    const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
    return parseFloat(getComputedStyle(e).fontSize) * scale < 11.9;
  })
  .map((e) => e.tagName + ' ' + e.textContent.slice(0, 40))"""

EMPTY = """() => [...document.querySelectorAll('.wb-figure')]
  .filter((f) => ![...f.querySelectorAll('svg [class*="mark-"] :is(path, line)')]
    .filter((m) => !m.closest('.role-axis, .role-legend, .role-frame > path'))
    .some((m) => { const b = m.getBoundingClientRect(); return b.width > 1 || b.height > 1; }))
  .map((f) => f.dataset.key)"""


@dataclass
class Reading:
    """An opened page with what went wrong on it."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def overflows(self) -> list[str]:
        """Texts wider than their boxes, and a page that scrolls sideways."""
        return self.page.evaluate(OVERFLOWS)

    def tiny(self) -> list[str]:
        """Texts drawn under 12 px, in SVG as on screen."""
        return self.page.evaluate(TINY)

    def empty(self) -> list[str]:
        """Figures whose chart has no mark."""
        return self.page.evaluate(EMPTY)


def read(
    browser: Browser, url: str, width: int, scheme: str = "light", script: str = ""
) -> Reading:
    """Open an address at a width and note every error, warning apart, and foreign request.

    script : what is run before the page's own
    """
    page = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    ).new_page()
    if script:
        page.add_init_script(script)
    reading = Reading(page)
    host = urlsplit(url).netloc
    page.on("pageerror", lambda error: reading.faults.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            reading.faults.append(f"console: {message.text}") if message.type == "error" else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            reading.faults.append(f"foreign: {request.url}")
            if urlsplit(request.url).scheme in {"http", "https", "ws", "wss"}
            and urlsplit(request.url).netloc != host
            else None
        ),
    )
    page.goto(url, wait_until="commit")
    return reading


STATE = """() => {
  const all = (selector, part) =>
    [...document.querySelectorAll(selector)].map((e) => e[part]).join('|');
  return [all('.wb-card-number, .wb-say, .wb-title', 'textContent'),
          all('.wb-figure svg', 'innerHTML')];
}"""
SETTLED = f"""() => new Promise((done) => {{
  let before;
  const look = () => {{
    const now = ({STATE})().join('|');
    if (now === before) return done(true);
    before = now;
    setTimeout(look, 120);
  }};
  look();
}})"""


def settled(page: Page) -> list[str]:
    """Wait until words and pictures have stopped changing; return both."""
    page.evaluate(SETTLED)
    return page.evaluate(STATE)


def moved(page: Page, before: list[str], drawn: bool = True) -> None:
    """Wait until words, and pictures if some follow what is moved, are others than before."""
    page.wait_for_function(
        f"(before) => before.every((was, at) => ({STATE})()[at] !== was)",
        arg=before if drawn else before[:1],
        timeout=2000,
    )


#: The page whose sentences and cards alone follow the levers: its pictures are of counts.
UNDRAWN = "project_structure"


def asks(page: Page) -> None:
    """Move a page's first lever by key, or choose what else it offers; all follows."""
    before = settled(page)
    lever = page.locator(".tag-levers [role=slider], .tag-levers .noUi-handle").first
    if lever.count():
        lever.focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
    else:
        choice = page.locator(".tag-levers select").first
        index = choice.evaluate("(select) => select.selectedIndex")
        choice.select_option(index=0 if index else 1)
    moved(page, before, drawn=UNDRAWN not in page.url)


def alive(page: Page, address: str) -> Page:
    """Open an address and wait until it lives."""
    page.goto(address)
    page.wait_for_selector(ALIVE, timeout=60_000)
    return page


def wait_for_figures(page: Page) -> None:
    """Scroll through the page until every figure is drawn."""
    page.wait_for_selector(ALIVE, timeout=60_000)
    for figure in page.locator(".wb-figure").all():
        figure.scroll_into_view_if_needed()
        figure.locator(DRAWN).first.wait_for(timeout=20_000)
    page.evaluate("scrollTo(0, 0)")


def picture(page: Page, key: str) -> Locator:
    """Return a figure that is in sight and drawn."""
    figure = page.locator(f'.wb-figure[data-key="{key}"]')
    figure.scroll_into_view_if_needed()
    figure.locator(DRAWN).wait_for()
    return figure


def said(figure: Locator) -> str:
    """Return what a picture tells of the mark that is asked for."""
    return figure.locator(".wb-tip:visible").inner_text()


#: Pictures whose marks are no rows of their table, and have their number written at them: the
#: presets' sums, and on a phone the map's, which are of groups.
SILENT = {1440: {"compared"}, 390: {"compared", "map"}}


def silent(page: Page) -> set[str]:
    """Return pictures that do not answer to the arrow key; others tell marks within their room."""
    found = set()
    for figure in page.locator(".wb-figure").all():
        key = str(figure.get_attribute("data-key"))
        chart = picture(page, key).locator(".wb-chart")
        chart.focus()
        for _ in range(20):  # one that is drawn is not alive at once
            page.keyboard.press("ArrowRight")
            if figure.locator(".wb-tip:visible").count():
                break
            page.wait_for_timeout(100)
        else:
            found.add(key)
            continue
        first, box = said(figure), chart.bounding_box()
        page.keyboard.press("ArrowRight")
        tip = figure.locator(".wb-tip").bounding_box()
        assert said(figure) and first and box and tip
        assert box["x"] - 1 <= tip["x"] and tip["x"] + tip["width"] <= box["x"] + box["width"] + 1
        page.keyboard.press("Escape")
        assert not figure.locator(".wb-tip:visible").count()
    return found
