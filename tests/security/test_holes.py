"""What else plain serving leaves open, and what it holds: each tried against our server."""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import nbformat
import psutil
import pytest
from test_attacks import heard, update, widget
from websocket import WebSocketConnectionClosedException, WebSocketException
from world import kernels, message, python, running, visitor

from analysis.publish import assemble, parents
from analysis.publish.bounds import CALLS
from analysis.publish.parents import ParentError, Parents
from analysis.publish.warm import MOST_MEMORY

pytestmark = [pytest.mark.slow]
#: What the system says of a process whose calls are filtered.
FILTERED = "Seccomp:\t2"
HOSTILE = "<script>alert(1)</script>"
KINDS = ("execute_request", "inspect_request", "complete_request", "history_request",
         "is_complete_request", "comm_info_request", "connect_request", "debug_request",
         "usage_request", "create_subshell_request", "interrupt_request", "shutdown_request",
         "input_reply")  # fmt: skip
CHANNELS = ("shell", "control", "stdin", "iopub")


def test_no_message_but_values_reaches_a_kernel_on_any_channel(guarded: str) -> None:
    one = visitor(guarded)
    line = one.line(one.kernel())
    sent = [message(kind, {"code": "1"}, channel) for kind in KINDS for channel in CHANNELS]
    for raw in sent:
        line.send_binary(raw)
    told = heard(line)
    line.close()
    assert any(m["header"]["msg_type"] == "kernel_info_reply" for m in told)
    assert not any(m["parent_header"].get("msg_type") in KINDS for m in told)


def test_the_older_protocol_is_not_heard(guarded: str) -> None:
    one = visitor(guarded)
    line = one.line(one.kernel(), subprotocols=[])
    line.send(
        json.dumps(
            {
                "header": {"msg_type": "execute_request", "msg_id": "x"},
                "metadata": {},
                "parent_header": {},
                "content": {"code": "1"},
                "channel": "shell",
            }
        )
    )
    line.settimeout(1.5)
    told = []
    try:
        while True:
            told.append(json.loads(line.recv()))
    except (WebSocketException, OSError, ValueError):
        line.close()
    assert not any(m.get("parent_header", {}).get("msg_id") == "x" for m in told)


def test_a_great_message_ends_its_line_and_no_other(guarded: str) -> None:
    one, other = visitor(guarded), visitor(guarded)
    line, calm = one.line(one.kernel()), other.line(other.kernel())
    slider, _ = widget(guarded, "FloatSliderModel")
    line.send_binary(update(slider, {"value": "x" * 200_000}))
    with pytest.raises((WebSocketConnectionClosedException, OSError)):
        for _ in range(100):
            if not line.recv():
                raise WebSocketConnectionClosedException("closed")
    assert any(m["header"]["msg_type"] == "kernel_info_reply" for m in heard(calm))
    calm.close()


@pytest.mark.parametrize("name", ["lang", "s", "theme", "template", "voila-theme",
                                  "voila-template", "voila-token", "x"])  # fmt: skip
def test_no_parameter_of_an_address_stands_in_the_page(guarded: str, name: str) -> None:
    for path in ("", "briefing/target_scenarios", "nothing"):
        body = visitor(guarded).get(f"{path}?{name}={quote(HOSTILE)}")[1].decode()
        assert HOSTILE not in body


def test_cookies_stay_on_this_site_and_name_nobody(guarded: str) -> None:
    one = visitor(guarded)
    line = one.line(one.kernel())
    cookies = {cookie.name: cookie for cookie in one.cookies}
    assert set(cookies) == {"_xsrf", "wb_visit"}
    assert all(cookie._rest["SameSite"] == "Strict" for cookie in cookies.values())  # type: ignore[attr-defined]
    assert "HttpOnly" in cookies["wb_visit"]._rest  # type: ignore[attr-defined]
    line.close()


def test_no_answer_names_a_version_and_a_lost_page_is_ours(guarded: str) -> None:
    for path, status in (("healthz", 200), ("nothing", 404), ("kernel/target_scenarios", 405)):
        with pytest.raises(HTTPError) if status != 200 else nullcontext() as refused:
            answer = urlopen(guarded + path)
        headers = refused.value.headers if refused else answer.headers
        assert headers["Server"] == "workbook"
        assert headers["Referrer-Policy"] == "same-origin"
    assert "没有这一页" in visitor(guarded).get("nothing")[1].decode()


def test_the_log_tells_what_failed_and_no_readers_address() -> None:
    """What fails inside, what is refused and what is not there: each is logged."""
    with tempfile.TemporaryFile() as held:
        with running(8976, FAILING, held) as site:
            one = visitor(site)
            one.get("")
            one.post("kernel/target_scenarios", token="")
            one.get("nothing")
            one.get("healthz")
        held.seek(0)
        told = held.read().decode()
    assert "failed inside" in told
    assert '"status": 403' in told
    assert '"status": 404' in told
    assert "127.0.0.1" not in told
    assert "::1" not in told


def test_two_hundred_askers_of_one_address_get_its_places_and_no_more(guarded: str) -> None:
    one = visitor(guarded)
    first = one.line(one.kernel())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: one.post("kernel/target_scenarios"), range(200)))
    found = [status for status, _ in answers]
    assert set(found) <= {200, 503}
    assert found.count(200) == 1
    assert kernels(guarded) == 2
    assert visitor(guarded).get("healthz")[0] == 200
    first.close()
    for status, body in answers:
        if status == 200:
            one.line(json.loads(body)["id"]).close()  # and so it goes at once


def test_a_kernel_is_bounded_by_the_operating_system(guarded: str) -> None:
    one = visitor(guarded)
    line = one.line(one.kernel())
    heard(line)
    bounds = set()
    for process in psutil.process_iter(["cmdline"]):
        told = " ".join(process.info["cmdline"] or [])
        above = process.parent()
        if "analysis.publish.warm" in told and above and told == " ".join(above.cmdline()):
            status = Path(f"/proc/{process.pid}/status").read_text()
            alone = FILTERED in status or platform.machine() not in CALLS
            limits = [process.rlimit(kind)[0] for kind in (psutil.RLIMIT_AS, psutil.RLIMIT_CORE)]
            bounds.add((*limits, alone))
    line.close()
    assert (MOST_MEMORY, 0, True) in bounds
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != MOST_MEMORY


#: Starts a thread, and then a process.
STARTS = """
import subprocess, sys, threading
from analysis.publish.bounds import stay_alone
{defence}
threading.Thread(target=print).start()
try:
    subprocess.run(["true"])
except OSError:
    sys.exit(3)
"""


@pytest.mark.skipif(platform.machine() not in CALLS, reason="the system has no such filter here")
@pytest.mark.parametrize(("defence", "ends"), [("assert stay_alone()", 3), ("", 0)])
def test_who_stays_alone_starts_threads_and_no_process(defence: str, ends: int) -> None:
    assert subprocess.run(python(STARTS, defence=defence), check=False).returncode == ends


@pytest.mark.parametrize(
    "html", [HOSTILE, "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
             "<iframe src=https://foreign.example></iframe>", f"<svg>{HOSTILE}</svg>"],
)  # fmt: skip
def test_markup_from_data_runs_nothing(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def bad(text: str) -> bool:
        return any(mark in text for mark in ("<script", "<img src=x onerror", "href='javascript",
                                             'href="javascript', "<iframe"))  # fmt: skip

    assert not bad(assemble.output_html({"text/html": html}, {}))
    cell = {"type": "markdown", "source": html, "tags": []}
    assert not bad(assemble.cell_html(cell, {})["html"])
    assert not bad(assemble.output_html({"text/plain": html}, {}))
    monkeypatch.setattr(assemble, "clean", lambda text: text)
    assert bad(assemble.output_html({"text/html": html}, {}))


def test_a_notebook_without_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    endless = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("while True: pass")])
    nbformat.write(endless, tmp_path / "1_page.ipynb")
    monkeypatch.setattr(parents, "DEADLINE", 6)

    async def story() -> None:
        site = Parents([tmp_path / "1_page.ipynb"])
        with pytest.raises(ParentError):
            await site.of("1_page")
        site.close()

    alone(story())
    end = time.monotonic() + 5

    def left() -> list[psutil.Process]:
        return [p for p in psutil.process_iter(["cmdline"])
                if str(tmp_path) in " ".join(p.info["cmdline"] or [])
                and p.status() != psutil.STATUS_ZOMBIE]  # fmt: skip

    while left() and time.monotonic() < end:
        time.sleep(0.1)
    assert not left()


#: A page that fails in a way that nobody thought of.
FAILING = """
from analysis.publish import handlers

def fails(self):
    raise RuntimeError("failed inside")

handlers.FrontPageHandler.get = fails
"""
#: A disk that takes nothing any more, where a kernel's line or a page would need it.
FULL_DISK = """
from analysis.publish import admission, handlers

async def no_room(self, **_):
    raise OSError(28, "No space left on device")

def nothing_written(self):
    raise OSError(5, "Input/output error", "/secret/path")

admission.LimitedKernels.start_kernel = no_room
handlers.FrontPageHandler.get = nothing_written
"""


@pytest.fixture(scope="module")
def full_disk() -> Iterator[str]:
    """The address of a site whose disk is full."""
    with running(8974, FULL_DISK) as site:
        yield site


def test_a_full_disk_is_said_and_the_page_goes_on(full_disk: str) -> None:
    one = visitor(full_disk)
    assert one.get("briefing/target_scenarios")[0] == 200
    status, body = one.post("kernel/target_scenarios")
    assert status == 503
    assert "disk" in json.loads(body)["reason"]["en"]
    status, body = one.get("")
    assert status == 500
    assert "磁盘" in body.decode()
    assert "/secret/path" not in body.decode()
