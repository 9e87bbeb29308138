"""Kernels from their fork to their end, whoever dies first; nothing is left behind."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import nbformat
import psutil
import pytest
from playwright.sync_api import Browser
from serving import serving
from talk import heard, update, widget
from test_pages import ATTACH
from world import MOST, children, forked, houses, kernels, parents, python, visitor, within

from analysis.cache import cache_dir

pytestmark = [pytest.mark.slow]
ROOT = Path(__file__).parents[2]


def test_two_readers_have_kernels_of_their_own(guarded: str) -> None:
    board, _ = widget(guarded, "dataflow")
    slider, _ = widget(guarded, "FloatSliderModel")
    guests = [visitor(guarded) for _ in range(2)]
    lines = [one.line(one.kernel()) for one in guests]
    lines[0].send_binary(update(slider, {"value": 12.0}))
    heard(lines[0])
    from analysis.model import load_model

    levers = load_model().defaults
    lines[1].send_binary(update(board, {"settled": {"levers": levers, "serial": 3}}))
    told = heard(lines[1], 10)
    assert "12.0" not in json.dumps([m["content"] for m in told if "data" in m["content"]])
    for line in lines:
        line.close()


def test_a_scenario_is_heard_again_after_the_kernels_death(browser: Browser, empty: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{empty}briefing/target_scenarios?lang=en")
    page.wait_for_selector("html[data-alive]")
    assert not kernels(empty), "who moves nothing needs no kernel"
    drawing = forked(empty)  # who draws a link's pictures is forked, too, and stays for the next
    lever = page.locator(".wb-lever-uplift_outer .noUi-handle")
    lever.focus()
    page.keyboard.press("End")
    assert within(12, lambda: kernels(empty) == 1 and bool(forked(empty) - drawing))
    dead = forked(empty) - drawing
    for process in dead:
        process.send_signal(signal.SIGKILL)

    def moved_and_heard() -> bool:
        lever.press("ArrowLeft")
        page.wait_for_timeout(1500)  # the first may find the line just gone: the page says so
        return bool(forked(empty) - drawing - dead)

    assert within(20, moved_and_heard)
    page.close()


def test_who_asks_twice_at_once_takes_one_place(browser: Browser, guarded: str) -> None:
    page = browser.new_page()
    page.goto(f"{guarded}briefing/target_scenarios")
    page.wait_for_selector("html[data-alive]")
    asked = []
    page.on(
        "request", lambda request: asked.append(request.url) if "/kernel/" in request.url else 0
    )
    page.evaluate(f"() => Promise.all([{ATTACH}, {ATTACH}])")
    page.evaluate(f"() => {ATTACH}")
    assert len(asked) == 1
    page.close()


def test_a_page_that_gets_no_answer_leaves_its_kernel(browser: Browser, guarded: str) -> None:
    page = browser.new_page()
    page.route_web_socket(re.compile("/channels"), lambda line: None)  # opens, and says nothing
    page.goto(f"{guarded}briefing/target_scenarios")
    page.wait_for_selector("html[data-alive]")
    page.evaluate(
        """() => {
            const { close } = WebSocket.prototype;
            WebSocket.prototype.close = function (...about) {
                globalThis.left = true;
                return close.apply(this, about);
            };
            const { setTimeout } = globalThis;
            const soon = (ms) => Math.min(ms, 500);
            globalThis.setTimeout = (act, ms, ...rest) => setTimeout(act, soon(ms), ...rest);
        }"""
    )
    assert page.evaluate(f"() => {ATTACH}.then(() => 'attached', () => 'refused')") == "refused"
    assert page.evaluate("() => globalThis.left === true")
    page.close()


def _is_kernel(process: psutil.Process) -> bool:
    parent = process.parent()
    return parent is not None and "analysis.publish.warm" in " ".join(parent.cmdline())


def test_ready_says_when_every_page_is_there(guarded: str) -> None:
    def ready() -> bool:
        try:
            with urlopen(f"{guarded}readyz") as answer:
                return bool(json.load(answer)["ready"])
        except OSError:
            return False

    assert within(90, ready)
    with urlopen(f"{guarded}metrics") as answer:
        told = answer.read().decode()
    assert f"workbook_kernels_limit {MOST}.0\n" in told


def test_a_parent_holds_one_thread_and_no_socket_but_its_own(guarded: str) -> None:
    zygotes = children(psutil.Process(houses[guarded].pid))
    assert len(zygotes) == 1 and parents(guarded)
    for parent in zygotes | parents(guarded):
        assert parent.num_threads() == 1
        held = [str(fd.readlink()) for fd in Path(f"/proc/{parent.pid}/fd").iterdir()]
        lines = 2 if parent in zygotes else 1  # the zygote has one to who draws, too
        assert sum(name.startswith("socket:") for name in held) == lines
        assert "A_TOKEN" not in parent.environ()
    assert "A_TOKEN" in psutil.Process(houses[guarded].pid).environ()


def test_a_changed_notebook_is_run_anew_and_a_broken_one_leaves_the_last_good_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    from analysis.publish import parents as site
    from analysis.publish.parent import ParentError
    from analysis.publish.parents import Parents

    monkeypatch.setattr(site, "QUIET", 0.1)

    def write(source: str) -> None:
        cells = [nbformat.v4.new_code_cell(source)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "1_page.ipynb")

    async def story() -> list[str]:
        parents = Parents([tmp_path / "1_page.ipynb"])

        async def shown() -> str:
            parents._stamps.clear()
            return str((await parents.of("1_page")).page["cells"][0]["text"])

        try:
            write("print('first')")
            told = [await shown()]
            write("print('second')")
            told.append(await shown())  # the old page stands while the new one is made
            await asyncio.gather(*parents._raising.values())
            told.append(await shown())
            write("import os; os._exit(3)")
            await shown()
            await asyncio.gather(*parents._raising.values(), return_exceptions=True)
            told.append(await shown())
            assert len(parents._retired) <= 1
            return told
        finally:
            parents.close()

    assert alone(story()) == ["first\n", "first\n", "second\n", "second\n"]

    async def never() -> None:
        parents = Parents([tmp_path / "1_page.ipynb"])
        with pytest.raises(ParentError, match="did not run"):
            await parents.of("1_page")
        parents.close()

    alone(never())


def test_who_forks_the_parents_is_started_again_and_leaves_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, alone: Any
) -> None:
    from analysis.publish import parents as site
    from analysis.publish.parents import Parents

    monkeypatch.setattr(site, "QUIET", 0.0)
    cells = [nbformat.v4.new_code_cell("print('here')")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "1_page.ipynb")

    async def story() -> None:
        here = Parents([tmp_path / "1_page.ipynb"])
        try:
            before = await here.of("1_page")
            assert here.zygote._process is not None
            here.zygote._process.kill()
            assert within(5, lambda: not before.alive), "whom it forked ends with it"
            after = await here.of("1_page")
            assert after.alive and after.page["number"] == before.page["number"]
            assert "is gone, and they with it" in caplog.text
            family = [here.zygote._process.pid, after.process.pid]
        finally:
            here.close()
        assert within(5, lambda: not any(map(psutil.pid_exists, family)))

    alone(story())


def test_a_page_of_earlier_data_gets_no_kernel_of_newer_ones(guarded: str) -> None:
    one = visitor(guarded)
    one.get("briefing/target_scenarios")
    status, body = one.post("kernel/target_scenarios?page=earlier")
    assert status == 409
    assert "reload" in json.loads(body)["reason"]["en"]
    assert set(json.loads(body)["reason"]) == {"zh", "en"}


def page_served(site: str) -> str:
    return visitor(site).get("briefing/capital_inflow")[1].decode()


def told_by(site: str) -> dict[str, Any]:
    """What a page embeds: its number, and its widgets' ids."""
    return dict(json.loads(page_served(site).split('id="wb-data">')[1].split("</script>")[0]))


STALE = 'class="wb-note wb-stale"'
#: A site of one briefing on a copy of the data, with a cache of its own.
COPY = """
from analysis.publish import parents, server
parents.QUIET = 0.3
server.serve(port={port}, browser=False, folder=__import__("pathlib").Path({folder!r}))
"""


@contextmanager
def on_a_copy(port: int, here: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    """Serve one briefing from a copy of the data, and give its address and process."""
    env = {"WORKBOOK_DATA": str(here / "data"), "WORKBOOK_CACHE": str(here / "cache")}
    command = python(COPY, port=port, folder=str(here / "notebooks"))
    with serving(command, env) as found:
        yield found


def test_the_last_good_page_stays_with_its_date_also_over_a_killed_servers_restart(
    tmp_path: Path,
) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "1_capital_inflow.ipynb", tmp_path / "notebooks")
    shutil.copytree(cache_dir(), tmp_path / "cache")
    for page in (tmp_path / "cache").glob("page-*"):
        page.unlink()
    floors = tmp_path / "data" / "plans" / "wuhan_2021" / "targets.csv"
    whole = floors.read_text("utf-8")
    broken = {
        "cut": whole[: len(whole) // 2],
        "older": whole.replace(",confidence", "", 1),
        "missing": None,
    }

    def put(text: str | None) -> None:
        if text is None:
            floors.unlink()
            return
        part = floors.with_suffix(".part")
        part.write_text(text, "utf-8")
        part.replace(floors)

    with on_a_copy(8971, tmp_path) as (site, server):
        good, here = page_served(site), told_by(site)
        assert "8,431" in good
        assert STALE not in good
        for text in broken.values():
            put(text)
            assert within(60, lambda: STALE in page_served(site))
            said = page_served(site)
            assert "8,431" in said
            assert "本页是此前的版本" in said
            assert "earlier version of the page" in said
            assert re.search(r"<time>20\d\d-\d\d-\d\d \d\d:\d\d", said)
            front = visitor(site).get("")[1].decode()
            assert "8,431" in front
            assert STALE in front
        put(whole)
        assert within(60, lambda: STALE not in page_served(site))
        one = visitor(site)
        heard(one.line(one.kernel("capital_inflow")))
        left = psutil.Process(server.pid).children(recursive=True)
        assert any(_is_kernel(process) for process in left)
        put(None)
        server.kill()
        assert within(30, lambda: not psutil.wait_procs(left, timeout=0)[1])
    with on_a_copy(8972, tmp_path) as (site, _):
        said = page_served(site)
        assert STALE in said
        assert "8,431" in said
        one = visitor(site)
        one.get("briefing/capital_inflow")
        assert one.post("kernel/capital_inflow")[0] == 503
        put(whole)
        assert within(60, lambda: STALE not in page_served(site))
        # After a restart, as on another machine, a page has the widgets that it had.
        there = told_by(site)
        assert there["number"] == here["number"]
        assert set(there["state"]["state"]) == set(here["state"]["state"])
        status, body = one.post(f"kernel/capital_inflow?page={here['number']}")
        assert status == 200
        one.line(json.loads(body)["id"]).close()
