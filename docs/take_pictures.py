"""Take the pictures in docs: of every page, and of every notebook in JupyterLab.

    python docs/take_pictures.py [lab]

With `lab` those of JupyterLab alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from analysis.publish.pages import pages

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))
from lab_server import DARK, LIGHT, lab_on, run_all  # noqa: E402
from toolchain import CHROMIUM, find  # noqa: E402

PLACES = {"front": "", **{page.slug: f"briefing/{page.slug}" for page in pages()}}
WIDTHS = {1440: 1000, 390: 844}
README = {
    "capital_inflow": (1440, 1000, "capital_inflow.png"),
    "target_scenarios": (390, 844, "target_scenarios_phone.png"),
}


#: In Lab: enough for a frame, the cell that draws it, and its picture.
IN_LAB = {"width": 1280, "height": 1900}
#: Brings the cell before the first picture to the top: as a rule it shows the picture's frame.
TO_FIRST = """() => document.querySelector('.jp-Cell:has(.wb-figure svg)')
  .previousElementSibling.scrollIntoView()"""


def main() -> None:
    """Write the pictures."""
    (HERE / "pictures").mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find(CHROMIUM), args=["--no-sandbox"])
        if sys.argv[1:] != ["lab"]:
            take_pages(browser)
        take_lab(browser)
        browser.close()


def take_lab(browser: Browser) -> None:
    """Run each notebook in JupyterLab, in its light theme and its dark one."""
    for scheme, theme in (("light", LIGHT), ("dark", DARK)):
        with tempfile.TemporaryDirectory() as name, lab_on(Path(name) / "mine", theme) as lab:
            for one in pages():
                page = browser.new_page(viewport={**IN_LAB, "height": 8000})  # all of it is drawn
                if faults := run_all(page, lab, one.notebook):
                    raise RuntimeError(f"{one.notebook}: {faults}")
                page.wait_for_selector(".wb-figure svg")
                page.set_viewport_size(IN_LAB)
                page.evaluate(TO_FIRST)
                page.wait_for_timeout(2000)
                path = HERE / "pictures" / f"lab-{one.slug}-{scheme}.jpg"
                page.screenshot(path=path, type="jpeg", quality=60)
                page.close()
                told(path)


def told(path: Path) -> None:
    """Say what was written."""
    print(f"{path.relative_to(HERE)}: {path.stat().st_size // 1000} kB")


def take_pages(browser: Browser) -> None:
    """Serve the workbook, open each page, and write its first screens."""
    command = [Path(sys.executable).with_name("workbook"), "serve", "--no-browser"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True) as server:
        addresses = (re.search(r"http://\S+", line) for line in server.stdout)
        site = next(found.group() for found in addresses if found)

        def take(
            slug: str, width: int, height: int, lang: str, scheme: str, path: Path, **how: object
        ) -> None:
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page.goto(f"{site}{PLACES[slug]}?lang={lang}")
            if PLACES[slug]:
                page.wait_for_selector("html[data-alive]", timeout=90_000)
            page.wait_for_timeout(500)
            page.screenshot(path=path, **how)
            page.close()
            told(path)

        named = sys.argv[1:] or list(PLACES)
        for slug, (width, height, name) in README.items():
            if slug not in named:
                continue
            take(slug, width, height, "en", "light", HERE / name)
        for slug, width, scheme, lang in product(named, WIDTHS, ("light", "dark"), ("zh", "en")):
            path = HERE / "pictures" / f"{slug}-{width}-{scheme}-{lang}.jpg"
            take(slug, width, WIDTHS[width], lang, scheme, path, type="jpeg", quality=60)
        server.terminate()


if __name__ == "__main__":
    main()
