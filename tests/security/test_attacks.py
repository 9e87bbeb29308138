"""Attacks by real clients: each fails on the published site, and succeeds with the defences off.

An attack returns whether it got what it wanted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from websocket import WebSocket, WebSocketBadStatusException, WebSocketException
from world import kernels, message, visitor

from analysis.publish.connection import parsed

pytestmark = [pytest.mark.slow]
Attack = Callable[[str], bool]


def heard(line: WebSocket, seconds: float = 10) -> list[dict]:
    """Return what the kernel says until it has answered a request for its info, and a little on.

    Its channels are separate: what it says on one may come after the answer on the other.
    """
    line.send_binary(message("kernel_info_request", {}))
    line.settimeout(seconds)
    found = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            raw = line.recv()
        except (WebSocketException, OSError):
            break
        if not isinstance(raw, bytes) or not raw:
            break
        told = parsed(raw)
        if told is None:
            continue
        found.append(told)
        if told["header"]["msg_type"] == "kernel_info_reply":
            end = min(end, time.monotonic() + 0.6)
            line.settimeout(0.6)
    return found


def widget(site: str, kind: str) -> tuple[str, dict]:
    """Return a widget of the page: its id and state."""
    body = visitor(site).get("briefing/target_scenarios")[1].decode()
    data = json.loads(body.split('id="wb-data">')[1].split("</script>")[0])
    found = data["state"]["state"].items()
    return next((k, v["state"]) for k, v in found if kind in v["state"] or v["model_name"] == kind)


def update(model: str, state: dict) -> bytes:
    data = {"method": "update", "state": state, "buffer_paths": []}
    return message("comm_msg", {"comm_id": model, "data": data})


def runs_code(site: str) -> bool:
    one = visitor(site)
    line = one.line(one.kernel())
    code = {"code": "6*7", "silent": False, "store_history": False, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": True}  # fmt: skip
    line.send_binary(message("execute_request", code))
    told = heard(line)
    line.close()
    return any(m["header"]["msg_type"] == "execute_result" for m in told)


def ends_a_kernel_by_message(site: str) -> bool:
    one = visitor(site)
    key = one.kernel()
    line = one.line(key)
    line.send_binary(message("shutdown_request", {"restart": False}, "control"))
    time.sleep(1.5)
    told = heard(line)
    line.close()
    return not any(m["header"]["msg_type"] == "kernel_info_reply" for m in told)


def makes_a_widget(site: str) -> bool:
    one = visitor(site)
    line = one.line(one.kernel())
    sent = message("comm_open", {"comm_id": "x" * 32, "target_name": "jupyter.widget", "data": {}})
    line.send_binary(sent)
    return _reached(line, sent)


def sets_what_is_not_a_readers(site: str) -> bool:
    one = visitor(site)
    slider, _ = widget(site, "FloatSliderModel")
    line = one.line(one.kernel())
    sent = update(slider, {"max": 1e300})
    line.send_binary(sent)
    return _reached(line, sent)


def sends_a_long_text(site: str) -> bool:
    one = visitor(site)
    board, _ = widget(site, "dataflow")
    line = one.line(one.kernel())
    sent = update(board, {"question": {"levers": {}, "serial": 1, "note": "x" * 20_000}})
    line.send_binary(sent)
    return _reached(line, sent)


def reads_a_stack_trace(site: str) -> bool:
    one = visitor(site)
    board, _ = widget(site, "dataflow")
    line = one.line(one.kernel())
    line.send_binary(update(board, {"question": "not a question"}))
    told = heard(line)
    line.close()
    return "Traceback" in json.dumps(told) or "/analysis/" in json.dumps(told)


def takes_anothers_kernel(site: str) -> bool:
    one, other = visitor(site), visitor(site)
    key = one.kernel()
    line = one.line(key)
    other.get("briefing/target_scenarios")
    try:
        other.line(key).close()
    except WebSocketBadStatusException:
        return False
    finally:
        line.close()
    return True


def connects_from_a_foreign_page(site: str) -> bool:
    one = visitor(site)
    key = one.kernel()
    line = one.line(key)
    try:
        one.line(key, origin="http://foreign.example").close()
    except WebSocketBadStatusException:
        return False
    finally:
        line.close()
    return True


def asks_for_python_across_sites(site: str) -> bool:
    one = visitor(site)
    one.get("briefing/target_scenarios")
    return one.post("kernel/target_scenarios", token="")[0] == 200


def fills_the_memory(site: str) -> bool:
    many = [visitor(site) for _ in range(5)]
    for one in many:
        one.get("briefing/target_scenarios")
    return all(one.post("kernel/target_scenarios")[0] == 200 for one in many)


def leaves_kernels_behind(site: str) -> bool:
    before = kernels(site)
    one = visitor(site)
    one.line(one.kernel()).close()
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        if kernels(site) <= before:
            return False
        time.sleep(0.1)
    return True


def rebinds_a_name(site: str) -> bool:
    try:
        with urlopen(Request(site, headers={"Host": "foreign.example"})) as answer:
            return answer.status == 200
    except HTTPError:
        return False


def loads_from_elsewhere(site: str) -> bool:
    with urlopen(f"{site}briefing/target_scenarios") as answer:
        policy = answer.headers.get("Content-Security-Policy", "")
    return "default-src 'self'" not in policy or "unsafe-eval" in policy


def _reached(line: WebSocket, sent: bytes) -> bool:
    """Say whether the kernel worked on a message: its status names it as the reason."""
    told = parsed(sent)
    assert told is not None
    answers = heard(line)
    line.close()
    return any(m["parent_header"].get("msg_id") == told["header"]["msg_id"] for m in answers)


ATTACKS = [
    runs_code, ends_a_kernel_by_message, makes_a_widget, sets_what_is_not_a_readers,
    sends_a_long_text, reads_a_stack_trace, takes_anothers_kernel, connects_from_a_foreign_page,
    asks_for_python_across_sites, leaves_kernels_behind, rebinds_a_name,
    loads_from_elsewhere,
    fills_the_memory,
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_the_published_site_holds(guarded: str, attack: Attack) -> None:
    assert not attack(guarded)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_the_attack_succeeds_with_the_defences_off(open_doors: str, attack: Attack) -> None:
    assert attack(open_doors)


def test_a_full_house_says_so_in_both_languages_and_the_page_stays(guarded: str) -> None:
    guests = [visitor(guarded) for _ in range(3)]
    lines = [one.line(one.kernel()) for one in guests[:2]]
    guests[2].get("briefing/target_scenarios")
    status, body = guests[2].post("kernel/target_scenarios")
    assert status == 503
    assert set(json.loads(body)["reason"]) == {"zh", "en"}
    assert guests[2].get("briefing/target_scenarios")[0] == 200
    assert kernels(guarded) == 2
    for line in lines:
        line.close()


def test_looking_at_pages_starts_no_kernel(guarded: str) -> None:
    before = kernels(guarded)
    for method in ("GET", "HEAD"):
        for place in ("", "briefing/target_scenarios"):
            with urlopen(Request(f"{guarded}{place}", method=method)) as answer:
                assert answer.status == 200
    assert kernels(guarded) == before


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
    one = visitor(guarded)
    line = one.line(one.kernel())
    line.send_binary(raw)
    assert any(m["header"]["msg_type"] == "kernel_info_reply" for m in heard(line))
    line.close()


def test_a_flood_ends_its_own_line_only(guarded: str) -> None:
    one, other = visitor(guarded), visitor(guarded)
    line, calm = one.line(one.kernel()), other.line(other.kernel())
    slider, _ = widget(guarded, "FloatSliderModel")
    with pytest.raises((WebSocketException, OSError)):
        for i in range(5_000):
            line.send_binary(update(slider, {"value": float(i % 20)}))
        while line.recv():
            continue
        raise WebSocketException("the line was closed")
    assert any(m["header"]["msg_type"] == "kernel_info_reply" for m in heard(calm))
    calm.close()


def test_a_readers_question_is_answered(guarded: str) -> None:
    """The way that is left open is open: the attacks above fail for their own reason."""
    from analysis.model import load_model

    one = visitor(guarded)
    board, _ = widget(guarded, "dataflow")
    line = one.line(one.kernel())
    line.settimeout(15)
    levers = load_model().defaults | {"uplift_zone": 30.0}
    line.send_binary(update(board, {"question": {"levers": levers, "serial": 7}}))
    while True:
        told = parsed(line.recv())
        assert told is not None
        state = told["content"].get("data", {}).get("state", {})
        if "reply" in state:
            break
    assert state["reply"]["serial"] == 7
    assert 0 <= state["reply"]["facts"]["chance_all_expected"] <= 100
    line.close()
