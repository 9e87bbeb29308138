"""A JupyterLab of its own on a folder, and a notebook run in it by its menu."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

import psutil
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

WORKBOOK_LAB = (Path(sys.executable).with_name("workbook"), "lab")
DARK, LIGHT = "JupyterLab Dark", "JupyterLab Light"
ERRORS = """() => [...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.error"],\
 [data-mime-type="application/vnd.jupyter.stderr"]')].map((one) => one.textContent.slice(0, 300))"""
BUSY = """() => [...document.querySelectorAll('.jp-InputPrompt')].every(
  (prompt) => !prompt.textContent.includes('*'))"""
BEGUN = """() => [...document.querySelectorAll('.jp-InputPrompt')].some(
  (prompt) => /[*0-9]/.test(prompt.textContent))"""


@contextmanager
def lab_on(
    folder: Path, theme: str = LIGHT, command: Sequence[str | Path] = WORKBOOK_LAB
) -> Iterator[str]:
    """Start JupyterLab on a folder, by a command that takes one, and give its address.

    It keeps its settings apart from the user's; with its kernels it ends at the end.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        place = Path(name)
        settings = {
            "themes": {"theme": theme},
            "notification": {"fetchNews": "false", "checkForUpdates": False},
        }
        own = place / "settings" / "@jupyterlab" / "apputils-extension"
        own.mkdir(parents=True)
        for key, values in settings.items():
            (own / f"{key}.jupyterlab-settings").write_text(json.dumps(values))
        with socket.socket() as free:
            free.bind(("localhost", 0))
            port = free.getsockname()[1]
        given = {"JUPYTERLAB_SETTINGS_DIR": place / "settings", "JUPYTER_CONFIG_DIR": place,
                 "JUPYTERLAB_WORKSPACES_DIR": place / "spaces"}  # fmt: skip
        # Without `--`, which not every command takes, what begins with a dash goes to Jupyter.
        options = ["--"] if command is WORKBOOK_LAB else []
        options += [f"--port={port}", "--no-browser", "--allow-root", "--IdentityProvider.token=",
                    "--ServerApp.disable_check_xsrf=True"]  # fmt: skip
        with (place / "log").open("wb") as log:
            env = os.environ | {key: str(value) for key, value in given.items()}
            process = subprocess.Popen([*command, folder, *options], env=env, stdout=log,
                                       stderr=log, start_new_session=True)  # fmt: skip
            try:
                address = f"http://localhost:{port}"
                for _ in range(240):
                    with suppress(URLError):
                        urllib.request.urlopen(f"{address}/api").close()
                        break
                    time.sleep(0.5)
                yield address
            finally:
                for one in [*psutil.Process(process.pid).children(recursive=True), process]:
                    with suppress(psutil.NoSuchProcess):
                        one.kill()  # JupyterLab and its kernels, too
                process.wait(30)


def open_notebook(page: Page, address: str, name: str) -> None:
    """Open a notebook, and wait for its kernel."""
    page.goto(f"{address}/lab/tree/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    # "idle" is shown before a kernel is there, too: cells run then would each ask for one
    page.wait_for_selector('.jp-KernelName:has-text("Python 3")', timeout=120_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=120_000)


def begin_all(page: Page) -> None:
    """Choose "Run All Cells", and wait until the first has begun."""
    for _ in range(8):  # a menu that is clicked while Lab still settles closes again
        with suppress(PlaywrightError):
            page.locator('.lm-MenuBar-itemLabel:text-is("Run")').click(timeout=5_000)
            page.locator('.lm-Menu-itemLabel:text-is("Run All Cells")').click(timeout=5_000)
            page.wait_for_function(BEGUN, timeout=20_000)
            return
    raise AssertionError(f"no cell ran; Lab asks {page.locator('.jp-Dialog').all_inner_texts()}")


def run_all(page: Page, address: str, name: str) -> list[str]:
    """Open a notebook, run its cells, and return what went wrong."""
    open_notebook(page, address, name)
    begin_all(page)
    page.wait_for_function(BUSY, timeout=240_000)
    return list(page.evaluate(ERRORS))
