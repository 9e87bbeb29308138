"""What all tests share: one Chromium a process, and who runs beside whom on two cores."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from toolchain import CHROMIUM, JS, NODE, TOOLS, find, need, remedy

#: What is dear to start: tests that use the same of it run in one process. The longest first.
SHARED = ("site", "guarded", "open_doors", "static", "irish", "postgres_cluster", "spark_ledgers")

# How long one example takes says only what else the machine does.
settings.register_profile("workbook", deadline=None)
settings.load_profile("workbook")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    program = need(CHROMIUM)
    if node := find(NODE):  # Playwright's own lacks a library on bare machines
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def packages() -> Path:
    """The browser half's folder, with its locked packages in place and Node.js on PATH."""
    need(NODE)
    assert (JS / "node_modules" / ".package-lock.json").is_file(), "`make tools` installs them"
    return JS


@pytest.fixture
def alone() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine in a loop of its own; the browser's tests have one in this thread."""

    def run(story: Coroutine[Any, Any, Any]) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, story).result()

    return run


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the suite's own option."""
    parser.addoption(
        "--kills", type=int, default=20, help="how many imports are killed in a ledger's folder"
    )


@pytest.hookimpl(tryfirst=True)  # before the marks are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share what is dear, or else a file, on one of the processes that run them.

    A test that says itself with which others it goes stays with those.

    The long groups come first, so that the short ones fill what time they leave.
    """

    order = (*SHARED, None)
    for item in items:
        if name := shared(item):
            item.add_marker(pytest.mark.shared)
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(name or item.path.stem))
    items.sort(key=lambda item: (order.index(shared(item)), "slow" not in item.keywords))


def shared(item: pytest.Item) -> str | None:
    """Return which of the shared things a test uses, itself or by a parameter's name."""
    parameters = getattr(item, "callspec", None)
    named = [str(each) for each in parameters.params.values()] if parameters else []
    used = {*item.fixturenames, *named}  # type: ignore[attr-defined]
    return next((name for name in SHARED if name in used), None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say last which tests a missing tool left out, and how to get it."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    for tool in TOOLS:
        left = [each.nodeid for each in skipped if f"{tool.name} is missing" in str(each.longrepr)]
        if left:
            files = Counter(name.split("::")[0] for name in left)
            named = ", ".join(f"{file} ({count})" for file, count in sorted(files.items()))
            print(f"\nLeft out for want of {tool.name}: {named}.\nTo run them: {remedy(tool)}.")
