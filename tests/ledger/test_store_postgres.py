"""The shared ledger's own: its form, step by step, and its roles."""

from __future__ import annotations

import threading
import uuid
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import errors, sql
from readings import arrival, bad, project, reading

from analysis.ledger.engine import REPORTED, open_ledger
from analysis.ledger.errors import MigrationError, StoreError
from analysis.ledger.frames import frame
from analysis.ledger.migrate import migrations
from analysis.ledger.shared import SCHEMA, SERVED, SharedStore


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
