"""A small ledger's answers, worked out by hand: no engine is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analysis.plan import Plan, load_plan


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load_plan()


@pytest.fixture(autouse=True)
def cache_of_its_own(tmp_path_factory, monkeypatch) -> Iterator[None]:
    """Nothing that one test kept answers another."""
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path_factory.mktemp("kept")))
    monkeypatch.delenv("WORKBOOK_LEDGER", raising=False)
    monkeypatch.delenv("WORKBOOK_LEDGER_STATE", raising=False)
    yield
