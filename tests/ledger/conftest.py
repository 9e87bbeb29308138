"""What the tests of ledgers share: one day for all readings, and a real PostgreSQL."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import postgres
import pytest
from toolchain import JAVA, POSTGRES, need

from analysis.ledger.reading import read_ledger

TODAY = date(2021, 12, 31)


@pytest.fixture(scope="session")
def read():
    """Read a file as on the last day of 2021, so that what is planned stays planned."""
    return lambda path, *args, **kwargs: read_ledger(path, *args, today=TODAY, **kwargs)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """URL of an administrator of a cluster: the one named, else a throw-away one."""
    if "://" in (named := os.environ.get(POSTGRES.variable, "")):
        yield named
        return
    programs = need(POSTGRES).parent
    with (
        tempfile.TemporaryDirectory(prefix="workbook-postgres-") as folder,
        postgres.cluster(programs, Path(folder)) as url,
    ):
        yield url


@pytest.fixture
def postgres_url(postgres_cluster: str) -> Iterator[str]:
    """URL of an empty database of its administrator's, dropped after the test."""
    with postgres.new_database(postgres_cluster) as url:
        yield url


@pytest.fixture(scope="session")
def java() -> None:
    """The Java that Spark starts."""
    os.environ["JAVA_HOME"] = str(need(JAVA).resolve().parents[1])
