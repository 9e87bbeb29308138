"""The steps that brought a database to its present form, and those still to take."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.ledger.errors import MigrationError
from analysis.ledger.merge import Database

FOLDER = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Migration:
    """A numbered step: `NNNN_name.sql`, or `NNNN_name.ENGINE.sql` for one engine alone."""

    number: int
    name: str
    statements: tuple[str, ...]
    digest: str


@cache
def migrations(engine: str) -> tuple[Migration, ...]:
    """Return the steps for an engine, "duckdb" or "postgresql", in their order."""
    found = []
    for path in sorted(FOLDER.glob("*.sql")):
        number, name, only = re.fullmatch(r"(\d{4})_(\w+?)(?:\.(\w+))?\.sql", path.name).groups()  # type: ignore[union-attr]
        if only not in (None, engine):
            continue
        text = path.read_text(encoding="utf-8")
        bare = re.sub(r"^\s*--.*$", "", text, flags=re.M)
        # A function's body stands between $$ and holds semicolons of its own.
        parts = re.findall(r"(?:\$\$.*?\$\$|[^;])+", bare, re.S)
        statements = tuple(part.strip() for part in parts if part.strip())
        digest = hashlib.sha256("\n".join(statements).encode()).hexdigest()
        found.append(Migration(int(number), name, statements, digest))
    return tuple(found)


def migrate(database: Database, engine: str) -> list[Migration]:
    """Take the steps that a database lacks, inside the caller's transaction; return them.

    Raises
    ------
    MigrationError : a step was taken in another form, or the database is ahead of this version
    """
    database.run(
        "CREATE TABLE IF NOT EXISTS migrations (number INTEGER NOT NULL, name VARCHAR NOT NULL,"
        " digest VARCHAR NOT NULL)"
    )
    missing = pending(database, engine)
    for migration in missing:
        for statement in migration.statements:
            database.run(statement)
        database.run(
            "INSERT INTO migrations VALUES (?, ?, ?)",
            [migration.number, migration.name, migration.digest],
        )
    return missing


def pending(database: Database, engine: str) -> list[Migration]:
    """Return the steps that a database with a table of migrations lacks."""
    taken = dict(database.run("SELECT number, digest FROM migrations"))
    known = {migration.number: migration for migration in migrations(engine)}
    if ahead := sorted(set(taken) - set(known)):
        raise MigrationError("newer", step=ahead[-1])
    for number, digest in taken.items():
        if known[number].digest != digest:
            raise MigrationError("other_form", step=f"{number:04d} {known[number].name}")
    return [migration for number, migration in known.items() if number not in taken]
