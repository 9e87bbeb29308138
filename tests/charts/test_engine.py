"""Pictures drawn in a process of the engine's own: the same, and none of its threads here."""

import json
import os
import re
import subprocess
import sys

import pytest

from analysis.board.drawing import _drawn, vega
from analysis.charts.engine import engine

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


#: Another, that tells whether all draw the same, whether one process did, and who takes over.
SHARES = """
import json, os, signal, sys
from analysis.charts.engine import EngineLine, EngineProcess
asked = sys.stdin.read()
shared = EngineProcess()
gone, first, second = shared.line(), EngineLine(shared), EngineLine(shared)
gone.send(("vega_to_svg", (asked,), {}))
gone.close()  # with an answer that it never reads
process = shared._process
drawn = {line.vega_to_svg(asked) for line in (first, second)}
one = shared._process == process
os.kill(process, signal.SIGKILL)
drawn.add(first.vega_to_svg(asked))
first.end(), second.end()
print(json.dumps([one, list(drawn)]))
"""


def test_one_process_draws_for_many_in_silence_and_another_takes_over_when_it_is_gone():
    done = subprocess.run([sys.executable, "-c", SHARES], input=json.dumps(vega(SPEC)), text=True,
                          capture_output=True, check=True)  # fmt: skip
    assert json.loads(done.stdout) == [True, [engine().vega_to_svg(vega(SPEC))]]
    assert done.stderr == ""


def test_pictures_are_the_same_whatever_was_drawn_before_and_share_no_name():
    clipped = {**SPEC, "mark": {"type": "bar", "clip": True}}
    clipped_twice = {"vconcat": [clipped, clipped]}
    one, two = (_drawn(json.dumps(vega(spec))) for spec in (clipped, clipped_twice))
    assert _drawn(json.dumps(vega(clipped))) == one
    names = [set(re.findall(r'id="(.+?)"', drawn)) for drawn in (one, two)]
    assert [len(found) for found in names] == [1, 2] and not names[0] & names[1]
    assert set(re.findall(r"url\(#(.+?)\)", two)) == names[1]
