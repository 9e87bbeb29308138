"""Two served workbooks, one with its defences off, and real clients that wish them ill."""

from __future__ import annotations

import http.cookiejar
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener
from uuid import uuid4

import nbformat
import psutil
import pytest
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from serving import ROOT, serving
from websocket import WebSocket, create_connection

from analysis.publish.connection import PROTOCOL

#: The one briefing of the sites that are attacked: a parent a notebook is dear to start.
SLUG = "target_scenarios"
SERVER = """
from pathlib import Path
from analysis.publish import lines, server
lines.SILENT = {silent}
{off}
server.serve(port={port}, browser=False, folder=Path({folder!r}), max_kernels={most},
             max_per_address={of_one})
"""
#: Places of a site that is attacked, and those that one address may have.
MOST, OF_ONE = 6, 4
#: Seconds after which a silent line is closed there.
SILENT = 1.5
#: What a test may let go wrong in the site's own process: a disk that takes nothing any more,
#: or what nobody thought of, as a file in its folder says.
FAULTS = """
from analysis.publish import admission, handlers

def go_wrong(fault=Path({folder!r}) / "fault"):
    if fault.exists():
        raise (OSError(28, "No space left on device", "/secret/path")
               if fault.read_text() == "disk" else RuntimeError("failed inside"))

def going_wrong(usual):
    def act(self, *told, **named):
        go_wrong()
        return usual(self, *told, **named)
    return act

admission.LimitedKernels.start_kernel = going_wrong(admission.LimitedKernels.start_kernel)
handlers.FrontPageHandler.get = going_wrong(handlers.FrontPageHandler.get)
"""
#: Gives back what it hears, if all levers are within their bounds.
LISTENS = "page.board.observe_scenario(page.model.check)"
#: Seconds that an answer may take; on a slow machine, a ledger's is the slowest.
PATIENCE = 120
#: Modules that switch defences off.
CARELESS = Path(__file__).parent / "careless"


def in_turn(attacks: Sequence[Callable[..., bool]]) -> pytest.MarkDecorator:
    """Make a test of each attack, by its name."""
    return pytest.mark.parametrize("attack", attacks, ids=lambda attack: attack.__name__)


@dataclass(frozen=True)
class House:
    """What stands behind a site's address: its process, its notebooks' folder, its log."""

    pid: int
    folder: Path
    log: Path
    careless: bool


#: The sites that are attacked, by address.
houses: dict[str, House] = {}


@dataclass
class Visitor:
    """A client with cookies of its own."""

    site: str
    opener: OpenerDirector
    cookies: http.cookiejar.CookieJar

    def cookie(self, name: str) -> str:
        """A cookie's value, "" if there is none."""
        return next((c.value or "" for c in self.cookies if c.name == name), "")

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask with GET."""
        return self._ask(Request(self.site + path))

    def post(self, path: str, token: str | None = None) -> tuple[int, bytes]:
        """Ask with POST, with the page's token unless another is given."""
        return self.ask("POST", path, token)

    def ask(
        self,
        method: str,
        path: str,
        token: str | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Ask with another method, with the page's token unless another is given."""
        given = {"X-XSRFToken": self.cookie("_xsrf") if token is None else token}
        told = given | (headers or {})
        return self._ask(Request(self.site + path, body, told, method=method))

    def _ask(self, request: Request) -> tuple[int, bytes]:
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()

    def kernel(self, slug: str = SLUG) -> str:
        """Ask for Python as a page does; return the kernel's id."""
        self.get(f"briefing/{slug}")
        status, body = self.post(f"kernel/{slug}")
        assert status == 200, body
        return json.loads(body)["id"]

    def line(self, kernel: str, **changed: object) -> WebSocket:
        """Open the kernel's websocket with this visitor's cookies."""
        header = [f"Cookie: {'; '.join(f'{c.name}={c.value}' for c in self.cookies)}"]
        options = {"header": header, "timeout": 10, "subprotocols": [PROTOCOL],
                   "origin": self.site.rstrip("/")} | changed  # fmt: skip
        address = f"{self.site.replace('http', 'ws')}api/kernels/{kernel}/channels"
        return create_connection(f"{address}?session_id={uuid4().hex}", **options)


def message(kind: str, content: dict, channel: str = "shell", buffers: tuple = ()) -> bytes:
    """Return a message as the page's protocol writes it."""
    header = {"msg_id": uuid4().hex, "msg_type": kind, "session": "x", "username": "",
              "date": "2021-01-01T00:00:00Z", "version": "5.3"}  # fmt: skip
    parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
    return bytes(serialize_msg_to_ws_v1([*parts, *buffers], channel))


@contextmanager
def notebooks(slug: str = SLUG) -> Iterator[str]:
    """Give a folder that holds one briefing's notebook, in which Python hears each scenario."""
    with tempfile.TemporaryDirectory() as folder:
        (notebook,) = (ROOT / "notebooks").glob(f"*_{slug}.ipynb")
        listening = nbformat.read(notebook, as_version=4)
        listening.cells.append(nbformat.v4.new_code_cell(LISTENS))
        nbformat.write(listening, Path(folder) / notebook.name)
        yield folder


def python(code: str, **told: object) -> list[str]:
    """Return the command that runs a text of Python, filled in."""
    return [sys.executable, "-c", code.format(**told)]


def careless_env() -> dict[str, str]:
    """Return the surroundings in which a site's processes find how to be careless."""
    known = [os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []
    return {"PYTHONPATH": os.pathsep.join([str(CARELESS), *known])}


@contextmanager
def running(port: int, careless: bool = False) -> Iterator[str]:
    """Serve a site, its defences switched off if told, and give its address."""
    off = f"import doors\n{FAULTS}" if careless else FAULTS
    with notebooks() as folder, tempfile.NamedTemporaryFile(suffix=".log") as log:
        code = SERVER.replace("{off}", off)
        command = python(code, port=port, folder=folder, most=MOST, of_one=OF_ONE, silent=SILENT)
        env = {"A_TOKEN": "secret"} | (careless_env() if careless else {})
        with serving(command, env, log) as (site, server):
            houses[site] = House(server.pid, Path(folder), Path(log.name), careless)
            # The first to ask waits for the notebook: let it be nobody who is short of time.
            build_opener().open(f"{site}briefing/{SLUG}", timeout=150).close()
            yield site
        sys.stderr.write(Path(log.name).read_text("utf-8", "replace"))


@contextmanager
def fault(site: str, kind: str) -> Iterator[None]:
    """Let a site's own process fail meanwhile: "disk", or anything else."""
    told = houses[site].folder / "fault"
    told.write_text(kind)
    try:
        yield
    finally:
        told.unlink()


def visitor(site: str) -> Visitor:
    """Return a client with cookies of its own."""
    jar = http.cookiejar.CookieJar()
    return Visitor(site, build_opener(HTTPCookieProcessor(jar)), jar)


def kernels(site: str) -> int:
    """Return how many kernels a site runs."""
    with build_opener().open(f"{site}healthz") as answer:
        return int(json.load(answer)["kernels"])


def patience(site: str) -> float:
    """Return seconds that a site may take to defend itself; one with open doors never does."""
    return 2 if houses[site].careless else 5


def forked(site: str) -> set[psutil.Process]:
    """Return the processes that were forked from a site's warm parents."""
    return children(*parents(site))


def parents(site: str) -> set[psutil.Process]:
    """Return the processes that a site's zygote has forked, each for a notebook."""
    started = children(psutil.Process(houses[site].pid))  # who writes documents among them
    (zygote,) = (one for one in started if "analysis.publish.warm" in one.cmdline())
    return in_notebooks(zygote)


def in_notebooks(zygote: psutil.Process) -> set[psutil.Process]:
    """Return what it has forked but who draws, who stays in its folder."""
    here, found = zygote.cwd(), set[psutil.Process]()
    for one in children(zygote):
        with suppress(psutil.NoSuchProcess):
            found |= {one} if one.cwd() != here else set()
    return found


def children(*processes: psutil.Process) -> set[psutil.Process]:
    """Return what these have started or forked, and what lives yet."""
    found: set[psutil.Process] = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            found.update(process.children())
    return found


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Say whether something holds before so many seconds are over."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
