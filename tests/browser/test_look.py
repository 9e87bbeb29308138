"""The page as every reader sees it: its colours, its contents, its controls, and on paper."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from reading import read, wait_for_figures

from analysis.charts.theme import PALETTES
from analysis.publish.pages import pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUGS = [page.slug for page in pages()]
LONG = "target_scenarios"

ENTRIES = """() => [...document.querySelectorAll("#wb-contents ol a")].map((link) => {
  const place = document.querySelector(link.hash);
  return [link.textContent, place?.querySelector("h2")?.textContent];
})"""


# -- colours ----------------------------------------------------------------------------------


def test_a_chart_drawn_ahead_has_the_readers_colours(opened: Any) -> None:
    page = opened("briefing/capital_inflow", alive=False, java_script_enabled=False,
                  color_scheme="dark")  # fmt: skip
    fill = page.locator("#figure-floors_to_target svg:visible text").first.evaluate(
        "(text) => getComputedStyle(text).fill"
    )
    assert fill == rgb(PALETTES["dark"]["muted"])


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


# -- contents ---------------------------------------------------------------------------------


def test_the_rail_names_every_section_and_picture_and_marks_where_the_reader_is(
    opened: Any,
) -> None:
    page = opened(f"briefing/{LONG}?lang=en")
    entries = page.evaluate(ENTRIES)
    assert len(entries) == page.locator(".wb-section, .wb-figure").count() >= 12
    assert all(link == heading for link, heading in entries)
    expect(page.locator("#wb-contents")).to_be_visible()
    expect(page.locator(".wb-contents-open")).to_be_hidden()
    link = page.locator("#wb-contents a[href='#section-sure']")
    link.focus()
    page.keyboard.press("Enter")
    expect(link).to_have_attribute("aria-current", "true")
    assert page.locator("#wb-contents ol [aria-current]").count() == 1
    assert page.evaluate("document.activeElement.id") == "section-sure"
    rail = page.locator("#wb-contents").bounding_box()
    strip = page.locator(".wb-strip").bounding_box()
    # It has stayed beside the page, below what tells the outcomes.
    assert rail and strip and strip["height"] <= rail["y"] < strip["height"] + 40


def test_the_rail_follows_the_scenario_and_the_language(opened: Any) -> None:
    page = opened(f"briefing/{LONG}?lang=en#s=v1;uplift_zone=20")
    assert "uplift_zone=20" in page.url
    page.locator("#wb-contents a[href='#figure-reach']").click()
    assert "uplift_zone=20" in page.url  # a way through the page leaves the scenario's link alone
    page.click("[data-site-lang=zh]")
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    assert all(link == heading for link, heading in page.evaluate(ENTRIES))
    before = page.locator("#wb-contents a[href='#figure-reach']").inner_text()
    page.locator(".wb-preset").nth(3).click()
    page.wait_for_timeout(300)
    entries = page.evaluate(ENTRIES)
    assert all(link == heading for link, heading in entries)
    assert before not in [link for link, _ in entries]


@pytest.mark.parametrize("alive", [True, False], ids=["alive", "before scripts"])
def test_on_a_phone_the_contents_are_a_menu(opened: Any, alive: bool) -> None:
    page = opened("briefing/capital_inflow", 390, alive, java_script_enabled=alive)
    menu, button = page.locator("#wb-contents"), page.locator(".wb-contents-open")
    expect(menu).to_be_hidden()
    button.click()
    expect(menu).to_be_visible()
    assert menu.locator(".wb-contents-pages a").count() == len(SLUGS)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    button.click()
    menu.locator("a[href='#section-past']").click()
    if alive:
        expect(menu).to_be_hidden()
    for _ in range(10):  # a busy machine scrolls for longer
        page.wait_for_timeout(600)
        top = page.locator("#section-past").bounding_box()
        if top and top["y"] < 200:
            break
    assert top and 0 <= top["y"] < 200


def test_the_briefings_fit_the_header_at_every_width(opened: Any) -> None:
    page = opened("?lang=en", alive=False)
    assert page.locator(".wb-nav a").count() == len(SLUGS)
    for width in (320, 390, 600, 768, 1024, 1360, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        last = page.locator(".wb-nav a").last
        last.scroll_into_view_if_needed()
        box = last.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width + 1, width


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tools_fit_a_small_phone_and_what_scrolls_in_them_has_a_name(
    opened: Any, lang: str
) -> None:
    page = opened(f"briefing/target_scenarios?lang={lang}", 320)
    for summary in page.locator(".wb-basis summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    regions = page.locator("[role=region]:visible")
    named = page.locator("[role=region]:is([aria-label], [aria-labelledby]):visible")
    assert regions.count() == named.count() > 2


def test_text_grows_with_the_browser_s_own_size(opened: Any) -> None:
    page = opened("briefing/target_scenarios?lang=en")
    parts = ("p.wb-prose", ".wb-card-value", ".wb-status", ".wb-title", ".wb-say", ".wb-source")
    asked = "(part) => parseFloat(getComputedStyle(document.querySelector(part)).fontSize)"
    usual = [page.evaluate(asked, part) for part in parts]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert [page.evaluate(asked, part) for part in parts] == [2 * size for size in usual]


# -- every reader -----------------------------------------------------------------------------

READERS = [
    ("capital_inflow", 390, "zh", {"color_scheme": "dark"}, ".wb-contents-open"),
    ("capital_inflow", 390, "en", {"color_scheme": "light"}, ".wb-handle"),
    (LONG, 768, "en", {"color_scheme": "dark", "contrast": "more"}, ".wb-contents-open"),
    (LONG, 1440, "zh", {"contrast": "more"}, None),
    ("fdi_growth", 1920, "zh", {"forced_colors": "active", "color_scheme": "dark"}, None),
    ("project_structure", 1024, "en", {"color_scheme": "light"}, None),
]


@pytest.mark.parametrize(("slug", "width", "lang", "settings", "opens"), READERS)
def test_no_barrier_in_any_scheme_width_and_language(
    opened: Any, slug: str, width: int, lang: str, settings: dict[str, Any], opens: str | None
) -> None:
    page = opened(f"briefing/{slug}?lang={lang}", width, **settings)
    if opens:
        page.click(opens)
        page.wait_for_timeout(200)
    severe = [
        f"{found['id']}: {found['nodes'][0]['html'][:160]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in {"serious", "critical"} or found["id"] == "heading-order"
    ]
    assert not severe
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    scheme = "contrast" if settings.get("contrast") or settings.get("forced_colors") else "light"
    if settings.get("color_scheme") == "dark":
        scheme = "dark" if scheme == "light" else "contrast_dark"
    text = page.locator(".wb-chart svg text").first
    fill = text.evaluate("(text) => getComputedStyle(text).fill")
    assert fill in {rgb(PALETTES[scheme][token]) for token in ("ink", "muted")}


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_outcomes_stay_in_sight_while_any_lever_moves(opened: Any, width: int) -> None:
    page = opened(f"briefing/{LONG}?lang=en", width)
    if width < 1200:
        page.locator(".wb-handle").click()
    else:
        foot = page.locator(".wb-actions").bounding_box()
        assert foot and foot["y"] + foot["height"] <= 900  # at the page's top, too
    for folded in page.locator(".wb-fold").all()[1:]:
        folded.click()
    seen = """() => [".wb-strip", ".wb-card-number"].some((what) => {
        const { top, bottom, height } = document.querySelector(what).getBoundingClientRect();
        const visible = getComputedStyle(document.querySelector(what)).visibility === "visible";
        return visible && height && top >= 0 && bottom <= innerHeight;
    })"""
    for lever in page.locator(".wb-lever .noUi-handle").all():
        lever.scroll_into_view_if_needed()
        lever.press("ArrowRight")
        page.wait_for_function(seen, timeout=2000)
        covered = lever.evaluate("""(e) => {
            const { x, y, width, height } = e.getBoundingClientRect();
            return document.elementFromPoint(x + width / 2, y + height / 2)?.closest(".wb-strip");
        }""")
        assert covered is None, lever


def test_on_a_phone_the_statuses_stay_on_top_and_the_levers_slide_up(opened: Any) -> None:
    page = opened("briefing/capital_inflow", 390)
    strip, sheet = page.locator(".wb-strip"), page.locator(".wb-levers")
    expect(strip).to_be_hidden()
    page.locator("#figure-season").scroll_into_view_if_needed()
    expect(strip).to_be_visible()
    page.locator(".wb-handle").click()
    sheet.evaluate("(e) => Promise.all(e.getAnimations().map((one) => one.finished))")
    box = sheet.bounding_box()
    assert box and box["y"] > 300 and abs(box["y"] + box["height"] - 900) < 2
    shown = strip.inner_text()
    page.locator(".wb-levers .noUi-handle").first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert strip.is_visible() and strip.inner_text() != shown
    page.keyboard.press("Escape")
    expect(page.locator(".wb-handle")).to_have_attribute("aria-expanded", "false")


SMALL = """() => [...document.querySelectorAll("a, button, select, input, summary, [role=slider]")]
  .filter((e) => !e.disabled && !e.closest(".wb-skip") && !e.closest("p a"))
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .map((e) => {
    const box = e.getBoundingClientRect();
    // A slider's handle is larger to the finger than to the eye.
    const { content, position, top } = getComputedStyle(e, "::after");
    const reach = content !== "none" && position === "absolute" ? -2 * parseFloat(top) : 0;
    const [width, height] = [box.width, box.height].map((side) => Math.round(side + reach));
    return [e.className || e.tagName, width, height];
  })
  .filter(([, width, height]) => height && Math.min(width, height) < 44)"""


@pytest.mark.parametrize("slug", ["capital_inflow", LONG])
def test_on_a_phone_fingers_find_every_control(opened: Any, slug: str) -> None:
    page = opened(f"briefing/{slug}", 390, has_touch=True)
    page.click(".wb-handle")
    assert not page.evaluate(SMALL)
    page.click(".wb-handle")
    page.click(".wb-contents-open")
    assert not page.evaluate(SMALL)


def test_nothing_moves_for_those_who_asked_for_calm(opened: Any) -> None:
    page = opened("briefing/capital_inflow", 390, reduced_motion="reduce")
    moving = page.evaluate("""() => [...document.querySelectorAll("body *")].filter((e) => {
      const { transitionDuration, animationName } = getComputedStyle(e);
      const durations = transitionDuration.split(", ").map(parseFloat);
      return animationName !== "none" || durations.some((seconds) => seconds > 0);
    }).map((e) => e.className)""")
    assert not moving
    page.click(".wb-contents-open")
    page.click("#wb-contents a[href='#section-sources']")
    page.wait_for_timeout(50)
    place = page.locator("#section-sources").bounding_box()
    assert place and place["y"] < 900


def test_every_control_shows_its_focus(opened: Any) -> None:
    page = opened("briefing/capital_inflow")
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        outline = page.evaluate("""() => {
          const e = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(e);
          const shown = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
          return [e.className || e.tagName, shown];
        }""")
        seen.add(outline[0])
        assert outline[1], outline
    assert len(seen) >= 5


# -- paper ------------------------------------------------------------------------------------

ON_PAPER = """() => ({
  controls: [...document.querySelectorAll(
    "button, input, select, [role=slider], .wb-nav, #wb-contents"
  )].filter((e) => e.checkVisibility()).map((e) => e.className),
  wide: [...document.querySelectorAll(".wb-figure svg")]
    .filter((e) => e.getBoundingClientRect().width > e.closest(".wb-chart").clientWidth + 1).length,
  split: [...document.querySelectorAll(".wb-figure, .wb-card")]
    .filter((e) => getComputedStyle(e).breakInside !== "avoid").length,
  ground: getComputedStyle(document.body).backgroundColor,
  ink: getComputedStyle(document.querySelector(".wb-figure svg text")).fill,
  sources: [...document.querySelectorAll(".wb-source")]
    .every((e) => e.checkVisibility() && e.textContent),
  scenario: document.querySelector(".wb-printed")?.innerText ?? "",
})"""


def test_paper_is_light_whole_and_without_controls(opened: Any) -> None:
    page = opened(f"briefing/{LONG}?lang=en#s=v1;uplift_zone=20", color_scheme="dark")
    wait_for_figures(page)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 680, "height": 1000})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_timeout(300)
    paper = page.evaluate(ON_PAPER)
    assert not paper["controls"] and not paper["wide"] and not paper["split"]
    assert paper["ground"] == "rgb(255, 255, 255)"
    assert paper["ink"] in {rgb(PALETTES["light"][token]) for token in ("ink", "muted")}
    assert paper["sources"]
    assert "20" in paper["scenario"] and "above floor" in paper["scenario"]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_charts_come_back_to_the_screen_after_printing(opened: Any) -> None:
    page = opened("briefing/capital_inflow", color_scheme="dark")
    wait_for_figures(page)
    drawn = "document.querySelector('.wb-figure svg').getAttribute('width')"
    before = page.evaluate(drawn)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_timeout(100)
    assert page.evaluate(drawn) == "800"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.wait_for_timeout(100)
    assert page.evaluate(drawn) == before


def test_both_languages_have_words_for_search_engines(browser: Browser, site: str) -> None:
    for lang, word in (("zh", "亿元"), ("en", "floors")):
        reading = read(browser, f"{site}briefing/capital_inflow?lang={lang}", 1440)
        page = reading.page
        page.wait_for_selector("html[data-alive]")
        description = page.locator("meta[name=description]").get_attribute("content")
        assert description and word in description
        assert " · " in page.title()
        places = {
            link.get_attribute("hreflang"): link.get_attribute("href")
            for link in page.locator("link[rel=alternate]").all()
        }
        assert places["en"] == "/briefing/capital_inflow?lang=en"
        page.context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_outcomes_that_are_made_up_are_called_so_wherever_they_follow_the_reader(
    opened: Any, width: int
) -> None:
    for slug, made_up in (("bulletin", True), ("capital_inflow", False)):
        page = opened(f"briefing/{slug}?lang=en", width)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_selector(".wb-strip[data-shown]")
        assert ("Illustrative" in page.locator(".wb-strip").inner_text()) is made_up
