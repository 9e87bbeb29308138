"""The example ledger: repeatable, heavy-tailed, marked illustrative in every row."""

from datetime import date

import pytest
from ran import page_of
from typer.testing import CliRunner

from analysis.cli import app
from analysis.datapackage import DataPackageError
from analysis.example_ledger.parameters import load_parameters
from analysis.example_ledger.sheets import write_sheets
from analysis.ledger.engine import open_ledger
from analysis.ledger.reading import read_ledger
from analysis.plan import load_plan
from analysis.structure import answers


@pytest.fixture(scope="module")
def plan():
    return load_plan()


@pytest.fixture(scope="module")
def signed():
    """What the city's pages show: the example's projects signed in the plan's year."""
    return answers().ask(
        "sizes", by=("tier", "sector"), since=date(2021, 1, 1), until=date(2021, 12, 31)
    )


@pytest.mark.slow
def test_every_page_shows_one_example_ledger(plan, signed):
    picture = page_of("project_structure").pictures["ledger_sizes"]
    assert picture.illustrative
    whole = picture.data["tier"].eq("whole")
    for rows in (picture.data[whole], picture.data[~whole]):
        assert rows["projects"].sum() == signed["projects"].sum()
    assert set(signed["tier"]) <= set(plan.tiers["tier"])
    assert set(signed["sector"]) == {"industrial", "service", "property", "infrastructure"}


def test_industry_projects_are_said_of_each_and_are_not_manufacturing_alone():
    rows = answers().ask("capital", by=("sector", "industry"))
    assert set(rows["industry"].dropna()) == {"yes", "no"}
    assert set(rows.loc[rows["industry"].eq("yes"), "sector"]) == {"industrial", "service"}


@pytest.mark.slow
def test_its_sheets_are_dirty_and_give_back_what_is_good(tmp_path):
    path = tmp_path / "ledger.xlsx"
    sent = write_sheets(path, 40, 7)
    readings = {reading.kind: reading for reading in read_ledger(path)}
    assert set(readings) == set(sent) and sum(each.twice for each in sent.values()) > 0
    assert sum(each.wrong for each in sent.values()) > 0
    for kind, reading in readings.items():
        assert reading.counts["accepted"] == sent[kind].rows
        assert reading.counts["quarantined"] == sent[kind].twice + sent[kind].wrong
        assert reading.sums["accepted"] == sent[kind].amount and reading.mismatches.empty
        assert reading.rows["project_id"].str.startswith("EX-").all()
        assert any("示意" in text for _, text in reading.notes)


@pytest.mark.slow
def test_the_command_writes_an_example_and_nothing_over_another(tmp_path):
    def run(*words):
        return CliRunner().invoke(app, ["ledger", "example", *map(str, words)])

    told = run(tmp_path / "rows", "--projects", 5, "--rows", 300)
    assert told.exit_code == 0 and "illustrative" in told.output
    ledger = open_ledger(tmp_path / "rows")
    assert ledger.kind == "illustrative" and ledger.arrivals.count().execute() == 300
    again = run(tmp_path / "rows")
    assert again.exit_code == 1 and "there already" in again.output


def test_an_assumption_that_is_not_there_is_a_fault_of_its_table():
    with pytest.raises(DataPackageError) as caught:
        load_parameters()("size_spread", "none")
    (fault,) = caught.value.faults
    assert (fault.file, fault.value) == ("example_ledger.csv", "size_spread, none")
