"""Refreshing the World Bank's series: what is shown, what is written, what is left alone."""

import csv
import shutil
import signal
from pathlib import Path

import pytest

from analysis import datapackage, files
from analysis import refresh as module
from analysis.datapackage import check, data_dir
from analysis.refresh import FetchError, RefreshError, refresh

FDI, RATE = "BX.KLT.DINV.CD.WD", "PA.NUS.FCRF"


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    copy = shutil.copytree(data_dir(), tmp_path / "data")
    monkeypatch.setattr(module, "data_dir", lambda: copy)
    return copy


@pytest.fixture
def ours(folder):
    """Year -> value in USD, as the package has it."""
    return {
        int(row["period_end"][:4]): float(row["value"]) * 1e8
        for row in read(folder / module.FIGURES)
        if row["series"] == "fdi_bop_net"
    }


@pytest.fixture
def lines():
    return []


def bank(fdi, rate):
    return lambda code: {FDI: fdi, RATE: rate}[code]


def everything(folder):
    return {path.name: path.read_bytes() for path in folder.glob("evidence/*.csv")}


def no_question(question):
    raise AssertionError(f"asked: {question}")


def test_added_changed_and_removed_rows_are_shown_and_written(folder, ours, lines):
    last = max(ours)
    fdi = {**ours, last: ours[last] * 2, last + 1: 5e8}
    del fdi[min(ours)]
    changes = refresh(lines.append, bank(fdi, {last: 7.5}), lambda question: True)
    assert [row["period_end"][:4] for row in changes.removed] == [str(min(ours))]
    assert {row["series"] for row in changes.added} == {"fdi_bop_net", "exchange_rate_official"}
    assert len(changes.changed) == 1
    shown = "\n".join(lines)
    assert "2 added, 1 changed, 1 removed" in shown
    assert f"+ fdi_bop_net {last + 1}: 5 1e8 USD" in shown
    now = {row["id"]: row for row in read(folder / module.FIGURES)}
    assert float(now[f"fdi_bop_net_china_{last}"]["value"]) == pytest.approx(ours[last] * 2 / 1e8)
    assert now[f"fdi_bop_net_china_{last}"]["source"] == module.SOURCE
    assert now[f"exchange_rate_official_china_{last}"]["unit"] == "CNY per USD"
    assert f"fdi_bop_net_china_{min(ours)}" not in now
    assert check(folder) == []


def test_rows_of_others_stay_as_they_are(folder, ours, lines):
    before = {row["id"]: row for row in read(folder / module.FIGURES)}
    refresh(lines.append, bank({max(ours) + 1: 1e8}, {2020: 7.0}), lambda question: True)
    after = {row["id"]: row for row in read(folder / module.FIGURES)}
    for ident, row in before.items():
        if row["series"] != "fdi_bop_net":
            assert after[ident] == row


def test_untouched_files_and_lines_keep_their_bytes(folder, ours, lines):
    before = everything(folder)
    refresh(lines.append, bank({**ours, max(ours) + 1: 1e8}, {2020: 7.0}), lambda question: True)
    after = everything(folder)
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} == {
        "figures.csv",
        "sources.csv",
    }
    kept = set(after["figures.csv"].splitlines())
    assert set(before["figures.csv"].splitlines()) <= kept
    assert len(kept) == len(before["figures.csv"].splitlines()) + 2


def test_the_source_is_dated_with_the_day(folder, ours, lines):
    refresh(lines.append, bank(ours, {2020: 7.0}), lambda question: True)
    source = {row["id"]: row for row in read(folder / module.SOURCES)}[module.SOURCE]
    assert source["published"] == module.date.today().isoformat()


def test_twice_changes_nothing_more(folder, ours, lines):
    fetch = bank(ours, {2020: 7.0})
    refresh(lines.append, fetch, lambda question: True)
    before = everything(folder)
    assert refresh(lines.append, fetch, no_question) is None
    assert "up to date" in lines[-1]
    assert everything(folder) == before


def test_no_means_no(folder, ours, lines):
    before = everything(folder)
    assert refresh(lines.append, bank(ours, {2020: 7.0}), lambda question: False) is None
    assert "Nothing was written" in lines[-1]
    assert everything(folder) == before


def test_nobody_at_the_terminal_is_a_no(folder, ours, lines, monkeypatch):
    def nobody(prompt):
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    before = everything(folder)
    assert refresh(lines.append, bank(ours, {2020: 7.0})) is None
    assert everything(folder) == before


@pytest.mark.parametrize("empty", [{}, {1960: 1.0}])
def test_nothing_sent_removes_nothing(folder, ours, lines, empty):
    before = everything(folder)
    with pytest.raises(RefreshError) as told:
        refresh(lines.append, bank(empty, {2020: 7.0}), no_question)
    assert f"no values of {FDI}" in str(told.value)
    assert everything(folder) == before


def test_no_network_is_said_plainly(folder, lines):
    def unreachable(code):
        raise FetchError("The World Bank could not be reached (ConnectionError).")

    before = everything(folder)
    with pytest.raises(RefreshError) as told:
        refresh(lines.append, unreachable, no_question)
    assert "could not be reached" in str(told.value) and "Nothing was written" in str(told.value)
    assert everything(folder) == before


def test_whatever_the_transport_raises_is_a_fetch_error(monkeypatch):
    import wbgapi

    def broken(*args, **kwargs):
        raise OSError("no route to host")

    monkeypatch.setattr(wbgapi.data, "fetch", broken)
    with pytest.raises(FetchError, match="Check the network"):
        module.from_world_bank(FDI)


def test_rows_of_the_api_become_years(monkeypatch):
    import wbgapi

    rows = [{"time": 2020, "value": 7}, {"time": 2021, "value": 6.5}]
    monkeypatch.setattr(wbgapi.data, "fetch", lambda *args, **kwargs: iter(rows))
    assert module.from_world_bank(RATE) == {2020: 7.0, 2021: 6.5}


def test_a_failed_swap_leaves_the_old_file(folder, ours, lines, monkeypatch):
    before = everything(folder)
    replace = module.Path.replace

    def full(self, target):
        if str(target).startswith(str(folder)):
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(module.Path, "replace", full)
    with pytest.raises(RefreshError) as told:
        refresh(lines.append, bank(ours, {2020: 7.0}), lambda question: True)
    assert "No space left" in str(told.value)
    assert everything(folder) == before


def test_ctrl_c_while_the_tables_are_written_waits_for_both(folder, ours, lines, monkeypatch):
    before = everything(folder)
    write = files.write_whole

    def interrupted(path, content):
        if path.parents[1] == folder:
            signal.raise_signal(signal.SIGINT)
        return write(path, content)

    monkeypatch.setattr(files, "write_whole", interrupted)
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            refresh(lines.append, bank(ours, {2020: 7.0}), lambda question: True)
    finally:
        signal.signal(signal.SIGINT, usual)
    after = everything(folder)
    assert {path for path in after if after[path] != before[path]} == {
        Path(table).name for table in (module.FIGURES, module.SOURCES)
    }


def test_rows_that_fail_the_check_are_not_written(folder, ours, lines, monkeypatch):
    fault = type("Fault", (), {"file": "figures.csv", "row": 3, "problem": "below zero"})
    monkeypatch.setattr(datapackage, "check", lambda path: [fault])
    before = everything(folder)
    with pytest.raises(RefreshError) as told:
        refresh(lines.append, bank(ours, {2020: 7.0}), no_question)
    assert "below zero" in str(told.value)
    assert everything(folder) == before
