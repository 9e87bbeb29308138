"""An edit of any table is either named by the check, or every page opens and says what is true."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import pytest

from analysis.datapackage import PLAN_TABLES, check
from analysis.files import data_dir, plan_dir
from analysis.publish.dry_run import faults_of_package
from analysis.publish.pages import notebooks_dir

Rows = list[dict[str, str]]


def edited(folder: Path, table: str, change: Callable[[Rows], Rows]) -> None:
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
        columns = list(rows[0])
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A plan's folder in data of its own."""
    data = shutil.copytree(data_dir(), tmp_path / "data")
    return data / plan_dir().relative_to(data_dir())


def setting(column: str, value: str, **where: str) -> Callable[[Rows], Rows]:
    def change(rows: Rows) -> Rows:
        for row in rows:
            if all(row[key] == wanted for key, wanted in where.items()):
                row[column] = value
        return rows

    return change


def without(**where: str) -> Callable[[Rows], Rows]:
    return lambda rows: [r for r in rows if any(r[k] != v for k, v in where.items())]


def with_another(**cells: str) -> Callable[[Rows], Rows]:
    return lambda rows: [*rows, rows[0] | cells]


def tenth(rows: Rows) -> Rows:
    for row in rows:
        row["value"] = f"{float(row['value']) / 10:g}" if row["unit"] == "1e8 CNY" else row["value"]
    return rows


#: Edits of one thing each, and the file that the check has to name.
NAMED = {
    "a target beyond the levers": (
        [("targets", setting("value", "13000", measure="capital_in_place", who="wuhan"))],
        "scenarios.json",
    ),
    "a share beyond the levers": (
        [("targets", setting("value", "70", measure="industrial_share", level="stretch"))],
        "scenarios.json",
    ),
    "narrower bounds": (
        [("levers", setting("high", "10", key="uplift_central"))],
        "scenarios.json",
    ),
    "floors and targets in another scale": (
        [("targets", tenth)],
        "scenarios.json",
    ),
    "a group renamed": (
        [
            ("groups", setting("group", "core", group="central")),
            ("places", setting("group", "core", group="central")),
            ("targets", setting("who", "core", who="central")),
            ("quotas", setting("who", "core", who="central")),
        ],
        "levers.csv",
    ),
    "a fourth group": ([("groups", with_another(group="county"))], "groups.csv"),
    "a group's floor dropped": ([("targets", without(who="zone", measure="capital_in_place"))],
                                "targets.csv"),
    "a district added": ([("places", with_another(place="new", across=""))], "places.csv"),
    "a lever dropped": ([("levers", without(key="led_share"))], "levers.csv"),
    "a lever that no equation knows": ([("levers", with_another(key="tax"))], "levers.csv"),
    "a default outside its bounds": ([("levers", setting("low", "60", key="conversion"))],
                                     "levers.csv"),
    "a default that points nowhere": (
        [("levers", setting("default", "plan:tiers/core/industrial_share_floor",
                            key="share_central"))],
        "levers.csv",
    ),
    "an outcome that no equation makes": ([("outcomes", with_another(key="tax", of=""))],
                                          "outcomes.csv"),
    "the city's own number dropped": ([("quotas", without(quota="outward", who="wuhan"))],
                                      "quotas.csv"),
}  # fmt: skip


def each(edits: Iterable[str], but: Collection[str]) -> pytest.MarkDecorator:
    """Make a test of each edit; those for which pages or presets are made anew are slow."""
    slow = pytest.mark.slow
    return pytest.mark.parametrize(
        "edit", [pytest.param(one, marks=slow if one in but else []) for one in edits]
    )


@each(NAMED, ("a target beyond the levers", "a share beyond the levers",
              "floors and targets in another scale"))  # fmt: skip
def test_an_edit_that_pages_cannot_carry_is_named_with_its_remedy(copy: Path, edit: str) -> None:
    changes, file = NAMED[edit]
    for table, change in changes:
        edited(copy, table, change)
    found = faults_of_package(copy, [])
    assert file in {fault.file for fault in found}, found
    assert all(fault.problem and fault.remedy and fault.value for fault in found)


def resources(folder: Path) -> list[dict[str, Any]]:
    """The schemas of the tables that a plan's folder holds."""
    every = json.loads(PLAN_TABLES.read_text("utf-8"))["resources"]
    return [one for one in every if (folder / one["path"]).exists()]


def test_a_doubled_row_is_named_in_every_table_with_a_key(copy: Path) -> None:
    keyed = {one["path"] for one in resources(copy) if one["schema"].get("primaryKey")}
    for path in keyed:
        edited(copy, path.removesuffix(".csv"), lambda rows: [rows[0], *rows])
    twice = [one for one in check(copy) if "twice" in one.problem]
    assert {one.file for one in twice} == keyed
    assert all(one.row == 3 and one.column and one.value and one.remedy for one in twice)


def test_an_empty_cell_is_named_in_every_column_that_needs_one(copy: Path) -> None:
    needed = {
        (one["path"], field["name"])
        for one in resources(copy)
        for field in one["schema"]["fields"]
        if field.get("constraints", {}).get("required")
    }
    for path in {path for path, _ in needed}:
        columns = [column for of, column in needed if of == path]
        edited(copy, path.removesuffix(".csv"), lambda rows, emptied=columns: [
            rows[0] | dict.fromkeys(emptied, ""), *rows[1:]])  # fmt: skip
    named = {(one.file, one.column) for one in check(copy) if one.row == 2}
    assert needed <= named


#: Edits that change what pages say, the page that shows it, and whether all stays true.
CARRIED = {
    "an outcome's own name dropped": ("outcomes", without(key="signed_required"),
                                      "1_capital_inflow"),
    "a preset beyond narrower bounds": (
        "levers", setting("high", "10", key="uplift_central"), "1_capital_inflow",
    ),
    "a quota dropped": ("quotas", without(who="outer", quota="industrial_30"),
                        "3_project_structure"),
    "a chain added": ("chains", with_another(chain="space"), "6_chains"),
    "a figure dropped": ("../../evidence/figures", without(id="capital_in_place_wuhan_2020"),
                         "1_capital_inflow"),
}  # fmt: skip


@each(CARRIED, CARRIED.keys() - {"a figure dropped"})
def test_an_edit_is_named_or_its_page_opens_whole(copy: Path, edit: str) -> None:
    table, change, page = CARRIED[edit]
    edited(copy, table, change)
    pages = [notebooks_dir() / f"{page}.ipynb"]
    found = faults_of_package(copy, pages)
    assert not [fault for fault in found if fault.file.endswith(".ipynb")], found
