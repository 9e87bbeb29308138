"""Pictures drawn in a process of the engine's own: the same, and none of its threads here."""

import json
import multiprocessing
import os
import subprocess
import sys

import pytest

from analysis.board.drawing import vega
from analysis.charts.engine import _answer, engine

SPEC = {
    "data": {"values": [{"a": "东西湖", "b": 12.91}]},
    "mark": "bar",
    "encoding": {"x": {"field": "b", "type": "quantitative"}, "y": {"field": "a"}},
}
#: What a process does that has drawn nothing yet; it tells threads, children, refusal and picture.
ASKS = """
import json, psutil, sys
from analysis.charts.engine import engine, engine_process
with engine_process():
    drawn = engine().vega_to_svg(json.load(sys.stdin))
    try:
        engine().vega_to_svg("nonsense")
    except ValueError as error:
        refused = str(error).splitlines()[0]
here = psutil.Process()
print(json.dumps([here.num_threads(), len(here.children()), refused, drawn]))
"""


def test_it_draws_the_same_refuses_the_same_and_leaves_no_thread_and_no_process():
    done = subprocess.run([sys.executable, "-c", ASKS], input=json.dumps(vega(SPEC)), text=True,
                          capture_output=True, check=True)  # fmt: skip
    threads, left, refused, drawn = json.loads(done.stdout)
    assert (threads, left) == (1, 0)
    assert drawn == engine().vega_to_svg(vega(SPEC))
    with pytest.raises(ValueError, match="JSON") as error:
        engine().vega_to_svg("nonsense")
    assert refused == str(error.value).splitlines()[0]


def test_it_asks_no_host_for_data():
    spec = {**SPEC, "data": {"url": "https://example.org/a.csv"}}
    with pytest.raises(PermissionError, match="not allowed: https"):
        engine().vega_to_svg(engine().vegalite_to_vega(spec))


def test_it_says_nothing_of_a_machine_without_fonts():
    env = os.environ | {"FONTCONFIG_FILE": "/nonexistent"}
    asked = [sys.executable, "-c", ASKS]
    told = subprocess.run(asked, input=json.dumps(SPEC), capture_output=True, text=True, env=env)
    assert told.returncode == 0 and told.stderr == ""


def test_it_ends_in_silence_when_who_asked_is_gone():
    line, theirs = multiprocessing.Pipe()
    waiting, other = multiprocessing.Pipe()
    line.send("never read")
    theirs.close()  # with something unread: this end is reset, which is no end of file
    _answer(line, waiting)
    other.close()
