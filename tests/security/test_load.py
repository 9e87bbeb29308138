"""A crowd in short: more readers than places, and sessions that come and go."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from crowd import crowd, left_behind, memory, soak
from playwright.sync_api import Browser
from serving import ready, serving
from world import kernels, notebooks, python, visitor, within

pytestmark = [pytest.mark.slow]
ROOT = Path(__file__).parents[2]
PLACES, READERS = 5, 12
SERVER = """
from pathlib import Path
from analysis.publish import server
server.serve(port=8979, browser=False, folder=Path({folder!r}), max_kernels={places},
             max_per_address=2, behind_proxy=True, static_url="https://static.example/wb")
"""


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[str, psutil.Process, Path]]:
    """A site with few places, its process and its temporary folder."""
    with (
        tempfile.TemporaryDirectory() as name,
        notebooks() as folder,
        serving(python(SERVER, places=PLACES, folder=folder), {"TMPDIR": name}) as (site, server),
    ):
        ready(site)
        yield site, psutil.Process(server.pid), Path(name)


def test_those_admitted_are_answered_and_the_others_told_why(
    house: tuple[str, psutil.Process, Path],
) -> None:
    site, _, _ = house
    stays = crowd(site, READERS, 8)
    assert [stay.lost for stay in stays if stay.lost] == []
    assert sum(bool(stay.answers) for stay in stays) == PLACES
    assert all(stay.refused for stay in stays if not stay.answers)


def test_who_comes_and_goes_leaves_nothing(house: tuple[str, psutil.Process, Path]) -> None:
    site, server, folder = house
    soak(site, 20)
    assert within(10, lambda: not kernels(site))
    before, size = left_behind(server, folder), memory(server).all
    soak(site, 40)
    most = (before[0], before[1] + 2, before[2])

    def as_few() -> bool:
        return all(now <= was for now, was in zip(left_behind(server, folder), most, strict=True))

    assert within(15, as_few), (left_behind(server, folder), most)
    assert memory(server).all < 1.1 * size


def test_a_full_house_says_so_and_the_next_move_is_heard(
    browser: Browser, house: tuple[str, psutil.Process, Path]
) -> None:
    site, _, _ = house
    guests = [visitor(site) for _ in range(PLACES)]
    for number, one in enumerate(guests):
        one.opener.addheaders = [("X-Real-IP", f"10.1.0.{number}")]
    lines = [one.line(one.kernel()) for one in guests]
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}briefing/target_scenarios?lang=en")
    page.wait_for_selector("html[data-alive]")
    lever = page.locator(".wb-lever-uplift_outer .noUi-handle")
    with page.expect_response("**/kernel/target_scenarios*") as refused:
        lever.press("End")
    assert refused.value.status == 503
    assert refused.value.headers["retry-after"] == "60"
    fault = page.locator(".wb-fault")
    fault.get_by_text("Too many readers").wait_for()
    for line in lines:
        line.close()
    assert within(10, lambda: not kernels(site))
    lever.press("ArrowLeft")
    assert within(10, lambda: kernels(site) == 1)
    fault.wait_for(state="hidden")
    page.close()
