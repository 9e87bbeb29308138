"""Take the README's pictures of the briefings; needs Chromium and a workbook that can be served."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SHOTS = {
    "capital_inflow": (1440, 1000, "capital_inflow.png"),
    "target_scenarios": (390, 844, "target_scenarios_phone.png"),
}


def main() -> None:
    """Serve the workbook, open each page, and write the first screen."""
    command = [Path(sys.executable).with_name("workbook"), "serve", "--no-browser"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True) as server,
        sync_playwright() as play,
    ):
        told = (re.search(r"http://\S+", line) for line in server.stdout)
        site = next(found.group() for found in told if found)
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for slug, (width, height, name) in SHOTS.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{site}briefing/{slug}?lang=en")
            page.wait_for_selector(".wb-figure svg", timeout=60_000)
            page.wait_for_timeout(1500)
            page.screenshot(path=HERE / name)
            print(f"{name}: {(HERE / name).stat().st_size // 1000} kB")
        browser.close()
        server.terminate()


if __name__ == "__main__":
    main()
