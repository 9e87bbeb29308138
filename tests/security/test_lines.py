"""Attacks by lines that are opened and not used as a page uses them: in vain, but with doors open.

An attack returns whether it got what it wanted.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import psutil
import pytest
from talk import heard, update, widget
from websocket import WebSocketException
from world import OF_ONE, SILENT, SLUG, houses, in_turn, patience, visitor, within

from analysis.publish.lines import A_PLACE, OF_A_KERNEL

pytestmark = [pytest.mark.slow]
Attack = Callable[[str], bool]
#: Lines that one address may have there, and more.
LINES = OF_ONE * A_PLACE
MORE = LINES + 20
#: Bytes that a server has no reason to keep for one line.
MUCH = 20 << 20


@contextmanager
def line(site: str) -> Iterator[socket.socket]:
    """A line to the site on which nothing was said yet."""
    place = urlsplit(site)
    with socket.create_connection((place.hostname, place.port)) as one:
        one.settimeout(0)
        yield one


def is_open(one: socket.socket) -> bool:
    """Say whether the site has neither hung up nor answered."""
    try:
        return one.recv(1, socket.MSG_PEEK) is None
    except BlockingIOError:
        return True
    except OSError:
        return False


def stay(site: str, *lines: socket.socket) -> bool:
    """Say whether all lines stay open, in the time that a busy site may take to close one."""
    return not within(patience(site), lambda: not all(map(is_open, lines)))


def head(method: str, site: str, *more: str) -> bytes:
    """Return the head of a question, but for its end."""
    lines = [f"{method} /kernel/{SLUG} HTTP/1.1", f"Host: {urlsplit(site).netloc}", *more]
    return "\r\n".join(lines).encode() + b"\r\n"


def answers(site: str) -> bool:
    """Say whether the site answers, which may take it a moment after lines were closed."""

    def asked() -> bool:
        with suppress(OSError):
            return visitor(site).get("healthz")[0] == 200
        return False

    return within(20, asked)


def takes_all_lines(site: str) -> bool:
    with ExitStack() as stack:
        mine = [stack.enter_context(line(site)) for _ in range(MORE)]
        return stay(site, *mine)


def keeps_a_line_that_asks_nothing(site: str) -> bool:
    with line(site) as silent, line(site) as slow:
        slow.sendall(head("GET", site))
        time.sleep(SILENT)
        kept = [stay(site, one) for one in (silent, slow)]
        assert kept[0] == kept[1]
        return kept[0]


def has_a_body_kept_that_nobody_asked_for(site: str) -> bool:
    with line(site) as one:
        one.setblocking(True)
        with suppress(ConnectionError):
            one.sendall(head("POST", site, f"Content-Length: {50 << 20}") + b"\r\n")
            one.sendall(bytes(1 << 20))
        one.settimeout(0)
        return stay(site, one)


def has_a_head_read_without_end(site: str) -> bool:
    with line(site) as one:
        one.setblocking(True)
        with suppress(ConnectionError):
            one.sendall(head("GET", site, *(f"X-{n}: {'x' * 500}" for n in range(100))))
        one.settimeout(0)
        return stay(site, one)


def takes_descriptors_by_lines_to_its_kernel(site: str) -> bool:
    server = psutil.Process(houses[site].pid)
    one = visitor(site)
    key = one.kernel()
    first = one.line(key)
    before = server.num_fds()
    mine = [one.line(key) for _ in range(30)]
    grown = not within(patience(site), lambda: server.num_fds() < before + 3 * OF_A_KERNEL)
    for each in (first, *mine):
        each.shutdown()
    return grown


def has_kept_what_it_does_not_read(site: str) -> bool:
    """What it is sent for answers that it never takes stays with the server, or is given up."""
    board, _ = widget(site, "dataflow")
    server = psutil.Process(houses[site].pid)
    one = visitor(site)
    key = one.kernel()
    deaf = [one.line(key, sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)]) for _ in range(20)]
    before = server.memory_info().rss
    # Each answer says again what was asked, on each line.
    long = {"levers": {}, "serial": 1, "note": "x" * 50_000}
    end = time.monotonic() + 5
    with suppress(WebSocketException, OSError):
        deaf[-1].settimeout(5)
        while time.monotonic() < end and server.memory_info().rss < before + MUCH:
            deaf[-1].send_binary(update(board, {"settled": long}))
            time.sleep(0.025)
    kept = server.memory_info().rss >= before + MUCH
    for each in deaf:
        each.shutdown()
    return kept


def fills_the_log(site: str) -> bool:
    board, _ = widget(site, "dataflow")
    one = visitor(site)
    mine = one.line(one.kernel())
    before = houses[site].log.stat().st_size
    for number in range(10):
        mine.send_binary(update(board, {"settled": f"none, {number}"}))
    heard(mine)
    mine.shutdown()  # with answers still to come
    time.sleep(1)
    return houses[site].log.stat().st_size - before > 20_000


ATTACKS = [
    takes_descriptors_by_lines_to_its_kernel, has_kept_what_it_does_not_read, fills_the_log,
    takes_all_lines, keeps_a_line_that_asks_nothing, has_a_body_kept_that_nobody_asked_for,
    has_a_head_read_without_end,
]  # fmt: skip


@in_turn(ATTACKS)
def test_an_attack_is_in_vain_unless_the_doors_are_open(
    attacked: tuple[str, bool], attack: Attack
) -> None:
    site, succeeds = attacked
    assert attack(site) == succeeds
    assert answers(site)


def test_lines_that_were_closed_count_no_more(guarded: str) -> None:
    for _ in range(3):
        with ExitStack() as stack:
            for _ in range(LINES // 2):
                stack.enter_context(line(guarded))
        assert answers(guarded)


def test_a_readers_failures_are_logged_once_with_page_and_cause(guarded: str) -> None:
    assert not fills_the_log(guarded)
    told = houses[guarded].log.read_text("utf-8")
    lines = [json.loads(line) for line in told.splitlines() if '"failed"' in line]
    mine = [line for line in lines if line["cause"] == "TraitError"]
    assert mine and mine[0]["failed"].endswith(SLUG) and "Traceback" in mine[0]["trace"]
    assert sum("trace" in line for line in mine) <= 2, "one for each kind"


def test_a_callback_that_fails_is_logged_with_page_and_cause(guarded: str) -> None:
    board, _ = widget(guarded, "dataflow")
    one = visitor(guarded)
    mine = one.line(one.kernel())
    asked = {"levers": {"uplift_zone": 1e300}, "serial": 1}
    mine.send_binary(update(board, {"settled": asked}))
    heard(mine)
    mine.close()

    def told() -> bool:
        lines = houses[guarded].log.read_text("utf-8").splitlines()
        failed = [json.loads(line) for line in lines if '"failed"' in line]
        return any(line["cause"] == "LeverError" and "trace" in line for line in failed)

    assert within(5, told)
    assert "websocket_ping_timeout" not in houses[guarded].log.read_text("utf-8")
