"""Pictures answer to pointer and finger, and show the table behind them."""

from __future__ import annotations

from typing import Any

import pytest
from reading import picture, said

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_stands_at_the_pointer_is_what_the_picture_draws(opened: Any) -> None:
    page = opened("briefing/capital_inflow?lang=en")
    figure = picture(page, "floors_to_target")
    figure.locator("svg text", has_text="398.3").last.hover(force=True)
    assert said(figure).split("\n") == ["Central", "Amount CNY 398.3 billion"]
    ring, bar = (
        figure.locator(one).first.bounding_box()
        for one in (".wb-ring:visible", 'svg path[aria-label*="Central"], svg .mark-rect path')
    )
    assert ring and bar and abs(ring["y"] + 3 - bar["y"]) < 2
    figure.locator(".wb-title").hover()
    assert not figure.locator(".wb-tip:visible").count()


def test_what_a_key_asked_for_stays_told_while_the_picture_is_drawn_anew(opened: Any) -> None:
    page = opened("briefing/capital_inflow?lang=en")
    figure = picture(page, "floors_to_target")
    chart = figure.locator(".wb-chart")
    chart.focus()
    chart.press("ArrowRight")
    before, svg = said(figure), figure.locator("svg").element_handle()
    page.set_viewport_size({"width": 390, "height": 900})
    # A narrow screen has its own drawing.
    page.wait_for_function("svg => !svg.isConnected", arg=svg)
    assert said(figure) == before
    tip, box = figure.locator(".wb-tip").bounding_box(), chart.bounding_box()
    assert tip and box and tip["x"] + tip["width"] <= box["x"] + box["width"] + 1
    chart.evaluate("chart => chart.blur()")
    assert not figure.locator(".wb-tip:visible").count()


def test_a_finger_asks_and_others_show_whom(opened: Any) -> None:
    page = opened("briefing/districts?lang=zh", 390, has_touch=True)
    page.set_viewport_size({"width": 390, "height": 6000})  # only what is in sight is ringed
    floors, shares = picture(page, "floors"), picture(page, "shares")
    chart = floors.locator(".wb-chart")
    chart.focus()
    for _ in range(10):  # what is not drawn yet rings nobody
        page.keyboard.press("ArrowRight")
        if shares.locator(".wb-ring:visible").count():
            break
        page.wait_for_timeout(500)
    name = said(floors).split("\n")[0]
    assert shares.locator(".wb-ring:visible").count()
    box = floors.locator("svg text", has_text=name).first.bounding_box()
    page.keyboard.press("Escape")
    assert not shares.locator(".wb-ring:visible").count() and box
    ring = chart.bounding_box()
    assert ring
    page.touchscreen.tap(box["x"] + box["width"] + 12, box["y"] + box["height"] / 2)
    assert said(floors).split("\n")[0] == name


def test_the_table_behind_a_picture_follows_slider_language_and_order(opened: Any) -> None:
    page = opened("briefing/capital_inflow?lang=en")
    figure = picture(page, "floors_to_target")
    opener = figure.get_by_role("button", name="Table")
    opener.click()
    assert opener.get_attribute("aria-expanded") == "true"
    rows = figure.locator(".wb-behind tbody tr")
    assert rows.first.inner_text().split() == ["Central", "398.3", "CNY", "billion"]
    slider = page.locator(".tag-levers [role=slider], .tag-levers .noUi-handle").first
    slider.focus()
    slider.press("End")
    page.wait_for_function(
        "() => !document.querySelector('.wb-behind tbody tr').textContent.includes('398.3')"
    )
    figure.locator(".wb-sort", has_text="Amount").click()
    amounts = [
        float(text.replace(",", "").replace("−", "-"))
        for text in rows.locator("td.wb-number").all_inner_texts()
    ]
    assert amounts == sorted(amounts)
    page.get_by_role("button", name="中文").click()
    assert "中心城区" in figure.locator(".wb-behind").inner_text()
    assert "Central" not in figure.locator(".wb-behind").inner_text()
