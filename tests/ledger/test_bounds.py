"""Files from outside: refused before they cost memory, and never parsed by a careless parser."""

from __future__ import annotations

import csv
import importlib.util
import subprocess
import sys
from pathlib import Path

import defusedxml.ElementTree
import openpyxl
import openpyxl.worksheet._reader as sheets
import pytest

from analysis.ledger.limits import OWN, Limits
from analysis.ledger.reading import LedgerFileError

_spec = importlib.util.spec_from_file_location(
    "making", Path(__file__).parent / "corpus" / "making.py"
)
making = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(making)

#: Loads what refusing a file needs, then allows 200 MB of memory more, and reads.
BOUNDED = """
import resource, sys
import openpyxl
from analysis.ledger.reading import LedgerFileError, read_ledger
from analysis.ledger.form import KINDS, choices, form
for kind in KINDS:
    form(kind), choices("district")
pages = int(open("/proc/self/statm").read().split()[0])
most = pages * resource.getpagesize() + 200_000_000
resource.setrlimit(resource.RLIMIT_AS, (most, most))
for path in sys.argv[1:]:
    try:
        read_ledger(path)
        print("read")
    except LedgerFileError as error:
        print(error.code)
"""
BOMBS = {
    "zip_bomb": "limits",
    "zip_ratio": "limits",
    "giant_cell": "limits",
    "entity_bomb": "entities",
    "entity_file": "entities",
    "macros": "macro",
    "endless_rows": "limits",
    "password": "container",
}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded by Linux' own means")
def test_bombs_are_refused_within_200_megabytes(tmp_path):
    paths = []
    for name in BOMBS:
        (tmp_path / name).mkdir()
        paths.append(str(getattr(making, name)(tmp_path / name)))
    run = subprocess.run(
        [sys.executable, "-c", BOUNDED, *paths], capture_output=True, text=True, check=False
    )
    assert run.stdout.split() == list(BOMBS.values()), run.stderr


def test_defusedxml_is_what_parses_sheets():
    assert openpyxl.DEFUSEDXML
    assert sheets.iterparse is defusedxml.ElementTree.iterparse


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(file_bytes=10), "bytes of the file"),
        (Limits(rows=2), "rows"),
        (Limits(columns=2), "columns"),
        (Limits(cells=8), "cells"),
        (Limits(cell_chars=5), "characters of a cell"),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "sqlite"])
def test_each_bound_holds_for_each_kind_of_file(read, tmp_path, limits, what, ending):
    if ending == "csv":
        path = tmp_path / "a.csv"
        lines = [making.HEADER, *(making.ROW,) * 2]
        path.write_text("\n".join(",".join(map(str, line)) for line in lines), encoding="utf-8")
    elif ending == "xlsx":
        path = making.written(tmp_path / "a.xlsx", making.workbook(making.ROW, making.ROW))
    elif ending == "parquet":
        path = making.parquet(tmp_path)
    else:
        path = making._sqlite(tmp_path, making.SQL, making._FILL, making._FILL)
    with pytest.raises(LedgerFileError, match=f"{what}: more than") as caught:
        read(path, limits=limits)
    assert caught.value.code == "limits"


def test_an_operators_own_file_may_be_larger(read, tmp_path):
    path = making.written(tmp_path / "a.xlsx", making.workbook(making.ROW))
    small = Limits(zip_bytes=1000)
    with pytest.raises(LedgerFileError, match="unpacked"):
        read(path, limits=small)
    assert read(path, limits=OWN)[0].counts["accepted"] == 1


def test_a_long_import_shows_how_far_it_is(read, tmp_path, capsys):
    path = making.sqlite(tmp_path)
    seen = []

    def watch(rows, total, what):
        for row in rows:
            seen.append(what)
            yield row

    read(path, progress=watch)
    assert seen == ["a.sqlite arrivals"] * 2
    read(path, progress=True)
    assert "a.sqlite arrivals" in capsys.readouterr().err


def test_a_file_that_is_not_there_says_so(read, tmp_path):
    with pytest.raises(LedgerFileError, match="No such file") as caught:
        read(tmp_path / "nothing.csv")
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
def test_a_table_is_read_by_its_url(read, tmp_path, scheme):
    make = making.sqlite if scheme == "sqlite" else making.duckdb_table
    path = make(tmp_path)
    (reading,) = read(f"{scheme}:///{path}?table=arrivals")
    assert reading.counts["accepted"] == 1 and reading.file == path.name
    (same,) = read(path)
    assert same.sha256 == reading.sha256
    with pytest.raises(LedgerFileError, match="no such sheet or table"):
        read(f"{scheme}:///{path}?table=others")
    with pytest.raises(LedgerFileError, match="isn't read"):
        read("ftp://host/file?table=t")


@pytest.mark.parametrize("sign", [" ", "(", "1,", "一", "万", "年", "〔", "-", "单位:"])
def test_a_cell_of_one_sign_many_times_is_read_as_what_it_is(read, tmp_path, sign):
    """A cell as long as a spreadsheet allows costs no more than its length."""
    long = f"x{sign * (32_000 // len(sign))}y"
    path = tmp_path / "a.csv"
    rows = [
        [long] * 4,
        ["项目编号", "到位日期", "到位资金（万元）", long],
        ["P1", long, long, long],
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    (reading,) = read(path)
    odd = "scaled" if sign == "〔" else "not_number"
    assert reading.quarantine["code"].tolist() == ["date_invalid", odd]
    assert reading.counts["quarantined"] == 1
