"""The data package: valid by its own validator, and its faults named all at once."""

import csv
import json
import shutil

import pytest
from frictionless import Package
from typer.testing import CliRunner

from analysis.cli import app
from analysis.datapackage import PLAN_TABLES, DataPackageError, check, data_dir, read_table
from analysis.files import plan_dir
from analysis.plan import load_plan


@pytest.fixture
def copy(tmp_path):
    """A plan's folder in data of its own."""
    data = shutil.copytree(data_dir(), tmp_path / "data")
    return data / plan_dir().relative_to(data_dir())


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
    ("targets.csv", 5, "period", "next year"),
    ("targets.csv", 6, "unit", ""),
    ("quotas.csv", 2, "required", "yes"),
    ("measures.csv", 2, "type", "ratio"),
    ("places.csv", 3, "group", "inner"),
    ("groups.csv", 3, "group", "central"),
    ("places.csv", 5, "across", "-1"),
]


def test_shipped_package_has_no_faults():
    assert check() == []


def test_shipped_package_is_valid_by_the_frictionless_validator():
    report = Package(str(data_dir() / "datapackage.json")).validate()
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "message"])


@pytest.mark.parametrize("folder", sorted(data_dir().glob("plans/*")), ids=lambda one: one.name)
def test_shipped_plans_are_valid_by_the_frictionless_validator(folder):
    described = json.loads(PLAN_TABLES.read_text(encoding="utf-8"))
    there = [one for one in described["resources"] if (folder / one["path"]).exists()]
    for resource in there:  # sources are the plan's and those of the evidence together
        keys = resource["schema"].get("foreignKeys", [])
        others = [key for key in keys if key["reference"]["resource"] != "sources"]
        resource["schema"]["foreignKeys"] = others
    report = Package(described | {"resources": there}, basepath=str(folder)).validate()
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
    with (copy / "levels.csv").open("a", encoding="utf-8") as stream:
        stream.write("least,1,000\n")
    edit(copy, "targets.csv", 2, "value", "many")
    assert {"levels.csv", "targets.csv"} == {fault.file for fault in check(copy)}


def test_missing_file_missing_column_and_no_package_are_faults(copy, tmp_path):
    (copy / "levels.csv").unlink()
    (copy / "chains.csv").unlink()
    lines = (copy / "quotas.csv").read_text(encoding="utf-8").splitlines()
    (copy / "quotas.csv").write_text("\n".join(line.replace("each", "p") for line in lines))
    named = {(fault.file, fault.column) for fault in check(copy)}
    assert ("levels.csv", "") in named
    assert "chains.csv" not in {file for file, _ in named}  # a plan may have none
    assert ("quotas.csv", "each") in named
    assert check(tmp_path / "empty")[0].file == "datapackage.json"


def test_a_table_with_faults_is_not_read(copy):
    edit(copy, "targets.csv", 2, "value", "many")
    with pytest.raises(DataPackageError, match=r"targets.csv, row 2, column value.*many"):
        read_table("targets", copy)
    assert len(read_table("groups", copy)) == len(read_table("groups", plan_dir()))


def test_every_row_says_unit_source_section_kind_and_confidence():
    described = [data_dir() / "datapackage.json", PLAN_TABLES]
    packages = [json.loads(path.read_text(encoding="utf-8")) for path in described]
    for resource in [one for package in packages for one in package["resources"]]:
        names = {field["name"] for field in resource["schema"]["fields"]}
        if resource["name"] not in ("sources", "publishers", "levers", "outcomes"):
            assert {"unit", "source", "section", "kind", "confidence"} <= names, resource["name"]


def test_no_figure_comes_from_a_source_that_may_not_be_shown():
    hidden = read_table("sources").query("not shown")["id"]
    assert not set(read_table("figures")["source"]) & set(hidden)


def test_a_package_that_was_good_is_checked_anew_after_a_change(copy):
    assert len(read_table("targets", copy))
    later = shutil.copytree(copy, copy.parent / "later")
    edit(later, "targets.csv", 2, "value", "many")
    with pytest.raises(DataPackageError, match="many"):
        read_table("targets", later)
    assert len(read_table("quotas", later))  # a fault elsewhere keeps no table away


def test_the_data_hold_no_fault_of_any_plan_and_name_where_one_is(copy):
    edit(copy, "targets.csv", 2, "value", "many")
    found = check(copy.parents[1])
    assert [fault.file for fault in found] == [f"plans/{copy.name}/targets.csv"]


BEYOND_A_CELL = [
    ("targets.csv", 2, "who", "nobody"),
    ("quotas.csv", 3, "who", "nobody"),
    ("targets.csv", 4, "unit", "1e8 CNY"),
    ("targets.csv", 5, "period", "2035"),
    ("places.csv", 4, "across", ""),
]


def test_rows_that_no_other_table_bears_out_are_named_at_once(copy):
    for fault in BEYOND_A_CELL:
        edit(copy, *fault)
    with pytest.raises(DataPackageError) as raised:
        load_plan(copy)
    named = {(fault.file, fault.row, fault.column) for fault in raised.value.faults}
    assert {fault[:3] for fault in BEYOND_A_CELL} <= named
    assert all(fault.problem and fault.remedy for fault in raised.value.faults)


def test_a_plan_named_before_the_command_is_the_one_that_is_checked(copy, monkeypatch):
    monkeypatch.setenv("WORKBOOK_PLAN", "")  # what the command sets goes with the test
    edit(copy, "targets.csv", 2, "value", "many")
    told = CliRunner().invoke(app, ["--plan", str(copy), "check"])
    assert told.exit_code == 1
    assert told.output.splitlines()[1].startswith("targets.csv, row 2, column value:")


def test_a_table_that_a_plan_may_lack_owes_no_row(copy):
    (copy / "ranking.csv").unlink()
    assert check(copy) == []
