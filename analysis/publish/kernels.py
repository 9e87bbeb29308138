"""A reader's kernel: forked from the notebook that has already run."""

from __future__ import annotations

import asyncio
import logging
import os
import select
import signal
from typing import Any
from weakref import WeakValueDictionary

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from analysis.publish.parents import CAN_FORK, Parent, ParentError

log = logging.getLogger(__name__)
#: Which parent a kernel is to be forked from, by the name in its surroundings.
PARENT = "WORKBOOK_PARENT"
#: Parents that kernels may be forked from, by name; the server puts them here, and holds them.
parents: WeakValueDictionary[str, Parent] = WeakValueDictionary()
_told = False


class ForkedProcess:
    """A kernel that is not our child, with the part of Popen that a provisioner uses.

    A pidfd names the process itself: a later process of the same number is never hit.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._fd: int | None = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return None while it lives, then 0: its exit code is its parent's to know."""
        if self._fd is not None and not self._look(0):
            return None
        self.close()
        return 0

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        self._look(timeout)
        return self.poll() or 0

    def _look(self, seconds: float | None) -> bool:
        """Say whether it ends in so many seconds; a crowd's descriptors are beyond select()'s."""
        if self._fd is None:
            return True
        ends = select.poll()
        ends.register(self._fd, select.POLLIN)
        return bool(ends.poll(None if seconds is None else seconds * 1000))

    def send_signal(self, number: int) -> None:
        """Send a signal; nothing happens if it has ended."""
        if self._fd is None:
            return
        try:
            signal.pidfd_send_signal(self._fd, number)
        except ProcessLookupError:
            return

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Give the descriptor back."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


class ForkProvisioner(LocalProvisioner):
    """Forks a kernel from a warm parent where one is named, else starts it as Jupyter does."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel, or start it if nobody named a parent or there is no fork here.

        Raises
        ------
        analysis.publish.parents.ParentError : if the parent that was named is gone: a kernel that
            starts anew would hold none of the widgets of the page that asks
        """
        name = kwargs.get("env", {}).get(PARENT, "")
        if not name or not CAN_FORK:
            _tell("no warm parent: kernels start anew, which takes seconds")
            return await super().launch_kernel(cmd, **kwargs)
        parent = parents.get(name)
        if parent is None:
            raise ParentError(f"{name} is gone")
        pid = await parent.fork(cmd[cmd.index("-f") + 1], _only_jupyters(kwargs["env"]))
        try:
            self.process = ForkedProcess(pid)  # type: ignore[assignment]
        except ProcessLookupError as error:
            raise ParentError(f"{name} is gone, and its kernel with it") from error
        except OSError:  # no descriptor is left for it
            os.kill(pid, signal.SIGKILL)
            raise
        self.pid = pid
        self.pgid = pid  # it leads a session of its own
        self.cwd = kwargs.get("cwd")
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel's end."""
        if isinstance(self.process, ForkedProcess):
            while self.process.poll() is None:
                await asyncio.sleep(0.02)
            self.process = None
            return 0
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        """Give descriptor and ports back."""
        if isinstance(self.process, ForkedProcess):
            self.process.close()
        await super().cleanup(restart)


def _only_jupyters(env: dict[str, str]) -> dict[str, str]:
    """Return what a kernel is told of its session; the rest it has from its parent."""
    return {key: value for key, value in env.items() if key.startswith("JPY_")}


def _tell(sentence: str) -> None:
    """Say it once; the log is not filled by what does not change."""
    global _told
    if not _told:
        _told = True
        log.warning(sentence)
