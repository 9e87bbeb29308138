"""The warm parent: runs one notebook once, tells the page, and forks a kernel for whoever asks.

    python -m analysis.publish.warm NOTEBOOK fd:NUMBER    serve over an inherited socket
    python -m analysis.publish.warm NOTEBOOK FILE         only write the page

A kernel forked from here holds every import, table and widget of the notebook
already, under the same widget ids as the page that all readers share. The parent
speaks over one inherited socket, a JSON text a line: first it tells the page,
then it answers each {"connection_file", "cwd", "env"} with {"pid"}, and each
{"views"}, which comes with a socket, with the {"pid"} of a process that draws the
page's charts in other scenarios. It holds no other socket, no thread and no
secret; when the server goes, so do parent, kernels and whoever draws.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import random
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.process import begin_worker
from analysis.publish import bounds
from analysis.publish.lifeline import end_with_parent

if TYPE_CHECKING:
    from analysis.publish.kernel import ForkedApp

#: Longest request, bytes; the server sends one at a time.
MOST_REQUEST = 1 << 16
#: Questions that are asked before the first fork: what runs eight times is rewritten.
REHEARSALS = 10


def run(notebook: Path) -> tuple[ForkedApp, dict[str, Any]]:
    """Run a notebook in a kernel's own shell; return the kernel's application and the page."""
    import altair
    import nbformat
    from IPython.core.displayhook import CapturingDisplayHook
    from IPython.utils.capture import capture_output

    # It has to be there before the first widget, whose line to the browser a kernel keeps.
    from analysis.publish.kernel import ForkedApp

    app = ForkedApp.instance()
    app.prepare()
    shell: Any = app.shell
    altair.renderers.enable("mimetype")  # a chart is told, not a script that fetches its drawer

    from analysis.documents.transcript import UNPUBLISHED
    from analysis.publish.first import Look, first_html
    from analysis.publish.front import answer
    from analysis.publish.outputs import AS_IT_STANDS, VIEW, plain, shown, without_dead
    from analysis.publish.pages import about_text, slug_of
    from analysis.publish.widgets import all_widgets, client_may_set, ids_of, widget_state

    cells = []
    for number, cell in enumerate(nbformat.read(notebook, as_version=4).cells):
        made: dict[str, Any] = {"type": cell.cell_type, "tags": cell.metadata.get("tags", [])}
        unpublished = UNPUBLISHED in made["tags"]
        if cell.cell_type != "code":
            made["source"] = cell.source
            if not unpublished:
                cells.append(made)
            continue
        with (
            ids_of(f"{notebook.name} {number}"),
            capture_output(stdout=True, stderr=False, display=True) as captured,
        ):
            hook = CapturingDisplayHook(shell=shell, outputs=captured._outputs)
            shell.display_trap.hook = hook  # a cell's last value is shown like any other
            result = shell.run_cell(cell.source, store_history=False)
        made["failed"] = not result.success
        if unpublished and result.success:
            continue  # what it leaves behind is all that the page wants of it
        cells.append(made)
        made["text"] = plain(captured.stdout) if result.success else ""
        living = all_widgets()
        made["outputs"] = [shown(output.data, living) for output in captured.outputs]
        told = [VIEW in output.data for output in captured.outputs]
        if told != [VIEW in output for output in made["outputs"]]:
            print(f"{notebook.name}, cell {number + 1}: {AS_IT_STANDS}", file=sys.stderr)
    shell.display_trap.hook = shell.displayhook  # a kernel's own: what is run there is told
    views = [
        output[VIEW]["model_id"]
        for cell in cells
        for output in cell.get("outputs", [])
        if VIEW in output
    ]
    page = {
        "cells": cells,
        "state": without_dead(widget_state()),
        "may_set": client_may_set(),
        "about": about_text(),
        "answer": answer(slug_of(notebook.name)),
        "first": {
            lang: {view: first_html(view, Look(lang)) for view in views} for lang in ("zh", "en")
        },
    }
    return app, page


def threads() -> int:
    """Return how many threads this process has."""
    return len(list(Path("/proc/self/task").iterdir()))


def rehearse() -> None:
    """Ask each board its question some times, so that what the answer loads is loaded for all.

    Python also rewrites what it runs often: a kernel would pay for the pages.
    """
    from analysis.board import Board
    from analysis.publish.widgets import all_widgets

    for board in all_widgets().values():
        if isinstance(board, Board):
            levers = {key: getattr(board, key) for key in board.model.levers}
            for serial in range(REHEARSALS):
                board.set_state({"question": {"levers": levers, "serial": -serial}})
            board.reply = {}


def serve(control: socket.socket, app: ForkedApp) -> None:
    """Fork a kernel for each request until the server hangs up."""
    rehearse()
    ctypes.CDLL(None).malloc_trim(0)
    gc.collect()  # and keep what is there out of the collector's sight, so its pages stay shared
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are nobody's zombies
    while True:
        line, handed, *_ = socket.recv_fds(control, MOST_REQUEST, 1)
        if not line:
            return
        pid = os.fork()
        if pid == 0:
            become(control, app, json.loads(line), handed)
        for number in handed:
            os.close(number)
        control.sendall(json.dumps({"pid": pid}).encode() + b"\n")


def become(
    control: socket.socket, app: ForkedApp, request: dict[str, Any], handed: list[int]
) -> None:
    """Be a kernel, or draw for whoever handed a socket, until told to stop; never returns."""
    import resource

    code = 1
    try:
        end_with_parent()
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(control.fileno())
        if handed:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            draw(socket.socket(fileno=handed[0]), request["views"])
        else:
            bounds.bound_memory()
            bounds.stay_alone()
            _reseed()
            os.environ.update(request["env"])
            os.chdir(request["cwd"])
            app.attach(request["connection_file"])
            bounds.stay_alone(offline=True)  # its lines to the server are open
            app.start()
        code = 0
    finally:
        os._exit(code)


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


def main(notebook: Path, to: str, again: bool = False) -> None:
    """Run the notebook and tell its page: to a file, or to the server, which it then serves."""
    begin_worker()
    # debugpy costs a kernel 12 MB, and a reader must not be able to attach a debugger.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    # A page knows what it sent: said again by the kernel it would only fill the line.
    os.environ.setdefault("JUPYTER_WIDGETS_ECHO", "0")
    from analysis.datapackage import check

    if faults := check():  # no number is computed from tables that are broken, cut or older
        print("\n".join(map(str, faults)), file=sys.stderr)
        sys.exit(1)
    if to.startswith("fd:"):
        end_with_parent()  # also in the midst of a notebook
    os.chdir(notebook.parent)
    app, page = run(notebook)
    if not to.startswith("fd:"):
        Path(to).write_text(json.dumps(page, ensure_ascii=False), "utf-8")
        return
    from analysis.structure.kept import LEDGER, handed_on

    surroundings = handed_on()
    if threads() > 1 or (LEDGER in os.environ and LEDGER not in surroundings):
        # Drawing charts has started an engine with threads, which a fork would lose. What it
        # drew is kept now: run once more, in a process that need not start it. The same if a
        # ledger's address holds a password, which no kernel may find in its surroundings.
        if not again:
            command = ["-m", "analysis.publish.warm", str(notebook), to, "again"]
            os.execve(sys.executable, [sys.executable, *command], surroundings)
        print(f"{notebook.name}: its kernels are forked from {threads()} threads", file=sys.stderr)
    control = socket.socket(fileno=int(to.removeprefix("fd:")))
    control.sendall(json.dumps({"page": page}, ensure_ascii=False).encode() + b"\n")
    serve(control, app)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], again=len(sys.argv) > 3)
