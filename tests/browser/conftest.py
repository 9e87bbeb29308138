"""A served workbook for the tests of this folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a workbook served for this session."""
    command = [
        Path(sys.executable).with_name("workbook"),
        "serve",
        "--no-browser",
        "--port",
        "8950",
    ]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True) as server:
        assert server.stdout is not None
        told = ""
        for line in server.stdout:
            told += line
            if found := re.search(r"http://\S+", line):
                break
        else:
            pytest.fail(f"the server ended before it was ready: {told}")
        yield found.group()
        server.terminate()
