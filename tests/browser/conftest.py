"""A served workbook for the tests of this folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import ready, serving


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a workbook served for this session, or of the one in WORKBOOK_SITE."""
    if running := os.environ.get("WORKBOOK_SITE"):
        yield running
        return
    workbook = str(Path(sys.executable).with_name("workbook"))
    with serving([workbook, "serve", "--no-browser", "--port", "8950"]) as (site, _):
        ready(site)
        yield site
