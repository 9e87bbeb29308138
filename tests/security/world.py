"""Two served workbooks, one with its defences off, and real clients that wish them ill."""

from __future__ import annotations

import http.cookiejar
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener
from uuid import uuid4

from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from serving import ROOT, serving
from websocket import WebSocket, create_connection

from analysis.publish.connection import PROTOCOL

#: The one briefing of the sites that are attacked: a parent a notebook is dear to start.
SLUG = "target_scenarios"
SERVER = """
from pathlib import Path
from analysis.publish import server
{off}
server.serve(port={port}, browser=False, folder=Path({folder!r}), max_kernels=4, max_per_address=2)
"""
#: What is switched off to show that each attack could succeed.
OFF = """
import json
from analysis.publish import admission, connection
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from voila.app import Voila

plain = ZMQChannelsWebsocketConnection
ours = connection.ReaderConnection
ours.handle_incoming_message = plain.handle_incoming_message
ours.handle_outgoing_message = plain.handle_outgoing_message
connection.ReaderSocket.pre_get = KernelWebsocketHandler.pre_get
connection.ReaderSocket.check_origin = lambda self, origin=None: True
connection.ReaderSocket.on_close = KernelWebsocketHandler.on_close
admission.LimitedKernels.full = lambda self, address="": False
JupyterHandler.check_xsrf_cookie = lambda self: None
init = server.WorkbookServer.init_settings

def open_doors(self):
    settings = init(self)
    self.kernel_manager.allowed_message_types = []
    settings["allow_remote_access"] = True
    return settings

server.WorkbookServer.init_settings = open_doors
server.HEADERS.clear()
"""


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
        given = self.cookie("_xsrf") if token is None else token
        request = Request(self.site + path, method="POST", headers={"X-XSRFToken": given})
        return self._ask(request)

    def _ask(self, request: Request) -> tuple[int, bytes]:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()

    def kernel(self) -> str:
        """Ask for Python as the page does; return the kernel's id."""
        self.get("briefing/target_scenarios")
        status, body = self.post("kernel/target_scenarios")
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
    """Give a folder that holds one briefing's notebook."""
    with tempfile.TemporaryDirectory() as folder:
        (notebook,) = (ROOT / "notebooks").glob(f"*_{slug}.ipynb")
        shutil.copy(notebook, folder)
        yield folder


def python(code: str, **told: object) -> list[str]:
    """Return the command that runs a text of Python, filled in."""
    return [sys.executable, "-c", code.format(**told)]


@contextmanager
def running(port: int, off: str = "", log: IO[bytes] | None = None) -> Iterator[str]:
    """Serve a site, its defences switched off if told, and give its address."""
    with notebooks() as folder:
        command = python(SERVER, off=off, port=port, folder=folder)
        with serving(command, errors=log) as (site, _):
            # The first to ask waits for the notebook: let it be nobody who is short of time.
            build_opener().open(f"{site}briefing/{SLUG}", timeout=150).close()
            yield site


def visitor(site: str) -> Visitor:
    """Return a client with cookies of its own."""
    jar = http.cookiejar.CookieJar()
    return Visitor(site, build_opener(HTTPCookieProcessor(jar)), jar)


def kernels(site: str) -> int:
    """Return how many kernels a site runs."""
    with build_opener().open(f"{site}healthz") as answer:
        return int(json.load(answer)["kernels"])
