"""A crowd of readers who want Python: moving levers, asking, being refused, coming and going."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import psutil
from talk import update
from websocket import WebSocket, WebSocketException
from world import Visitor, message, visitor

from analysis.model import load_model
from analysis.publish.connection import parsed

SLUG = "target_scenarios"
#: Seconds between a reader's moves, between questions, and before a refused reader asks again.
MOVE, QUESTION, AGAIN = 0.5, 4.0, 20.0
PATIENCE = 30.0


@dataclass
class Stay:
    """What one reader met with.

    answers : seconds from question to answer
    refused : how often there was no place; each time with a reason in both languages
    pages : seconds that the page took while there was no place
    """

    answers: list[float] = field(default_factory=list)
    refused: int = 0
    pages: list[float] = field(default_factory=list)
    lost: str = ""


@dataclass
class Use:
    """The most that a site took while it was watched, MB, and of how many processes."""

    server: float = 0.0
    all: float = 0.0
    processes: int = 0


def from_address(site: str, number: int) -> Visitor:
    """Return a reader with an address of their own, as a proxy tells it."""
    one = visitor(site)
    one.opener.addheaders = [("X-Real-IP", f"10.0.{number // 250}.{number % 250 + 1}")]
    return one


def board_of(site: str) -> tuple[str, str]:
    """Return the ids of the page's board and of its first slider."""
    body = visitor(site).get(f"briefing/{SLUG}")[1].decode()
    state = json.loads(body.split('id="wb-data">')[1].split("</script>")[0])["state"]["state"]
    board = next(key for key, model in state.items() if "dataflow" in model["state"])
    slider = next(k for k, model in state.items() if model["model_name"] == "FloatSliderModel")
    return board, slider


def ask(line: WebSocket, board: str, serial: int, uplift: float) -> float:
    """Tell Python a scenario; return the seconds that the answer took."""
    levers = load_model().defaults | {"uplift_zone": uplift}
    start = time.perf_counter()
    line.send_binary(update(board, {"settled": {"levers": levers, "serial": serial}}))
    while True:
        heard = parsed(line.recv())
        reply = heard and heard["content"].get("data", {}).get("state", {}).get("answer")
        if reply and reply["serial"] == serial:
            if reply["levers"] != levers:
                raise RuntimeError("an answer to another scenario")
            return time.perf_counter() - start


def stays(site: str, number: int, ids: tuple[str, str], end: Event) -> Stay:
    """Be a reader until the end: with Python if there is a place, without it if not."""
    stay, one = Stay(), from_address(site, number)
    time.sleep(number % 20 / 10)
    try:
        while not end.is_set():
            start = time.perf_counter()
            if one.get(f"briefing/{SLUG}")[0] != 200:
                raise RuntimeError("no page")
            stay.pages.append(time.perf_counter() - start)
            status, body = one.post(f"kernel/{SLUG}")
            if status == 200:
                _with_python(stay, one, json.loads(body)["id"], ids, end)
                break
            if status != 503 or set(json.loads(body)["reason"]) != {"zh", "en"}:
                raise RuntimeError(f"refused with {status} and no reason")
            stay.refused += 1
            end.wait(AGAIN)
    except (WebSocketException, OSError, RuntimeError) as error:
        stay.lost = repr(error)
    return stay


def _with_python(stay: Stay, one: Visitor, kernel: str, ids: tuple[str, str], end: Event) -> None:
    board, slider = ids
    line = one.line(kernel, timeout=PATIENCE)
    asked = 0.0
    serial = 0
    while not end.is_set():
        value = float(serial * 7 % 40)
        line.send_binary(update(slider, {"value": value}))
        if time.monotonic() - asked > QUESTION:
            serial, asked = serial + 1, time.monotonic()
            stay.answers.append(ask(line, board, serial, value))
        end.wait(MOVE)
    line.close()


def crowd(site: str, number: int, seconds: float) -> list[Stay]:
    """Let as many readers want Python for so long; return what each met with."""
    ids, end = board_of(site), Event()
    with ThreadPoolExecutor(number) as pool:
        staying = [pool.submit(stays, site, i, ids, end) for i in range(number)]
        time.sleep(seconds)
        end.set()
        return [stay.result() for stay in staying]


def session(site: str, number: int) -> None:
    """Open the page, get Python, hear from it, and leave."""
    one = from_address(site, number)
    for _ in range(200):
        one.get(f"briefing/{SLUG}")
        status, body = one.post(f"kernel/{SLUG}")
        if status == 200:
            break
        time.sleep(0.25)  # those before are still leaving
    line = one.line(json.loads(body)["id"], timeout=PATIENCE)
    line.send_binary(message("kernel_info_request", {}))
    while (told := parsed(line.recv())) is None or told["header"][
        "msg_type"
    ] != "kernel_info_reply":
        continue
    line.close()


def soak(site: str, sessions: int, at_once: int = 4) -> None:
    """Open and close so many sessions."""
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda number: session(site, number), range(sessions)))


def memory(server: psutil.Process) -> Use:
    """Return what a site takes now; a page shared by two processes counts half for each."""
    use = Use(server.memory_full_info().uss / 1e6)
    for process in [server, *server.children(recursive=True)]:
        try:
            use.all += process.memory_full_info().pss / 1e6
            use.processes += 1
        except psutil.Error:
            continue
    return use


@contextmanager
def watched(server: psutil.Process, every: float = 5.0) -> Iterator[Use]:
    """Note the most that a site takes while the block runs."""
    most, end = Use(), Event()

    def watch() -> None:
        while not end.wait(every):
            now = memory(server)
            most.server, most.all = max(most.server, now.server), max(most.all, now.all)
            most.processes = max(most.processes, now.processes)

    thread = Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        end.set()
        thread.join()


def left_behind(server: psutil.Process, folder: Path) -> tuple[int, int, int]:
    """Return the server's processes, descriptors, and files below its temporary folder."""
    files = sum(path.is_file() for path in folder.rglob("*"))
    return len(server.children(recursive=True)), server.num_fds(), files
