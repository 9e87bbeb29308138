"""An edit of any table is either named by the check, or every page opens and says what is true."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
from plan_changes import CHANGES, rows_of, setting, table

from analysis.board.still import card
from analysis.board.view import View
from analysis.briefing import ledger, project_structure
from analysis.datapackage import PLAN_TABLES, check
from analysis.documents.transcript import _parts
from analysis.evidence import load_evidence
from analysis.files import data_dir, plan_dir, shown
from analysis.model import load_model
from analysis.plan import load_plan
from analysis.publish import dry_run
from analysis.publish.dry_run import faults_of_package
from analysis.publish.first import Look, part_html
from analysis.publish.pages import notebooks_dir
from analysis.publish.plans import absent
from analysis.structure.kept import answers
from analysis.text import LANGUAGES

#: What no sentence holds.
HOLLOW = re.compile(r"\bnull\b|\bNaN\b|\bnan\b|undefined|\bNone\b|–%|\bInfinity\b|\binf\b")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A plan's folder in data of its own."""
    data = shutil.copytree(data_dir(), tmp_path / "data")
    return data / plan_dir().relative_to(data_dir())


def shown_on(page: str) -> dict[str, str]:
    """All that a page's first look says by language, its pictures' specifications included."""
    views = [part for part in _parts(notebooks_dir() / f"{page}.ipynb") if isinstance(part, View)]
    return {lang: "".join(part_html(view, Look(lang, draw=written)) for view in views)
            for lang in LANGUAGES}  # fmt: skip


def written(spec: Mapping[str, Any]) -> str:
    return json.dumps(spec, allow_nan=False, ensure_ascii=False)


NAMED = [name for name, change in CHANGES.items() if change.named]
CARRIED = [name for name, change in CHANGES.items() if not change.named]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMED)
def test_a_change_that_pages_cannot_carry_is_named_with_its_remedy(copy: Path, name: str) -> None:
    change = CHANGES[name]
    copy = copy.parent / (change.plan or copy.name)
    for edit in change.edits:
        edit(copy)
    pages = [notebooks_dir() / f"{change.page}.ipynb"] if change.page else []
    found = faults_of_package(copy, pages)
    assert change.named in {(fault.file, fault.column) for fault in found}, found
    assert all(fault.problem and fault.remedy and fault.value for fault in found)


@pytest.mark.slow
@pytest.mark.parametrize("name", CARRIED)
def test_a_change_that_pages_carry_is_told_and_nothing_of_before(copy: Path, name: str) -> None:
    change = CHANGES[name]
    copy = copy.parent / (change.plan or copy.name)
    for edit in change.edits:
        edit(copy)
    assert not faults_of_package(copy, [])
    with shown(copy):
        assert set(change.absent) <= set(absent())
        told = shown_on(change.page)
    assert not [one for one in change.told if one not in told["en"]]
    assert not [one for one in change.untold if one in told["en"]]
    assert not any(HOLLOW.search(re.sub(r"<[^>]*>|{.*}", " ", said)) for said in told.values())


def resources(folder: Path) -> list[dict[str, Any]]:
    """The schemas of the tables that a plan's folder holds."""
    every = json.loads(PLAN_TABLES.read_text("utf-8"))["resources"]
    return [one for one in every if (folder / one["path"]).exists()]


def test_a_doubled_row_is_named_in_every_table_with_a_key(copy: Path) -> None:
    keyed = {one["path"] for one in resources(copy) if one["schema"].get("primaryKey")}
    for path in keyed:
        table(path.removesuffix(".csv"), lambda rows: [rows[0], *rows])(copy)
    twice = [one for one in check(copy) if "twice" in one.problem]
    assert {one.file for one in twice} == keyed
    assert all(one.row == 3 and one.column and one.value and one.remedy for one in twice)


def test_a_source_is_named_in_its_own_table_and_where_it_does_not_suffice(copy: Path) -> None:
    table("../../evidence/sources", lambda rows: [rows[0], *rows])(copy)
    setting("../../evidence/sources", {"published": ""}, id="ovc_2025_01")(copy)
    named = {(one.file, one.column, one.value) for one in check(copy.parent.parent)}
    twice = rows_of(copy / "../../evidence/sources.csv")[0]["id"]
    assert named == {("evidence/sources.csv", "id", twice),
                     ("evidence/projects.csv", "source", "ovc_2025_01")}  # fmt: skip


def mishap(rows: list[dict[str, str]], chance: random.Random) -> list[dict[str, str]]:
    """Return the rows as a slip of the hand leaves them."""
    at, other = chance.randrange(len(rows)), chance.randrange(len(rows))
    row = rows[at]
    kind = chance.choice(["drop", "double", "rename", "empty", "scale", "swap"])
    if kind in ("drop", "double"):
        return rows[:at] + rows[at : at + 1] * 2 * (kind == "double") + rows[at + 1 :]
    if kind == "swap":
        rows[at], rows[other] = rows[other], row
        return rows
    column = next(iter(row)) if kind == "rename" else chance.choice([c for c in row if row[c]])
    cell = "" if kind == "empty" else f"{row[column]}{'x' if kind == 'rename' else '000'}"
    return [*rows[:at], row | {column: cell}, *rows[at + 1 :]]


@pytest.mark.slow
@pytest.mark.parametrize("plan", sorted(one.name for one in data_dir().glob("plans/*")))
@pytest.mark.parametrize("seed", range(4))
def test_a_slip_in_any_table_is_carried_or_named_where_it_is(
    copy: Path, plan: str, seed: int
) -> None:
    folder, chance = copy.parent / plan, random.Random(f"{plan} {seed}")
    path = chance.choice(sorted(folder.glob("*.csv")))
    table(path.stem, lambda rows: mishap(rows, chance))(folder)
    for fault in faults_of_package(folder, []):
        assert fault.file.endswith((".csv", ".json")) and fault.column, fault
        assert fault.problem and fault.remedy and "can't be made" not in fault.problem, fault


def test_an_empty_cell_is_named_in_every_column_that_needs_one(copy: Path) -> None:
    needed = {
        (one["path"], field["name"])
        for one in resources(copy)
        for field in one["schema"]["fields"]
        if field.get("constraints", {}).get("required")
    }
    for path in {path for path, _ in needed}:
        columns = [column for of, column in needed if of == path]
        table(path.removesuffix(".csv"), lambda rows, emptied=columns: [
            rows[0] | dict.fromkeys(emptied, ""), *rows[1:]])(copy)  # fmt: skip
    named = {(one.file, one.column) for one in check(copy) if one.row == 2}
    assert needed <= named


def test_a_ledgers_cards_stand_to_every_level_by_its_own_numbers(copy: Path) -> None:
    for edit in CHANGES["a third level"].edits:
        edit(copy)
    with shown(copy):
        facts, cards = ledger.card_facts(ledger.current()), ledger.cards()
        said = [card(one, facts, "en") for one in cards]
    margins = {
        (one["key"], level["value"]): facts[level["margin"]]
        for one in cards for level in one["levels"]
    }  # fmt: skip
    assert len(margins) == 3 * len(cards) > 3
    for (key, asked), over in margins.items():
        assert over == pytest.approx(facts[f"ledger_{key}"] - asked)
    assert sum("challenge" in one.status for one in said if one.state == "short")


def test_a_year_without_a_signature_leaves_out_the_picture_of_signed_projects(monkeypatch) -> None:
    signed = project_structure.signed
    monkeypatch.setattr(project_structure, "signed", lambda report: signed(report)[:0])
    plan, evidence = load_plan(), load_evidence()
    lacking = project_structure.unknown(plan, evidence, load_model())
    assert "no project signed" in str(lacking["ledger_sizes"].to_dict())
    assert not dry_run._HOLLOW.search("None of 48 required projects")
    assert dry_run._HOLLOW.search("the page says None")


def test_what_a_ledger_answered_is_kept_for_the_plan_s_quotas_alone(copy: Path) -> None:
    def counted() -> int:
        given = {"since": date(2021, 1, 1), "until": date(2021, 12, 31), "by": ("district",)}
        return int(answers().ask("quota_projects", **given)["projects"].sum())

    before = counted()
    setting("quotas", {"min_size": "20"}, min_size="30")(copy)
    with shown(copy):
        assert counted() > before
    assert counted() == before


def test_a_fault_of_a_cell_names_the_line_that_it_comes_from(tmp_path: Path) -> None:
    source = "import analysis\nprint(\n    analysis.nothing,\n)"
    cells = [nbformat.v4.new_code_cell(source)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "1_mine.ipynb")
    (fault,) = dry_run.page_faults(tmp_path / "1_mine.ipynb")
    assert (fault.row, fault.column) == (1, "analysis.nothing,")
