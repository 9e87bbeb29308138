"""A ledger in a PostgreSQL that several offices share, and who may do what there.

Its tables lie in a schema of their own. The commit is the publishing; readers see the rows
of the last import that no stated total speaks against, as in an embedded ledger.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import pandas as pd

from analysis.ledger.embedded import CHUNK, chunks
from analysis.ledger.errors import BusyError, StoreError
from analysis.ledger.form import KINDS
from analysis.ledger.merge import Database
from analysis.ledger.store import Store, check_form, prepare
from analysis.ledger.stored import lines
from analysis.text import both

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")
SCHEMA = "workbook"
WRITER, READER = "workbook_writer", "workbook_reader"
#: Names the one writer's place among all locks of a database.
PLACE = int.from_bytes(hashlib.sha256(b"workbook ledger").digest()[:4], "big") >> 1
#: What a serving role may read: the rows as published, and which import that is.
SERVED = (*KINDS, *(f"{kind}_history" for kind in KINDS), "imports", "state", "migrations")
#: What a writing role may add to, and which marks it may set; triggers say when and to what.
ADDED = (*(f"{kind}_versions" for kind in KINDS), "quarantine", "controls", "files", "tallies",
         "imports", "originals")  # fmt: skip
MARKED = {
    **{f"{kind}_versions": ("superseded_by",) for kind in KINDS},
    "quarantine": ("resolved_by",),
    "controls": ("accepted_by", "superseded_by"),
    "state": ("published",),
}


class SharedDatabase:
    """A psycopg connection as the store uses it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(
            sql.replace("?", "%s") if values else sql,
            list(values) or None,  # type: ignore[arg-type]
        )
        return cursor.fetchall() if cursor.description else []

    def stream(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        # A cursor of the server's, so that the rows don't all come at once.
        with self.connection.cursor(name="stream") as cursor:
            cursor.execute(sql)  # type: ignore[arg-type]
            while rows := cursor.fetchmany(size):
                yield rows

    def load(self, table: str, frame: pd.DataFrame, columns: Sequence[str]) -> None:
        from psycopg import sql

        into = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with self.connection.cursor() as cursor, cursor.copy(into) as copy:
            for part in chunks(frame, table, CHUNK):
                for row in lines(part, columns):
                    copy.write_row(row)

    def keep(self, digest: str, path: Path) -> None:
        self.run(
            "INSERT INTO originals VALUES (?, ?) ON CONFLICT DO NOTHING",
            [digest, path.read_bytes()],
        )


class SharedStore(Store):
    """A ledger in schema `workbook` of a PostgreSQL database."""

    engine = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def shown(self) -> str:
        """The URL without its password."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")
        user = host[0].partition(":")[0]
        return urlunsplit(parts._replace(netloc=f"{user}@{host[2]}" if user else host[2]))

    def change(self, act: Callable[[Database], tuple[T, bool]], wait: float = 0) -> T:
        with self._connected() as connection:
            self._take_place(connection, wait)
            try:
                result, changed = act(SharedDatabase(connection))
            except BaseException:
                connection.rollback()
                raise
            if changed:
                connection.commit()
            else:
                connection.rollback()
            return result

    def ready(self, database: Database) -> bool:
        self._check(database)
        return False

    def migrate(self, wait: float = 0) -> list[str]:
        def act(database: Database) -> tuple[list[str], bool]:
            database.run(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            steps = prepare(database, self.engine)
            return steps, bool(steps)

        return self.change(act, wait)

    def sees_all(self, database: Database) -> bool:
        return bool(database.run("SELECT has_table_privilege('quarantine', 'SELECT')")[0][0])

    def broken(self, database: Database) -> tuple[int, ...]:
        return tuple(number for (number,) in database.run("SELECT * FROM broken_imports()"))

    @contextmanager
    def reading(self) -> Iterator[SharedDatabase]:
        with self._connected() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            database = SharedDatabase(connection)
            self._check(database)
            yield database
            connection.rollback()

    def _check(self, database: Database) -> None:
        if not database.run(
            "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'migrations'", [SCHEMA]
        ):
            raise StoreError("unmade", place=self.shown)
        check_form(database, self.engine, self.shown)

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        try:
            import psycopg
        except ImportError as error:
            raise StoreError("driver") from error
        try:
            connection = psycopg.connect(
                self.url, connect_timeout=10, options=f"-c search_path={SCHEMA},pg_temp"
            )
        except psycopg.OperationalError as error:
            raise StoreError("unopened", place=self.shown, why=error) from error
        try:
            yield connection
        except psycopg.errors.InsufficientPrivilege as error:
            raise StoreError("forbidden", place=self.shown, why=error) from error
        except (psycopg.OperationalError, psycopg.errors.DiskFull) as error:
            raise StoreError("lost", place=self.shown, why=error) from error
        finally:
            connection.close()

    def _take_place(self, connection: psycopg.Connection, wait: float) -> None:
        """Become the only writer until the transaction ends, however it ends."""
        deadline = time.monotonic() + wait
        while not _one(connection, "SELECT pg_try_advisory_xact_lock(%s)", PLACE)[0]:
            if time.monotonic() >= deadline:
                raise BusyError("busy", place=self.shown, owner=self._owner(connection))
            time.sleep(0.1)

    def _owner(self, connection: psycopg.Connection) -> dict[str, str]:
        found = _one(
            connection,
            "SELECT a.usename, a.client_addr, a.pid, a.xact_start FROM pg_locks l"
            " JOIN pg_stat_activity a ON a.pid = l.pid"
            " WHERE l.locktype = 'advisory' AND l.granted AND l.objid = %s",
            PLACE,
        )
        if not found:
            return both("ledger.owner.unknown")
        user, address, process, since = found
        named = {"process": str(process), "user": user, "since": f"{since:%Y-%m-%d %H:%M:%S%z}"}
        return both("ledger.owner", **named, host=str(address or "localhost"))

    def grant(self, writer: str = WRITER, reader: str = READER) -> list[str]:
        """Create the two roles where they are missing, and give each what it needs.

        Neither can log in: an administrator makes users members of one of them.

        Returns
        -------
        The statements that were run
        """
        with self._connected() as connection:
            from psycopg import sql

            self._check(SharedDatabase(connection))
            statements = [
                sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role))
                for role in (writer, reader)
                if not _one(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role)
            ] + _grants(writer, reader)
            for statement in statements:
                connection.execute(statement)
            connection.commit()
            return [statement.as_string(connection) for statement in statements]


def _one(connection: psycopg.Connection, statement: str, *values: Any) -> tuple[Any, ...]:
    return connection.execute(statement, values).fetchone() or ()  # type: ignore[arg-type]


def _grants(writer: str, reader: str) -> list[Any]:
    from psycopg import sql

    schema, w, r = sql.Identifier(SCHEMA), sql.Identifier(writer), sql.Identifier(reader)

    def names(tables: Sequence[str]) -> Any:
        return sql.SQL(", ").join(sql.Identifier(SCHEMA, name) for name in tables)

    return [
        sql.SQL("REVOKE ALL ON SCHEMA {} FROM PUBLIC").format(schema),
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}, {}").format(schema, w, r),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}, {}").format(schema, w, r),
        sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(schema, w),
        sql.SQL("GRANT INSERT ON {} TO {}").format(names(ADDED), w),
        *(
            sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(
                sql.SQL(", ").join(map(sql.Identifier, marks)), names([table]), w
            )
            for table, marks in MARKED.items()
        ),
        sql.SQL("GRANT SELECT ON {} TO {}").format(names(SERVED), r),
    ]
