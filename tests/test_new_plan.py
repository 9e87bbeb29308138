"""A plan begun by command: it builds as it is written, and the check leads on from any state."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from ran import run_here
from typer.testing import CliRunner

from analysis.board.still import signals
from analysis.cli import app
from analysis.commands.plan import GUIDE, examples
from analysis.datapackage import check, descriptor
from analysis.documents.transcript import transcript
from analysis.files import plan_dir, shown
from analysis.model import load_model
from analysis.plan import load_plan
from analysis.plan_package import Document
from analysis.publish.dry_run import faults, faults_of_package
from analysis.publish.pages import about, notebooks_dir, pages
from analysis.publish.plans import absent
from analysis.scenario import presets
from analysis.text import LANGUAGES, Text
from analysis.text_table import ENDINGS, templates
from tests.notebooks.test_pages_of_plans import HOLLOW, own_words, spoken_of, written


def new(folder: Path, *options: str):
    return CliRunner().invoke(app, ["new", str(folder), *options])


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    folder = tmp_path / "my_city"
    assert new(folder).exit_code == 0
    return folder


def edited(folder: Path, table: str, change: Callable[[list[dict[str, str]]], None]) -> None:
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
        columns = list(rows[0])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_a_new_plan_loads_and_asks_what_its_rows_say(begun: Path) -> None:
    assert check(begun) == []
    plan = load_plan(begun)
    assert plan.about.id == "my_city"
    found = load_model(plan).evaluate({})
    owed = plan.floor("investment").sum()
    assert owed == 80 and found["investment_total"] == owed
    assert found["investment_margin_target"] == owed - plan["investment"].expected


def test_every_row_that_is_still_the_examples_is_named(begun: Path) -> None:
    held = list(examples(begun))
    assert "targets.csv, rows 2, 3" in held and "measures.csv, row 2" in held
    assert held[0] == "plan.json, title_zh, title_en" and "sources.csv, row 2" in held
    assert not [one for one in held if "levers" in one]
    edited(begun, "targets", lambda rows: rows[0].update(kind="stated"))
    line(title_zh="方案", title_en="The plan")(begun)
    later = begun.rename(begun.with_name("filled_in"))
    assert not [one for one in examples(later) if one.startswith("plan.json")]
    assert "targets.csv, row 3" in set(examples(later))
    shipped = {one.split(",")[0] for one in examples(plan_dir())}
    assert not {"plan.json", "sources.csv", "targets.csv"} & shipped


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_guide_describes_every_line_and_column_in_the_language_asked(
    tmp_path: Path, lang: str
) -> None:
    folder = tmp_path / lang
    assert new(folder, "--lang", lang).exit_code == 0
    guide = (folder / GUIDE).read_text(encoding="utf-8")
    form = descriptor()
    nouns = {
        f"{noun}_{lang}" for noun in ("whole", "areas", "area", "counted") for lang in LANGUAGES
    }
    assert {one["name"] for one in form["document"]} == {
        "version", *nouns, *(field.name for field in fields(Document))}  # fmt: skip
    said = "description_zh" if lang == "zh" else "description"
    of = [*form["document"], *(f for one in form["resources"] for f in one["schema"]["fields"])]
    assert all(f"| `{one['name']}` | {one[said].replace('|', chr(92) + '|')}" in guide
               for one in of)  # fmt: skip
    assert all(f"## {one['path']}" in guide for one in form["resources"])
    assert json.loads((folder / "plan.json").read_text("utf-8"))["languages"][0] == lang


def test_a_plan_that_is_there_is_not_written_over(begun: Path) -> None:
    mine = begun / "targets.csv"
    mine.write_text("mine")
    told = new(begun)
    assert told.exit_code == 1 and "--force" in told.output and mine.read_text() == "mine"
    assert new(begun, "--force").exit_code == 0 and check(begun) == []
    told = new(mine)
    assert told.exit_code == 2 and "is a file" in told.output
    assert new(begun, "--lang", "fr").exit_code == 2


def emptied(table: str) -> Callable[[Path], None]:
    return lambda folder: edited(folder, table, lambda rows: rows.clear())


def setting(table: str, row: int, **cells: str) -> Callable[[Path], None]:
    return lambda folder: edited(folder, table, lambda rows: rows[row].update(cells))


def another(table: str, **cells: str) -> Callable[[Path], None]:
    return lambda folder: edited(folder, table, lambda rows: rows.append(rows[0] | cells))


def without(pattern: str) -> Callable[[Path], None]:
    return lambda folder: [path.unlink() for path in folder.glob(pattern)] and None


def line(**lines: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "plan.json"
        held = json.loads(path.read_text("utf-8")) | lines
        path.write_text(json.dumps({key: one for key, one in held.items() if one is not None}))

    return change


#: State of a folder -> where its first fault is (file, row, column), and what its remedy names.
LED = {
    "an empty folder": (without("*"), ("datapackage.json", 0, ""), "workbook new"),
    "plan.json alone": (without("*.csv"), ("measures.csv", 0, ""), "measure, name_zh"),
    "no document line": (line(money=None), ("plan.json", 0, "money"), "write"),
    "a list for plan.json": (
        lambda folder: (folder / "plan.json").write_text("[]"), ("plan.json", 0, "id"), "write"),
    "no base year": (line(base_year=""), ("plan.json", 0, "base_year"), "year"),
    "no groups": (emptied("groups"), ("places.csv", 2, "group"), "groups.csv"),
    "no places": (emptied("places"), ("groups.csv", 0, "group"), "places.csv"),
    "no measures": (emptied("measures"), ("targets.csv", 2, "measure"), "measures.csv"),
    "no levels": (emptied("levels"), ("targets.csv", 2, "level"), "levels.csv"),
    "no targets": (emptied("targets"), ("targets.csv", 0, "who"), "add a row"),
    "no levers": (without("levers.csv"), ("levers.csv", 0, "key"), "workbook new"),
    "no sources": (without("sources.csv"), ("groups.csv", 2, "source"), "sources.csv"),
    "a measure without unit": (
        setting("measures", 0, unit=""), ("measures.csv", 2, "unit"), "1e8 CNY"),
    "a row half filled": (
        setting("targets", 1, value=""), ("targets.csv", 3, "value"), "write a value"),
    "a target for an unknown place": (
        setting("targets", 1, who="mars"), ("targets.csv", 3, "who"), "places.csv"),
    "a target of an unknown measure": (
        setting("targets", 0, measure="jobs"), ("targets.csv", 2, "measure"), "measures.csv"),
    "a lever of a measure that the plan lacks": (
        another("levers", key="jobs"), ("levers.csv", 0, "key"), "measures.csv"),
}  # fmt: skip


@pytest.mark.parametrize("state", LED)
def test_the_first_fault_says_what_to_do_next(
    begun: Path, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, place, remedy = LED[state]
    change(begun)
    monkeypatch.setenv("WORKBOOK_PLAN", str(begun))
    first = (check(begun) or faults([]))[0]
    assert (first.file, first.row, first.column) == place
    assert remedy in first.remedy
    assert first.value in first.said  # also where no row holds it


@pytest.mark.parametrize(
    ("state", "file"), [("an empty folder", "plan.json"), ("a row half filled", "targets.csv")]
)
def test_no_site_is_made_of_a_plan_that_cannot_be_read(
    begun: Path, state: str, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    LED[state][0](begun)
    monkeypatch.setenv("WORKBOOK_PLAN", str(begun))
    told = CliRunner().invoke(app, ["site", str(begun / "site")])
    (line,) = told.output.splitlines()
    assert told.exit_code == 1 and line.startswith(file) and not (begun / "site").exists()


def with_share(folder: Path) -> None:
    """Ask for a share of the sum, too, as cities' plans do; and write its lever."""
    another("measures", measure="industry", type="share", of="investment", unit="%",
            stem="industry")(folder)  # fmt: skip
    for who, level, value in (("example_city", "target", "60"), ("group_1", "floor", "55")):
        another("targets", measure="industry", who=who, level=level, value=value, unit="%")(folder)
    another("levers", key="share_{group}", group="industry", default="58", low="0", high="100")(
        folder
    )


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_of_one_target_no_text_speaks_of_all(
    begun: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_PLAN", str(begun))
    several = re.compile("一项.*(同时|全部|都)|all one|one targets", re.IGNORECASE)
    shown = [said[lang] for key, said in templates().items() if not key.endswith(tuple(ENDINGS))]
    assert not [said for said in shown if several.search(said)]
    page = run_here("target_scenarios")
    known = signals(page.board)
    shown = [message.render(Text(lang), known) for message in page.messages.values()]
    assert not [said for said in shown if several.search(said)]
    title = {"zh": "要达到目标，需要什么条件？", "en": "What would it take to meet the target?"}
    assert shown[0] == title[lang]


def test_just_what_the_plan_asks_of_places_is_their_floors(begun: Path) -> None:
    with_share(begun)
    model = load_model(load_plan(begun))
    (asked,) = presets(model)
    found = model.evaluate(asked.scenario.levers, ["investment_total", "industry"])
    assert found == pytest.approx({"investment_total": 80, "industry": 55})
    assert model.evaluate({}, ["industry"])["industry"] == pytest.approx(58)


@pytest.mark.slow
def test_a_plan_of_capital_and_its_share_lacks_the_pages_of_a_ledger_and_says_so(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_share(begun)
    assert not [str(fault) for fault in faults_of_package(begun)]
    monkeypatch.setenv("WORKBOOK_PLAN", str(begun))
    assert {"districts", "chains", "bulletin"} < set(absent())


@pytest.mark.slow
def test_a_new_plan_has_its_pages_and_the_check_says_what_to_replace(begun: Path) -> None:
    checked = CliRunner().invoke(app, ["check", str(begun)]).output
    assert "No faults." in checked and "targets.csv, rows 2, 3" in checked
    with shown(begun):
        page = notebooks_dir() / pages()[0].notebook
        # Nothing is published of its places, so no year is told.
        assert about()["en"] == "Plan of 2030"
        told = [asdict(transcript(page, lang, "")) for lang in ("zh", "en")]
    whole = json.loads(json.dumps(told, default=str))
    for page, name in zip(whole, ("示例市", "Example City"), strict=True):
        said = "\n".join(written(page, ("spec", "formula")))
        assert name in said and not HOLLOW.search(said)
        assert not spoken_of(own_words(plan_dir()) - own_words(begun) - {"floor"}, said)
