"""Take the pictures of every page in docs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from analysis.publish.pages import pages

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))
from toolchain import CHROMIUM, find  # noqa: E402

PLACES = {"front": "", **{page.slug: f"briefing/{page.slug}" for page in pages()}}
WIDTHS = {1440: 1000, 390: 844}
README = {
    "capital_inflow": (1440, 1000, "capital_inflow.png"),
    "target_scenarios": (390, 844, "target_scenarios_phone.png"),
}


def main() -> None:
    """Serve the workbook, open each page, and write its first screens."""
    command = [Path(sys.executable).with_name("workbook"), "serve", "--no-browser"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    (HERE / "pictures").mkdir(exist_ok=True)
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True) as server,
        sync_playwright() as play,
    ):
        told = (re.search(r"http://\S+", line) for line in server.stdout)
        site = next(found.group() for found in told if found)
        browser = play.chromium.launch(executable_path=find(CHROMIUM), args=["--no-sandbox"])

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
            print(f"{path.relative_to(HERE)}: {path.stat().st_size // 1000} kB")

        for slug, (width, height, name) in README.items():
            take(slug, width, height, "en", "light", HERE / name)
        for slug, width, scheme, lang in product(PLACES, WIDTHS, ("light", "dark"), ("zh", "en")):
            path = HERE / "pictures" / f"{slug}-{width}-{scheme}-{lang}.jpg"
            take(slug, width, WIDTHS[width], lang, scheme, path, type="jpeg", quality=60)
        browser.close()
        server.terminate()


if __name__ == "__main__":
    main()
