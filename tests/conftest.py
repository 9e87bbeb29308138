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
from playwright.sync_api import Browser, sync_playwright
from toolchain import CHROMIUM, JS, NODE, TOOLS, find, need, remedy

ROOT = Path(__file__).parent
#: Folders whose tests share what is dear to start: a served site, a database, a Java machine.
TOGETHER = ("browser", "ledger", "security")
#: Files of these folders that start what they need themselves.
APART = ("test_load.py", "test_plain.py", "test_static.py", "test_upload.py")


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


@pytest.hookimpl(tryfirst=True)  # before the marks are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each file's tests, or such a folder's, on one of the processes that run them.

    The long groups come first, so that the short ones fill what time they leave.
    """

    def shares(item: pytest.Item) -> bool:
        folder = item.path.relative_to(ROOT).parts[0]
        return folder in TOGETHER and item.path.name not in APART

    for item in items:
        group = item.path.parent.name if shares(item) else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: (not shares(item), "slow" not in item.keywords))


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
