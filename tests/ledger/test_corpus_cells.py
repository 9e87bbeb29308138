"""Cells of the corpus: each through CSV and through a workbook, each with what comes out."""

from __future__ import annotations

import csv
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from analysis.ledger.form import form

CASES = tomllib.loads(
    (Path(__file__).parent / "corpus" / "cells.toml").read_text(encoding="utf-8")
)["cell"]
#: A good row of each table; a case changes one cell of it.
GOOD = {
    "projects": {
        "project_id": "P", "name": "项目", "district": "江岸区", "tier": "", "chain": "",
        "sector": "工业", "size": "1200", "foreign_share": "", "headquarters": "",
        "lead_district": "", "signed_date": "2021-03-01", "start_date": "", "note": "",
    },
    "arrivals": {
        "arrival_id": "A", "project_id": "P", "date": "2021-03-01", "amount": "1200", "note": "",
    },
}  # fmt: skip


def names(table):
    asked = form(table)
    return [
        asked[name].name_zh + ("（万元）" if asked[name].type == "amount" else "")
        for name in GOOD[table]
    ]


def rows(table, container):
    """Return (case, cells) of each case of a table; ids differ, so that no row stands twice."""
    found = []
    for number, case in enumerate(CASES):
        if case.get("table", "projects") == table and case.get("only", container) == container:
            first = next(iter(GOOD[table]))
            cells = {**GOOD[table], first: f"{GOOD[table][first]}{number}"}
            found.append((number, list({**cells, case["column"]: case["cell"]}.values())))
    return found


@pytest.fixture(scope="session")
def outcomes(read, tmp_path_factory):
    """Return (container, number of the case) -> (reading, row)."""
    held = {}
    for table in GOOD:
        for container in ("csv", "xlsx"):
            lines = rows(table, container)
            path = tmp_path_factory.mktemp("cells") / f"{table}.{container}"
            write(path, [names(table), *(cells for _, cells in lines)])
            (reading,) = read(path)
            for row, (number, _) in enumerate(lines, start=2):
                held[container, number] = (reading, row)
    return held


def write(path, lines):
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
        return
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)


def named(case):
    cell = case["cell"].encode("unicode_escape").decode()
    return f"{case['rule']:02}-{case['column']}-{cell}"


def stored(value):
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None if value is None else str(value)


@pytest.mark.parametrize("container", ["csv", "xlsx"])
@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: named(CASES[n]))
def test_cell(outcomes, number, container):
    case = CASES[number]
    if case.get("only", container) != container:
        container = case["only"]
    reading, row = outcomes[container, number]
    table = case.get("table", "projects")
    bad = reading.quarantine[reading.quarantine["row"] == row]
    good = reading.rows[reading.rows["row"] == row]
    column = names(table)[list(GOOD[table]).index(case["column"])]
    if "code" in case:
        assert good.empty
        assert bad[["column", "value", "code"]].to_numpy().tolist() == [
            [column, case["cell"], case["code"]]
        ]
        assert bad["reason"].item() and case.get("hint", "") in bad["hint_zh"].item()
        return
    assert bad.empty, bad["reason"].tolist()
    assert stored(good[case["column"]].item()) == case.get("value")
    odd = [finding.code for finding in reading.warnings if finding.row == row]
    assert odd == case.get("odd", [])
    for what in ("precision", "planned"):
        if what in case:
            assert good[f"{case['column']}_{what}"].item() == case[what]


def test_every_row_of_the_cells_is_counted_once(outcomes):
    for reading, _ in outcomes.values():
        counts = dict(reading.counts)
        assert counts.pop("read") == sum(counts.values())
