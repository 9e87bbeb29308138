"""The data package: valid by its own validator, and its faults named all at once."""

import csv
import json
import shutil

import pytest
from frictionless import Package
from typer.testing import CliRunner

from analysis.cli import app
from analysis.datapackage import DataPackageError, check, data_dir, read_table


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(data_dir(), tmp_path / "data")


def edit(folder, file, row, column, value):
    """Write `value` into a cell; row 1 is the header."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    rows[row - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


PLANTED = [
    ("targets.csv", 2, "value", "9,330"),
    ("targets.csv", 3, "kind", "certain"),
    ("targets.csv", 4, "source", "nowhere"),
    ("floors.csv", 2, "value", "-569"),
    ("floors.csv", 3, "unit", ""),
    ("quotas.csv", 2, "required", "yes"),
    ("districts.csv", 2, "code", "110101"),
    ("districts.csv", 3, "tier", "inner"),
    ("tiers.csv", 3, "tier", "central"),
    ("figures.csv", 5, "period_type", "decade"),
]


def test_shipped_package_has_no_faults():
    assert check() == []


def test_shipped_package_is_valid_by_the_frictionless_validator():
    report = Package(str(data_dir() / "datapackage.json")).validate()
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "message"])


def test_ten_planted_faults_are_named_at_once(copy):
    for fault in PLANTED:
        edit(copy, *fault)
    named = {(fault.file, fault.row, fault.column, fault.value) for fault in check(copy)}
    assert set(PLANTED) <= named
    assert all(fault.problem and fault.remedy for fault in check(copy))


def test_check_names_all_ten_and_exits_non_zero(copy):
    for fault in PLANTED:
        edit(copy, *fault)
    told = CliRunner().invoke(app, ["check", str(copy)])
    assert told.exit_code == 1
    for file, row, column, value in PLANTED:
        assert f"{file}, row {row}, column {column}:" in told.output
        assert repr(value) in told.output


def test_row_of_the_wrong_length_is_named_and_the_others_still_checked(copy):
    with (copy / "floors.csv").open("a", encoding="utf-8") as stream:
        stream.write("zone,capital_in_place,1,000\n")
    edit(copy, "targets.csv", 2, "value", "many")
    assert {"floors.csv", "targets.csv"} == {fault.file for fault in check(copy)}


def test_missing_file_missing_column_and_no_package_are_faults(copy, tmp_path):
    (copy / "chains.csv").unlink()
    lines = (copy / "outward.csv").read_text(encoding="utf-8").splitlines()
    (copy / "outward.csv").write_text("\n".join(line.replace("projects", "p") for line in lines))
    named = {(fault.file, fault.column) for fault in check(copy)}
    assert ("chains.csv", "") in named
    assert ("outward.csv", "projects") in named
    assert check(tmp_path / "empty")[0].file == "datapackage.json"


def test_a_table_with_faults_is_not_read(copy):
    edit(copy, "targets.csv", 2, "value", "many")
    with pytest.raises(DataPackageError, match=r"targets.csv, row 2, column value.*many"):
        read_table("targets", copy)
    assert len(read_table("tiers", copy)) == len(read_table("tiers"))


def test_every_row_says_unit_source_section_kind_and_confidence():
    package = json.loads((data_dir() / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        names = {field["name"] for field in resource["schema"]["fields"]}
        if resource["name"] not in ("sources", "levers", "outcomes"):
            assert {"unit", "source", "section", "kind", "confidence"} <= names, resource["name"]


def test_no_figure_comes_from_a_source_that_may_not_be_shown():
    hidden = read_table("sources").query("not shown")["id"]
    assert not set(read_table("figures")["source"]) & set(hidden)


def test_a_package_that_was_good_is_checked_anew_after_a_change(copy, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path / "cache"))
    assert len(read_table("targets", copy))
    assert list((tmp_path / "cache").glob("faultless-*"))
    later = shutil.copytree(copy, tmp_path / "later")
    edit(later, "targets.csv", 2, "value", "many")
    with pytest.raises(DataPackageError, match="many"):
        read_table("targets", later)
    assert len(read_table("floors", later))  # a fault elsewhere keeps no table away
