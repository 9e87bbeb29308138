"""Where a ledger lies, and the engine that answers for it.

The three tables are Ibis tables, so what is asked of them is written once and runs on
DuckDB, PostgreSQL or Spark. Engines start threads, so they are imported only when a
ledger is opened.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from analysis.errors import WorkbookError
from analysis.ledger.form import ARRIVALS, FOREIGN, KINDS, PROJECTS, form
from analysis.ledger.snapshots import is_store, published
from analysis.ledger.stamps import of_contents, of_files, of_imports
from analysis.ledger.stored import IBIS_TYPES, value_columns

if TYPE_CHECKING:
    import ibis

LEDGER = "WORKBOOK_LEDGER"
REPORTED, ILLUSTRATIVE = "reported", "illustrative"
#: How the ids of made-up projects begin, wherever they turn up again.
EXAMPLE_ID = "EX-"
#: Written beside the Parquet files of a folder: kind and stamp.
LABEL = "ledger.json"
#: What DuckDB calls the file that it reads.
FILE = "ledger_file"


class LedgerError(WorkbookError, ValueError):
    """A ledger that isn't there, can't be opened, or is asked for too much at once."""


@dataclass(frozen=True)
class Ledger:
    """The current rows of a ledger, in the columns of the form.

    projects, arrivals, foreign_capital : one row a project, arrival of capital, record
    kind : "illustrative" (the example ledger) or "reported" (a user's own)
    stamp : names this state of the data; changes when any row changes
    """

    projects: ibis.Table
    arrivals: ibis.Table
    foreign_capital: ibis.Table
    kind: str
    stamp: str


def open_ledger(source: str | Path | None = None, *, spark: Any = None) -> Ledger:
    """Open a ledger to read from it; nothing can be written through it.

    Parameters
    ----------
    source : the folder of a ledger that was imported, a DuckDB file, a folder of Parquet
        (`projects.parquet` or a folder of that name, and so on), `postgresql://…`,
        `spark-local:FOLDER` or `spark://HOST:PORT/FOLDER` (a folder of Parquet that the
        cluster sees too); $WORKBOOK_LEDGER if None
    spark : a Spark session that shall read the folder

    Raises
    ------
    LedgerError : nothing is named, nothing is there, or a table is missing
    DamagedError : none of an imported ledger's states is whole
    """
    named = source or os.environ.get(LEDGER)
    if not named:
        raise LedgerError(f"no ledger is named: give a path or URL, or set ${LEDGER}")
    text = str(named)
    if spark is not None:
        return _spark(Path(text), spark)
    if text.startswith("spark"):
        return _spark(*_session(text))
    if text.startswith(("postgresql://", "postgres://")):
        return _postgres(text)
    path = Path(text).expanduser()
    if is_store(path):
        state = published(path)
        if state is None:
            raise LedgerError(f"{path}: nothing has been imported yet; import a file first")
        return _duckdb(state.path)
    if path.is_dir():
        return _parquet(path)
    if path.is_file():
        return _duckdb(path)
    raise LedgerError(f"{path}: no ledger is there; name a DuckDB file or a folder of Parquet")


def of_tables(tables: Mapping[str, ibis.Table], kind: str | None, stamp: str) -> Ledger:
    """Return the ledger of three tables; what made-up ids give away can't be called reported.

    Raises
    ------
    LedgerError : a table lacks columns
    """
    tables = {name: _complete(name, tables[name]) for name in KINDS}
    if kind is None:
        made_up = tables[PROJECTS].project_id.startswith(EXAMPLE_ID).any()
        kind = ILLUSTRATIVE if made_up.execute() else REPORTED
    return Ledger(tables[PROJECTS], tables[ARRIVALS], tables[FOREIGN], kind, stamp)


def _complete(name: str, table: ibis.Table) -> ibis.Table:
    """Add columns that a row needn't fill in: a ledger of an older form has nothing in them."""
    import ibis

    optional = {one.name: IBIS_TYPES[value_columns(name)[one.name]] for one in form(name).columns
                if not one.required}  # fmt: skip
    lacking = [column for column in value_columns(name) if column not in table.columns]
    if needed := [column for column in lacking if column not in optional]:
        raise LedgerError(f"table {name} lacks the columns {', '.join(needed)}; import anew")
    return table.mutate(**{column: ibis.null(optional[column]) for column in lacking})


def in_memory(tables: Mapping[str, Any], kind: str, stamp: str) -> Ledger:
    """Return a ledger of pyarrow tables, held by DuckDB.

    tables : name -> table, for all three
    """
    import ibis

    backend = ibis.duckdb.connect()
    for name in KINDS:
        # By the connection itself: Ibis' create_table drops a view with SQL that no DuckDB reads.
        backend.con.register(f"given_{name}", tables[name])
        backend.con.execute(f"CREATE TABLE {name} AS FROM given_{name}")
        backend.con.unregister(f"given_{name}")
    return of_tables({name: backend.table(name) for name in KINDS}, kind, stamp)


def last_date(ledger: Ledger) -> date | None:
    """Return the last day that anything in a ledger is dated, but for what is only planned."""
    import ibis

    dates = [
        ledger.arrivals.aggregate(day=ledger.arrivals.date.max()),
        ledger.foreign_capital.aggregate(day=ledger.foreign_capital.date.max()),
        ledger.projects.aggregate(day=ledger.projects.lead_date.max()),
        ledger.projects.aggregate(day=ledger.projects.signed_date.max()),
    ]
    days = [day for day in ibis.union(*dates).to_pyarrow().column("day").to_pylist() if day]
    return max(days, default=None)


def _duckdb(path: Path) -> Ledger:
    import duckdb
    import ibis

    try:
        # Beside a database in memory, where what is computed once can be kept for all questions.
        backend = ibis.duckdb.connect()
        # Ibis puts the path into its SQL as it is.
        backend.attach(str(path).replace("'", "''"), FILE, read_only=True)
    except duckdb.Error as error:
        raise LedgerError(f"{path}: can't be opened as a DuckDB file: {error}") from None
    # By the connection itself: Ibis' list_tables asks for what this DuckDB no longer has.
    found = backend.con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = ?", [FILE]
    ).fetchall()
    names = {name for (name,) in found}
    _all_there(names, path)
    place = (FILE, "main")
    tables = {name: backend.table(name, database=place) for name in KINDS}
    state = of_imports(backend, names, place) or of_files("duckdb", [path.resolve()])
    return of_tables(tables, None, state)


def _parquet(folder: Path) -> Ledger:
    import ibis

    backend = ibis.duckdb.connect()
    for name, files in _files(folder).items():
        # By the connection itself: Ibis' own views are hidden from a second line to the engine.
        backend.con.read_parquet([str(file) for file in files]).create_view(name)
    return of_tables({name: backend.table(name) for name in KINDS}, *_label(folder))


def _postgres(url: str) -> Ledger:
    from analysis.ledger.shared import SCHEMA

    try:
        import ibis
        import psycopg
    except ImportError as error:
        raise LedgerError(
            f"a shared ledger needs 'investment-workbook[postgres]': {error}"
        ) from None
    place = urlsplit(url)
    # Without the password that the URL may hold.
    where = f"PostgreSQL at {place.hostname}:{place.port or 5432}{place.path}"
    # An imported ledger has a schema of its own; another's tables may lie in the public one.
    settings = f"-c search_path={SCHEMA},public -c default_transaction_read_only=on"
    try:
        connection = psycopg.connect(url, options=settings, connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as error:
        raise LedgerError(f"{where} can't be opened: {error}") from None
    backend = ibis.postgres.from_connection(connection)
    names = set(backend.list_tables())
    _all_there(names, where)
    tables = {name: backend.table(name) for name in KINDS}
    return of_tables(tables, None, of_imports(backend, names) or of_contents(tables))


def _spark(folder: Path, session: Any) -> Ledger:
    import ibis

    backend = ibis.pyspark.connect(session)
    tables = {}
    for name, files in _files(folder).items():
        # A name of its own, so that a session can hold several ledgers.
        view = f"{name}_{of_files('', files)[:12]}"
        paths = [str(file.resolve()) for file in files]
        session.read.parquet(*paths).createOrReplaceTempView(view)
        tables[name] = backend.table(view)
    return of_tables(tables, *_label(folder))


def _session(source: str) -> tuple[Path, Any]:
    """Return the folder and a session of `spark-local:FOLDER` or `spark://HOST:PORT/FOLDER`."""
    from pyspark.sql import SparkSession

    if source.startswith("spark-local:"):
        builder = SparkSession.builder.master("local[*]")
        local = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
        folder = source.removeprefix("spark-local:")
        builder = builder.config(map={**local, "spark.ui.enabled": "false"})
    else:
        parts = urlsplit(source)
        if parts.scheme != "spark" or not parts.netloc or not parts.path:
            raise LedgerError(f"{source}: write spark-local:FOLDER or spark://HOST:PORT/FOLDER")
        builder = SparkSession.builder.master(f"spark://{parts.netloc}")
        folder = parts.path
    return Path(folder), builder.appName("investment-workbook").getOrCreate()


def _files(folder: Path) -> dict[str, list[Path]]:
    """Return the Parquet files of each table: one file, or all those of a folder."""
    found = {
        name: [folder / f"{name}.parquet"]
        if (folder / f"{name}.parquet").is_file()
        else sorted((folder / name).glob("*.parquet"))
        for name in KINDS
    }
    _all_there({name for name, files in found.items() if files}, folder)
    return found


def _label(folder: Path) -> tuple[str | None, str]:
    """Return kind and stamp of a folder: as written beside the files, else by the files."""
    label = folder / LABEL
    files = [file for files in _files(folder).values() for file in files]
    stamp = of_files("parquet", [*files, *([label] if label.is_file() else [])])
    if not label.is_file():
        return None, stamp
    try:
        kind = json.loads(label.read_text(encoding="utf-8"))["kind"]
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError(f"{label}: not readable: {error}; write the ledger anew") from None
    return (ILLUSTRATIVE if kind == ILLUSTRATIVE else None), stamp


def _all_there(names: set[str], place: object) -> None:
    if lacking := [name for name in KINDS if name not in names]:
        raise LedgerError(f"{place}: no table {' and no '.join(lacking)}; import a ledger first")
