"""Files of the corpus: each with the tables it gives, or why it is refused as a whole."""

from __future__ import annotations

import importlib.util
import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from analysis.ledger.reading import LedgerFileError

CORPUS = Path(__file__).parent / "corpus"
CASES = tomllib.loads((CORPUS / "files.toml").read_text(encoding="utf-8"))["file"]
_spec = importlib.util.spec_from_file_location("making", CORPUS / "making.py")
making = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(making)


def make(case, folder):
    """Write the file of a case."""
    if "make" in case:
        return getattr(making, case["make"])(folder)
    if "sheets" in case:
        return workbook(case["sheets"], folder / "a.xlsx")
    parts = case.get("parts")
    if parts is None:
        parts = [[case["text"].removeprefix("\n"), case.get("encoding", "utf-8")]]
    path = folder / f"a{case.get('ending', '.csv')}"
    path.write_bytes(b"".join(text.encode(encoding) for text, encoding in parts))
    return path


def workbook(sheets, path):
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for held in sheets:
            sheet = book.add_worksheet(held["name"])
            if held.get("hidden"):
                sheet.hide()
            for box in held.get("merged", []):
                sheet.merge_range(box, "")
            for row, cells in enumerate(held["rows"]):
                for column, cell in enumerate(cells):
                    put(book, sheet, row, column, cell)
    return path


def put(book, sheet, row, column, cell):
    if not isinstance(cell, dict):
        cell = {"v": cell}
    style = book.add_format({"num_format": cell["format"]}) if "format" in cell else None
    if "f" in cell:
        sheet.write_formula(row, column, cell["f"], style, cell["v"])
    elif isinstance(cell["v"], str):
        if cell["v"]:
            sheet.write_string(row, column, cell["v"], style)
    elif isinstance(cell["v"], date | datetime):
        sheet.write_datetime(row, column, cell["v"], style)
    else:
        sheet.write(row, column, cell["v"], style)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']:02}-{case['name']}")
def test_file(read, tmp_path, case):
    path = make(case, tmp_path)
    asked = dict(case.get("read", {}))
    if "rates" in case:
        asked["rates"] = tmp_path / "rates.csv"
        asked["rates"].write_text(
            f"currency,since,until,cny,source\n{case['rates']}\n", encoding="utf-8"
        )
    if "error" in case:
        with pytest.raises(LedgerFileError) as caught:
            read(path, **asked)
        refused(caught.value, case)
        return
    readings = read(path, **asked)
    assert len(readings) == len(case["gives"])
    for reading, gives in zip(readings, case["gives"], strict=True):
        given(reading, gives)


def refused(error, case):
    assert error.code == case["error"], str(error)
    assert error.row == case.get("row", error.row)
    assert error.column == case.get("column", error.column)
    assert error.sheet == case.get("sheet", error.sheet)
    assert case.get("says", "") in str(error)
    for lang in ("zh", "en"):
        assert all(error.say(lang))


def given(reading, gives):
    bad = reading.quarantine[["row", "column", "code"]].to_numpy().tolist()
    assert bad == gives.get("faults", [])
    assert len(reading.rows) == reading.counts["accepted"] == gives["accepted"]
    counts = dict(reading.counts)
    assert counts.pop("read") == sum(counts.values())
    assert {**counts, **gives.get("counts", {})} == counts
    assert sorted({finding.code for finding in reading.warnings}) == gives.get("odd", [])
    assert all(finding.say("zh") and finding.say("en") for finding in reading.warnings)
    for what in ("kind", "sheet", "unit", "encoding"):
        assert gives.get(what) in (None, getattr(reading, what))
    if "names" in gives:
        assert list(reading.names) == gives["names"]
    if "says" in gives:
        assert gives["says"] in reading.quarantine["reason"].str.cat(sep="\n")
    by_row = reading.rows.set_index("row")
    for row, column, value in gives.get("values", []):
        assert stored(by_row.at[row, column]) == value
    for row, name, value in gives.get("raw", []):
        assert f'"{name}": "{value}"' in by_row.at[row, "raw"]
    columns = reading.controls[["row", "stated", "summed", "agrees"]].to_numpy().tolist()
    assert [
        [row, stored(stated) or "", stored(summed) or "", "none" if agrees is None else agrees]
        for row, stated, summed, agrees in columns
    ] == gives.get("controls", [])


def stored(value):
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None if value is None else str(value)


def test_corpus_is_large_and_covers_the_rules():
    cells = tomllib.loads((CORPUS / "cells.toml").read_text(encoding="utf-8"))["cell"]
    assert len(CASES) + len(cells) >= 80
    # 59 and 60 are about the store.
    assert {case["rule"] for case in (*CASES, *cells)} == set(range(1, 59))
