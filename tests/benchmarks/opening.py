"""From click to picture and to a live slider; and what readers cost, those with Python among them.

    python tests/benchmarks/opening.py [ROUNDS]

The site and a Dash app of the same page, interleaved, each in a cold browser
context; then readers by the score against a site whose notebook listens in Python.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import Browser, Page, sync_playwright
from reaction import free_port, served, told
from tqdm import tqdm

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "security")]
from serving import ready, serving  # noqa: E402
from talk import update  # noqa: E402
from toolchain import readers_chromium  # noqa: E402
from world import notebooks, python, visitor  # noqa: E402

from analysis.model import load_model  # noqa: E402
from analysis.publish.connection import parsed  # noqa: E402

ATTACHED, AT_ONCE = 20, 25
SLUG = "target_scenarios"
SERVER = """
from pathlib import Path
from analysis.publish import server
server.serve(port={port}, browser=False, folder=Path({folder!r}), max_kernels=100,
             max_per_address=100)
"""
WATCH = """(() => {
  const [wanted, found] = [%s, (globalThis.opened = {})];
  const look = () => {
    for (const [what, selector] of Object.entries(wanted))
      if (!found[what] && document.querySelector(selector)) found[what] = performance.now();
    if (Object.keys(found).length < Object.keys(wanted).length) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
OURS = {"first_picture": ".wb-figure svg", "sliders_alive": "html[data-alive]"}
DASH = {"first_picture": ".js-plotly-plot .bars path"}


@contextmanager
def cold(browser: Browser):
    """A page in a context of its own: nothing is cached."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    try:
        yield context.new_page()
    finally:
        context.close()


def opened(page: Page, address: str, **wanted: str) -> dict[str, float]:
    """Open an address; return when each selector is first there as a frame begins.

    Seconds since the click, by the page's own clock: asking through the driver would wait
    until the page has nothing else to do.
    """
    page.add_init_script(WATCH % json.dumps(wanted))
    page.goto(address, wait_until="commit")
    for selector in wanted.values():
        page.wait_for_selector(selector, state="attached")
    page.wait_for_timeout(100)
    found = page.evaluate("globalThis.opened")
    return {what.replace("_", " "): found[what] / 1000 for what in wanted}


def uss(processes: list[psutil.Process]) -> float:
    """Return the memory that is these processes' alone, MB."""
    return sum(process.memory_full_info().uss for process in processes) / 1e6


def forked(server: psutil.Process) -> list[psutil.Process]:
    """Return the kernels forked for readers: what draws for links gives way to them."""
    parents = [parent for zygote in server.children() for parent in zygote.children()]
    kernels = [kernel for parent in parents for kernel in parent.children()]
    return [kernel for kernel in kernels if kernel.nice() == server.nice()]


def ask(site: str, key: str, hold: bool = False) -> tuple[float, object]:
    """Tell Python a scenario as a reader's page does; return seconds to its answer and the line."""
    start = time.perf_counter()
    one = visitor(site)
    line = one.line(one.kernel(), timeout=60)
    levers = load_model().defaults | {"uplift_zone": 12.0}
    line.send_binary(update(key, {"settled": {"levers": levers, "serial": 1}}))
    while True:
        heard = parsed(line.recv())
        if heard and "answer" in heard["content"].get("data", {}).get("state", {}):
            break
    took = time.perf_counter() - start
    if not hold:
        line.close()
    return took, line


def board_of(site: str) -> str:
    """Return the id of the page's board."""
    body = visitor(site).get(f"briefing/{SLUG}")[1].decode()
    data = json.loads(body.split('id="wb-data">')[1].split("</script>")[0])
    return next(k for k, v in data["state"]["state"].items() if "dataflow" in v["state"])


def readers(site: str, server: psutil.Process) -> dict[str, float]:
    """Measure what readers cost: attached ones, many at once, those who only read."""
    key = board_of(site)
    quiet = uss([server])
    found: dict[str, float] = {}
    found["Python's first answer, s"], first = ask(site, key, hold=True)
    first.close()  # type: ignore[attr-defined]
    lines = [ask(site, key, hold=True)[1] for _ in tqdm(range(ATTACHED), unit="reader")]
    found["unique MB of an attached reader"] = uss(forked(server)) / ATTACHED
    found["server MB for each of them"] = (uss([server]) - quiet) / ATTACHED
    for line in lines:
        line.close()  # type: ignore[attr-defined]
    time.sleep(4)
    found["kernels left after leaving"] = len(forked(server))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        took = [seconds for seconds, _ in pool.map(lambda _: ask(site, key), range(AT_ONCE))]
    found[f"{AT_ONCE} at once: p95 s"] = float(np.quantile(took, 0.95))
    time.sleep(4)
    before = uss([server])
    found["pages a second"] = pages_a_second(site)
    gc.collect()
    found["MB for each of 1,000 who only read"] = (uss([server]) - before) / 1000
    return found


def pages_a_second(site: str, number: int = 3000) -> float:
    """Return how many compressed pages one server process gives a second."""
    import asyncio

    from tornado.httpclient import AsyncHTTPClient, HTTPRequest

    async def fetch_all() -> float:
        AsyncHTTPClient.configure(None, max_clients=40)
        client = AsyncHTTPClient()
        request = HTTPRequest(f"{site}briefing/{SLUG}", headers={"Accept-Encoding": "gzip"},
                              decompress_response=False)  # fmt: skip
        start = time.perf_counter()
        await asyncio.gather(*(client.fetch(request) for _ in range(number)))
        return number / (time.perf_counter() - start)

    with ThreadPoolExecutor(1) as pool:  # Playwright has a loop of its own in this thread
        return pool.submit(lambda: asyncio.run(fetch_all())).result()


def main(rounds: int) -> int:
    """Measure, print, and say whether the reach is met."""
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    from analysis.publish.site import build

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

    with tempfile.TemporaryDirectory() as name, served(
        Path(name), only=("board", "dash")
    ) as contestants, sync_playwright() as playwright:  # fmt: skip
        build(Path(name) / "site", say=lambda _: None, documents=False)
        host = ThreadingHTTPServer(("localhost", 0), partial(Quiet, directory=f"{name}/site"))
        Thread(target=host.serve_forever, daemon=True).start()
        board = contestants[0]
        dash = next(one for one in contestants if one.name == "Dash")
        site = f"http://localhost:{board.port}/"
        ready(site)
        browser = playwright.chromium.launch(
            executable_path=readers_chromium(), args=["--no-sandbox"]
        )
        ways: dict[str, Callable[[Page], dict[str, float]]] = {
            "live": lambda page: opened(page, f"{site}briefing/{SLUG}", **OURS),
            "static": lambda page: opened(
                page, f"http://localhost:{host.server_port}/briefing/{SLUG}/", **OURS
            ),
            "Dash": lambda page: opened(page, f"http://localhost:{dash.port}/", **DASH),
        }
        for _ in tqdm(range(rounds), unit="round"):
            for way, opens in ways.items():
                with cold(browser) as page:
                    for what, seconds in opens(page).items():
                        times[way][what].append(seconds)
        browser.close()
        host.shutdown()
    with notebooks() as folder:
        command = python(SERVER, port=free_port(), folder=folder)
        with serving(command, {}) as (site, process):
            ready(site)
            cost = readers(site, psutil.Process(process.pid))
    print(f"\ncold cache, median of {rounds} rounds, s")
    checks = {}
    dash_opens = float(np.median(times["Dash"]["first picture"]))
    for way, kinds in times.items():
        for what, seconds in kinds.items():
            median, ratio = float(np.median(seconds)), float(np.median(seconds)) / dash_opens
            print(f"  {way:<8}{what:<24}{median:8.2f}   /Dash's opening {ratio:5.2f}")
            most = {"first picture": 0.15, "sliders alive": 0.6}
            if way != "Dash":
                checks[f"{way}: {what} within {most[what]}"] = ratio <= most[what]
    for what, value in cost.items():
        print(f"  {what:<40}{value:10.2f}")
    checks["an attached reader takes at most 20 MB"] = (
        cost["unique MB of an attached reader"] + cost["server MB for each of them"] <= 20
    )
    checks["one who only reads at most 0.2 MB"] = cost["MB for each of 1,000 who only read"] <= 0.2
    checks["500 pages a second"] = cost["pages a second"] >= 500
    checks["no kernel is left"] = cost["kernels left after leaving"] == 0
    return told(checks)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
