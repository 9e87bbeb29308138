"""The engine that compiles and draws pictures, in this process or in one of its own."""

from __future__ import annotations

import functools
import logging
import multiprocessing
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from analysis import cache
from analysis.charts.font import FONTS

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
def engine_process() -> Iterator[None]:
    """Draw in a process of its own meanwhile: a later fork would lose the engine's threads.

    A process that has drawn by itself has them already, and goes on.
    """
    if _here.cache_info().currsize:
        yield
        return
    drawn = EngineProcess()
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
    """The engine's functions, each answered by a process that begins with the first question."""

    def __init__(self) -> None:
        self._line: Connection | None = None
        self._process: Any = None

    def __getattr__(self, name: str) -> Any:
        def asked(*given: Any, **named: Any) -> Any:
            if self._line is None:
                self._begin()
            assert self._line is not None
            self._line.send((name, given, named))
            drawn, answer = self._line.recv()
            if not drawn:
                raise answer
            return answer

        return asked

    def _begin(self) -> None:
        context = multiprocessing.get_context("fork")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_answer, args=(theirs, self._line), daemon=True)
        self._process.start()
        theirs.close()

    def end(self) -> None:
        """Hang up, and wait until it is gone."""
        if self._line is not None:
            self._line.close()
            self._process.join()


def _answer(line: Connection, asker: Connection) -> None:
    """Answer one question after another until who asks hangs up."""
    asker.close()  # or its end would never be heard here
    while True:
        try:
            name, given, named = line.recv()
        except (EOFError, ConnectionError):  # gone, perhaps with an answer that it never read
            return
        try:
            told = True, getattr(_here(), name)(*given, **named)
        except Exception as error:
            told = False, error
        line.send(told)
