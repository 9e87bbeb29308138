"""The blank template: what Excel offers in it, and that it is read when filled in."""

from __future__ import annotations

import openpyxl
import pytest

from analysis.ledger import template
from analysis.ledger.form import KINDS, choice_names, form
from analysis.ledger.reading import LedgerFileError
from analysis.text import LANGUAGES, Text


@pytest.fixture(params=LANGUAGES)
def lang(request):
    return request.param


@pytest.fixture
def path(lang, tmp_path):
    return template.write(tmp_path / "ledger.xlsx", lang)


def test_untouched_it_holds_no_rows(path, read):
    with pytest.raises(LedgerFileError) as caught:
        read(path)
    assert caught.value.code == "no_rows"


def filled(column, lang):
    """Return a value that a column takes."""
    name = column.choices or column.type
    if column.type in ("district", "tier", "chain", "choice", "boolean"):
        return choice_names(name, lang)[-1 if column.type != "tier" else 0]
    if column.name == "amount_unit" or column.type == "text":
        return None
    return {"id": "WH-7", "amount": 1234.5, "date": "2021-03", "ratio": 0.25}[column.type]


def test_filled_in_it_is_accepted_whole(path, lang, read):
    book = openpyxl.load_workbook(path)
    for kind, sheet in zip(KINDS, book.worksheets, strict=False):
        for place, column in enumerate(form(kind).columns, start=1):
            value = filled(column, lang)
            if column.name == "currency":
                value = choice_names("currency", lang)[0 if kind == "arrivals" else 1]
            sheet.cell(3, place, "甲" if column.name == "name" else value)
    book.save(path)
    readings = read(path)
    assert [reading.kind for reading in readings] == list(KINDS)
    for reading in readings:
        assert reading.quarantine.empty, reading.quarantine["reason"].tolist()
        assert reading.counts["accepted"] == 1
        amount = form(reading.kind).amount
        assert float(reading.rows[amount.name].item()) == 1234.5
        dates = form(reading.kind).of_type("date")
        assert {reading.rows[f"{name}_precision"].item() for name in dates} == {"month"}
        codes = {finding.code for finding in reading.warnings}
        assert codes <= {"example_skipped", "sheet_skipped", "tier_differs"}


def test_each_table_has_its_columns_notes_drop_downs_and_formats(path, lang):
    book = openpyxl.load_workbook(path)
    for kind, sheet in zip(KINDS, book.worksheets, strict=False):
        columns = form(kind).columns
        header = sheet[1]
        assert [cell.value for cell in header] == [template.header(c, lang) for c in columns]
        assert all(cell.comment.text for cell in header)
        assert sheet["A2"].value == Text(lang)("reading.template.example")
        ruled = {
            str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation
        }
        for cell, column in zip(header, columns, strict=True):
            rule = ruled.get(f"{cell.column_letter}2")
            if column.type in ("district", "tier", "chain", "choice", "boolean"):
                assert offered(book, rule.formula1) == choice_names(
                    column.choices or column.type, lang
                )
            style = next(
                span.number_format
                for span in sheet.column_dimensions.values()
                if span.min <= cell.column <= span.max
            )
            if column.type in ("date", "id"):
                assert style == "@"
            if column.type == "amount":
                assert style == "#,##0.00" and rule.type == "decimal"


def offered(book, formula):
    """Return the cells that a drop-down's range holds."""
    name, _, area = formula.rpartition("!")
    sheet = book[name.strip("'")]
    return [cell.value for row in sheet[area.replace("$", "")] for cell in row]


def test_the_last_sheet_explains(path, lang):
    sheet = openpyxl.load_workbook(path).worksheets[-1]
    assert sheet.title == Text(lang)("reading.template.about")
    said = [row[0] for row in sheet.iter_rows(max_col=1, max_row=9, values_only=True)]
    assert len(set(said)) == 9 and all(said)
