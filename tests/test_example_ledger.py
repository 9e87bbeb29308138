"""The example ledger: repeatable, heavy-tailed, marked illustrative in every row."""

import pandas as pd
import pytest

from analysis.example_ledger import by_size, example_ledger
from analysis.plan import load_plan


@pytest.fixture(scope="module")
def plan():
    return load_plan()


def test_the_same_seed_gives_the_same_ledger_and_another_another(plan):
    pd.testing.assert_frame_equal(example_ledger(plan), example_ledger(plan))
    assert not example_ledger(plan, seed=1).equals(example_ledger(plan, seed=2))


def test_every_row_is_illustrative_and_of_the_plans_districts(plan):
    ledger = example_ledger(plan)
    assert set(ledger["kind"]) == {"illustrative"}
    assert set(ledger["district"]) <= set(plan.floors["district"])
    assert (ledger.loc[ledger["sector"].eq("service"), "chain"] == "").all()
    assert ledger.loc[ledger["sector"].eq("industrial"), "chain"].isin(plan.chains["chain"]).all()


def test_a_tenth_of_the_projects_holds_nearly_half_of_the_capital(plan):
    sizes = example_ledger(plan, projects=5000)["size"].sort_values(ascending=False)
    assert sizes.head(500).sum() > 0.4 * sizes.sum()


def test_size_classes_lose_no_project_and_no_capital(plan):
    ledger = example_ledger(plan)
    grouped = by_size(ledger, [1, 10, 30])
    assert grouped["projects"].sum() == len(ledger)
    assert grouped["capital"].sum() == pytest.approx(ledger["size"].sum())
