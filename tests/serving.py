"""A server in a process of its own, and when it is ready."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.error import HTTPError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]


@contextmanager
def serving(
    command: Sequence[str], env: dict[str, str] | None = None, errors: IO[bytes] | int | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a server, and give the address that it tells and its process; it ends at the end.

    errors : where its standard error goes, by default to ours
    """
    env = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=errors, text=True, env=env, cwd=ROOT
    ) as server:
        assert server.stdout is not None
        try:
            found = (re.search(r"http://\S+", line) for line in server.stdout)
            site = next((match.group() for match in found if match), None)
            assert site, f"{command} ended before it told its address"
            yield site, server
        finally:
            server.terminate()


def ready(site: str) -> None:
    """Wait until every page has been made: each of them takes a slow machine half a minute."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        with suppress(HTTPError), urlopen(f"{site}readyz"):
            return
        time.sleep(0.2)
    raise AssertionError("the pages were not made")
