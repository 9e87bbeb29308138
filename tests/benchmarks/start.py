"""Seconds from `workbook serve` to the page that is asked for, and to all pages, beside a baseline.

    python tests/benchmarks/start.py [--baseline REVISION] [--rounds 3]

The baseline is checked out and installed in a folder of its own (`make .venv/.test`), which goes
again; the two take turns, so that what else the machine does weighs on both. Cold is with an
empty cache, warm with what the cold start kept. Compiled modules are there in all rounds.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).parents[2]
ASKED = "briefing/target_scenarios"
MEASURES = ("first page", "all pages", "processor")


@contextmanager
def checkout(revision: str) -> Iterator[Path]:
    """Give a revision's folder, with an environment of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "baseline"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", folder, revision], check=True)
        try:
            subprocess.run(["make", "-C", folder, ".venv/.test"], check=True)
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", folder], check=True)


class Watch(threading.Thread):
    """Notes what a server and each process that it started have computed, s.

    What ends meanwhile counts as it was last seen.
    """

    def __init__(self, server: int) -> None:
        super().__init__(daemon=True)
        self.server, self.known, self.over = psutil.Process(server), dict[int, float](), False

    def run(self) -> None:
        """Look again and again."""
        while not self.over:
            with suppress(psutil.NoSuchProcess):
                for process in [self.server, *self.server.children(recursive=True)]:
                    with suppress(psutil.NoSuchProcess):
                        times = process.cpu_times()
                        self.known[process.pid] = times.user + times.system
            time.sleep(0.2)

    def seconds(self) -> float:
        """Return what was computed in all."""
        self.over = True
        self.join()
        return sum(self.known.values())


def answered(address: str) -> bytes | None:
    """Return what an address answers, None while it does not, or not yet."""
    with suppress(OSError), urlopen(address, timeout=120) as answer:
        return bytes(answer.read())
    return None


def start(folder: Path, cache: Path) -> tuple[float, float, float]:
    """Start a site; return seconds to the page that is asked for, to all, and of computing."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    began = time.monotonic()
    server = subprocess.Popen(
        [folder / ".venv/bin/workbook", "serve", "--no-browser", "--port", str(port)],
        cwd=folder, stdout=subprocess.DEVNULL, env=env | {"WORKBOOK_CACHE": str(cache)},
    )  # fmt: skip
    watch = Watch(server.pid)
    watch.start()
    try:
        seconds = []
        for path in (ASKED, "readyz"):
            while (told := answered(f"http://localhost:{port}/{path}")) is None:
                if server.poll() is not None or time.monotonic() - began > 300:
                    raise RuntimeError(f"{folder}: no answer at /{path}")
                time.sleep(0.02)
            seconds.append(time.monotonic() - began)
            if path == ASKED and b"<svg" not in told:
                raise RuntimeError(f"{folder}: a page without its figures")
        return seconds[0], seconds[1], watch.seconds()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def compiled(folder: Path) -> None:
    """Compile the modules of a checkout, as its first start does."""
    command = [folder / ".venv/bin/python", "-m", "compileall", "-q", "analysis", ".venv/lib"]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)


def compare(folders: dict[str, Path], rounds: int) -> None:
    """Start each in turn, cold and warm, and print medians and their ratios."""
    found: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for folder in folders.values():
        compiled(folder)
    for _ in range(rounds):
        for name, folder in folders.items():
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as cache:
                for state in ("cold", "warm"):
                    found.setdefault((name, state), []).append(start(folder, Path(cache)))
    for state in ("cold", "warm"):
        print(f"{state}, s: " + ", ".join(MEASURES))
        medians = {
            name: [statistics.median(column) for column in zip(*found[name, state], strict=True)]
            for name in folders
        }
        for name, values in medians.items():
            print(f"  {name:9}" + "".join(f"{value:8.2f}" for value in values))
        if "baseline" in medians:
            pairs = zip(medians["here"], medians["baseline"], strict=True)
            print(f"  {'ratio':9}" + "".join(f"{here / base:8.2f}" for here, base in pairs))


def options(about: str) -> argparse.Namespace:
    """Read the command line: what to compare with, and how often."""
    said = argparse.ArgumentParser(description=about.splitlines()[0])
    said.add_argument("--baseline", help="a revision, or the folder of a checkout with .venv")
    said.add_argument("--rounds", type=int, default=3)
    return said.parse_args()


def with_baseline(
    given: argparse.Namespace, compare: Callable[[dict[str, Path], int], None]
) -> None:
    """Compare this checkout with the baseline that is asked for, if one is."""
    here = {"here": ROOT}
    if given.baseline is None:
        compare(here, given.rounds)
    elif Path(given.baseline).is_dir():
        compare({"baseline": Path(given.baseline).resolve(), **here}, given.rounds)
    else:
        with checkout(given.baseline) as folder:
            compare({"baseline": folder, **here}, given.rounds)


if __name__ == "__main__":
    with_baseline(options(__doc__), compare)
