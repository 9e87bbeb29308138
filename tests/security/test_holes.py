"""What else plain serving leaves open, and what it holds: each with what defends, and without."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote

import nbformat
import psutil
import pytest
from serving import ROOT
from traitlets.config import Config
from voila.configuration import VoilaConfiguration
from voila.notebook_renderer import NotebookRenderer
from world import in_notebooks, visitor, within

from analysis.publish import assemble, outputs, parents, server
from analysis.publish.admission import LimitedKernels
from analysis.publish.parent import ParentError
from analysis.publish.parents import Parents

pytestmark = [pytest.mark.slow]
HOSTILE = "<script>alert(1)</script>"


@pytest.mark.parametrize("name", ["lang", "s", "theme", "template", "voila-theme",
                                  "voila-template", "voila-token", "x"])  # fmt: skip
def test_no_parameter_of_an_address_stands_in_the_page(guarded: str, name: str) -> None:
    for path in ("", "briefing/target_scenarios", "nothing"):
        body = visitor(guarded).get(f"{path}?{name}={quote(HOSTILE)}")[1].decode()
        assert HOSTILE not in body


class Page:
    """A notebook's renderer, as far as a parameter of its address concerns it."""

    def __init__(self, config: Config) -> None:
        self.voila_configuration = VoilaConfiguration(config=config)
        self.page_config: dict[str, Any] = {}
        self.notebook = nbformat.v4.new_notebook()
        self.template_paths: list[str] = []
        self.notebook_path, self.base_url, self.prelaunch_hook = "1_page.ipynb", "/", None

    async def load_notebook(self, path: str) -> Any:
        return self.notebook


def test_no_parameter_chooses_theme_or_template(defended: bool, alone: Any) -> None:
    """Also where a notebook is run for each reader, and its page made by Voilà."""
    here = Page(server.settings(ROOT / "notebooks", 1) if defended else Config())

    async def story() -> None:
        with suppress(AttributeError):  # it goes on to what a page needs beside its looks
            await NotebookRenderer.initialize(cast(Any, here), template="base", theme="dark")

    alone(story())
    chosen = cast(Any, here)
    assert ((chosen.template_name, chosen.theme) == ("base", "dark")) != defended


@pytest.mark.parametrize("name", ["threads", "memory", "processes"])
def test_a_kernel_is_bounded_by_the_operating_system(name: str, defended: bool) -> None:
    """The system refuses memory and processes, also to root, and lets a kernel have its threads."""
    code = f"""
import mmap, os, subprocess, sys, threading
from analysis.publish import bounds
if {defended}:
    bounds.bound_memory()
    assert bounds.stay_alone()
def thread():
    one = threading.Thread(target=int)
    one.start()
    one.join()
try:
    {{"memory": lambda: mmap.mmap(-1, bounds.MOST_MEMORY), "threads": thread,
     "processes": lambda: subprocess.run(["true"])}}[{name!r}]()
    if {name == "processes"} and os.fork() == 0:
        os._exit(0)
except OSError:
    sys.exit(3)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == (3 if defended and name != "threads" else 0)


def test_idle_and_endless_kernels_go_within_a_minute(
    defended: bool, monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    ended = []

    async def end(self: LimitedKernels, key: str, **_: Any) -> None:
        ended.append(key)

    monkeypatch.setattr(LimitedKernels, "shutdown_kernel", end)
    spec = SimpleNamespace(metadata={})
    since = datetime.now(UTC) - timedelta(seconds=51)

    async def story() -> None:
        manager = LimitedKernels(
            config=server.settings(ROOT / "notebooks", 1) if defended else None
        )
        for state in ("idle", "busy"):
            told = {"kernel_spec": spec, "kernel_name": "python3", "execution_state": state}
            manager._kernels[state] = SimpleNamespace(**told, last_activity=since)
            manager._kernel_connections[state] = 1
        manager.initialize_culler()
        if manager._culler_callback is not None:
            assert manager.cull_interval <= 10
            await manager._culler_callback.callback()
            manager._culler_callback.stop()

    alone(story())
    assert ended == (["idle", "busy"] if defended else [])


#: What a notebook's cell says before and as it fails.
FAILS = "print('a secret of the cell'); raise ValueError('a secret of the cell')"
#: What tells a notebook's page; the front page's answers are nothing of it here.
SHOWN = "import json, sys; from pathlib import Path; from analysis.publish import notebook\n"
RUN = """
Path(sys.argv[2]).write_text(json.dumps(notebook.run(Path(sys.argv[1]))[1]))
"""
#: Failures taken for successes, and their traces printed as in a terminal.
FRANK = """
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from ipykernel.zmqshell import ZMQInteractiveShell
ExecutionResult.success = True
ZMQInteractiveShell._showtraceback = InteractiveShell._showtraceback
"""


def test_a_cell_that_fails_tells_nothing_of_why(defended: bool, tmp_path: Path) -> None:
    notebook, page = tmp_path / "1_page.ipynb", tmp_path / "page.json"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(FAILS)]), notebook)
    code = SHOWN + ("" if defended else FRANK) + RUN
    subprocess.run([sys.executable, "-c", code, str(notebook), str(page)], cwd=ROOT, check=True)
    told = json.loads(page.read_text("utf-8"))
    html = assemble.cell_html(told["cells"][0], {})
    for text in (page.read_text("utf-8"), html["html"]):
        assert ("a secret of the cell" in text and "Traceback" in text) != defended
    assert html.get("failed", False) == defended


@pytest.mark.parametrize(
    "html", [HOSTILE, "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
             "<iframe src=https://foreign.example></iframe>", f"<svg>{HOSTILE}</svg>"],
)  # fmt: skip
def test_markup_from_data_runs_nothing(
    html: str, defended: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad(text: str) -> bool:
        return any(mark in text for mark in ("<script", "<img src=x onerror", "href='javascript",
                                             'href="javascript', "<iframe"))  # fmt: skip

    if not defended:
        for defence in ("clean", "escape"):
            monkeypatch.setattr(outputs, defence, lambda text, *_: text)
    cell = {"type": "markdown", "source": html, "tags": [], "images": {}}
    assert bad(assemble.output_html({"text/html": html}, {})) != defended
    assert bad(assemble.output_html({"text/plain": html}, {})) != defended
    assert bad(assemble.cell_html(cell, {})["html"]) != defended


def test_a_notebook_without_end_is_ended(
    defended: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    endless = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("while True: pass")])
    nbformat.write(endless, tmp_path / "1_page.ipynb")
    monkeypatch.setattr(parents, "QUIET", 0.0)
    if defended:
        monkeypatch.setattr(parents, "DEADLINE", 2)

    async def story() -> None:
        site = Parents([tmp_path / "1_page.ipynb"])

        def left() -> set[psutil.Process]:
            assert site.zygote._process is not None
            return in_notebooks(psutil.Process(site.zygote._process.pid))

        try:
            await site.zygote.ready()
            with pytest.raises(ParentError if defended else TimeoutError):
                await asyncio.wait_for(site.of("1_page"), 4)
            assert within(1, lambda: not left()) == defended
        finally:
            for process in left():
                process.kill()
            site.close()

    alone(story())
