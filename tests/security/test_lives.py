"""Kernels from their fork to their end, whoever dies first; nothing is left behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from playwright.sync_api import Browser
from test_attacks import heard, update, widget
from world import SERVER, kernels, running, visitor

from analysis.publish.connection import parsed
from analysis.publish.parents import launch

pytestmark = [pytest.mark.slow]
ROOT = Path(__file__).parents[2]


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def warm_processes(server: int) -> list[psutil.Process]:
    """Return the server's warm parents and the kernels forked from them."""
    return psutil.Process(server).children(recursive=True)


def test_two_readers_have_kernels_of_their_own(guarded: str) -> None:
    board, _ = widget(guarded, "dataflow")
    slider, _ = widget(guarded, "FloatSliderModel")
    guests = [visitor(guarded) for _ in range(2)]
    lines = [one.line(one.kernel()) for one in guests]
    lines[0].send_binary(update(slider, {"value": 12.0}))
    heard(lines[0])
    from analysis.model import load_model

    levers = load_model().defaults
    lines[1].send_binary(update(board, {"question": {"levers": levers, "serial": 3}}))
    told = heard(lines[1], 10)
    assert "12.0" not in json.dumps([m["content"] for m in told if "data" in m["content"]])
    for line in lines:
        line.close()


def test_a_restarted_question_after_the_kernels_death(browser: Browser, guarded: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{guarded}briefing/target_scenarios?lang=en#s=v1;uplift_zone=12")
    page.wait_for_selector("html[data-alive]")
    answered = (
        "() => !document.querySelector('.wb-answer[data-earlier]')"
        " && document.querySelector('.wb-ask').disabled"
    )
    page.locator(".wb-ask").click()
    page.wait_for_function(answered)
    forked = [p for p in psutil.process_iter(["cmdline"])
              if "analysis.publish.warm" in " ".join(p.info["cmdline"] or [])
              and p.ppid() != 1 and _is_kernel(p)]  # fmt: skip
    assert forked
    for process in forked:
        process.send_signal(signal.SIGKILL)
    page.locator(".wb-lever-uplift_outer .noUi-handle").focus()
    page.keyboard.press("End")
    page.wait_for_function("() => !document.querySelector('.wb-ask').disabled")
    # The first try may find the line just gone: the page says so, and the same button goes on.
    for _ in range(3):
        page.locator(".wb-ask").click()
        try:
            page.wait_for_function(answered, timeout=12_000)
            break
        except Exception:
            assert "just now" in page.locator(".wb-panel:has(.wb-ask)").inner_text()
    page.wait_for_function(answered, timeout=1_000)
    page.close()


def _is_kernel(process: psutil.Process) -> bool:
    parent = process.parent()
    return parent is not None and "analysis.publish.warm" in " ".join(parent.cmdline())


def test_nothing_outlives_a_killed_server() -> None:
    code = SERVER.format(off="", port=8975)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as server:
        assert server.stdout is not None
        site = next(line for line in server.stdout if "http" in line).split("at ")[1].strip()
        one = visitor(site)
        line = one.line(one.kernel())
        heard(line)
        left = warm_processes(server.pid)
        assert any(_is_kernel(process) for process in left)
        server.kill()
    assert within(5, lambda: not any(p.is_running() and p.status() != "zombie" for p in left))


def test_many_sessions_leave_no_process_and_no_descriptor() -> None:
    with running(8976) as site:
        server = next(
            p for p in psutil.process_iter(["cmdline"])
            if "8976" in " ".join(p.info["cmdline"] or []) and "-c" in (p.info["cmdline"] or [])
        )  # fmt: skip

        def session() -> None:
            one = visitor(site)
            line = one.line(one.kernel())
            line.close()
            assert within(5, lambda: kernels(site) == 0)

        for _ in range(3):
            session()
        before = server.num_fds(), len(warm_processes(server.pid))
        for _ in range(12):
            session()
        assert within(5, lambda: len(warm_processes(server.pid)) <= before[1])
        assert within(5, lambda: server.num_fds() <= before[0] + 2)


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
    assert "workbook_kernels_limit 4" in told


def test_a_parent_holds_one_thread_and_no_socket_but_its_own() -> None:
    parent = launch(ROOT / "notebooks" / "1_capital_inflow.ipynb")
    try:
        parent.control.setblocking(True)
        assert parsed(b"") is None
        while not parent.control.recv(1 << 20).endswith(b"\n"):
            continue
        process = psutil.Process(parent.process.pid)
        assert process.num_threads() == 1
        sockets = [
            fd for fd in Path(f"/proc/{process.pid}/fd").iterdir()
            if str(fd.readlink()).startswith("socket:")
        ]  # fmt: skip
        assert len(sockets) == 1
        assert not any("TOKEN" in key or "SECRET" in key for key in process.environ())
    finally:
        parent.retire()
        parent.process.wait(timeout=10)


def test_a_changed_notebook_is_run_anew_and_a_broken_one_leaves_the_last_good_page(
    tmp_path: Path,
) -> None:
    import asyncio

    import nbformat

    from analysis.publish.parents import ParentError, Parents

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

    def alone(story: Coroutine) -> object:
        """Run it in a loop of its own; the browser's tests have one in this thread."""
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, story).result()

    assert alone(story()) == ["first\n", "first\n", "second\n", "second\n"]

    async def never() -> None:
        parents = Parents([tmp_path / "1_page.ipynb"])
        with pytest.raises(ParentError, match="did not run"):
            await parents.of("1_page")
        parents.close()

    alone(never())
