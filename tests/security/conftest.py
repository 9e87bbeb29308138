"""The two sites that are attacked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from world import OFF, running


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
