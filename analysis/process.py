"""The start of a process that is the workbook's own, which no user's code shares."""

from __future__ import annotations

import _thread
import multiprocessing
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

#: Seconds that a program has to stop in order.
GRACE = 20


def begin_worker() -> None:
    """End without a word when interrupted: whoever started this process speaks."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _hold_interrupts(False)


def workers(count: int) -> ProcessPoolExecutor:
    """Start processes for work of our own, which Ctrl+C ends without a word at any time."""
    pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), begin_worker)
    with interrupts_held():  # they inherit it, until each has begun
        for _ in range(count):
            pool.submit(int)
    return pool


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Let Ctrl+C wait for what is to be done whole."""
    _hold_interrupts(True)
    try:
        yield
    finally:
        _hold_interrupts(False)


def _hold_interrupts(held: bool) -> None:
    if hasattr(signal, "pthread_sigmask"):
        how = signal.SIG_BLOCK if held else signal.SIG_UNBLOCK
        signal.pthread_sigmask(how, [signal.SIGINT])


def heed_interrupts() -> None:
    """Let no Ctrl+C get lost.

    Python drops what is raised while an object is cleared away, as while a workbook's archive is
    closed: an interrupt that falls there is raised once more a moment later.
    """
    usual = sys.unraisablehook

    def again() -> None:
        time.sleep(0.05)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # type: ignore[arg-type]

    def hook(dropped: sys.UnraisableHookArgs) -> None:
        if issubclass(dropped.exc_type, KeyboardInterrupt):
            _thread.start_new_thread(again, ())  # one of threading's would be waited for, here
        else:
            usual(dropped)

    sys.unraisablehook = hook


def threads(patience: float = 0) -> int:
    """Return how many threads this process has; with patience (s), not one that just ended."""
    until = time.monotonic() + patience
    while (found := len(list(Path("/proc/self/task").iterdir()))) > 1 and time.monotonic() < until:
        time.sleep(0.01)
    return found


def run_program(command: Sequence[str]) -> int:
    """Run a program to its end, or end it with us: signals reach us alone, and it stops in order.

    Returns
    -------
    its exit code
    """

    def end(number: int, _: Any) -> None:
        raise SystemExit(128 + number)

    ends = {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}
    ours = {number for number in ends if signal.getsignal(number) == signal.SIG_DFL}
    for number in ours:
        signal.signal(number, end)
    with subprocess.Popen(command, process_group=0) as running:
        try:
            return running.wait()
        finally:
            running.terminate()
            with suppress(subprocess.TimeoutExpired):
                running.wait(GRACE)
            running.kill()  # one that was told while it began may never hear of it
            running.wait()
            for number in ours:
                signal.signal(number, signal.SIG_DFL)
