"""Seconds from "Run All Cells" in JupyterLab to a notebook's first picture, beside a baseline.

    python tests/benchmarks/lab.py [--baseline REVISION] [--rounds 3]

A real JupyterLab in Chromium, and each time a fresh kernel, which has imported nothing. The
baseline is checked out and installed in a folder of its own, as in `start.py`; the two take turns.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from start import options, with_baseline

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from lab_server import begin_all, lab_on, open_notebook  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from toolchain import readers_chromium  # noqa: E402

NOTEBOOKS = ("1_capital_inflow.ipynb", "4_target_scenarios.ipynb")
#: A picture is one once something is drawn in it.
DRAWN = ".wb-figure svg path"


def first_picture(browser: Browser, lab: str, notebook: str) -> float:
    """Run a notebook's cells in a kernel of its own; return seconds to its first picture."""
    page = browser.new_page(viewport={"width": 1440, "height": 9000})
    open_notebook(page, lab, notebook)
    began = time.monotonic()
    begin_all(page)
    page.wait_for_selector(DRAWN, state="attached", timeout=300_000)
    seconds = time.monotonic() - began
    page.close()
    for session in json.loads(urllib.request.urlopen(f"{lab}/api/sessions").read()):
        gone = urllib.request.Request(f"{lab}/api/sessions/{session['id']}", method="DELETE")
        urllib.request.urlopen(gone).close()
    return seconds


def compare(folders: dict[str, Path], rounds: int) -> None:
    """Run each notebook in each checkout's Lab in turn, and print medians and their ratios."""
    found: dict[tuple[str, str], list[float]] = {}
    with ExitStack() as stack:
        play = stack.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=readers_chromium(), args=["--no-sandbox"])
        labs = {}
        for name, folder in folders.items():
            # A copy, whatever the checkout: running a notebook there is no change of it.
            place = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "notebooks"
            shutil.copytree(folder / "notebooks", place)
            command = [folder / ".venv/bin/python", "-m", "jupyterlab"]
            labs[name] = stack.enter_context(lab_on(place, command=command))
        for _ in range(rounds):
            for name, lab in labs.items():
                for notebook in NOTEBOOKS:
                    found.setdefault((name, notebook), []).append(
                        first_picture(browser, lab, notebook)
                    )
    print("first picture in JupyterLab, s: " + ", ".join(NOTEBOOKS))
    medians = {name: [statistics.median(found[name, each]) for each in NOTEBOOKS]
               for name in folders}  # fmt: skip
    for name, values in medians.items():
        print(f"  {name:9}" + "".join(f"{value:8.2f}" for value in values))
    if "baseline" in medians:
        pairs = zip(medians["here"], medians["baseline"], strict=True)
        print(f"  {'ratio':9}" + "".join(f"{here / base:8.2f}" for here, base in pairs))


if __name__ == "__main__":
    with_baseline(options(__doc__), compare)
