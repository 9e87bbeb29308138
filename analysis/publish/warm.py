"""The warm parent: runs one notebook once, tells the page, and forks a kernel for whoever asks.

    python -m analysis.publish.warm NOTEBOOK fd:NUMBER    serve over an inherited socket
    python -m analysis.publish.warm NOTEBOOK FILE         only write the page

A kernel forked from here holds every import, table and widget of the notebook
already, under the same widget ids as the page that all readers share. The parent
speaks over one inherited socket, a JSON text a line: first it tells the page,
then it answers each {"connection_file", "cwd", "env"} with {"pid"}. It holds no
other socket, no thread and no secret; when the server goes, so do parent and
kernels.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import socket
import sys
from pathlib import Path
from typing import Any

#: A forked kernel's address space; a calculation that runs away fails alone.
MOST_MEMORY = 4 << 30
_PR_SET_PDEATHSIG = 1
# debugpy costs a kernel 12 MB, and a reader must not be able to attach a debugger.
sys.modules["debugpy"] = None  # type: ignore[assignment]


def run(notebook: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run a notebook in IPython's own shell; return its names and the page it makes."""
    # What a kernel would import late. It also has to be there before the first widget, whose
    # line to the browser a kernel's machinery keeps.
    import ipykernel.ipkernel
    import ipykernel.kernelapp
    import ipykernel.zmqshell  # noqa: F401
    import nbformat
    from IPython.core.displayhook import CapturingDisplayHook
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from traitlets.config import Config

    from analysis.publish.first import first_html
    from analysis.publish.widgets import client_may_set, widget_state

    # Its history would be written by a thread.
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    cells = []
    for cell in nbformat.read(notebook, as_version=4).cells:
        made: dict[str, Any] = {"type": cell.cell_type, "tags": cell.metadata.get("tags", [])}
        cells.append(made)
        if cell.cell_type != "code":
            made["source"] = cell.source
            continue
        with capture_output(stdout=True, stderr=False, display=True) as captured:
            hook = CapturingDisplayHook(shell=shell, outputs=captured._outputs)
            shell.display_trap.hook = hook  # a cell's last value is shown like any other
            result = shell.run_cell(cell.source, store_history=False)
        made["failed"] = not result.success
        made["text"] = captured.stdout if result.success else ""
        made["outputs"] = [output.data for output in captured.outputs]
    views = [
        output["application/vnd.jupyter.widget-view+json"]["model_id"]
        for cell in cells
        for output in cell.get("outputs", [])
        if "application/vnd.jupyter.widget-view+json" in output
    ]
    page = {
        "cells": cells,
        "state": widget_state(),
        "may_set": client_may_set(),
        "first": {lang: {view: first_html(view, lang) for view in views} for lang in ("zh", "en")},
    }
    names = {k: v for k, v in shell.user_ns.items() if not k.startswith("_")}
    return names, page


def threads() -> int:
    """Return how many threads this process has."""
    return len(list(Path("/proc/self/task").iterdir()))


def serve(control: socket.socket, names: dict[str, Any]) -> None:
    """Fork a kernel for each request until the server hangs up."""
    gc.collect()  # and keep what is there out of the collector's sight, so its pages stay shared
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are nobody's zombies
    with control.makefile("r", encoding="utf-8") as requests:
        for line in requests:
            request = json.loads(line)
            pid = os.fork()
            if pid == 0:
                become_kernel(control, names, request)
            control.sendall(json.dumps({"pid": pid}).encode() + b"\n")


def become_kernel(control: socket.socket, names: dict[str, Any], request: dict[str, Any]) -> None:
    """Be a kernel until it is told to stop; never returns."""
    import ctypes
    import resource

    code = 1
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(control.fileno())
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        _reseed()
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        _kernel(request["connection_file"], names)
        code = 0
    finally:
        os._exit(code)


def _kernel(connection_file: str, names: dict[str, Any]) -> None:
    import ipywidgets
    from ipykernel.kernelapp import IPKernelApp
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    app = IPKernelApp.instance()
    app.initialize(["-f", connection_file, "--HistoryManager.enabled=False"])
    ipywidgets.register_comm_target(app.kernel)
    for widget in ipywidgets.widgets.widget._instances.values():
        widget.comm.kernel = app.kernel
    app.kernel.shell.user_ns.update(names)
    app.start()


def _reseed() -> None:
    """Give each kernel random numbers of its own."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def main(notebook: Path, to: str, again: bool = False) -> None:
    """Run the notebook and tell its page: to a file, or to the server, which it then serves."""
    os.chdir(notebook.parent)
    names, page = run(notebook)
    if not to.startswith("fd:"):
        Path(to).write_text(json.dumps(page, ensure_ascii=False), "utf-8")
        return
    if threads() > 1:
        # Drawing charts has started an engine with threads, which a fork would lose. What it
        # drew is kept now: run once more, in a process that need not start it.
        if not again:
            command = ["-m", "analysis.publish.warm", str(notebook), to, "again"]
            os.execv(sys.executable, [sys.executable, *command])
        print(f"{notebook.name}: its kernels are forked from {threads()} threads", file=sys.stderr)
    control = socket.socket(fileno=int(to.removeprefix("fd:")))
    control.sendall(json.dumps({"page": page}, ensure_ascii=False).encode() + b"\n")
    serve(control, names)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], again=len(sys.argv) > 3)
