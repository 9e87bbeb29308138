"""The shared ledger's own: its form, step by step, and its roles."""

from __future__ import annotations

import threading
import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import errors, sql
from readings import arrival, bad, project, reading, stated

from analysis.ledger.engine import REPORTED, open_ledger
from analysis.ledger.errors import MigrationError, StoreError
from analysis.ledger.frames import frame
from analysis.ledger.migrate import migrations
from analysis.ledger.shared import ADDED, MARKED, SCHEMA, SERVED, SharedStore

FOREIGN = {
    "record_id": "F1", "project_id": "P1", "district": "jiangan", "scope": "fdi",
    "date": date(2021, 3, 1), "date_precision": "day", "amount": Decimal(3),
}  # fmt: skip


@pytest.fixture
def store(postgres_url) -> SharedStore:
    """A shared ledger in its present form, with nothing in it."""
    shared = SharedStore(postgres_url)
    shared.migrate()
    return shared


@pytest.fixture
def users(store, postgres_url):
    """Stores as a writer and as a reader open them; both users end with the test."""
    mark = uuid.uuid4().hex[:8]
    roles = {name: f"workbook_test_{name}_{mark}" for name in ("writer", "reader")}
    store.grant(**roles)
    found = {}
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for name, role in roles.items():
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}")
            user = f"{role}_user"
            connection.execute(
                create.format(sql.Identifier(user), sql.Literal(mark), sql.Identifier(role))
            )
            parts = urlsplit(postgres_url)
            host = parts.netloc.rpartition("@")[2]
            found[name] = urlunsplit(parts._replace(netloc=f"{user}:{mark}@{host}"))
    yield found
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for role in roles.values():
            for each in (f"{role}_user", role):
                connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(each)))
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(each)))


def test_each_test_has_an_empty_database(postgres_url):
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchone()
    assert found == (0,)


def test_steps_are_taken_once_by_however_many(postgres_url):
    taken: list[list[str]] = []

    def migrate() -> None:
        taken.append(SharedStore(postgres_url).migrate(wait=60))

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, taken)) == [0, 0, len(migrations("postgresql"))]


def test_a_ledger_that_is_ahead_or_otherwise_is_refused(store, postgres_url, tmp_path):
    one, path = reading(tmp_path, "projects", [project("A", "1")])
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"UPDATE {SCHEMA}.migrations SET digest = 'x' WHERE number = 2")
        with pytest.raises(MigrationError, match="another form"):
            store.import_readings([one], [path])
        connection.execute(f"INSERT INTO {SCHEMA}.migrations VALUES (9999, 'later', 'x')")
        with pytest.raises(MigrationError, match="newer version"):
            store.rows("projects")
        connection.execute(f"DELETE FROM {SCHEMA}.migrations WHERE number > 1")
        with pytest.raises(MigrationError, match="0002 views"):
            store.rows("projects")


def test_a_writer_imports_and_a_reader_asks(users, tmp_path):
    rows = [arrival("P1", "2021-03-01", "1.5"), arrival("P1", "2021-04-01", "2")]
    one, path = reading(tmp_path, "arrivals", rows, quarantine=[bad(9)])
    writer = SharedStore(users["writer"])
    assert writer.import_readings([one], [path]).published
    ledger = open_ledger(users["reader"])
    found = frame(ledger.arrivals.group_by("project_id").agg(sum=ledger.arrivals.amount.sum()))
    assert (ledger.kind, Decimal(str(found["sum"][0]))) == (REPORTED, Decimal("3.5"))
    assert ledger.stamp == writer.stamp == SharedStore(users["reader"]).stamp
    assert len(SharedStore(users["reader"]).rows("arrivals")) == 2


def test_a_reader_can_only_read(users, tmp_path):
    one, path = reading(tmp_path, "projects", [project("A", "1")])
    with pytest.raises(StoreError, match="may not do that"):
        SharedStore(users["reader"]).import_readings([one], [path])
    forbidden = [
        *(f"DELETE FROM {SCHEMA}.{name}" for name in SERVED),
        *(f"INSERT INTO {SCHEMA}.{name} DEFAULT VALUES" for name in SERVED),
        f"UPDATE {SCHEMA}.state SET published = 9",
        f"DROP TABLE {SCHEMA}.imports",
        f"CREATE TABLE {SCHEMA}.more (x INTEGER)",
        "CREATE TABLE public.more (x INTEGER)",
        *(
            f"SELECT * FROM {SCHEMA}.{name}"
            for name in ("originals", "quarantine", "controls", "files", "projects_versions")
        ),
    ]
    with psycopg.connect(users["reader"], autocommit=True) as connection:
        for statement in forbidden:
            with pytest.raises((errors.InsufficientPrivilege, errors.FeatureNotSupported)):
                connection.execute(statement)
        for name in SERVED:
            connection.execute(f"SELECT * FROM {SCHEMA}.{name}")


def test_a_writer_deletes_nothing(users, tmp_path):
    with psycopg.connect(users["writer"], autocommit=True) as connection:
        for name in ("projects_versions", "originals", "imports", "quarantine"):
            for statement in (f"DELETE FROM {SCHEMA}.{name}", f"TRUNCATE {SCHEMA}.{name}"):
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(statement)


@pytest.fixture
def filled(users, tmp_path) -> SharedStore:
    """A ledger as a writer leaves it: rows replaced, faults open and settled, totals accepted."""
    writer = SharedStore(users["writer"])
    first, path = reading(
        tmp_path, "arrivals", [arrival("P1", "2021-03-01", "1.5", arrival_id="1")],
        quarantine=[bad(9)], controls=[stated(10, "9", "1.5")],
    )  # fmt: skip
    writer.import_readings([first], [path], accept_mismatch=True)
    later, path = reading(
        tmp_path, "arrivals", [arrival("P1", "2021-03-01", "2.5", arrival_id="1")],
        quarantine=[bad(8)],
    )  # fmt: skip
    writer.import_readings([later], [path])
    for kind, row in (("projects", project("P1", "9")), ("foreign_capital", FOREIGN)):
        one, path = reading(tmp_path, kind, [row])
        writer.import_readings([one], [path])
    return writer


#: A value of each type that no cell of `filled` holds.
OTHER = {
    "integer": "0", "bigint": "0", "numeric": "0", "double precision": "0.125",
    "boolean": "NOT coalesce({0}, false)", "date": "'1999-01-01'", "bytea": "'\\x00'",
    "timestamp without time zone": "'1999-01-01'", "character varying": "'forged'",
}  # fmt: skip
FORGED_ROW = "row_key, import_id, file_sha, file, row, version"


def test_a_writer_changes_nothing_that_was_written(filled, postgres_url):
    def held(connection):
        return [
            connection.execute(f"SELECT * FROM {SCHEMA}.{table} t ORDER BY t::text").fetchall()
            for table in (*ADDED, "state", "migrations")
        ]

    with psycopg.connect(postgres_url) as owner:
        columns = owner.execute(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = %s AND t.table_type = 'BASE TABLE'", [SCHEMA],
        ).fetchall()  # fmt: skip
        before = held(owner)
    attacks = [
        f'UPDATE {SCHEMA}.{table} SET "{column}" = ' + OTHER[kind].format(f'"{column}"')
        for table, column, kind in columns
    ]
    # Marks that are set are taken back, and made of other imports.
    attacks += [
        f"UPDATE {SCHEMA}.{table} SET {mark} = {value} WHERE {mark} IS {which}"
        for table, marks in MARKED.items() if table != "state"
        for mark in marks
        for value, which in (("NULL", "NOT NULL"), ("99", "NOT NULL"), ("1", "NULL"))
    ]  # fmt: skip
    # The past gets rows, and rows that are past already.
    attacks += [
        f"INSERT INTO {SCHEMA}.arrivals_versions ({FORGED_ROW})"
        f" VALUES ('id:2', {n}, 's', 'f', 2, 1)"
        for n in (1, 2, 4, 99)
    ]
    attacks += [
        f"INSERT INTO {SCHEMA}.arrivals_versions ({FORGED_ROW}, superseded_by)"
        " VALUES ('id:2', 5, 's', 'f', 2, 1, 5)",
        f"INSERT INTO {SCHEMA}.imports VALUES (99, now(), 'somebody', 'import')",
        f"INSERT INTO {SCHEMA}.imports VALUES (3, now(), 'somebody', 'import')",
        f"INSERT INTO {SCHEMA}.originals VALUES ('{'0' * 64}', 'other bytes')",
        f"INSERT INTO {SCHEMA}.state VALUES ('other', 1)",
        f"INSERT INTO {SCHEMA}.migrations VALUES (99, 'x', 'x')",
        f"UPDATE {SCHEMA}.state SET published = 1",
        f"UPDATE {SCHEMA}.state SET published = 99",
        f"ALTER TABLE {SCHEMA}.arrivals_versions DISABLE TRIGGER ALL",
        f"DROP FUNCTION {SCHEMA}.only_marked",
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.at_work() RETURNS INTEGER LANGUAGE sql AS 'SELECT 1'",
    ]
    reached = 0
    with psycopg.connect(filled.url) as connection:
        connection.execute(f"SET search_path = {SCHEMA}, pg_temp")
        for attack in attacks:
            try:
                reached += connection.execute(attack).rowcount > 0
            except (errors.InsufficientPrivilege, errors.CheckViolation, errors.UniqueViolation):
                pass
            else:
                assert connection.execute("SELECT 1").fetchone() == (1,)
                if attack.startswith("UPDATE") and " WHERE " in attack:
                    continue  # nothing stands under that condition
                pytest.fail(attack)
            finally:
                connection.rollback()
    assert len(columns) > 100 and not reached
    with psycopg.connect(postgres_url) as owner:
        assert held(owner) == before
    assert filled.status().broken == ()


def test_without_the_rules_the_same_words_rewrite_the_past(filled, postgres_url):
    role = filled.url.split("//")[1].split(":")[0]
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(f"GRANT UPDATE ON ALL TABLES IN SCHEMA {SCHEMA} TO {role}")
        owner.execute(f"ALTER TABLE {SCHEMA}.arrivals_versions DISABLE TRIGGER marked")
    with psycopg.connect(filled.url) as connection:
        done = connection.execute(f"UPDATE {SCHEMA}.arrivals_versions SET amount = 0")
    assert done.rowcount == 2 and filled.status().broken == (1, 2)


@pytest.mark.parametrize(
    "change, found",
    [
        ("UPDATE arrivals_versions SET amount = amount + 0.000001 WHERE version = 1", (1, 2)),
        ("UPDATE arrivals_versions SET superseded_by = 4 WHERE version = 1", (2, 4)),
        ("DELETE FROM arrivals_versions WHERE version = 1", (1, 2)),
        ("DELETE FROM quarantine", (1, 2)),
        ("UPDATE imports SET imported_by = 'somebody' WHERE import_id = 3", (3,)),
        ("DELETE FROM imports WHERE import_id = 2", (3,)),
        ("UPDATE projects_versions SET name = 'x'", (3,)),
    ],
)
def test_history_that_was_changed_past_the_rules_is_found(
    filled, postgres_url, tmp_path, change, found
):
    with psycopg.connect(postgres_url, options=f"-c search_path={SCHEMA}") as owner:
        for table in ADDED:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(change)
        owner.commit()
        for table in ADDED:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert filled.status().broken == found
    one, path = reading(tmp_path, "projects", [project("P9", "1")])
    said = " ".join(note["en"] for note in filled.import_readings([one], [path]).notes)
    assert "was changed" in said and str(found[0]) in said


def test_a_reader_is_told_what_it_may_know(filled, users):
    found = SharedStore(users["reader"]).status()
    assert found.open_entries is None and found.rows["arrivals"] == 1
    assert filled.status().open_entries == 1


def test_the_files_are_kept_as_they_came(store, postgres_url, tmp_path):
    one, path = reading(tmp_path, "projects", [project("A", "1")])
    store.import_readings([one], [Path(path)])
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute(f"SELECT file_sha, bytes FROM {SCHEMA}.originals").fetchall()
    assert found == [(one.sha256, path.read_bytes())]


def test_an_address_is_shown_without_its_password():
    assert SharedStore("postgresql://me:secret@host:1/db").shown == "postgresql://me@host:1/db"
    assert SharedStore("postgresql://host/db").shown == "postgresql://host/db"
    with pytest.raises(StoreError, match="can't be opened") as caught:
        SharedStore("postgresql://me:secret@127.0.0.1:1/db").migrate()
    assert "secret" not in str(caught.value)
