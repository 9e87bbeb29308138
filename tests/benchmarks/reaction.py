"""From a key to changed pixels, and from pointer to value: this board, a kernel, and four peers.

    python tests/benchmarks/reaction.py [ROUNDS]

All show the same levers, sum and picture, in one Chromium, interleaved round by
round, first on a plain line and then with 100 ms added to every message both
ways. The peers live in an environment of their own, made on first use; they are
no dependency of the product.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from tqdm import tqdm

from analysis.model import load_model
from analysis.plan import load_plan

sys.path.insert(0, str(Path(__file__).parents[1]))
from toolchain import readers_chromium

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS = HERE / "peers"
PEER_ENVIRONMENT = ROOT / ".venv-peers"
LEVERS = ("uplift_central", "uplift_outer", "uplift_zone", "capital_unfloored")
KEYS = 10
DELAY_MS = 100
#: Between two keys, ms: a peer that is still busy with one key loses the next.
PAUSE = 400
#: The page that holds every figure of the scenarios, and how often its levers are changed.
MANY = 2000


@dataclass(frozen=True)
class Contestant:
    """A page that is measured.

    handle : selector of the first lever's handle
    picture : selector of what holds the picture, None if it is the page's largest
    ours : whether the reach is ours to keep
    """

    name: str
    port: int
    path: str
    handle: str
    picture: str | None = None
    ours: bool = False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def peer_python() -> Path:
    """Return the peers' Python, its environment made or brought up to date."""
    python = PEER_ENVIRONMENT / "bin" / "python"
    wanted = (PEERS / "requirements.txt").read_text(encoding="utf-8")
    stamp = PEER_ENVIRONMENT / "installed"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print("Installing the peers into .venv-peers (once) …", flush=True)
        venv.create(PEER_ENVIRONMENT, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(PEERS / "requirements.txt")], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def description() -> dict[str, Any]:
    """Return the page that all show, written from the product's model."""
    model, plan = load_model(), load_plan()
    target = plan["capital_in_place"].expected
    floors = {tier: model.evaluate({})[f"capital_{tier}"] for tier in model.inputs.members}
    most = model.evaluate({key: model.levers[key].high for key in LEVERS})["capital_total"]
    levers = [
        {"key": key, "name": lever.name_en, "low": float(lever.low), "high": float(lever.high),
         "step": float(lever.step), "default": float(lever.default)}
        for key in LEVERS for lever in [model.levers[key]]
    ]  # fmt: skip
    bars = {
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "x": {"field": "step", "type": "nominal", "sort": None},
            "y": {"field": "start", "type": "quantitative", "scale": {"domain": [0, most]}},
            "y2": {"field": "end"},
        },
    }
    line = {"mark": "rule", "data": {"values": [{"y": target}]},
            "encoding": {"y": {"field": "y", "type": "quantitative"}}}  # fmt: skip
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 640,
        "height": 260,
        "layer": [bars, line],
        "usermeta": {"embedOptions": {"renderer": "svg", "actions": False}},
    }
    return {"levers": levers, "floors": floors, "expected": target, "domain": [0, most],
            "spec": spec}  # fmt: skip


@contextmanager
def served(folder: Path, only: Collection[str] = ()) -> Iterator[list[Contestant]]:
    """Serve contestants, each in a process of its own, until the block ends; all unless named."""
    page = folder / "page.json"
    page.write_text(json.dumps(description()), encoding="utf-8")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell((PEERS / "kernel_roundtrip.py").read_text("utf-8"))],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "page.ipynb")
    own, python = sys.executable, str(peer_python())
    ports = {
        name: free_port() for name in ("board", "kernel", "streamlit", "dash", "panel", "marimo")
    }
    commands = {
        "board": [str(Path(own).with_name("workbook")), "serve", "--no-browser",
                  "--max-kernels=100", "--max-per-address=100",
                  "--port", f"{ports['board']}"],
        "kernel": [own, "-m", "voila", str(folder / "page.ipynb"), "--no-browser",
                   f"--port={ports['kernel']}"],
        "streamlit": [python, "-m", "streamlit", "run", str(PEERS / "streamlit_app.py"),
                      "--server.headless=true", f"--server.port={ports['streamlit']}",
                      "--browser.gatherUsageStats=false", "--server.fileWatcherType=none"],
        "dash": [python, str(PEERS / "dash_app.py")],
        "panel": [python, "-m", "panel", "serve", str(PEERS / "panel_app.py"),
                  f"--port={ports['panel']}", "--allow-websocket-origin=*"],
        "marimo": [python, "-m", "marimo", "run", str(PEERS / "marimo_app.py"), "--headless",
                   "--host=127.0.0.1", f"--port={ports['marimo']}", "--no-token"],
    }  # fmt: skip
    handle = "[role=slider]"
    capital = ".wb-figure[data-key=floors_to_target]"
    frontier = ".wb-figure[data-key=reach]"
    noui = ".wb-lever-uplift_central .noUi-handle"
    contestants = [
        Contestant("board", ports["board"], "/briefing/capital_inflow", noui, capital, True),
        Contestant("board, all charts", ports["board"], "/briefing/target_scenarios", noui,
                   frontier, True),
        Contestant("board, all answers", ports["board"], "/briefing/target_scenarios", noui,
                   ".wb-figure[data-key=drawn]", True),
        Contestant("kernel round trip", ports["kernel"], "/", ".noUi-handle"),
        Contestant("Streamlit", ports["streamlit"], "/", "input[type=range]"),
        Contestant("Dash", ports["dash"], "/", handle, ".js-plotly-plot"),
        Contestant("Panel", ports["panel"], "/panel_app", ".noUi-handle"),
        Contestant("marimo", ports["marimo"], "/", handle),
    ]  # fmt: skip
    commands = {name: command for name, command in commands.items() if not only or name in only}
    with ExitStack() as stack:
        for name, command in commands.items():
            surroundings = os.environ | {
                "PEER_PAGE": str(page),
                "PEER_PORT": str(ports[name]),
                "PYTHONPATH": str(PEERS if name != "board" else ROOT),
                "MARIMO_SKIP_UPDATE_CHECK": "1",
            }
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        for name in commands:
            wait_for(ports[name], name, folder / f"{name}.log")
        yield contestants


def wait_for(port: int, name: str, log: Path, seconds: float = 90) -> None:
    """Wait until the port answers; show the log if it never does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{name} does not listen:\n{log.read_text(errors='replace')[-2000:]}")


@contextmanager
def slow_lines(contestants: list[Contestant]) -> Iterator[dict[str, int]]:
    """Put a delay proxy before every contestant: name -> its port."""
    ports = {one.name: free_port() for one in contestants}
    with ExitStack() as stack:
        for one in contestants:
            arguments = [str(ports[one.name]), str(one.port), str(DELAY_MS)]
            command = [sys.executable, str(HERE / "delay_proxy.py"), *arguments]
            process = subprocess.Popen(command)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            wait_for(ports[one.name], "delay proxy", HERE / "delay_proxy.py")
        yield ports


@contextmanager
def opened(browser: Browser, one: Contestant, port: int) -> Iterator[tuple[Page, CDPSession]]:
    """Open a contestant in a fresh context, its picture drawn and its lever in focus."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.add_init_script((HERE / "probe.js").read_text(encoding="utf-8"))
    page = context.new_page()
    page.set_default_timeout(90_000)
    page.goto(f"http://localhost:{port}{one.path}")
    page.evaluate("root => { globalThis.__probe.root = root }", one.picture)
    handle = page.locator(one.handle).first
    handle.wait_for()
    page.wait_for_function("() => globalThis.__probe.ready()")
    page.wait_for_timeout(1000)  # what still loads shall not be measured
    if one.picture:
        page.locator(one.picture).scroll_into_view_if_needed()
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)
    try:
        yield page, context.new_cdp_session(page)
    finally:
        context.close()


def keys(page: Page, number: int = KEYS) -> list[tuple[float, float]]:
    """Press keys one by one; return (ms, frames) from each to changed pixels of the picture."""
    found = []
    for _ in range(number):
        page.evaluate("() => globalThis.__probe.arm()")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => globalThis.__probe.pending.ms != null", polling=20)
        pending = page.evaluate("() => globalThis.__probe.pending")
        found.append((float(pending["ms"]), float(pending["frames"])))
        page.wait_for_timeout(PAUSE)
    return found


def drag(page: Page, cdp: CDPSession, handle: str) -> tuple[float, float]:
    """Drag the lever for two seconds, 60 events a second: (frames drawn, lag at the end in ms)."""
    box = page.locator(handle).first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate("() => globalThis.__probe.armDrag()")

    def send(kind: str, at: float) -> None:
        cdp.send("Input.dispatchMouseEvent", {"type": kind, "x": at, "y": y, "button": "left",
                                              "buttons": 1, "clickCount": 1})  # fmt: skip

    send("mousePressed", x)
    start = time.perf_counter()
    for i in range(120):
        time.sleep(max(0.0, start + i / 60 - time.perf_counter()))
        send("mouseMoved", x + 60 * float(np.sin(i / 12)))
    send("mouseReleased", x + 60 * float(np.sin(119 / 12)))
    page.wait_for_function("() => globalThis.__probe.quiet(1500)", polling=100)
    seen = page.evaluate("() => globalThis.__probe.drag")
    return float(seen["drawn"]), max(0.0, float(seen["changed"] or 0) - float(seen["end"]))


def pointer(page: Page) -> list[tuple[float, float]]:
    """Move from mark to mark; return (ms, frames) from each move to the value that is told of it.

    Nothing is returned for a page that tells none.
    """
    found: list[tuple[float, float]] = []
    for x, y in page.evaluate("() => globalThis.__probe.marks()"):
        page.mouse.move(x - 200, 4)
        page.wait_for_timeout(PAUSE)
        page.evaluate("() => globalThis.__probe.armPointer()")
        page.mouse.move(x, y)
        page.wait_for_timeout(PAUSE)
        seen = page.evaluate("() => globalThis.__probe.pointer")
        if seen.get("ms") is not None:
            found.append((float(seen["ms"]), float(seen["frames"])))
    return found


def endurance(browser: Browser, one: Contestant) -> dict[str, float]:
    """Change levers many times on the page with all charts: reaction after it, heap around it."""
    with opened(browser, one, one.port) as (page, cdp):
        many = """async (number) => {
          const board = await [...globalThis[Symbol.for("investment-workbook")].values()].at(-1);
          const { engine } = board;
          for (let i = 0; i < number; i += 1) {
            engine.set({ uplift_central: (i % 80) / 2 - 20, share_zone: 30 + (i % 60) / 2 });
            await new Promise(requestAnimationFrame);
          }
        }"""
        page.evaluate(many, 200)  # warm: what is made once is not growth
        before = heap(page, cdp)
        page.evaluate(many, MANY)
        after = heap(page, cdp)
        page.locator(one.handle).first.focus()
        ms, frames = zip(*keys(page, 20), strict=True)
        return {"before": before, "after": after, "median ms": float(np.median(ms)),
                "median frames": float(np.median(frames)),
                "p95 frames": float(np.quantile(frames, 0.95))}  # fmt: skip


def heap(page: Page, cdp: CDPSession) -> float:
    """Return the page's JavaScript heap after a collection, MB."""
    page.wait_for_timeout(600)
    cdp.send("HeapProfiler.collectGarbage")
    return float(cdp.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def table(title: str, found: dict[str, dict[str, list[float]]]) -> None:
    """Print medians, 95th percentiles and each one's ratio to the board."""
    print(f"\n{title}")
    head = ("ms median", "p95", "/board", "frames median", "p95", "drag: frames", "lag ms")
    print(f"  {'':<19}" + "".join(f"{name:>15}" for name in head))
    base = float(np.median(found["board"]["ms"]))
    for name, values in found.items():
        ms, frames = values["ms"], values["frames"]
        cells = (np.median(ms), np.quantile(ms, 0.95), np.median(ms) / base, np.median(frames),
                 np.quantile(frames, 0.95), np.median(values["drawn"]),
                 np.median(values["lag"]))  # fmt: skip
        print(f"  {name:<19}" + "".join(f"{cell:>15.1f}" for cell in cells))
    head = ("pointer: told", "ms median", "p95", "/board", "frames p95")
    print(f"  {'':<19}" + "".join(f"{name:>15}" for name in head))
    base = float(np.median(found["board"]["pointer ms"] or [np.nan]))
    for name, values in found.items():
        ms, frames = (values[f"pointer {what}"] or [np.nan] for what in ("ms", "frames"))
        cells = (len(values["pointer ms"]), np.median(ms), np.quantile(ms, 0.95),
                 np.median(ms) / base, np.quantile(frames, 0.95))  # fmt: skip
        print(f"  {name:<19}" + "".join(f"{cell:>15.1f}" for cell in cells))


def main(rounds: int) -> int:
    """Measure everybody, print the tables, and say whether the reach is met."""
    lines = ("plain line", f"{DELAY_MS} ms added each way")
    found: dict[str, dict[str, dict[str, list[float]]]] = {
        line: defaultdict(lambda: defaultdict(list)) for line in lines
    }
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as contestants, slow_lines(
        contestants
    ) as slow, sync_playwright() as playwright:  # fmt: skip
        browser = playwright.chromium.launch(
            executable_path=readers_chromium(), args=["--no-sandbox"]
        )
        turns = [(line, one) for _ in range(rounds) for line in lines for one in contestants]
        for line, one in tqdm(turns, unit="page"):
            port = one.port if line == lines[0] else slow[one.name]
            with opened(browser, one, port) as (page, cdp):
                values = found[line][one.name]
                for ms, frames in keys(page):
                    values["ms"].append(ms)
                    values["frames"].append(frames)
                for ms, frames in pointer(page):
                    values["pointer ms"].append(ms)
                    values["pointer frames"].append(frames)
                drawn, lag = drag(page, cdp, one.handle)
                values["drawn"].append(drawn)
                values["lag"].append(lag)
        after = endurance(browser, contestants[1])
        browser.close()
    for line in lines:
        table(f"{line}, {rounds} rounds", found[line])
    print(f"\nafter {MANY:,} changes with all charts: {after}")
    return verdict(found, lines, after)


def verdict(found: Any, lines: tuple[str, str], after: dict[str, float]) -> int:
    """Say for each reach whether it is met; 0 if all are."""
    checks: dict[str, bool] = {}
    for line in lines:
        for name in ("board", "board, all charts", "board, all answers"):
            frames, lag = found[line][name]["frames"], found[line][name]["lag"]
            checks[f"{name}, {line}: median one frame"] = bool(np.median(frames) <= 1)
            checks[f"{name}, {line}: p95 two frames"] = bool(np.quantile(frames, 0.95) <= 2)
            # A change is seen after the frame in which it is drawn: two frames are no lag.
            checks[f"{name}, {line}: no lag after a drag"] = bool(np.median(lag) <= 2000 / 60)
            told_in = found[line][name]["pointer frames"]
            checks[f"{name}, {line}: a value under the pointer within one frame"] = bool(
                told_in and np.quantile(told_in, 0.95) <= 1
            )
    checks["after many changes: p95 two frames"] = after["p95 frames"] <= 2
    checks["memory does not grow (5%)"] = after["after"] <= 1.05 * after["before"]
    return told(checks)


def told(checks: dict[str, bool]) -> int:
    """Print each reach and whether it is met; 0 if all are."""
    print("\nreach:")
    for name, met in checks.items():
        print(f"  {'met   ' if met else 'missed'}  {name}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
