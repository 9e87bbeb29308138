"""Attacks by lines that are opened and not used as a page uses them: in vain, but with doors open.

An attack returns whether it got what it wanted.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import pytest
from world import OF_ONE, SILENT, SLUG, in_turn, visitor, within

from analysis.publish.lines import A_PLACE

pytestmark = [pytest.mark.slow]
Attack = Callable[[str], bool]
#: Lines that one address may have there, and more.
LINES = OF_ONE * A_PLACE
MORE = LINES + 20


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


def stay(*lines: socket.socket) -> bool:
    """Say whether all lines stay open, in the time that a busy site may take to close one."""
    return not within(4, lambda: not all(map(is_open, lines)))


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
        return stay(*mine)


def keeps_a_line_that_asks_nothing(site: str) -> bool:
    with line(site) as silent, line(site) as slow:
        slow.sendall(head("GET", site))
        time.sleep(SILENT)
        return stay(silent) and stay(slow)


def has_a_body_kept_that_nobody_asked_for(site: str) -> bool:
    with line(site) as one:
        one.setblocking(True)
        with suppress(ConnectionError):
            one.sendall(head("POST", site, f"Content-Length: {50 << 20}") + b"\r\n")
            one.sendall(bytes(1 << 20))
        one.settimeout(0)
        return stay(one)


def has_a_head_read_without_end(site: str) -> bool:
    with line(site) as one:
        one.setblocking(True)
        with suppress(ConnectionError):
            one.sendall(head("GET", site, *(f"X-{n}: {'x' * 500}" for n in range(100))))
        one.settimeout(0)
        return stay(one)


ATTACKS = [
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
