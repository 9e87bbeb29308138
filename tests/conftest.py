"""What all tests share: one Chromium a process, and who runs beside whom on two cores."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent
JS = ROOT.parent / "js"
#: Folders whose tests share what is dear to start: a served site, a database, a Java machine.
TOGETHER = ("browser", "ledger", "security")
#: Files of these folders that start what they need themselves.
APART = ("test_load.py", "test_plain.py", "test_static.py", "test_upload.py")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The browser half's folder, with its locked packages in place; installed by one process."""
    assert shutil.which("node"), "the browser's half is tested by node: install Node.js 20 or newer"
    # The folder above a process's own is the run's.
    with FileLock(tmp_path_factory.getbasetemp().parent / "packages.lock"):
        # What npm writes last: an installation under way or broken off is not taken for a whole.
        if not (JS / "node_modules" / ".package-lock.json").is_file():
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=JS, check=True)
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
