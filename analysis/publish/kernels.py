"""A reader's kernel: forked from the notebook that has already run."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from typing import Any
from weakref import WeakValueDictionary

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from analysis.publish.fork import CAN_FORK, ForkedProcess
from analysis.publish.parent import Parent, ParentError

log = logging.getLogger(__name__)
#: Which parent a kernel is to be forked from, by the name in its surroundings.
PARENT = "WORKBOOK_PARENT"
#: Parents that kernels may be forked from, by name; the server puts them here, and holds them.
parents: WeakValueDictionary[str, Parent] = WeakValueDictionary()
_told = False


class ForkProvisioner(LocalProvisioner):
    """Forks a kernel from a warm parent where one is named, else starts it as Jupyter does."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel, or start it if nobody named a parent or there is no fork here.

        Raises
        ------
        analysis.publish.parent.ParentError : if the parent that was named is gone: a kernel that
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
