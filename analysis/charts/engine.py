"""The engine that compiles and draws pictures, in this process or in one of its own."""

from __future__ import annotations

import functools
import logging
import multiprocessing
import os
import select
import socket
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from analysis import cache
from analysis.charts.font import FONTS

#: Seconds that an engine without a line waits for one, and most files that are open in a process.
IDLE, MOST_FILES = 10.0, 1 << 16
_asked: list[Any] = []


def engine() -> Any:
    """Return the chart engine, which knows the packaged font and asks no host for anything."""
    return _asked[-1] if _asked else _here()


def jpeg(svg: str) -> bytes:
    """Return a picture as JPEG; drawn once and kept."""

    def made() -> str:
        return b64encode(bytes(engine().svg_to_jpeg(svg, scale=1, quality=85))).decode()

    kept = cache.kept(cache.cache_dir() / f"jpeg-{cache.digest(svg)[:32]}.json", made)
    return b64decode(kept)


@contextmanager
def engine_process(shared: EngineProcess | None = None) -> Iterator[None]:
    """Draw in another process meanwhile: a later fork would lose the engine's threads.

    A process that has drawn by itself has them already, and goes on.

    shared : who draws, where this process was forked from the one that keeps it
    """
    if _here.cache_info().currsize:
        yield
        return
    drawn = EngineLine(shared or EngineProcess())
    _asked.append(drawn)
    try:
        yield
    finally:
        _asked.remove(drawn)
        drawn.end()


@functools.cache
def _here() -> Any:
    import vl_convert

    # It warns of each series that is empty, as a pinned scenario is until a reader pins one, its
    # painter of each mark that has no extent, and its fonts of a machine that has none of its own.
    for name in ("vl_convert", "tiny_skia", "fontdb"):
        logging.getLogger(name).setLevel(logging.ERROR)
    vl_convert.configure(allowed_base_urls=[], base_url=False)
    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


class EngineProcess:
    """A process that draws for whoever has a line to it; it ends when nobody has for a while."""

    def __init__(self) -> None:
        self._control: socket.socket | None = None
        self._process = 0

    def stand(self) -> None:
        """Begin it if it isn't there: it never speaks, so what can be heard of it is its end."""
        if self._control is not None and not select.select([self._control], [], [], 0)[0]:
            return
        self._control, theirs = socket.socketpair()
        self._process = os.fork()
        if not self._process:
            try:
                # Whose lines this process was forked with shall hear of their ends.
                os.closerange(3, theirs.fileno())
                os.closerange(theirs.fileno() + 1, MOST_FILES)
                answer(theirs)
            finally:
                os._exit(0)
        theirs.close()

    def line(self) -> Connection:
        """Return a new line to it; a process that was forked meanwhile has one of its own."""
        self.stand()
        ours, theirs = multiprocessing.Pipe()
        assert self._control is not None
        with theirs, suppress(ConnectionError):  # who asks hears that it has just ended
            socket.send_fds(self._control, [b"\n"], [theirs.fileno()])
        return ours

    def close(self) -> None:
        """Ask for no more lines here; who began it waits until it is gone."""
        if self._control is not None:
            self._control.close()
            self._control = None
            with suppress(ChildProcessError):  # another process's child, or nobody's
                os.waitpid(self._process, 0)


class EngineLine:
    """The engine's functions, each answered by a process that draws."""

    def __init__(self, process: EngineProcess) -> None:
        self._process = process
        self._line: Connection | None = None

    def __getattr__(self, name: str) -> Any:
        def asked(*given: Any, **named: Any) -> Any:
            try:
                drawn, answer = self._ask(name, given, named)
            except (EOFError, ConnectionError):  # it is gone, perhaps by another's picture
                self.end()
                self._process = EngineProcess()
                drawn, answer = self._ask(name, given, named)
            if not drawn:
                raise answer
            return answer

        return asked

    def _ask(self, *question: Any) -> Any:
        self._line = self._line or self._process.line()
        self._line.send(question)
        return self._line.recv()

    def end(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None
        self._process.close()


def answer(control: socket.socket) -> None:
    """Answer on each line that comes, one question after another, until who hands them hangs up.

    Without a line it waits for one for a while, and ends.
    """
    lines: list[Any] = []
    listened: list[Any] = [control]
    while ready := wait([*listened, *lines], None if lines else IDLE):
        for one in ready:
            if one is control:
                _, handed, *_ = socket.recv_fds(control, 1, 1)
                lines += map(Connection, handed)
                if not handed:
                    listened.clear()
            elif not _answered(one):
                lines.remove(one)


def _answered(line: Any) -> bool:
    """Answer the next question of a line; False if who asks is gone."""
    try:
        name, given, named = line.recv()
        try:
            told = True, getattr(_here(), name)(*given, **named)
        except Exception as error:
            told = False, error
        line.send(told)
    except (EOFError, ConnectionError):  # perhaps with an answer that it never read
        line.close()
        return False
    return True
