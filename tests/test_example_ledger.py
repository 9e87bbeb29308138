"""The example ledger: repeatable, heavy-tailed, marked illustrative in every row."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.example_ledger.sheets import write_sheets
from analysis.example_ledger.sizes import by_size, example_projects
from analysis.ledger.engine import open_ledger
from analysis.ledger.reading import read_ledger
from analysis.plan import load_plan


@pytest.fixture(scope="module")
def plan():
    return load_plan()


def test_the_same_seed_gives_the_same_ledger_and_another_another():
    pd.testing.assert_frame_equal(example_projects(), example_projects())
    assert not example_projects(seed=1).equals(example_projects(seed=2))


def test_every_row_is_illustrative_and_of_the_plans_districts(plan):
    ledger = example_projects()
    assert set(ledger["kind"]) == {"illustrative"}
    assert set(ledger["district"]) <= set(plan.floors["district"])
    assert set(ledger["chain"]) == {*plan.chains["chain"], ""}


def test_a_tenth_of_the_projects_holds_nearly_half_of_the_capital():
    sizes = example_projects(projects=5000)["size"].sort_values(ascending=False)
    assert sizes.head(500).sum() > 0.4 * sizes.sum()


def test_size_classes_lose_no_project_and_no_capital():
    ledger = example_projects()
    grouped = by_size(ledger, [1, 10, 30])
    assert grouped["projects"].sum() == len(ledger)
    assert grouped["capital"].sum() == pytest.approx(ledger["size"].sum())


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


def test_the_command_writes_an_example_and_nothing_over_another(tmp_path):
    def run(*words):
        return CliRunner().invoke(app, ["ledger", "example", *map(str, words)])

    told = run(tmp_path / "rows", "--projects", 5, "--rows", 300)
    assert told.exit_code == 0 and "illustrative" in told.output
    ledger = open_ledger(tmp_path / "rows")
    assert ledger.kind == "illustrative" and ledger.arrivals.count().execute() == 300
    again = run(tmp_path / "rows")
    assert again.exit_code == 1 and "is there already" in again.output
