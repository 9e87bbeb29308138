"""Goal seek, least increment and shares of draws on the page of scenarios, as readers use them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from reading import read, wait_for_figures

from analysis.briefing.answers import shares_of_draws
from analysis.model import load_model
from analysis.plan import load_plan
from analysis.scenario import Scenario

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEVERS = """async () => {
  const board = await [...globalThis[Symbol.for("investment-workbook")].values()].at(-1);
  return board.engine.levers();
}"""


@pytest.fixture
def page(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    link = getattr(request, "param", "")
    reading = read(browser, f"{site}briefing/target_scenarios?lang=en{link}", 1440)
    wait_for_figures(reading.page)
    yield reading.page
    assert not reading.faults
    reading.page.context.close()


def levers(page: Page) -> dict[str, float]:
    page.wait_for_timeout(400)
    return json.loads(json.dumps(page.evaluate(LEVERS)))


def test_the_page_opens_at_the_defaults_off_the_sliders_step_too(page: Page) -> None:
    assert levers(page) == load_model().defaults
    assert page.locator(".wb-preset[aria-pressed=true]").inner_text() == "Floors only"


@pytest.mark.parametrize("page", ["#s=v1;uplift_zone=42.7717;exchange_rate=6.4321"], indirect=True)
def test_a_link_is_opened_exactly_whatever_the_sliders_step(page: Page) -> None:
    opened = levers(page)
    assert (opened["uplift_zone"], opened["exchange_rate"]) == (42.7717, 6.4321)


def test_money_is_typed_in_the_unit_that_is_shown(page: Page) -> None:
    lever = page.locator(".wb-lever-capital_unfloored")
    assert lever.locator(".wb-unit").inner_text() == "CNY billion"
    lever.locator(".widget-readout").fill("12.34")
    lever.locator(".widget-readout").press("Enter")
    assert levers(page)["capital_unfloored"] == 123.4
    assert lever.locator(".widget-readout").inner_text() == "12.34"
    lever.locator(".widget-readout").fill("150.1")
    lever.locator(".widget-readout").press("Enter")
    assert "any number from 0 to 150 (CNY billion)" in lever.locator(".wb-refused").inner_text()
    assert levers(page)["capital_unfloored"] == 123.4


def test_goal_seek_meets_the_target_by_the_lever_chosen(page: Page) -> None:
    goal = page.locator(".wb-goal")
    stretch = load_plan()["capital_in_place"].stretch
    goal.get_by_role("button", name="Stretch").click()
    goal.get_by_role("button", name="Use: Central districts above floor").click()
    found = levers(page)
    sought = load_model().seek("capital_total", stretch, "uplift_central")
    assert sought.value < found["uplift_central"] == sought.written  # and met, not just missed
    assert round(found["uplift_central"], 1) == found["uplift_central"]
    goal.locator("input").fill("two")
    assert "“two” is not a number" in goal.locator(".wb-refused").inner_text()
    goal.locator("input").fill("２，０００")
    assert not goal.locator(".wb-refused").is_visible()
    assert "Out of reach" in goal.locator("tbody tr").first.inner_text()
    assert goal.locator("tbody tr button").first.is_disabled()


def test_least_increment_follows_targets_and_levers_and_may_be_used(page: Page) -> None:
    plan, model = load_plan(), load_model()
    panel = page.locator(".wb-increment")
    for select in panel.locator("select").all():
        select.select_option("none")
    # "Any" everywhere asks nothing: another target is asked for.
    assert [one.input_value() for one in panel.locator("select").all()].count("expected") == 1
    for select, level in zip(
        panel.locator("select").all(), ("expected", "stretch", "none", "none"), strict=True
    ):
        select.select_option(level)
    page.locator(".wb-lever-uplift_outer .noUi-handle").focus()
    page.keyboard.press("PageUp")
    start = levers(page)
    assert start != model.defaults
    wanted = {
        "capital_in_place": plan["capital_in_place"].expected,
        "industrial_share": plan["industrial_share"].stretch,
    }
    answer = model.least_increment(wanted, start=start)
    new, moved = answer.new_capital, answer.moved_capital
    assert answer.takes.in_language("en") in panel.inner_text()
    title = page.locator(".wb-figure[data-key=increment] .wb-title").inner_text()
    assert f"at least CNY {new / 10:,.1f} billion more" in title
    assert f"CNY {moved / 10:,.1f} billion moved" in title
    panel.get_by_role("button").click()
    found = levers(page)
    for key, value in answer.levers.items():
        assert (
            value - 1e-9 <= found[key] < value + 1e-4
        )  # what is asked for is met, not just missed
    assert "Nothing new is needed; none has to move." in panel.inner_text()


def test_shares_of_draws_follow_the_levers_with_no_request(page: Page) -> None:
    title = page.locator(".wb-figure[data-key=drawn] .wb-title")
    before, asked = title.inner_text(), []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".wb-lever-uplift_zone .noUi-handle").focus()
    page.keyboard.press("End")
    found = Scenario(levers(page)).check(load_model())
    share = shares_of_draws(load_model(), found.levers)["drawn_all_expected"]
    assert title.inner_text() != before
    assert f"{share:.1f}% of draws around this scenario" in title.inner_text()
    assert asked == []


def test_formulas_and_assumptions_stand_in_one_place(page: Page) -> None:
    basis = page.locator(".wb-basis")
    for summary in basis.locator("summary").all():
        summary.click()
    model = load_model()
    expect(basis.locator("math")).to_have_count(len(model.outcomes))
    text = basis.inner_text()
    assert all(lever.name_en in text and lever.reason_en in text for lever in model.levers.values())
    assert "843.1" in text


def test_pinned_scenarios_stand_in_the_pictures_as_lines(page: Page) -> None:
    def marks(figure: str) -> str:
        return page.locator(f".wb-figure[data-key={figure}] svg").inner_html()

    before = {figure: marks(figure) for figure in ("reach", "tornado_capital")}
    page.locator("[data-act=pin]").click()
    page.locator(".wb-lever-uplift_zone .noUi-handle").focus()
    page.keyboard.press("End")
    page.locator("[data-act=pin]").click()
    page.wait_for_timeout(600)
    for figure, was in before.items():
        page.locator(f".wb-figure[data-key={figure}]").scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        now = marks(figure)
        assert ">A<" in now and ">B<" in now
        assert ">A<" not in was
    assert page.locator(".wb-compare thead th").count() == 3
