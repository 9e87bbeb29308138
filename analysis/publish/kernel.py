"""What a reader's kernel does that the parent it is forked from has not done already.

A kernel as ipykernel makes it builds a shell and walks through every module that
is loaded. Memory that is only looked at counts as written, for Python counts who
looks: each kernel would copy its parent's pages for nothing. So application,
kernel and shell are made once, in the parent; what a child adds is a session,
sockets, and the threads that belong to them.
"""

from __future__ import annotations

import ctypes
import logging
import os
import traceback
from typing import Any

import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from traitlets import Any as AnyTrait
from zmq.eventloop.zmqstream import ZMQStream

from analysis.board.view import STARTED_BY
from analysis.publish.widgets import MadeLater

_LIBC = ctypes.CDLL(None)
#: Its history would be written by a thread; the user's own settings are not the site's.
ARGUMENTS = ("--HistoryManager.enabled=False", "--no-stdout", "--no-stderr")


class Unheard(Session):
    """The parent's session: nobody listens while the notebook runs."""

    def send(self, *_: Any, **__: Any) -> dict[str, Any]:  # type: ignore[override]
        """Send nothing."""
        return {}


class ReadersKernel(IPythonKernel):
    """A kernel that answers on one thread: who can't run code needs no second line in."""

    made_later: MadeLater | None = None
    control_thread = AnyTrait(None)
    shell_channel_thread = AnyTrait(None)

    async def dispatch_shell(self, *args: Any, **kwargs: Any) -> None:
        """Answer, and give back at once what the answer needed: others' kernels live here too."""
        await super().dispatch_shell(*args, **kwargs)
        if self.made_later is not None:
            self.made_later.tidy()
        _LIBC.malloc_trim(0)


class ToldFailures(logging.Handler):
    """Tells the server of a failure that is logged here: a kernel has no log of its own."""

    def __init__(self, kernel: ReadersKernel) -> None:
        super().__init__(logging.ERROR)
        self.kernel = kernel

    def emit(self, record: logging.LogRecord) -> None:
        """Send it as kernels send errors."""
        cause, _, trace = record.exc_info or (None, None, None)
        told = {"ename": cause.__name__ if cause else record.name, "evalue": "",
                "traceback": [record.getMessage()]}  # fmt: skip
        if trace is not None:
            told["traceback"] = traceback.format_exception(*record.exc_info)  # type: ignore[misc]
        kernel: Any = self.kernel
        kernel.session.send(kernel.iopub_socket, "error", told, parent=kernel.get_parent())


class ForkedApp(IPKernelApp):
    """A kernel's application in two halves: what can be shared, and what can't."""

    kernel_class = ReadersKernel  # type: ignore[assignment]
    capture_fd_output = False  # the parent's outlets stay its own

    def prepare(self) -> None:
        """Make all that needs no socket and no thread; in the parent, before its notebook runs."""
        os.environ.pop(STARTED_BY, None)  # no page is shown there, though it be made there
        self.log_level = logging.ERROR
        self.parse_command_line(list(ARGUMENTS))
        self.init_profile_dir()
        self.init_pdb()
        self.kernel = ReadersKernel.instance(
            parent=self, log=self.log, profile_dir=self.profile_dir, session=Unheard()
        )
        self.init_shell()

    def attach(self, connection_file: str) -> None:
        """Open the lines that a connection file names; in the child, right after the fork."""
        self.connection_file = connection_file
        self.init_connection_file()
        self.init_sockets()
        self.init_heartbeat()
        self.log_connection_info()
        self.init_blackhole()
        self.init_io()
        self.init_signal()
        self.init_kernel()

    def init_control(self, context: zmq.Context) -> None:
        """Open the channel for shutdown and interrupt, with no thread and no debugger."""
        self.control_socket = context.socket(zmq.ROUTER)
        self.control_socket.linger = 1000
        self.control_socket.router_handover = 1
        self.control_port = self._bind_socket(self.control_socket, self.control_port)

    def init_kernel(self) -> None:
        """Give the kernel that the parent made the lines that are this child's."""
        kernel: Any = self.kernel
        shell: Any = kernel.shell
        kernel.session = self.session
        kernel.made_later = MadeLater()
        kernel.shell_stream = ZMQStream(self.shell_socket)
        kernel.control_stream = ZMQStream(self.control_socket)
        kernel.iopub_thread, kernel.iopub_socket = self.iopub_thread, self.iopub_socket
        kernel.stdin_socket = self.stdin_socket
        for sender in (shell.displayhook, shell.display_pub):
            sender.session, sender.pub_socket = self.session, self.iopub_socket
        kernel.record_ports({f"{name}_port": port for name, port in self._ports.items()})
        self.displayhook.get_execution_count = lambda: kernel.execution_count
        logging.getLogger().addHandler(ToldFailures(kernel))
