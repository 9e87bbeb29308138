"""More readers than places who all want Python, for minutes; then a thousand who come and go.

    python tests/benchmarks/load.py [--places 60] [--readers 100] [--minutes 5] [--sessions 1000]

One site on loopback. Those who have a place move levers and are answered; the others read, and
ask again for a place. `--places 200 --readers 220` holds 200 places in use.
"""

from __future__ import annotations

import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import sync_playwright
from reaction import told

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "security")]
from crowd import AGAIN, Stay, crowd, left_behind, memory, soak, watched  # noqa: E402
from serving import ready, serving  # noqa: E402
from toolchain import readers_chromium  # noqa: E402
from world import notebooks, python  # noqa: E402

from analysis.publish.admission import KERNEL_BYTES  # noqa: E402

#: What the site may take beside its kernels, MB: the server, and a warm parent a notebook.
SERVER_MB, PARENT_MB = 300, 320
#: Seconds for which the server remembers a line that was closed; only then is its memory steady.
KEPT = 100
SERVER = """
from pathlib import Path
from analysis.publish import server
server.serve(port={port}, browser=False, folder=Path({folder!r}), max_kernels={places},
             max_per_address=2, behind_proxy=True)
"""


@contextmanager
def site(port: int, places: int, folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve with so many places; give the address and the server's process."""
    with notebooks() as listening:
        command = python(SERVER, port=port, places=places, folder=listening)
        with serving(command, {"TMPDIR": str(folder)}) as (address, server):
            ready(address)
            yield address, psutil.Process(server.pid)


def in_the_browser(address: str) -> bool:
    """Say whether a page with no place for Python moves its numbers, and says why it has none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=readers_chromium(), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{address}briefing/target_scenarios?lang=en")
        page.wait_for_selector("html[data-alive]")
        number = page.locator(".wb-card-number").first
        before = number.inner_text()
        page.locator(".wb-lever-uplift_zone .noUi-handle").focus()
        page.keyboard.press("End")
        fault = page.locator(".wb-fault")
        fault.wait_for()
        said, moved = fault.inner_text(), number.inner_text() != before
        browser.close()
    return moved and "Too many readers" in said


def main(places: int, readers: int, seconds: float, sessions: int, port: int) -> int:
    """Measure, print, and say whether the reach is met."""
    with (
        tempfile.TemporaryDirectory() as name,
        site(port, places, Path(name)) as (address, server),
    ):
        parents = sum(len(zygote.children()) for zygote in server.children())
        limit = SERVER_MB + parents * PARENT_MB + places * KERNEL_BYTES / 1e6
        quiet, before = memory(server), server.memory_info().rss
        from threading import Timer

        seen: list[bool] = []
        with watched(server) as most:
            timer = Timer(seconds / 2, lambda: seen.append(in_the_browser(address)))
            timer.start()
            stays = crowd(address, readers, seconds)
            at_once = server.memory_info().rss
            timer.join()
        checks = said(stays, places, seconds)
        checks["a page without Python moves and says why"] = seen == [True]
        print(f"  server {quiet.server:.0f} MB quiet, {most.server:.0f} MB at most; all "
              f"{quiet.all:.0f} and {most.all:.0f} MB; limit {limit:.0f} MB")  # fmt: skip
        checks["memory stays under its limit"] = most.all <= limit
        time.sleep(30)
        after, left = memory(server), server.memory_info().rss
        print(
            f"  30 s after all have left: all {after.all:.0f} MB ({after.all / quiet.all - 1:+.1%})"
        )
        print(f"  the server's RSS before {before / 1e6:.0f}, with all {at_once / 1e6:.0f}, after "
              f"{left / 1e6:.0f} MB ({left / before - 1:+.1%})")  # fmt: skip
        checks["memory is back within 10%"] = after.all <= 1.1 * quiet.all
        checks["the server's RSS is back within 10%"] = left <= 1.1 * before
        if sessions:
            checks |= soaked(address, server, sessions, Path(name))
    return told(checks)


def said(stays: list[Stay], places: int, seconds: float) -> dict[str, bool]:
    """Print what the readers met with."""
    answers = np.array([took for stay in stays for took in stay.answers] or [np.nan])
    pages = np.array([took for stay in stays for took in stay.pages])
    admitted = [stay for stay in stays if stay.answers]
    lost = [stay.lost for stay in stays if stay.lost]
    print(f"\n{len(stays)} readers, {places} places, {seconds:.0f} s")
    print(f"  admitted {len(admitted)}, refused {sum(s.refused for s in stays)} times; "
          f"{len(answers):,} answers: median {np.median(answers):.2f} s, "
          f"p95 {np.quantile(answers, 0.95):.2f} s, slowest {answers.max():.2f} s")  # fmt: skip
    print(f"  pages: median {np.median(pages):.2f} s, p95 {np.quantile(pages, 0.95):.2f} s")
    print(f"  lost: {lost or 'nobody'}")
    return {
        "as many as there are places are admitted": len(admitted) == min(places, len(stays)),
        "those admitted keep answering": all(len(s.answers) > seconds / 20 for s in admitted),
        "nobody's session is lost": not lost,
        "the others are told why": all(
            s.refused >= int(seconds / AGAIN / 2) for s in stays if not s.answers
        ),
    }


def soaked(address: str, server: psutil.Process, sessions: int, folder: Path) -> dict[str, bool]:
    """Open and close sessions by the score; print what they leave behind."""
    start = time.perf_counter()
    while time.perf_counter() - start < KEPT:
        soak(address, 50)
    time.sleep(5)
    before, size = left_behind(server, folder), memory(server)
    start = time.perf_counter()
    soak(address, sessions)
    took = time.perf_counter() - start
    time.sleep(5)
    after, now = left_behind(server, folder), memory(server)
    print(f"{sessions:,} sessions opened and closed in {took:.0f} s")
    print("  processes, descriptors, files before {}, {}, {}; after {}, {}, {}".format(
        *before, *after))  # fmt: skip
    print(f"  server {size.server:.1f} MB before, {now.server:.1f} MB after "
          f"({now.server / size.server - 1:+.1%})")  # fmt: skip
    return {
        "no process is left": after[0] <= before[0],
        "no descriptor is left": after[1] <= before[1],
        "no file is left": after[2] <= before[2],
        "memory is flat within 5%": abs(now.server / size.server - 1) <= 0.05,
    }


if __name__ == "__main__":
    asked = ArgumentParser()
    for option, usual in (("places", 60), ("readers", 100), ("sessions", 1000), ("port", 9340)):
        asked.add_argument(f"--{option}", type=int, default=usual)
    asked.add_argument("--minutes", type=float, default=5.0)
    given = asked.parse_args()
    sys.exit(main(given.places, given.readers, 60 * given.minutes, given.sessions, given.port))
