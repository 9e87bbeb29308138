"""Four tasks done by keyboard alone, by touch alone, by what a screen reader is told alone.

Each counts its steps, which may get fewer and not more: keys pressed, taps and swipes, or what is
heard until the one sought, and activated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from playwright.sync_api import Download, Locator, Page
from reading import ALIVE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
#: What both targets at their upper level take, in the page's link and in its workbook.
LEAST = ("CNY 936 billion", "40.00%")
SCENARIO = "v1;uplift_zone=42.7717;share_central=25.4758;share_outer=48.4758;share_zone=52.4345"
#: Waits until what opens stands.
STILL = "(e) => Promise.all(e.getAnimations().map(({ finished }) => finished))"
BEHIND = re.compile("Qiaokou.*63.36.*−20.85", re.DOTALL)


@dataclass
class Keys:
    """A reader with a keyboard, who sees the page."""

    page: Page
    steps: int = 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.steps += 1

    def focused(self) -> str:
        """What has the focus, as it is named: `button "Table"`."""
        return self.page.locator(":focus").first.aria_snapshot().removeprefix("- ")

    def to(self, wanted: str, key: str = "Tab") -> None:
        """Go on until what is wanted has the focus; within a toolbar by arrow key."""
        name = wanted.partition('"')[2].rstrip('"') or wanted
        for _ in range(150):
            inside = self.page.locator("[role=toolbar]:focus-within")
            found = inside.locator("button").filter(has_text=name)
            self.press("ArrowRight" if key == "Tab" and found.count() else key)
            if self.focused().startswith(wanted):
                return
        raise AssertionError(f"the keyboard does not come to {wanted}")

    def open(self, wanted: str) -> None:
        self.to(wanted)
        self.press("Enter")

    def section(self, title: str) -> None:
        """Go to a part of the page by its contents."""
        if self.page.locator("a.wb-to-contents").count():
            self.open('link "Skip to the contents')
        self.open(f'link "{title}')
        self.page.wait_for_function("() => document.activeElement.tabIndex === -1")

    def choose_any(self, target: str) -> None:
        self.to(f'combobox "{target}')
        self.press("Home")

    def use(self, name: str) -> None:
        self.open(f'button "{name}')

    def page_called(self, name: str) -> None:
        self.open(f'link "{name}"')
        self.page.wait_for_selector(ALIVE)

    def copy_link(self) -> None:
        self.to('button "Copy link"', key="Shift+Tab")
        self.press("Enter")


@dataclass
class Finger:
    """A reader with a phone, who sees what is on its screen."""

    page: Page
    steps: int = 0

    def tap(self, seen: Locator) -> None:
        """Swipe until it is on the screen and nothing covers it, then tap it."""
        seen.wait_for(state="attached")
        for _ in range(40):
            where = seen.evaluate(
                """(e) => {
                  const { left, right, top, bottom } = e.getBoundingClientRect();
                  const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2,
                                  (top + bottom) / 2];
                  const hit = document.elementFromPoint(x, y);
                  const on = Boolean(hit) && (e.contains(hit) || hit.contains(e));
                  return { x, y, left, right, hit: on };
                }"""
            )  # fmt: skip
            if where["hit"]:
                break
            self.swipe(where)
        else:
            raise AssertionError(f"the finger does not come to {seen}")
        self.page.touchscreen.tap(where["x"], where["y"])
        self.steps += 1

    def swipe(self, where: dict[str, float]) -> None:
        """Move the page, what is open over it, or a line that is wider than the screen."""
        size = self.page.viewport_size
        assert size
        aside = where["left"] > size["width"] - 24 or where["right"] < 24
        over = self.page.locator("[popover]:popover-open, .wb-levers[data-open]")
        high = over.count() > 0 and not aside
        before, x, y = size["width"] // 2, 0, size["height"] // 2
        if aside:
            x, y = (-300 if where["left"] > 0 else 300), int(where["y"])
            before = 340 if x < 0 else 40
            moves = [(before + x * i // 10, y) for i in range(11)]
        else:
            if high:
                over.first.evaluate(STILL)
                box = over.first.bounding_box()
                assert box
                y = int(box["y"] + box["height"] / 2)
            far = int((box["height"] if high else size["height"]) * 0.6)
            step = -far if where["y"] > y else far
            start = y - step // 2
            moves = [(before, start + step * i // 10) for i in range(11)]
        self.glide(moves)
        self.steps += 1

    def glide(self, moves: list[tuple[int, int]]) -> None:
        """Set a finger down, move it through places of the screen and lift it."""
        client = self.page.context.new_cdp_session(self.page)
        for i, (at, down) in enumerate(moves):
            kind = "touchStart" if i == 0 else "touchMove"
            client.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at, "y": down}]}
            )
            self.page.wait_for_timeout(16)
        self.page.wait_for_timeout(80)  # no fling
        client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.page.wait_for_timeout(150)
        client.detach()

    def named(self, role: Any, name: str) -> Locator:
        """The first of that name on the screen, or below."""
        found = self.page.get_by_role(role, name=name).locator("visible=true")
        tops = [(one.bounding_box() or {"y": -1})["y"] for one in found.all()]
        return found.nth(next((i for i, top in enumerate(tops) if top > 0), 0))

    def section(self, title: str) -> None:
        self.tap(self.named("button", "Contents"))
        self.tap(self.page.locator("#wb-contents").get_by_role("link", name=title))
        self.page.wait_for_timeout(1000)  # it glides there

    def open(self, wanted: str) -> None:
        role, name = re.fullmatch(r'(\w+) "([^"]+)"?', wanted).groups()  # type: ignore[union-attr]
        self.tap(self.named(role, name))

    def choose_any(self, target: str) -> None:
        select = self.named("combobox", target)
        self.tap(select)
        select.select_option("none")  # the phone's own list, one tap in it
        self.steps += 1

    def use(self, name: str) -> None:
        self.tap(self.named("button", name))

    def page_called(self, name: str) -> None:
        self.tap(self.page.locator(".wb-nav").get_by_role("link", name=name))
        self.page.wait_for_selector(f"{ALIVE} a[aria-current=page]:has-text('{name}')")

    def copy_link(self) -> None:
        self.tap(self.page.locator(".wb-handle"))
        self.use("Copy link")


@dataclass
class Ear:
    """A reader with a screen reader: lines of the page's tree, in their order or one kind alone."""

    page: Page
    steps: int = 0
    at: int = -1
    last: str = ""

    def lines(self) -> list[str]:
        told = self.page.locator("body").aria_snapshot().splitlines()
        found = [line.strip().removeprefix("- ").removesuffix(":") for line in told]
        return [line[1:-1] if line[:1] == line[-1:] == "'" else line for line in found]

    def hear(self, wanted: str, among: str = "") -> str:
        """Listen on until a line begins so; lines of other kinds than asked for are skipped."""
        lines = self.lines()
        same = [i for i, line in enumerate(lines) if line.split(" [")[0] == self.last]
        self.at = min(same, key=lambda i: abs(i - self.at), default=self.at)  # the page may change
        for i in range(self.at + 1, len(lines)):
            if among and lines[i].split(" ")[0] not in among.split("|"):
                continue
            self.steps += 1
            if lines[i].startswith(wanted):
                self.at, self.last = i, lines[i].split(" [")[0]
                return lines[i]
        raise AssertionError(f"{wanted} is not heard")

    def open(self, wanted: str) -> None:
        """Listen to what is of its role, and activate the one that is wanted."""
        line = self.hear(wanted, among=wanted.split(" ")[0])
        role, name = re.match(r'(\w+) "(.*?)"(?: |:|$)', line).groups()  # type: ignore[union-attr]
        before = [one for one in self.lines()[: self.at] if one.startswith(f'{role} "{name}"')]
        found = self.page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        found.nth(len(before)).evaluate("(e) => e.click()")
        self.steps += 1

    def section(self, title: str) -> None:
        self.hear(f'heading "{title}', among="heading")

    def choose_any(self, target: str) -> None:
        self.hear(f'combobox "{target}', among="combobox")
        self.page.get_by_role("combobox", name=target).last.select_option("none")
        self.steps += 2  # opened, and the first of its options

    def use(self, name: str) -> None:
        self.open(f'button "{name}')

    def page_called(self, name: str) -> None:
        self.open(f'link "{name}"')
        self.page.wait_for_selector(f"{ALIVE} a[aria-current=page]:has-text('{name}')")
        self.at, self.last = -1, ""

    def copy_link(self) -> None:
        self.at, self.last = -1, ""  # from the top
        self.use("Copy link")


Reader = Keys | Finger | Ear
READERS: dict[str, tuple[type[Reader], dict[str, Any]]] = {
    "keyboard": (Keys, {}),
    "touch": (Finger, {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}),
    "screen reader": (Ear, {}),
}


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest, opened: Any) -> Iterator[Callable[[str], Reader]]:
    """Open a page as one who has nothing but that; the count of steps is told at the end."""
    kind, settings = READERS[request.param]
    there: list[Reader] = []

    def come(path: str) -> Reader:
        page = opened(path, permissions=["clipboard-read", "clipboard-write"], **settings)
        there.append(kind(page))
        return there[-1]

    yield come
    print(f"\n{request.node.originalname}, {request.param}: {sum(r.steps for r in there)} steps")


def within(reader: Reader, task: str) -> None:
    """Hold a reader to the steps that the documentation tells of a task."""
    told = (Path(__file__).parents[2] / "docs" / "compared.md").read_text("utf-8")
    (row,) = (line for line in told.splitlines() if line.startswith(f"| {task} |"))
    most = int(row.split("|")[2 + [Keys, Finger, Ear].index(type(reader))])
    assert reader.steps <= most, f"{reader.steps} steps; {most} were enough"


def test_a_finger_scrolls_over_a_track_and_drags_its_handle(opened: Any) -> None:
    page = opened("briefing/target_scenarios?lang=en", **READERS["touch"][1])
    finger = Finger(page)
    finger.tap(page.locator(".wb-handle"))
    sheet, lever = page.locator(".wb-levers"), page.locator(".wb-lever-uplift_central")
    sheet.evaluate(STILL)
    box = lever.locator(".noUi-target").bounding_box()
    at = lever.locator(".noUi-handle").bounding_box()
    assert box and at
    value, y = lever.locator(".widget-readout"), int(box["y"] + box["height"] / 2)
    before, x = value.inner_text(), int(box["x"] + box["width"] * 0.1)
    assert x < at["x"] - 24, "on the track alone"
    finger.glide([(x, y - 20 * i) for i in range(8)])
    assert sheet.evaluate("(e) => e.scrollTop") > 60 and value.inner_text() == before
    y = int(lever.locator(".noUi-target").bounding_box()["y"] + 2)
    x = int(at["x"] + at["width"] / 2)
    finger.glide([(x + 5 * i, y) for i in range(8)])
    assert float(value.inner_text()) > float(before)


def test_the_first_slider_is_a_few_keys_away(opened: Any) -> None:
    keys = Keys(opened("briefing/target_scenarios?lang=en"))
    keys.open('link "Skip to the levers')
    keys.to('slider "Central districts')
    assert keys.steps <= 8


@pytest.mark.parametrize(
    ("slug", "said"), [("districts", "Shared at 25%"), ("chains", "conversion of 64%")]
)
def test_a_lever_that_moves_no_target_says_what_it_moves(opened: Any, slug: str, said: str) -> None:
    page = opened(f"briefing/{slug}?lang=en")
    page.locator(".noUi-handle").first.focus()
    page.keyboard.press("PageUp")
    page.locator(".wb-announce", has_text=said).wait_for(state="attached")


def test_find_who_is_furthest_behind(reader: Callable[[str], Reader]) -> None:
    one = reader("?lang=en")
    one.page_called("Districts")
    one.section("8 districts are on schedule, 6 are behind")
    one.use("Table")
    one.use("Of floor (%)")
    rows = one.page.locator("[data-key=map] .wb-behind tbody tr")
    assert BEHIND.search(rows.first.inner_text())
    if isinstance(one, Ear):
        assert BEHIND.search(one.hear("row", among="row"))
    within(one, "Find the district that is furthest behind")


def reached(one: Reader) -> None:
    """Reach both targets' upper levels with the least increment, and know that it is so."""
    one.page_called("Target scenarios")
    one.section("Meeting the targets with the least increment")
    for growth in ("Growth of foreign capital actually utilized", "Growth of FDI"):
        one.choose_any(growth)
    one.use("Use as scenario")
    one.page.wait_for_url(f"**{SCENARIO}")
    cards = one.page.locator(".wb-card-value").all_inner_texts()
    assert tuple(cards[:2]) == LEAST
    if isinstance(one, Ear):
        told = one.page.locator(".wb-announce")
        told.filter(has_text="CNY 936 billion").wait_for(state="attached")
        one.steps += 1  # it is said unasked


def test_reach_the_targets_with_the_least_change(reader: Callable[[str], Reader]) -> None:
    one = reader("?lang=en")
    reached(one)
    within(one, "Reach the upper levels of capital and industrial share with the least change")


def test_send_it_to_a_colleague(reader: Callable[[str], Reader]) -> None:
    one = reader("?lang=en")
    reached(one)
    one.steps = 0
    one.copy_link()
    one.page.locator(".wb-told", has_text="Link copied").wait_for()
    link = one.page.evaluate("navigator.clipboard.readText()")
    assert unquote(link).endswith(f"s={SCENARIO}")
    within(one, "Send that scenario to a colleague")


def test_take_the_numbers_into_excel(reader: Callable[[str], Reader], tmp_path: Path) -> None:
    one = reader(f"briefing/target_scenarios?lang=en&s={SCENARIO}")

    def taken(start: Callable[[], None]) -> Download:
        with one.page.expect_download(timeout=120_000) as waiting:
            start()
        return waiting.value

    if isinstance(one, Finger):
        one.tap(one.page.locator(".wb-export summary"))
    elif isinstance(one, Keys):
        one.open("text: Export")
    else:
        one.hear("group: Export", among="group:")
        one.page.locator(".wb-export summary").evaluate("(e) => e.click()")
    file = taken(lambda: one.open('link "Excel tables'))
    file.save_as(tmp_path / "taken.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "taken.xlsx")
    rows = [[cell.value for cell in row] for sheet in sheets for row in sheet.iter_rows()]
    link = next(row[1] for row in rows if row[0] == "Link")
    assert set(link.split(";")) == set(SCENARIO.split(";"))
    within(one, "Take its numbers into Excel")
