"""Switches a site's defences off when it is imported, to show that each attack could succeed."""

from __future__ import annotations

from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.nbconvert.handlers import default_handlers as conversions
from jupyter_server.services.contents.handlers import default_handlers as contents
from jupyter_server.services.kernels.connection.channels import (
    ZMQChannelsWebsocketConnection as Plain,
)
from jupyter_server.services.kernels.handlers import default_handlers as kernels
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from jupyter_server.services.sessions.handlers import default_handlers as sessions
from jupyter_server.services.sessions.sessionmanager import SessionManager
from jupyter_server.utils import url_path_join
from jupyter_server_terminals.api_handlers import TerminalRootHandler
from jupyter_server_terminals.terminalmanager import TerminalManager
from tornado.httpserver import HTTPServer
from tornado.web import RequestHandler
from voila.app import Voila

from analysis.publish import (
    access,
    admission,
    connection,
    handlers,
    headers,
    health,
    logs,
    server,
    site_handler,
)
from analysis.publish.connection import ReaderConnection, ReaderSocket

# What is said and heard on a kernel's line, who may open it, and when it is hung up.
ReaderConnection.handle_incoming_message = Plain.handle_incoming_message
hear = ReaderConnection.handle_outgoing_message
ReaderConnection.handle_outgoing_message = lambda self, *told: (
    hear(self, *told),
    Plain.handle_outgoing_message(self, *told),
)
connection.HEARD = ()
ReaderConnection.kernel_ws_protocol = None
ReaderSocket.pre_get = KernelWebsocketHandler.pre_get
ReaderSocket.check_origin = lambda self, origin=None: True
ReaderSocket.on_close = KernelWebsocketHandler.on_close
ReaderSocket.write_message = KernelWebsocketHandler.write_message
admission.LINES = 1000


async def never_looks(self: ReaderSocket) -> None:
    """Let a dead kernel's line stand."""


ReaderSocket.look = never_looks

# How many kernels there may be, who may ask across sites, what answers and cookies forbid.
admission.LimitedKernels.full = lambda self, address="": False
JupyterHandler.check_xsrf_cookie = lambda self: None
JupyterHandler.check_origin = lambda self, origin="": True
headers.HEADERS.clear()
health.MetricsHandler.permitted = lambda self: True
logs.Failures.note = lambda self, page, cause, trace, said="": logs.log.error("\n".join(trace))
access.ForeignHost.match = lambda self, request: None
sign = handlers.KernelHandler.set_signed_cookie
handlers.KernelHandler.set_signed_cookie = lambda self, name, value, **_: sign(self, name, value)

# How many lines there may be, how long they may be silent, and what they may send.
server.BoundedServer.of = lambda app, *_: HTTPServer(app)

# What is told of a failure, to the reader and in the log.
handlers.BROKEN_DISK = site_handler.BROKEN_DISK = ()
site_handler.SiteHandler.write_error = RequestHandler.write_error
site_handler.SiteHandler.log_exception = RequestHandler.log_exception

settings = server.settings


def careless(*about: Any) -> Any:
    """Voilà's configuration as it comes."""
    config = settings(*about)
    config.VoilaConfiguration.file_allowlist = [".*"]
    config.VoilaConfiguration.file_denylist = []
    config.KernelManager.autorestart = True
    return config


server.settings = careless
init_settings = server.WorkbookServer.init_settings
init_handlers = server.WorkbookServer.init_handlers


def trusting(self: server.WorkbookServer) -> dict[str, Any]:
    """Believe every name, message and page, and write down who asks."""
    told = init_settings(self)
    self.upload = True
    self.kernel_manager.allowed_message_types = []
    del told["log_function"], told["websocket_max_message_size"]
    return told | {
        "headers": {"Content-Security-Policy": ""},
        "xsrf_cookie_kwargs": {},
        "serve_traceback": True,
        "config_dir": str(self.root_dir),
        "session_manager": SessionManager(
            kernel_manager=self.kernel_manager, contents_manager=self.contents_manager
        ),
        "terminal_manager": TerminalManager(shell_command=["sh"]),
    }


def all_doors(self: server.WorkbookServer) -> list[Any]:
    """Ours, Voilà's and Jupyter's, as beside a site that is an extension of Jupyter's server."""
    jupyters = [
        *contents,
        *sessions,
        *conversions,
        *kernels,
        (r"/api/terminals", TerminalRootHandler, {"name": "terminals"}),
    ]
    placed = [(url_path_join(self.server_url, door[0]), *door[1:]) for door in jupyters]
    return [*init_handlers(self), *Voila.init_handlers(self), *placed]


server.WorkbookServer.init_settings = trusting
server.WorkbookServer.init_handlers = all_doors
