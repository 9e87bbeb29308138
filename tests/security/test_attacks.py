"""Attacks on readers' kernels: in vain on the published site, not where the doors are open.

An attack returns whether it got what it wanted.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from talk import answers, heard, reached, update, widget
from websocket import (
    WebSocket,
    WebSocketBadStatusException,
    WebSocketConnectionClosedException,
    WebSocketException,
    WebSocketTimeoutException,
)
from world import (
    OF_ONE,
    SLUG,
    forked,
    in_turn,
    kernels,
    message,
    patience,
    visitor,
    within,
)

from analysis.model import load_model
from analysis.publish.bounds import MOST_MEMORY
from analysis.publish.connection import BURST, QUEUE

pytestmark = [pytest.mark.slow]
Attack = Callable[[str], bool]
CODE = {"code": "6*7", "silent": False, "store_history": False, "user_expressions": {},
        "allow_stdin": False, "stop_on_error": True}  # fmt: skip
#: Messages that a page never sends.
KINDS = ("inspect_request", "complete_request", "history_request", "is_complete_request",
         "comm_info_request", "connect_request", "debug_request", "usage_request",
         "create_subshell_request", "interrupt_request", "input_reply")  # fmt: skip
CHANNELS = ("shell", "control", "stdin", "iopub")


def line_of(site: str) -> WebSocket:
    """Return a new reader's line to a kernel."""
    one = visitor(site)
    return one.line(one.kernel())


# -- what is said and heard on one's own line ----------------------------------------------------


def _runs_code(site: str, channel: str) -> bool:
    line = line_of(site)
    line.send_binary(message("execute_request", CODE, channel))
    told = heard(line)
    line.close()
    return any(m["header"]["msg_type"] == "execute_result" for m in told)


def runs_code(site: str) -> bool:
    return _runs_code(site, "shell")


def runs_code_on_the_channel_for_control(site: str) -> bool:
    return _runs_code(site, "control")


def runs_code_by_the_older_protocol(site: str) -> bool:
    one = visitor(site)
    line = one.line(one.kernel(), subprotocols=[], timeout=1.5)
    header = {"msg_type": "execute_request", "msg_id": "x", "session": "x", "username": ""}
    line.send(json.dumps({"header": header, "metadata": {}, "parent_header": {},
                          "content": CODE, "channel": "shell"}))  # fmt: skip
    found = False
    with suppress(WebSocketException, OSError, ValueError):
        while not found:
            found = json.loads(line.recv())["header"]["msg_type"] == "execute_result"
    line.close()
    return found


def asks_what_a_page_never_asks(site: str) -> bool:
    line = line_of(site)
    for kind in KINDS:
        for channel in CHANNELS:
            line.send_binary(message(kind, {"code": "1", "cursor_pos": 1}, channel))
    told = heard(line)
    line.close()
    return any(m["parent_header"].get("msg_type") in KINDS for m in told)


def ends_a_kernel_by_message(site: str) -> bool:
    before = forked(site)
    line = line_of(site)
    mine = forked(site) - before
    line.send_binary(message("shutdown_request", {"restart": False}, "control"))
    ended = within(1.5, lambda: not any(kernel.is_running() for kernel in mine))
    line.close()
    return ended


def makes_a_widget(site: str) -> bool:
    line = line_of(site)
    sent = message("comm_open", {"comm_id": "x" * 32, "target_name": "jupyter.widget", "data": {}})
    line.send_binary(sent)
    return reached(line, sent)


def sets_what_is_not_a_readers(site: str) -> bool:
    slider, _ = widget(site, "FloatSliderModel")
    line = line_of(site)
    sent = update(slider, {"max": 1e300})
    line.send_binary(sent)
    return reached(line, sent)


def _asks(site: str, levers: dict[str, float]) -> dict:
    """Tell Python a scenario; return its answer."""
    board, _ = widget(site, "dataflow")
    line = line_of(site)
    line.send_binary(update(board, {"settled": {"levers": levers, "serial": 7}}))
    states = (m["content"].get("data", {}).get("state", {}) for m in heard(line))
    line.close()
    return next((s["answer"] for s in states if s.get("answer", {}).get("serial") == 7), {})


def asks_beyond_all_bounds(site: str) -> bool:
    reply = _asks(site, load_model().defaults | {"uplift_zone": 1e11})
    return bool(reply.get("levers"))


def sends_a_long_text(site: str) -> bool:
    board, _ = widget(site, "dataflow")
    line = line_of(site)
    sent = update(board, {"settled": {"levers": {}, "serial": 1, "note": "x" * 20_000}})
    line.send_binary(sent)
    return reached(line, sent)


def _goes_on_after(site: str, messages: list[bytes]) -> bool:
    """Send them; say whether the line goes on. Another reader's line does in any case."""
    line, calm = line_of(site), line_of(site)
    with suppress(WebSocketException, OSError):
        for raw in messages:
            line.send_binary(raw)
    goes_on = answers(line)
    assert answers(calm)
    for one in (line, calm):
        one.close()
    return goes_on


def sends_a_great_message(site: str) -> bool:
    slider, _ = widget(site, "FloatSliderModel")
    return _goes_on_after(site, [update(slider, {"value": "x" * 200_000})])


def floods_its_line(site: str) -> bool:
    slider, _ = widget(site, "FloatSliderModel")
    many = range(2 * (BURST + QUEUE))
    return _goes_on_after(site, [update(slider, {"value": float(i % 20)}) for i in many])


def reads_a_stack_trace(site: str) -> bool:
    board, _ = widget(site, "dataflow")
    line = line_of(site)
    line.send_binary(update(board, {"settled": "not a question"}))
    told = heard(line)
    line.close()
    return "Traceback" in json.dumps(told) or "/analysis/" in json.dumps(told)


def talks_to_a_kernel_that_has_died(site: str) -> bool:
    before = forked(site)
    line = line_of(site)
    heard(line)
    (mine,) = forked(site) - before
    mine.send_signal(signal.SIGKILL)
    end = time.monotonic() + patience(site)
    with suppress(WebSocketTimeoutException):
        while (left := end - time.monotonic()) > 0:
            line.settimeout(left)
            try:
                if not line.recv():
                    return False
            except WebSocketConnectionClosedException:
                return False
    line.close()
    return True


# -- others' lines and kernels -------------------------------------------------------------------


def takes_anothers_kernel(site: str) -> bool:
    one, other = visitor(site), visitor(site)
    key = one.kernel()
    line = one.line(key)
    other.get(f"briefing/{SLUG}")
    try:
        other.line(key).close()
    except WebSocketBadStatusException:
        return False
    finally:
        line.close()
    return True


def ends_anothers_kernel_by_request(site: str) -> bool:
    one, other = visitor(site), visitor(site)
    key = one.kernel()
    line = one.line(key)
    other.get(f"briefing/{SLUG}")
    done = [other.ask("DELETE", f"api/kernels/{key}"), other.post(f"voila/api/shutdown/{key}")]
    line.close()
    return any(status < 400 for status, _ in done)


def _connects_from(site: str, origin: str) -> bool:
    one = visitor(site)
    key = one.kernel()
    line = one.line(key)
    try:
        one.line(key, origin=origin).close()
    except WebSocketBadStatusException as refused:
        assert refused.status_code == 403
        return False
    finally:
        line.close()
    return True


def connects_from_a_foreign_page(site: str) -> bool:
    return _connects_from(site, "http://foreign.example")


def connects_from_a_page_without_origin(site: str) -> bool:
    return _connects_from(site, "null")


def connects_from_another_port(site: str) -> bool:
    return _connects_from(site, "http://localhost:1")


# -- places --------------------------------------------------------------------------------------


def asks_for_python_across_sites(site: str) -> bool:
    one = visitor(site)
    one.get(f"briefing/{SLUG}")
    status, body = one.post(f"kernel/{SLUG}", token="")
    if status == 200:
        one.line(json.loads(body)["id"]).close()
    return status == 200


def fills_the_memory(site: str) -> bool:
    one = visitor(site)
    first = one.line(one.kernel())
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: one.post(f"kernel/{SLUG}"), range(3 * OF_ONE)))
    assert {status for status, _ in asked} <= {200, 503}
    got = [json.loads(body)["id"] for status, body in asked if status == 200]
    for key in got:
        one.line(key).close()  # and so it goes at once
    first.close()
    return len(got) >= OF_ONE


def leaves_kernels_behind(site: str) -> bool:
    before = forked(site)
    line = line_of(site)
    mine = forked(site) - before
    assert mine
    line.close()
    return not within(patience(site), lambda: not any(kernel.is_running() for kernel in mine))


def gets_a_kernel_without_bounds(site: str) -> bool:
    before = forked(site)
    line = line_of(site)
    (mine,) = forked(site) - before
    heard(line)
    memory, core = (mine.rlimit(kind)[1] for kind in (psutil.RLIMIT_AS, psutil.RLIMIT_CORE))
    alone = "Seccomp:\t2" in Path(f"/proc/{mine.pid}/status").read_text()
    line.close()
    return memory != MOST_MEMORY or core != 0 or not alone


ATTACKS = [
    runs_code, runs_code_on_the_channel_for_control, runs_code_by_the_older_protocol,
    asks_what_a_page_never_asks, ends_a_kernel_by_message, makes_a_widget,
    sets_what_is_not_a_readers, asks_beyond_all_bounds, sends_a_long_text, sends_a_great_message,
    floods_its_line, reads_a_stack_trace, talks_to_a_kernel_that_has_died, takes_anothers_kernel,
    ends_anothers_kernel_by_request, connects_from_a_foreign_page,
    connects_from_a_page_without_origin, connects_from_another_port, asks_for_python_across_sites,
    fills_the_memory, leaves_kernels_behind, gets_a_kernel_without_bounds,
]  # fmt: skip


@in_turn(ATTACKS)
def test_an_attack_is_in_vain_unless_the_doors_are_open(
    attacked: tuple[str, bool], attack: Attack
) -> None:
    site, succeeds = attacked
    assert attack(site) == succeeds


# -- what the site does instead ------------------------------------------------------------------


def test_a_full_house_says_so_in_both_languages_and_the_page_stays(empty: str) -> None:
    guests = [visitor(empty) for _ in range(OF_ONE + 1)]
    lines = [one.line(one.kernel()) for one in guests[:OF_ONE]]
    last = guests[-1]
    last.get(f"briefing/{SLUG}")
    status, body = last.post(f"kernel/{SLUG}")
    assert status == 503
    assert set(json.loads(body)["reason"]) == {"zh", "en"}
    assert last.get(f"briefing/{SLUG}")[0] == 200
    assert kernels(empty) == OF_ONE
    for line in lines:
        line.close()


def test_two_hundred_askers_of_one_address_get_its_places_and_no_more(empty: str) -> None:
    one = visitor(empty)
    first = one.line(one.kernel())
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: one.post(f"kernel/{SLUG}"), range(200)))
    found = [status for status, _ in asked]
    assert set(found) <= {200, 503}
    assert found.count(200) == OF_ONE - 1
    assert kernels(empty) == OF_ONE
    assert visitor(empty).get("healthz")[0] == 200
    first.close()
    for status, body in asked:
        if status == 200:
            one.line(json.loads(body)["id"]).close()  # and so it goes at once


def test_a_line_that_is_refused_keeps_no_place(empty: str) -> None:
    one = visitor(empty)
    key = one.kernel()
    line = one.line(key)
    with pytest.raises(WebSocketBadStatusException):
        one.line(key, origin="http://foreign.example")
    assert one.get(f"api/kernels/{key}/channels")[0] == 400
    assert answers(line)
    line.close()
    assert within(10, lambda: not kernels(empty))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff" * 8,  # says that 2**64 - 1 parts follow
        (6).to_bytes(8, "little") + b"\xff" * 48,
        message("comm_msg", {})[:40],
        message("comm_msg", {}, buffers=(b"x",)),
    ],
    ids=["empty", "parts without end", "lengths without end", "cut", "buffers"],
)
def test_a_broken_message_harms_nobody(guarded: str, raw: bytes) -> None:
    line = line_of(guarded)
    line.send_binary(raw)
    assert answers(line)
    line.close()


def test_a_readers_scenario_is_answered(guarded: str) -> None:
    """The way that is left open is open: the attacks above fail for their own reason."""
    levers = load_model().defaults | {"uplift_zone": 30.0}
    assert _asks(guarded, levers)["levers"] == levers
