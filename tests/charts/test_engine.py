"""Pictures drawn in a process of the engine's own: the same, and none of its threads here."""

import os
from pathlib import Path

import psutil
import pytest

from analysis.board.drawing import vega
from analysis.charts.engine import engine, engine_process

SPEC = {
    "data": {"values": [{"a": "东西湖", "b": 12.91}]},
    "mark": "bar",
    "encoding": {"x": {"field": "b", "type": "quantitative"}, "y": {"field": "a"}},
}


def asked_in_a_process_without_threads() -> tuple[int, int, str, str]:
    """Fork; there ask for a picture and for nonsense. Return threads, children left, what came."""
    told, say = os.pipe()
    if os.fork() == 0:
        try:
            with engine_process():
                drawn = engine().vega_to_svg(vega(SPEC))
                try:
                    engine().vega_to_svg("nonsense")
                except ValueError as error:
                    refused = str(error).splitlines()[0]
            threads = len(list(Path("/proc/self/task").iterdir()))
            left = len(psutil.Process().children())
            os.write(say, "\n".join([str(threads), str(left), refused, drawn]).encode())
        finally:
            os._exit(0)
    os.close(say)
    with os.fdopen(told, encoding="utf-8") as line:
        threads, left, refused, drawn = line.read().split("\n", 3)
    os.wait()
    return int(threads), int(left), refused, drawn


def test_it_draws_the_same_refuses_the_same_and_leaves_no_thread_and_no_process():
    threads, left, refused, drawn = asked_in_a_process_without_threads()
    assert (threads, left) == (1, 0)
    assert drawn == engine().vega_to_svg(vega(SPEC))
    with pytest.raises(ValueError, match="JSON") as error:
        engine().vega_to_svg("nonsense")
    assert refused == str(error.value).splitlines()[0]


def test_it_asks_no_host_for_data():
    spec = {**SPEC, "data": {"url": "https://example.org/a.csv"}}
    with pytest.raises(PermissionError, match="not allowed: https"):
        engine().vega_to_svg(engine().vegalite_to_vega(spec))
