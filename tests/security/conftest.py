"""The two sites that are attacked."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from world import MOST, OF_ONE, kernels, running, within

#: Each process of the tests has ports of its own: two may serve the same site at once.
OF_PROCESS = 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def guarded() -> Iterator[str]:
    """The address of a site as it is published, with few places."""
    with running(8960 + OF_PROCESS) as site:
        yield site


@pytest.fixture(scope="session")
def open_doors() -> Iterator[str]:
    """The address of a site whose defences are switched off."""
    with running(8970 + OF_PROCESS, careless=True) as site:
        yield site


@pytest.fixture(params=["guarded", "open_doors"])
def attacked(request: pytest.FixtureRequest) -> tuple[str, bool]:
    """A site, and whether an attack on it is to get what it wants."""
    return request.getfixturevalue(request.param), request.param == "open_doors"


@pytest.fixture(params=[True, False], ids=["defended", "undefended"])
def defended(request: pytest.FixtureRequest) -> bool:
    """Whether what defends stands, or is to be taken away."""
    return bool(request.param)


@pytest.fixture(autouse=True)
def room(request: pytest.FixtureRequest) -> None:
    """Wait until two more readers have places: others' kernels take a second to go."""
    asked = getattr(request.node, "callspec", None)
    if "guarded" in (*request.fixturenames, asked and asked.params.get("attacked")):
        site = request.getfixturevalue("guarded")
        within(25, lambda: kernels(site) <= min(MOST, OF_ONE) - 2)


@pytest.fixture
def empty(guarded: str) -> str:
    """The published site, with nobody in it."""
    assert within(25, lambda: not kernels(guarded))
    return guarded
