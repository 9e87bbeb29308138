"""The two sites that are attacked."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from world import OFF, kernels, running


@pytest.fixture(scope="session")
def guarded() -> Iterator[str]:
    """The address of a site as it is published, with few places."""
    with running(8960) as site:
        yield site


@pytest.fixture(scope="session")
def open_doors() -> Iterator[str]:
    """The address of a site whose defences are switched off."""
    with running(8970, OFF) as site:
        yield site


@pytest.fixture(autouse=True)
def room(request: pytest.FixtureRequest) -> None:
    """Wait until earlier readers' kernels are gone, so that each test stands alone."""
    if "guarded" not in request.fixturenames:
        return
    site = request.getfixturevalue("guarded")
    end = time.monotonic() + 25
    while kernels(site) and time.monotonic() < end:
        time.sleep(0.2)
