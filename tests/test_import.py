"""Importing the package changes nothing for whatever else runs in the interpreter."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

#: Says what the interpreter has and does, then imports all of the package but what runs as a
#: command, and says it again; what is new may be new, but nothing may be other than it was.
LOOK = """
import builtins, json, os, random, signal, sys, uuid, warnings
import comm, jsonschema, ipywidgets
random.seed(1)

def look():
    modules = {name: None if module is None else id(module) for name, module in sys.modules.items()}
    own = {f"{place.__name__}.{name}": id(value) for place in
           (builtins, comm, jsonschema, json, os, random, uuid, warnings)
           for name, value in vars(place).items() if not name.startswith("__")}
    return {"modules": modules, "own": own, "path": sys.path, "hooks": [
        id(sys.excepthook), id(sys.displayhook), id(signal.getsignal(signal.SIGINT))],
        "random": hash(random.getstate()),
        "environment": dict(os.environ), "here": os.getcwd(),
        "formats": sorted(jsonschema.FormatChecker.checkers)}

before = look()
import analysis
%s
after = look()
for part in ("modules", "own"):
    after[part] = {name: after[part].get(name, "gone") for name in before[part]} | {
        name: None for name, module in after[part].items() if module is None}
print(json.dumps([name for name in before if before[name] != after[name]]))
print(json.dumps({name: [before[part].get(name), after[part][name]] for part in ("modules", "own")
    for name in after[part] if before[part].get(name, 0) != after[part][name]}))
"""


def changed(then: str = "") -> str:
    run = subprocess.run(
        [sys.executable, "-c", LOOK % then], capture_output=True, text=True, check=True
    )
    parts, names = map(json.loads, run.stdout.splitlines()[-2:])
    return ", ".join([*parts, *names])


def test_importing_the_package_changes_nothing():
    assert changed() == ""


@pytest.mark.slow
def test_importing_the_workbook_s_parts_changes_nothing():
    parts = ["plan", "evidence", "model", "scenario", "board", "charts", "documents", "briefing",
             "publish.warm", "publish.widgets", "cli"]  # fmt: skip
    assert changed("\n".join(f"import analysis.{part}" for part in parts)) == ""


@pytest.mark.slow
def test_the_look_sees_what_is_done_to_another_package():
    assert "json.dumps" in changed("kept = json.dumps; json.dumps = lambda *a: kept(*a)")
    assert "uuid.uuid4" in changed("uuid.uuid4 = lambda: None")
