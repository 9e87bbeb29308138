"""The store of a ledger: the same rules in a folder and in a PostgreSQL."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readings import arrival, bad, project, reading, stated

from analysis.ledger import quarantine
from analysis.ledger.embedded import EmbeddedStore
from analysis.ledger.errors import StoreError, UnstorableError
from analysis.ledger.form import KINDS
from analysis.ledger.imports import lines, mismatch_lines
from analysis.ledger.migrate import migrate, migrations
from analysis.ledger.reading import read_ledger
from analysis.ledger.repeats import parted
from analysis.ledger.store import Store, open_store
from analysis.ledger.stored import stored_columns, value_columns
from analysis.text import Text

ARRIVALS = [
    arrival("P1", "2021-03-01", "1.5"),
    arrival("P2", "2021-03-02", "-2.25", arrival_id="007"),
    arrival("P2", "2021-04-01", "0.000001", date_precision="month", capital_kind="loan"),
]


@pytest.fixture(params=["embedded", "shared"])
def store(request, tmp_path: Path) -> Store:
    """An empty store of each engine."""
    if request.param == "embedded":
        return open_store(tmp_path / "ledger")
    shared = open_store(request.getfixturevalue("postgres_url"))
    shared.migrate()
    return shared


def add(store: Store, tmp_path: Path, kind: str, rows, **others):
    """Import rows of one table as a file."""
    importing = {
        name: others.pop(name) for name in ("replace", "accept_mismatch") if name in others
    }
    one, path = reading(tmp_path, kind, rows, **others)
    return store.import_readings([one], [path], **importing)


def values(store: Store, kind: str = "arrivals") -> pd.DataFrame:
    return store.rows(kind)[list(value_columns(kind))]


def test_the_migrations_spell_out_the_form():
    text = "\n".join(s for step in migrations("duckdb") for s in step.statements)
    for kind in KINDS:
        body = text.split(f"CREATE TABLE {kind}_versions (")[1].split("\n)")[0]
        found = [line.replace(" NOT NULL", "").strip(" ,") for line in body.strip().splitlines()]
        added = re.findall(rf"ALTER TABLE {kind}_versions ADD COLUMN (.+)", text)
        wanted = {f'"{name}" {sql}' for name, sql in stored_columns(kind).items()}
        assert len(found) + len(added) == len(wanted) + 1
        assert {*found, *added} == {*wanted, '"superseded_by" INTEGER'}


def test_what_goes_in_comes_out(store, tmp_path):
    done = add(store, tmp_path, "arrivals", ARRIVALS)
    found = store.rows("arrivals").set_index("row_key")
    assert done.number == 1 and done.published and done.touched == 3
    loan = found[found["capital_kind"] == "loan"].iloc[0]
    assert (loan["amount"], loan["date"]) == (Decimal("0.000001"), datetime.date(2021, 4, 1))
    assert (loan["date_precision"], loan["version"], loan["import_id"]) == ("month", 1, 1)
    assert found["arrival_id"].dropna().tolist() == ["007"]
    assert loan["row"] == 4 and json.loads(loan["raw"])["project_id"] == "P2"
    (part,) = done.parts
    assert part.tally.sum_after == part.tally.sum_accepted == Decimal("-0.749999")


def test_reading_twice_changes_nothing(store, tmp_path):
    add(store, tmp_path, "arrivals", ARRIVALS, quarantine=[bad(9)], controls=[stated(10, "9", "9")])
    before = store.status(), store.rows("arrivals"), store.quarantine()
    again = add(
        store, tmp_path, "arrivals", ARRIVALS, quarantine=[bad(9)], controls=[stated(10, "9", "9")]
    )
    assert again.number is None and again.touched == 0 and again.parts[0].again == 1
    assert store.rows("arrivals").equals(before[1]) and store.quarantine().equals(before[2])
    assert store.status().latest == before[0].latest == 1
    assert lines(again, Text("en"))[-1] == "Nothing changed."


def test_the_same_rows_in_another_file_are_unchanged(store, tmp_path):
    add(store, tmp_path, "arrivals", ARRIVALS)
    other = add(store, tmp_path, "arrivals", ARRIVALS[::-1], file="other.csv")
    assert (other.touched, other.parts[0].tally.unchanged) == (0, 3)
    assert other.number == 2, "the file is new, so it is kept"


def test_a_changed_cell_is_one_version(store, tmp_path):
    add(store, tmp_path, "arrivals", ARRIVALS)
    changed = [ARRIVALS[0] | {"amount": Decimal("1.75")}, *ARRIVALS[1:]]
    done = add(store, tmp_path, "arrivals", changed)
    (old,) = store.history("arrivals").to_dict("records")
    new = store.rows("arrivals").set_index("row_key").loc[old["row_key"]]
    assert (old["amount"], old["version"], old["superseded_by"]) == (Decimal("1.5"), 1, 2)
    assert (new["amount"], new["version"], new["import_id"]) == (Decimal("1.75"), 2, 2)
    (cell,) = done.parts[0].tally.changes.to_dict("records")
    assert (cell["column"], cell["before"], cell["after"]) == ("amount", "1.500000", "1.750000")
    assert len(store.rows("arrivals")) == 3 and done.touched == 1


def test_an_old_file_read_again_does_not_undo_a_newer_one(store, tmp_path):
    add(store, tmp_path, "projects", [project("A", "10")])
    add(store, tmp_path, "projects", [project("A", "12")])
    again = add(store, tmp_path, "projects", [project("A", "10")])
    assert again.number is None
    assert values(store, "projects")["size"].tolist() == [Decimal(12)]


def test_an_old_file_read_in_another_way_does_not_undo_a_newer_one_either(store, tmp_path):
    old, path = reading(tmp_path, "projects", [project("A", "10")])
    store.import_readings([old], [path])
    add(store, tmp_path, "projects", [project("A", "12")])
    more = pd.concat([old.rows, old.rows.assign(project_id="B", row=3)], ignore_index=True)
    done = store.import_readings([dataclasses.replace(old, rows=more)], [path])
    assert (done.parts[0].tally.outdated, done.parts[0].tally.added) == (1, 1)
    assert values(store, "projects")["size"].tolist() == [Decimal(12), Decimal(10)]


def test_one_file_repeats_and_contradicts_itself(store, tmp_path):
    rows = [
        arrival("P1", "2021-03-01", "1"),
        arrival("P1", "2021-03-01", "1"),
        arrival("P2", "2021-03-01", "1"),
        arrival("P2", "2021-03-01", "3"),
        arrival("P2", "2021-03-01", "4", arrival_id="7"),
    ]
    one, path = reading(tmp_path, "arrivals", rows)
    parts = [
        dataclasses.replace(
            one, rows=one.rows.iloc[[n]].assign(sheet=f"{n}月"), sheet=f"{n}月",
            quarantine=one.quarantine.iloc[:0], counts={"read": 1, "accepted": 1, "quarantined": 0},
        )
        for n in range(len(rows))
    ]  # fmt: skip
    done = store.import_readings(parted(parts), [path])
    found = store.quarantine()
    assert found[["row", "code"]].values.tolist() == [
        [3, "duplicate"], [4, "key_conflict"], [5, "key_conflict"],
    ]  # fmt: skip
    assert found["reason"].str.contains("row [023]月 [245]").all()
    assert sorted(values(store)["amount"]) == [1, 4]
    assert done.parts[0].counts == {"read": 5, "accepted": 2, "quarantined": 3}


def test_the_precision_of_a_date_is_part_of_the_key(store, tmp_path):
    rows = [
        arrival("P1", "2021-04-01", "1", date_precision=precision)
        for precision in ("day", "month", "quarter", "year", "half")
    ]
    add(store, tmp_path, "arrivals", rows)
    assert len(store.rows("arrivals")) == 5


def test_totals_that_do_not_agree_keep_the_import_from_readers(store, tmp_path):
    add(store, tmp_path, "projects", [project("A", "10")])
    wrong = [stated(3, "99", "12")]
    held = add(store, tmp_path, "projects", [project("A", "12")], controls=wrong)
    assert not held.published and held.mismatches["difference"].tolist() == [87]
    said = "\n".join([*lines(held, Text("en")), *mismatch_lines(held.mismatches, Text("en"))])
    assert "合计 says 99, the rows come to 12: +87" in said and "--accept-mismatch" in said
    assert values(store, "projects")["size"].tolist() == [10], "readers see the state before"
    assert store.history("projects").empty
    assert not add(store, tmp_path, "projects", [project("B", "1")], file="b.csv").published
    assert store.publish().number is None, "nobody has accepted the total"
    assert values(store, "projects")["size"].tolist() == [10]
    assert store.publish(accept_mismatch=True).published
    assert values(store, "projects")["size"].tolist() == [12, 1]


def test_a_corrected_edition_of_the_file_shows_it_to_readers(store, tmp_path):
    add(
        store, tmp_path, "projects", [project("A", "10")],
        controls=[stated(3, "99", "10")], quarantine=[bad(7)],
    )  # fmt: skip
    done = add(store, tmp_path, "projects", [project("A", "10"), project("B", "89")],
               controls=[stated(4, "99", "99")])  # fmt: skip
    assert done.published and done.resolved == 1 and store.quarantine().empty
    assert len(values(store, "projects")) == 2


def test_a_file_of_the_same_name_from_elsewhere_is_no_edition(store, tmp_path):
    add(store, tmp_path, "projects", [project("A", "10")], quarantine=[bad(7)])
    add(store, tmp_path, "projects", [project("B", "10")], quarantine=[bad(7)])
    assert len(store.quarantine()) == 2


def test_totals_accepted_at_once(store, tmp_path):
    done = add(
        store, tmp_path, "projects", [project("A", "1")],
        controls=[stated(3, "99", "1")], accept_mismatch=True,
    )  # fmt: skip
    assert done.published and done.mismatches.empty


def test_a_file_read_again_without_its_faults_settles_them(store, tmp_path):
    faulty, path = reading(tmp_path, "arrivals", ARRIVALS[:1], quarantine=[bad(3), bad(4)])
    store.import_readings([faulty], [path])
    better = dataclasses.replace(faulty, quarantine=faulty.quarantine.iloc[:1])
    done = store.import_readings([better], [path])
    assert (done.resolved, done.open_entries) == (1, 1)
    assert store.quarantine()["row"].tolist() == [3]


def test_the_whole_table_anew_withdraws_what_it_lacks(store, tmp_path):
    add(store, tmp_path, "projects", [project("A", "1"), project("B", "2")])
    done = add(store, tmp_path, "projects", [project("B", "2"), project("C", "3")], replace=True)
    assert (done.parts[0].tally.withdrawn, done.parts[0].tally.added) == (1, 1)
    assert values(store, "projects")["project_id"].tolist() == ["B", "C"]
    back = add(store, tmp_path, "projects", [project("A", "1", note="again")], file="a.csv")
    assert back.parts[0].tally.added == 1
    assert store.rows("projects")["version"].tolist() == [2, 1, 1]


def test_a_table_with_rows_in_quarantine_replaces_nothing(store, tmp_path):
    add(store, tmp_path, "projects", [project("A", "1")])
    with pytest.raises(StoreError, match="without --replace"):
        add(store, tmp_path, "projects", [project("B", "1")], quarantine=[bad(3)], replace=True)
    assert values(store, "projects")["project_id"].tolist() == ["A"]


def test_a_file_that_changed_after_it_was_read_is_refused(store, tmp_path):
    one, path = reading(tmp_path, "projects", [project("A", "1")])
    path.write_bytes(b"something else")
    with pytest.raises(StoreError, match="changed after it was read"):
        store.import_readings([one], [path])


def test_several_files_are_one_import(store, tmp_path):
    first, one = reading(tmp_path, "projects", [project("A", "1")], file="1.csv")
    second, two = reading(tmp_path, "projects", [project("A", "2")], file="2.csv")
    third, three = reading(tmp_path, "arrivals", ARRIVALS, file="3.csv")
    done = store.import_readings([first, second, third], [one, two, three])
    assert done.number == 1 and store.status().latest == 1
    assert values(store, "projects")["size"].tolist() == [2], "the later file counts"
    assert store.history("projects")["size"].tolist() == [1]


def test_one_bad_file_of_several_leaves_all_out(store, tmp_path):
    first, one = reading(tmp_path, "projects", [project("A", "1")], file="1.csv")
    second, two = reading(tmp_path, "projects", [project("B", "0.0000001")], file="2.csv")
    with pytest.raises(UnstorableError, match="6 after"):
        store.import_readings([first, second], [one, two])
    add(store, tmp_path, "arrivals", ARRIVALS)
    assert store.rows("projects").empty and store.status().latest == 1


def test_texts_are_kept_as_they_are(store, tmp_path):
    names = [
        "=cmd|' /C calc'!A0",
        "</script><img onerror=x>",
        "a\x00b",
        "𠮷\ud800",
        "NaN",
        "\\N",
        "",
    ]
    add(
        store, tmp_path, "projects",
        [project(f"{n}", "1", name=name) for n, name in enumerate(names)],
        quarantine=[bad(n, value=name) for n, name in enumerate(names)],
    )  # fmt: skip
    shown = [name.replace("\x00", "␀").replace("\ud800", "\\ud800") for name in names]
    assert values(store, "projects")["name"].tolist() == shown
    assert store.quarantine()["value"].tolist() == shown


amounts = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)
words = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8))


@st.composite
def ledgers(draw) -> list[dict[str, object]]:
    numbers = draw(st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=8))
    return [
        project(
            f"P{number}",
            draw(amounts),
            name=draw(words),
            note=draw(words),
            foreign_share=draw(st.one_of(st.none(), st.floats(0, 1))),
            outward=draw(st.sampled_from([None, True, False])),
            signed_date=draw(st.dates(datetime.date(1949, 10, 1))),
            signed_date_precision="day",
        )
        for number in numbers
    ]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> Callable[[], tuple[EmbeddedStore, Path]]:
    """What gives an embedded store that nobody has used."""

    def make() -> tuple[EmbeddedStore, Path]:
        folder = tmp_path_factory.mktemp("round")
        return EmbeddedStore(folder / "ledger"), folder

    return make


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(first=ledgers(), second=ledgers())
def test_import_and_reading_are_inverse(fresh, first, second):
    store, folder = fresh()
    add(store, folder, "projects", first)
    assert_holds(store, first)
    done = add(store, folder, "projects", second)
    latest = {row["project_id"]: row for row in [*first, *second]}
    assert_holds(store, list(latest.values()))
    before = {row["project_id"]: row for row in first}
    changed = [row for row in second if before.get(row["project_id"], row) != row]
    assert done.parts[0].tally.changed == len(changed) == len(store.history("projects"))


def assert_holds(store: Store, rows: list[dict[str, object]]) -> None:
    found = {row["project_id"]: row for row in values(store, "projects").to_dict("records")}
    wanted = {row["project_id"]: dict.fromkeys(value_columns("projects")) | row for row in rows}
    assert found == wanted


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(rows=ledgers(), order=st.randoms())
def test_the_order_of_rows_does_not_matter(fresh, rows, order):
    (one, first), (other, second) = fresh(), fresh()
    add(one, first, "projects", rows)
    shuffled = rows.copy()
    order.shuffle(shuffled)
    half = len(rows) // 2
    add(other, second, "projects", shuffled[:half] or shuffled)
    add(other, second, "projects", shuffled[half:], file="rest.csv")
    assert values(one, "projects").equals(values(other, "projects"))


def test_a_ledger_of_the_form_before_takes_the_step_and_keeps_its_rows():
    class Plain:
        def __init__(self) -> None:
            self.connection = duckdb.connect()

        def run(self, statement: str, values=None):
            return self.connection.execute(statement, values or []).fetchall()

    database = Plain()
    steps = migrations("duckdb")
    old = tuple(step for step in steps if step.name != "industry_projects")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.ledger.migrate.migrations", lambda engine: old)
        migrate(database, "duckdb")
    database.run("INSERT INTO state VALUES ('x', 1)")
    given = {"project_id": "P1", "sector": "industrial", "row_key": "P1", "import_id": 1,
             "row": 1, "version": 1, "raw": "{}", "file_sha": "", "file": ""}  # fmt: skip
    columns = ", ".join(f'"{name}"' for name in given)
    places = ", ".join("?" * len(given))
    database.run(
        f"INSERT INTO projects_versions ({columns}) VALUES ({places})", list(given.values())
    )
    assert [step.name for step in migrate(database, "duckdb")] == ["industry_projects"]
    assert database.run("SELECT project_id, sector, industry_project FROM projects") == [
        ("P1", "industrial", None)
    ]
    assert database.run("SELECT industry_project FROM projects_history") == []


def test_a_quarantine_file_settles_what_is_left_out_of_it_and_what_is_right(store, tmp_path):
    path = tmp_path / "dup.csv"
    head = "项目编号,项目名称,所属区,产业类别,总投资（万元）"
    rows = ["A,甲,江岸区,工业,1200"] * 2 + [f"B,乙,江岸区,工业,{size}" for size in (1200, 1300)]
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    first = store.import_readings(read_ledger(path), [path])
    assert first.open_entries == 3
    (kept,) = quarantine.write(read_ledger(path), tmp_path / "dup-quarantine.csv")
    header, *entries = list(csv.reader(kept.open(encoding="utf-8-sig", newline="")))
    with kept.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, entries[-1]])
    done = store.import_readings(read_ledger(kept), [kept])
    assert (done.resolved, done.open_entries) == (3, 0)
    sizes = values(store, "projects").set_index("project_id")["size"].to_dict()
    assert sizes == {"A": Decimal(1200), "B": Decimal(1300)}


def test_the_right_row_in_a_file_of_its_own_settles_its_entry(store, tmp_path):
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    head = "项目编号,项目名称,所属区,产业类别,总投资（万元）"
    path.write_text(f"{head}\nA,甲,江岸区,工业业,1200\nB,乙,江岸区,工业业,5", encoding="utf-8")
    assert store.import_readings(read_ledger(path), [path]).open_entries == 2
    other.write_text(f"{head}\nA,甲,江岸区,工业,1200", encoding="utf-8")
    done = store.import_readings(read_ledger(other), [other])
    assert (done.resolved, done.open_entries) == (1, 1)
    assert "B" in store.quarantine()["raw"].iat[0]
