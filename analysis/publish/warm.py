"""The processes that run notebooks, and those that are forked from them.

    python -m analysis.publish.warm fd:NUMBER        fork a parent for each socket that comes
    python -m analysis.publish.warm NOTEBOOK FILE …  run each, and write what it tells

The first is the zygote: it imports what every notebook needs, reads no data, and forks. A
parent reads its task from its socket, runs the notebook and tells its page at once.
A kernel forked from there holds every import, table and widget of the notebook
already, under the same widget ids as the page that all readers share. All speak a
JSON text a line: a parent answers each {"connection_file", "cwd", "env"} with {"pid"},
and each {"views"}, which comes with a socket, with the {"pid"} of a process that draws the
page's charts in other scenarios. Who forks holds no other socket, no thread and no
secret; when the server goes, so do zygote, parents, kernels and whoever draws.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import random
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import cache
from analysis.charts.engine import EngineProcess, engine_process
from analysis.files import write_whole
from analysis.process import begin_worker, threads
from analysis.publish import bounds, memory
from analysis.publish.lifeline import end_with_parent

if TYPE_CHECKING:
    from analysis.publish.kernel import ForkedApp

#: Longest request, bytes; the server sends one at a time.
MOST_REQUEST = 1 << 16
#: Questions that are asked before the first fork: what runs eight times is rewritten.
REHEARSALS = 10
#: What every notebook needs that takes long to import: modules, and packages with all of theirs.
NEEDED = ("scipy.optimize", "scipy.stats", "analysis.datapackage", "analysis.publish.notebook",
          "analysis.structure.kept")  # fmt: skip
PACKAGES = ("analysis.briefing", "analysis.charts", "analysis.study")


def load() -> None:
    """Import and make what notebooks need; it reads no data and begins no thread."""
    for name in NEEDED:
        importlib.import_module(name)
    for package in map(importlib.import_module, PACKAGES):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    import altair
    import pandas

    from analysis.publish.kernel import ForkedApp

    altair.Chart(pandas.DataFrame({"a": ["b"]}), mark="bar").encode(x=altair.X("a")).to_dict()
    ForkedApp.instance().prepare()


def rehearse() -> None:
    """Tell each board that listens its scenario some times, so that what it loads is there for all.

    Python also rewrites what it runs often: a kernel would pay for the pages.
    """
    from analysis.board import Board
    from analysis.publish.widgets import all_widgets

    for board in all_widgets().values():
        if isinstance(board, Board) and board.observed:
            levers = {key: getattr(board, key) for key in board.model.levers}
            for serial in range(REHEARSALS):
                board.set_state({"settled": {"levers": levers, "serial": -serial}})
            board.answer = {}


def fork_for_each(
    control: socket.socket, live: Callable[[bytes, list[int]], None],
    before: Callable[[], object] = lambda: None,
) -> None:  # fmt: skip
    """Fork a process for each line that comes, until the server hangs up.

    live : what the new process does with the line, and with the sockets that came with it
    before : what is done before each fork
    """
    memory.give_back()
    gc.freeze()  # out of the collector's sight, so that what is there stays shared
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are nobody's zombies
    while True:
        line, handed, *_ = socket.recv_fds(control, MOST_REQUEST, 1)
        if not line:
            return
        before()
        pid = fork(partial(live, line, handed), control)
        for number in handed:
            os.close(number)
        control.sendall(json.dumps({"pid": pid}).encode() + b"\n")


def fork(live: Callable[[], object], *held: socket.socket) -> int:
    """Fork a process that lives a life, and ends with the one who forked; return its id.

    held : what only the one who forked goes on to listen to
    """
    if pid := os.fork():
        return pid
    code = 1
    try:
        end_with_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in held:
            os.close(one.fileno())
        live()
        code = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)


def attend(app: ForkedApp, line: bytes, handed: list[int]) -> None:
    """Be a kernel, or draw for whoever handed a socket, until told to stop."""
    import resource

    request = json.loads(line)
    os.setsid()
    if handed:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        draw(socket.socket(fileno=handed[0]), request["views"])
        return
    bounds.bound_memory()
    bounds.stay_alone()
    _reseed()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    app.attach(request["connection_file"])
    bounds.stay_alone(offline=True)  # its lines to the server are open
    app.start()


def draw(line: socket.socket, views: list[str]) -> None:
    """Answer each {"lang", "levers"} with the first look of every view in that scenario.

    Drawing starts an engine with threads, which is why the parent does not do it itself.
    """
    from analysis.board.drawing import svg_unkept
    from analysis.publish.first import Look, first_html

    os.nice(10)  # readers' kernels come first
    with line.makefile("r", encoding="utf-8") as requests:
        for asked in requests:
            scenario = json.loads(asked)
            look = Look(scenario["lang"], scenario["levers"], svg_unkept)
            made = {view: first_html(view, look) for view in views}
            line.sendall(json.dumps(made, ensure_ascii=False).encode() + b"\n")


def _reseed() -> None:
    """Give each kernel random numbers of its own."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def learn(control: socket.socket) -> None:
    """Have it kept what is said of the plans, which the server need not import so much for.

    Beside it the model is compiled, for which every page would wait.
    """
    from analysis.model import load_model
    from analysis.publish.plans import known, known_place

    def model() -> None:
        with suppress(Exception):  # the pages name what is wrong with the plan
            load_model()

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if cache.read(known_place()) is None:
        fork(model, control)
        with suppress(ChildProcessError):  # it is nobody's zombie either
            os.waitpid(fork(known, control), 0)


def parent(number: int, engine: EngineProcess) -> None:
    """Run the notebook that the socket's first line names, tell its page, and fork kernels.

    engine : who draws, for an engine's threads would be lost in the kernels' forks
    """
    from analysis.structure.kept import LEDGER, handed_on

    line = socket.socket(fileno=number)
    with line.makefile("rb") as tasks:
        said = tasks.readline()
    if not said:
        return
    task = json.loads(said)
    _reseed()
    os.environ.update(task["surroundings"])
    with engine_process(engine):
        app, page, failures = ran(Path(task["notebook"]))
    # A notebook of one's own may still begin threads. What it drew is kept now: an heir runs it
    # once more, when there is time, and need not begin any.
    # The same if a ledger's address holds a password, which no kernel may find.
    known = handed_on()
    heir = None
    several = threads(patience=1 if task["heir"] else 0)
    if several > 1 or (LEDGER in os.environ and LEDGER not in known):
        if task["heir"]:
            name = Path(task["notebook"]).name
            print(f"{name}: its kernels are forked from {several} threads", file=sys.stderr)
        else:
            heir = known
    told = {"page": page, "failures": failures, "heir": heir}
    line.sendall(json.dumps(told, ensure_ascii=False).encode() + b"\n")
    if heir is None:
        rehearse()
        fork_for_each(line, lambda request, handed: attend(app, request, handed))


def ran(notebook: Path) -> tuple[ForkedApp, dict[str, Any], list[str]]:
    """Run a notebook in its folder, if no table is broken, cut or older."""
    from analysis.datapackage import check
    from analysis.publish.inputs import data_place

    if faults := cache.kept(data_place("faults"), lambda: "\n".join(map(str, check()))):
        print(faults, file=sys.stderr)
        sys.exit(1)
    os.chdir(notebook.parent)
    from analysis.publish.notebook import run

    return run(notebook)


def tell(notebook: str, file: str) -> None:
    """Run a notebook, and write what it tells."""
    _, page, failures = ran(Path(notebook))
    told = {"page": page, "failures": failures}
    write_whole(Path(file), json.dumps(told, ensure_ascii=False).encode())


def tell_each(*asked: str) -> None:
    """Run notebooks, each in a process forked from here, as many at a time as there are processors.

    asked : each notebook, and the file for what it tells
    """

    def alone(notebook: str, file: str) -> None:
        _reseed()
        with engine_process(engine):
            tell(notebook, file)

    load()
    engine = EngineProcess()
    for number in range(0, len(asked), 2):
        if number >= 2 * (os.cpu_count() or 1):
            os.wait()
        engine.stand()
        fork(partial(alone, *asked[number : number + 2]))
    engine.close()
    with suppress(ChildProcessError):  # all have ended
        while True:
            os.wait()


def main(what: str, *to: str) -> None:
    """Be the zygote, or run notebooks and write what they tell."""
    begin_worker()
    # debugpy costs a kernel 12 MB, and a reader must not be able to attach a debugger.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    # A page knows what it sent: said again by the kernel it would only fill the line.
    os.environ.setdefault("JUPYTER_WIDGETS_ECHO", "0")
    if not what.startswith("fd:"):
        (tell if len(to) == 1 else tell_each)(what, *to)
        return
    end_with_parent()
    load()
    control = socket.socket(fileno=int(what.removeprefix("fd:")))
    learn(control)
    with suppress(ConnectionError):  # the server has ended before it began
        control.sendall(json.dumps({"pid": os.getpid()}).encode() + b"\n")
        engine = EngineProcess()
        fork_for_each(control, lambda _, handed: parent(handed[0], engine), engine.stand)


if __name__ == "__main__":
    main(*sys.argv[1:])
